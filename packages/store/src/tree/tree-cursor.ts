import { Buffer } from 'node:buffer';
import { assert } from '@tablewright/base';
import type { LayerCursor, LayerValue } from '../layer.js';
import type { Key, KeyRange, ValueVisitor } from '../store.js';
import { BRANCH, childAt, entryAt, entryCount, keyAt, kindOf } from './tree-page.js';
import type { TreeReader } from './tree-reader.js';

/** A walk over a range of the tree's current state; when that becomes another, the walk goes on in it. */
export class TreeCursor implements LayerCursor {
  key: Key | undefined;
  /** The branches above the leaf, and the child that the walk is under. */
  readonly #branches: number[] = [];
  readonly #children: number[] = [];
  #leaf = 0;
  #index = 0;
  #version = 0;

  constructor(
    private readonly reader: TreeReader,
    private readonly keyRange: KeyRange,
  ) {
    this.#seek(keyRange.reverse ? keyRange.end : keyRange.start, true);
  }

  value(): LayerValue {
    if (this.key === undefined) return null;
    if (this.reader.version !== this.#version) return this.reader.get(this.key) ?? null;
    const page = this.reader.page(this.#leaf);
    return this.reader.valueOf(page, entryAt(page, this.#index));
  }

  advance(): void {
    if (this.key === undefined) return;
    if (this.reader.version !== this.#version) this.#seek(this.key, false);
    else this.#step();
  }

  visitRest(visitor: ValueVisitor): void {
    if (this.key === undefined) return;
    assert(this.reader.version === this.#version, 'the tree stays as it is during a visit');
    const { start, end, reverse = false } = this.keyRange;
    const limit = reverse ? start : end;
    const bound = limit === undefined ? undefined : Buffer.from(limit, 'latin1');
    let page: Buffer | undefined = this.reader.page(this.#leaf);
    let first = this.#index;
    while (page !== undefined) {
      if (!this.reader.visitRun(page, { first, reverse, bound }, visitor)) return;
      page = this.#neighbour();
      if (page !== undefined) first = reverse ? entryCount(page) - 1 : 0;
    }
  }

  /** The tree changes only by what the layers above it hold already. */
  refresh(): void {}

  /** Stands on the first key beyond `bound` in the walk's direction; forwards, on `bound` itself if `isIncluded`. */
  #seek(bound: Key | undefined, isIncluded: boolean): void {
    this.#version = this.reader.version;
    this.#branches.length = 0;
    this.#children.length = 0;
    this.key = undefined;
    if (this.reader.root === 0) return;
    const page = this.#descend(this.reader.root, bound);
    if (bound === undefined) {
      this.#index = this.keyRange.reverse ? entryCount(page) : -1;
    } else {
      this.#index = this.reader.indexOf(page, bound);
      if (!this.keyRange.reverse) {
        const isThere = this.#index < entryCount(page) && keyAt(page, this.#index) === bound;
        if (!isThere || isIncluded) this.#index--;
      }
    }
    this.#step();
  }

  /** Goes down to the leaf in which `bound` lies; without a bound, to the first one of the walk. */
  #descend(from: number, bound: Key | undefined): Buffer {
    let number = from;
    let page = this.reader.page(number);
    while (kindOf(page) === BRANCH) {
      const outermost = this.keyRange.reverse ? entryCount(page) - 1 : 0;
      const child = bound === undefined ? outermost : this.reader.childOf(page, bound);
      this.#branches.push(number);
      this.#children.push(child);
      number = childAt(page, child);
      page = this.reader.page(number);
    }
    this.#leaf = number;
    return page;
  }

  #step(): void {
    this.#index += this.keyRange.reverse ? -1 : 1;
    let page: Buffer | undefined = this.reader.page(this.#leaf);
    // No leaf is empty, so one step to the side is enough.
    if (this.#index < 0 || this.#index >= entryCount(page)) {
      page = this.#neighbour();
      if (page !== undefined) this.#index = this.keyRange.reverse ? entryCount(page) - 1 : 0;
    }
    this.key = page === undefined ? undefined : this.#within(keyAt(page, this.#index));
  }

  /** The next leaf in the walk's direction. */
  #neighbour(): Buffer | undefined {
    const delta = this.keyRange.reverse ? -1 : 1;
    for (let depth = this.#branches.length - 1; depth >= 0; depth--) {
      const page = this.reader.page(this.#branches[depth] as number);
      const child = (this.#children[depth] as number) + delta;
      if (child < 0 || child >= entryCount(page)) continue;
      this.#branches.length = depth + 1;
      this.#children.length = depth + 1;
      this.#children[depth] = child;
      return this.#descend(childAt(page, child), undefined);
    }
    return undefined;
  }

  #within(key: Key): Key | undefined {
    const { start, end, reverse } = this.keyRange;
    if (reverse) return start !== undefined && key < start ? undefined : key;
    return end !== undefined && key >= end ? undefined : key;
  }
}
