import type { MappingSettings } from './mapping-record.js';
import type { EventRecord } from './stream-event.js';
import { isStateTooLarge, type OpenWindow, windowStartMs } from './tumbling-window.js';

/** A function's event may have 6 MB; some of it is for what is around the records. */
const PAYLOAD_LIMIT_BYTES = 6_291_456 - 4096;

interface Waiting {
  readonly record: EventRecord;
  /** When it came. */
  readonly bufferedMs: number;
}

export type NextBatch =
  | {
      readonly kind: 'batch';
      readonly records: readonly EventRecord[];
      readonly window: OpenWindow | undefined;
      readonly isFinal: boolean;
    }
  /** Not yet; without a time: not before more records come. */
  | { readonly kind: 'wait'; readonly untilMs?: number };

/** Records that wait to be taken to the function, and the rules of when how many are. */
export class BatchQueue {
  #waiting: Waiting[] = [];
  /** Of all that waits. */
  #sizeBytes = 0;

  constructor(
    private readonly settings: Pick<MappingSettings, 'batchSize' | 'batchingWindowSeconds' | 'tumblingWindowSeconds'>,
  ) {}

  get length(): number {
    return this.#waiting.length;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  push(record: EventRecord, bufferedMs: number): void {
    this.#sizeBytes += record.sizeBytes;
    this.#waiting.push({ record, bufferedMs });
  }

  /** Takes the next batch out, if it is time for one. `isEnd`: no records will come any more. */
  next(now: { readonly nowMs: number; readonly window: OpenWindow | undefined; readonly isEnd: boolean }): NextBatch {
    const lengthMs = this.settings.tumblingWindowSeconds * 1000;
    return lengthMs === 0 ? this.#nextOf(this.#waiting.length, now.nowMs, undefined) : this.#inWindow(lengthMs, now);
  }

  #inWindow(
    lengthMs: number,
    { nowMs, window, isEnd }: { nowMs: number; window: OpenWindow | undefined; isEnd: boolean },
  ): NextBatch {
    const first = this.#waiting[0]?.record;
    const startOf = ({ createdMs }: EventRecord): number => windowStartMs(createdMs, lengthMs);
    if (window !== undefined) {
      const isPast =
        first === undefined ? isEnd || nowMs >= window.startMs + lengthMs : startOf(first) > window.startMs;
      if (isPast || isStateTooLarge(window)) return { kind: 'batch', records: [], window, isFinal: true };
      if (first === undefined) return { kind: 'wait', untilMs: window.startMs + lengthMs };
    }
    if (first === undefined) return { kind: 'wait' };
    const open = window ?? { startMs: startOf(first), state: {} };
    const beyond = this.#waiting.findIndex(({ record }) => startOf(record) > open.startMs);
    return this.#nextOf(beyond < 0 ? this.#waiting.length : beyond, nowMs, open);
  }

  /** Of the first `available` records. */
  #nextOf(available: number, nowMs: number, window: OpenWindow | undefined): NextBatch {
    const [first] = this.#waiting;
    if (first === undefined) return { kind: 'wait' };
    const { batchSize, batchingWindowSeconds } = this.settings;
    const limit = Math.min(batchSize, available);
    let taken = 0;
    let sizeBytes = 0;
    for (const { record } of this.#waiting.slice(0, limit)) {
      if (taken > 0 && sizeBytes + record.sizeBytes + 1 > PAYLOAD_LIMIT_BYTES) break;
      taken += 1;
      sizeBytes += record.sizeBytes + 1;
    }
    const isFull = taken === batchSize || taken < limit || available < this.#waiting.length;
    const dueMs = first.bufferedMs + batchingWindowSeconds * 1000;
    if (!isFull && nowMs < dueMs) return { kind: 'wait', untilMs: dueMs };
    const records = this.#waiting.slice(0, taken).map(({ record }) => record);
    this.#waiting = this.#waiting.slice(taken);
    for (const record of records) this.#sizeBytes -= record.sizeBytes;
    return { kind: 'batch', records, window, isFinal: false };
  }
}
