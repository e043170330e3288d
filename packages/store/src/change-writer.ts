import { assert } from '@tablewright/base';
import { type LayerCursor, mergeLayers } from './layer.js';
import { type Entry, type Key, type KeyRange, MAX_KEY_BYTES, type Writer } from './store.js';
import { WriteSet } from './write-set.js';

/** What a change stands on: the state before it. */
export interface ChangeBase {
  get(key: Key): Buffer | undefined;
  cursors(range: KeyRange): LayerCursor[];
}

/** Collects the writes of one change, and lets it see them; the state below stays untouched. */
export class ChangeWriter implements Writer {
  readonly #writes = new WriteSet();
  #open = true;

  constructor(private readonly base: ChangeBase) {}

  /** The writes, once the change's function has returned. */
  finish(): WriteSet {
    this.#open = false;
    return this.#writes;
  }

  get(key: Key): Buffer | undefined {
    const own = this.#writes.size === 0 ? undefined : this.#writes.get(key);
    return own === undefined ? this.base.get(key) : (own ?? undefined);
  }

  range(range: KeyRange): Iterable<Entry> {
    return mergeLayers((wanted) => [this.#writes.cursor(wanted), ...this.base.cursors(wanted)], range);
  }

  put(key: Key, value: Uint8Array): void {
    this.#check(key);
    this.#writes.set(key, asBuffer(value));
  }

  delete(key: Key): void {
    this.#check(key);
    this.#writes.set(key, null);
  }

  #check(key: Key): void {
    assert(this.#open, 'a writer was used after its change had ended');
    assert(key.length > 0 && key.length <= MAX_KEY_BYTES, `a key must have 1 to ${MAX_KEY_BYTES} bytes`);
    assert(!NOT_A_BYTE.test(key), 'a key must be made of char codes 0 to 255');
  }
}

const NOT_A_BYTE = /[\u0100-\uffff]/;

function asBuffer(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Runs a change's function to its end. Throws what it throws, and when it did not stay synchronous. */
export function runChange<T>(base: ChangeBase, action: (writer: Writer) => T): Finished<T> {
  const writer = new ChangeWriter(base);
  let result: T;
  try {
    result = action(writer);
    assert(!(result instanceof Promise), 'a change must be synchronous: its function returned a promise');
  } finally {
    writer.finish();
  }
  return { result, writes: writer.finish() };
}

export interface Finished<T> {
  readonly result: T;
  readonly writes: WriteSet;
}
