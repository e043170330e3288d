import type { Clock } from '@tablewright/base';

/**
 * An instant of a table's history, ordered as a byte string: epoch milliseconds (u48be), then a count within the
 * millisecond (u48be). No two changes have the same.
 */
export type Stamp = string;

export const STAMP_LENGTH = 12;
const TWO_16 = 2 ** 16;
const TWO_32 = 2 ** 32;
const LAST_COUNT = '\xff'.repeat(6);

export const FIRST_STAMP: Stamp = '\0'.repeat(STAMP_LENGTH);

/** After everything that happened by `atMs`, before all that came later. */
export function stampAfter(atMs: number): Stamp {
  return u48(Math.max(0, Math.floor(atMs))) + LAST_COUNT;
}

export function stampMs(stamp: Stamp): number {
  return readU48(stamp, 0);
}

/** Hands out stamps; `changeStarted` once per store change, so that all that one change does has the same time. */
export class StampSource {
  #last: Stamp;
  #change: object | undefined;
  #changeMs = 0;

  /** @param last the last stamp that was ever handed out: the clock may stand still, or have been set back */
  constructor(
    private readonly clock: Clock,
    last: Stamp,
  ) {
    this.#last = last;
  }

  /** @param change identifies the store change: all its stamps have the same millisecond */
  next(change: object): Stamp {
    if (this.#change !== change) {
      this.#change = change;
      this.#changeMs = Math.max(Math.floor(this.clock.nowMs()), stampMs(this.#last));
    }
    const count = this.#changeMs === stampMs(this.#last) ? readU48(this.#last, 6) + 1 : 0;
    this.#last = u48(this.#changeMs) + u48(count);
    return this.#last;
  }
}

function u48(value: number): string {
  const high = Math.floor(value / TWO_32);
  const low = value % TWO_32;
  return String.fromCharCode(
    (high >>> 8) & 255,
    high & 255,
    Math.floor(low / (TWO_16 * 256)) & 255,
    (low >>> 16) & 255,
    (low >>> 8) & 255,
    low & 255,
  );
}

function readU48(text: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + 6; index++) value = value * 256 + text.charCodeAt(index);
  return value;
}
