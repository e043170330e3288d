import { Buffer } from 'node:buffer';
import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { Slab } from '@tablewright/base';
import { type Key, MAX_KEY_BYTES, type ValueVisitor } from '../store.js';
import { PageCache } from './page-cache.js';
import { damagedPage } from './read-page.js';
import {
  BRANCH,
  childAt,
  childIndex,
  compareKey,
  entryAt,
  entryCount,
  entryEnd,
  kindOf,
  LONG_VALUE,
  lowerBound,
  PAGE_BYTES,
  u16,
  u32,
  valueAt,
} from './tree-page.js';

/** Entries of a leaf: from `first` on, or with `reverse` down from it, up to a bound. */
export interface LeafRun {
  readonly first: number;
  readonly reverse: boolean;
  /** The end of the walk: excluded, with `reverse` included. */
  readonly bound: Buffer | undefined;
}

/** Reads the tree's current state. */
export class TreeReader {
  readonly #cache: PageCache;
  readonly #values = new Slab();
  /** The key that is being looked for, as bytes. A bound may be longer than any key; what this leaves out decides nothing. */
  readonly #wanted = Buffer.alloc(MAX_KEY_BYTES + 1);
  #root: number;
  #version = 0;

  constructor(
    private readonly descriptor: number,
    root: number,
    cachePages: number,
  ) {
    this.#root = root;
    this.#cache = new PageCache(descriptor, cachePages);
  }

  /** 0 when the tree is empty. */
  get root(): number {
    return this.#root;
  }

  /** Changes with every new state. */
  get version(): number {
    return this.#version;
  }

  /** The tree has a new state, in which these pages are new. */
  advance(root: number, newPages: Iterable<number>): void {
    this.#cache.forget(newPages);
    this.#root = root;
    this.#version++;
  }

  page(number: number): Buffer {
    return this.#cache.load(number);
  }

  get(key: Key): Buffer | undefined {
    if (this.#root === 0) return undefined;
    const keyBytes = this.#wanted.write(key, 0, 'latin1');
    let page = this.#cache.load(this.#root);
    while (kindOf(page) === BRANCH) page = this.#cache.load(childAt(page, childIndex(page, this.#wanted, 0, keyBytes)));
    const index = lowerBound(page, this.#wanted, 0, keyBytes);
    if (index === entryCount(page)) return undefined;
    const at = entryAt(page, index);
    return compareKey(this.#wanted, 0, keyBytes, page, at) === 0 ? this.valueOf(page, at) : undefined;
  }

  /** A copy of the value of the entry that begins at `at`. */
  valueOf(page: Buffer, at: number): Buffer {
    const valueBytes = u16(page, at + 2);
    const begin = valueAt(page, at);
    if (valueBytes === LONG_VALUE) return this.#longValue(u32(page, begin), u32(page, begin + 4), u32(page, begin + 8));
    const value = this.#values.allocate(valueBytes);
    page.copy(value, 0, begin, begin + valueBytes);
    return value;
  }

  /** Visits the values of a leaf from an entry to its end or the bound. False when the walk ends here. */
  visitRun(page: Buffer, { first, reverse, bound }: LeafRun, visitor: ValueVisitor): boolean {
    const low = reverse ? 0 : first;
    const high = reverse ? first : entryCount(page) - 1;
    // Copied together, because the page may be another's once the visitor has read something; and before anything else
    // is looked at: a page that no processor cache holds is quicker to copy than to search.
    const from = entryAt(page, low);
    const run = this.#values.allocate(entryEnd(page, high) - from);
    page.copy(run, 0, from, from + run.length);
    const begins: number[] = [];
    for (let n = low; n <= high; n++) begins.push(entryAt(page, n) - from);
    const step = reverse ? -1 : 1;
    const isWithin = (at: number): boolean => {
      if (bound === undefined) return true;
      const order = compareKey(bound, 0, bound.length, run, at);
      return reverse ? order <= 0 : order > 0;
    };
    const isWholeWithin = isWithin(begins[reverse ? 0 : begins.length - 1] as number);
    for (let n = reverse ? begins.length - 1 : 0; n >= 0 && n < begins.length; n += step) {
      const at = begins[n] as number;
      if (!isWholeWithin && !isWithin(at)) return false;
      if (!this.#visitEntry(run, at, visitor)) return false;
    }
    return true;
  }

  #visitEntry(run: Buffer, at: number, visitor: ValueVisitor): boolean {
    const valueBytes = u16(run, at + 2);
    const begin = valueAt(run, at);
    if (valueBytes !== LONG_VALUE) return visitor(run, begin, begin + valueBytes);
    const value = this.#longValue(u32(run, begin), u32(run, begin + 4), u32(run, begin + 8));
    return visitor(value, 0, value.length);
  }

  #longValue(page: number, valueBytes: number, crc: number): Buffer {
    const value = Buffer.allocUnsafeSlow(valueBytes);
    const read = readSync(this.descriptor, value, 0, valueBytes, page * PAGE_BYTES);
    if (read !== valueBytes || crc32(value) !== crc) throw damagedPage(page);
    return value;
  }

  /** Index of the child under which `key` lies. */
  childOf(page: Buffer, key: Key): number {
    return childIndex(page, this.#wanted, 0, this.#wanted.write(key, 0, 'latin1'));
  }

  /** Index of the first entry of a leaf that is not below `key`. */
  indexOf(page: Buffer, key: Key): number {
    return lowerBound(page, this.#wanted, 0, this.#wanted.write(key, 0, 'latin1'));
  }
}
