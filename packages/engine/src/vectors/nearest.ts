import type { Store } from '@tablewright/store';
import { prefixEnd } from '../data/byte-string.js';
import type { Scorer } from './distance.js';
import { entrySuffix, matchesFilters } from './vector-entry.js';

/** An entry that is among the best so far. */
export interface Candidate {
  readonly score: number;
  /** Of the item's key. */
  readonly suffix: string;
}

export interface NearestSearch {
  readonly scorer: Scorer;
  readonly dimensions: number;
  /** Begins the keys of the entries to look at. */
  readonly prefix: string;
  /** The bytes that filters must have, in the index's order; undefined where any will do. Empty: nothing is filtered. */
  readonly filters: readonly (Buffer | undefined)[];
  readonly count: number;
}

/** What is looked at in one go, some milliseconds, before requests that wait have their turn. */
const SLICE_BYTES = 4 * 1024 * 1024;

/**
 * The entries with the best scores, best first; of equal ones those that come first in the store. Goes through all
 * entries with the prefix, without decoding them or their items, in slices; entries that change meanwhile may be found as
 * they were before. Memory is that of `count` candidates. At once, unless there is more than one slice.
 */
export function nearest(store: Store, search: NearestSearch): readonly Candidate[] | Promise<readonly Candidate[]> {
  const scan = new NearestScan(store, search);
  return scan.slice() ? scan.best : scan.rest();
}

class NearestScan {
  readonly best: Candidate[] = [];
  /** The suffix of the last entry looked at. */
  #last: string | undefined;

  constructor(
    private readonly store: Store,
    private readonly search: NearestSearch,
  ) {}

  /** Looks at one slice; true when there is nothing left. */
  slice(): boolean {
    const { prefix, dimensions } = this.search;
    const start = this.#last === undefined ? prefix : `${prefix}${this.#last}\0`;
    let left = SLICE_BYTES;
    this.store.visit({ start, end: prefixEnd(prefix) }, (bytes, begin, end) => {
      this.#look(bytes, begin);
      left -= end - begin;
      if (left <= 0) this.#last = entrySuffix(bytes, begin, dimensions);
      return left > 0;
    });
    return left > 0;
  }

  async rest(): Promise<readonly Candidate[]> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (!this.slice());
    return this.best;
  }

  #look(bytes: Buffer, begin: number): void {
    const { scorer, dimensions, filters, count } = this.search;
    if (filters.length > 0 && !matchesFilters(bytes, begin, dimensions, filters)) return;
    const score = scorer.score(bytes, begin);
    const { best } = this;
    const worst = best[count - 1];
    if (worst !== undefined && !isBetter(scorer, score, worst.score)) return;
    let at = Math.min(best.length, count - 1);
    const candidate = { score, suffix: entrySuffix(bytes, begin, dimensions) };
    // At most a hundred, of which most entries beat none.
    for (; at > 0 && isBetter(scorer, score, (best[at - 1] as Candidate).score); at--) {
      best[at] = best[at - 1] as Candidate;
    }
    best[at] = candidate;
  }
}

function isBetter({ isAscending }: Scorer, score: number, other: number): boolean {
  return isAscending ? score < other : score > other;
}
