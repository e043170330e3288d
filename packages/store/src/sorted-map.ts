import { assert, defined } from '@tablewright/base';
import { isEmptyRange, type LayerCursor, type LayerValue } from './layer.js';
import type { Key, KeyRange, ValueVisitor } from './store.js';

/** Blocks of more keys than this are halved. Measured: 128 to 512 make no difference that can be seen. */
const BLOCK_MAX_KEYS = 256;

/**
 * A map from key to value that can also be walked in key order, both ways.
 *
 * Point look-ups go through a hash map. The order is kept in blocks of sorted keys; new keys wait unsorted until
 * somebody asks for the order, because most tables of recent changes are written and read by key alone.
 */
export class SortedMap<V extends LayerValue> {
  readonly #values = new Map<Key, V>();
  #blocks: Key[][] = [];
  #unsorted: Key[] = [];
  #version = 0;

  get size(): number {
    return this.#values.size;
  }

  /** Changes whenever a key is added or removed. */
  get version(): number {
    return this.#version;
  }

  get(key: Key): V | undefined {
    return this.#values.get(key);
  }

  set(key: Key, value: V): void {
    const sizeBefore = this.#values.size;
    this.#values.set(key, value);
    if (this.#values.size === sizeBefore) return;
    this.#unsorted.push(key);
    this.#version++;
  }

  delete(key: Key): boolean {
    if (!this.#values.has(key)) return false;
    this.#settle();
    this.#values.delete(key);
    const blockIndex = this.#blockOf(key);
    const block = defined(this.#blocks[blockIndex], 'block of a known key');
    block.splice(lowerBound(block, key), 1);
    if (block.length === 0) this.#blocks.splice(blockIndex, 1);
    this.#version++;
    return true;
  }

  /** All entries, in no particular order. */
  entries(): IterableIterator<[Key, V]> {
    return this.#values.entries();
  }

  /** The sorted blocks, for cursors; never to be changed. */
  blocks(): readonly (readonly Key[])[] {
    this.#settle();
    return this.#blocks;
  }

  cursor(range: KeyRange): LayerCursor {
    return new SortedMapCursor(this, range);
  }

  /** Index of the block that holds `key` or would take it; 0 when there is none. */
  #blockOf(key: Key): number {
    return blockFor(this.#blocks, key);
  }

  #settle(): void {
    const added = this.#unsorted;
    if (added.length === 0) return;
    this.#unsorted = [];
    if (added.length > this.#values.size / 8) this.#rebuild();
    else for (const key of added) this.#insert(key);
  }

  #rebuild(): void {
    // Without a comparison function: by char code, which is our order, and a fifth quicker.
    const keys = [...this.#values.keys()].sort();
    this.#blocks = [];
    for (let from = 0; from < keys.length; from += BLOCK_MAX_KEYS) {
      this.#blocks.push(keys.slice(from, from + BLOCK_MAX_KEYS));
    }
  }

  #insert(key: Key): void {
    const blockIndex = this.#blockOf(key);
    const block = this.#blocks[blockIndex];
    if (block === undefined) {
      this.#blocks.push([key]);
      return;
    }
    block.splice(lowerBound(block, key), 0, key);
    if (block.length <= BLOCK_MAX_KEYS) return;
    this.#blocks.splice(blockIndex + 1, 0, block.splice(BLOCK_MAX_KEYS / 2));
  }
}

class SortedMapCursor<V extends LayerValue> implements LayerCursor {
  key: Key | undefined;
  #blocks: readonly (readonly Key[])[] = [];
  #blockIndex = 0;
  #index = 0;
  #version = -1;

  constructor(
    private readonly map: SortedMap<V>,
    private readonly keyRange: KeyRange,
  ) {
    assert(!isEmptyRange(keyRange), 'nobody walks an empty range');
    this.#seek(keyRange.reverse ? keyRange.end : keyRange.start, !keyRange.reverse);
  }

  value(): LayerValue {
    return this.key === undefined ? null : (this.map.get(this.key) ?? null);
  }

  advance(): void {
    if (this.map.version === this.#version) this.#step();
    else if (this.key !== undefined) this.refresh(this.key);
  }

  refresh(last: Key): void {
    if (this.map.version !== this.#version) this.#seek(last, false);
  }

  visitRest(visitor: ValueVisitor): void {
    for (; this.key !== undefined; this.#step()) {
      const value = this.map.get(this.key);
      if (value !== undefined && value !== null && !visitor(value, 0, value.length)) return;
    }
  }

  /** Stands on the first key beyond `bound` in the walk's direction, or on `bound` itself if `inclusive`. */
  #seek(bound: Key | undefined, inclusive: boolean): void {
    this.#blocks = this.map.blocks();
    this.#version = this.map.version;
    if (this.keyRange.reverse) {
      this.#blockIndex = bound === undefined ? this.#blocks.length - 1 : blockFor(this.#blocks, bound);
      const block = this.#blocks[this.#blockIndex] ?? [];
      this.#index = bound === undefined ? block.length : lowerBound(block, bound);
    } else {
      this.#blockIndex = bound === undefined ? 0 : blockFor(this.#blocks, bound);
      const block = this.#blocks[this.#blockIndex] ?? [];
      this.#index = bound === undefined ? -1 : lowerBound(block, bound) - 1;
      if (bound !== undefined && !inclusive && block[this.#index + 1] === bound) this.#index++;
    }
    this.#step();
  }

  #step(): void {
    const delta = this.keyRange.reverse ? -1 : 1;
    this.#index += delta;
    let block = this.#blocks[this.#blockIndex];
    if (block !== undefined && (this.#index < 0 || this.#index >= block.length)) {
      this.#blockIndex += delta;
      block = this.#blocks[this.#blockIndex];
      this.#index = block === undefined || delta > 0 ? 0 : block.length - 1;
    }
    this.key = this.#within(block?.[this.#index]);
  }

  #within(key: Key | undefined): Key | undefined {
    const { start, end, reverse } = this.keyRange;
    if (key === undefined) return undefined;
    if (reverse) return start !== undefined && key < start ? undefined : key;
    return end !== undefined && key >= end ? undefined : key;
  }
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly Key[], key: Key): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as Key) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the last block whose first key is not above `key`; 0 when there is none. */
function blockFor(blocks: readonly (readonly Key[])[], key: Key): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.[0] as Key) <= key) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
