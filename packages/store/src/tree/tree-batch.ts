import { Buffer } from 'node:buffer';
import type { LayerValue } from '../layer.js';
import type { SortedMap } from '../sorted-map.js';
import type { Key } from '../store.js';
import { compareKey, ENTRY_HEADER_BYTES, ENTRY_MAX_BYTES, LONG_VALUE, u16 } from './tree-page.js';

/** Stands in the place of a value's length. */
export const DELETED = 0xfffe;

/**
 * Changes on their way into the tree, packed so that another thread can have them: entries as they lie in a leaf, and
 * where each begins, in any order. A deletion has {@link DELETED} as its length; a value that is too long for a leaf
 * has LONG_VALUE, and after the key comes u32 its length, then the value.
 */
export interface TreeBatch {
  readonly bytes: Buffer;
  readonly begins: Uint32Array;
  readonly count: number;
}

/** Fills a {@link TreeBatch} with the entries of a table. */
export class BatchBuilder {
  readonly #bytes: Buffer;
  readonly #begins: Uint32Array;
  #count = 0;
  #at = 0;

  constructor(table: SortedMap<LayerValue>) {
    let sizeBytes = 0;
    for (const [key, value] of table.entries()) {
      sizeBytes += ENTRY_HEADER_BYTES + key.length + 4 + (value?.length ?? 0);
    }
    this.#bytes = Buffer.allocUnsafeSlow(sizeBytes);
    this.#begins = new Uint32Array(table.size);
  }

  add(key: Key, value: LayerValue): void {
    const bytes = this.#bytes;
    this.#begins[this.#count++] = this.#at;
    const isLong = isLongValue(key.length, value?.length ?? 0);
    let at = bytes.writeUInt16LE(key.length, this.#at);
    at = bytes.writeUInt16LE(value === null ? DELETED : isLong ? LONG_VALUE : value.length, at);
    at += bytes.write(key, at, 'latin1');
    if (isLong && value !== null) at = bytes.writeUInt32LE(value.length, at);
    if (value !== null) {
      bytes.set(value, at);
      at += value.length;
    }
    this.#at = at;
  }

  finish(): TreeBatch {
    return { bytes: this.#bytes, begins: this.#begins, count: this.#count };
  }
}

export function isLongValue(keyBytes: number, valueBytes: number): boolean {
  return ENTRY_HEADER_BYTES + keyBytes + valueBytes > ENTRY_MAX_BYTES;
}

/** The same batch in key order. */
export function inKeyOrder({ bytes, begins, count }: TreeBatch): TreeBatch {
  const compare = (a: number, b: number): number => compareKey(bytes, a + ENTRY_HEADER_BYTES, u16(bytes, a), bytes, b);
  return { bytes, begins: begins.toSorted(compare), count };
}
