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
 * Answers with the entries that have the best scores, best first; of equal ones those that come first in the store. Goes
 * through all entries with the prefix, without decoding them or their items, in slices. Memory is that of `count`
 * candidates. At once, unless there is more than one slice; then the best are looked at again at the end, in one go with
 * the answer, as their items may have been changed between the slices.
 */
export function nearest<T>(
  store: Store,
  search: NearestSearch,
  answer: (best: readonly Candidate[]) => T,
): T | Promise<T> {
  const scan = new NearestScan(store, search);
  return scan.slice() ? answer(scan.best) : scan.rest().then(() => answer(scan.asOfNow()));
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

  async rest(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (!this.slice());
  }

  /** Of the best those that are still there and still match, with the scores that they have by now. */
  asOfNow(): readonly Candidate[] {
    const scan = new NearestScan(this.store, this.search);
    for (const { suffix } of this.best) {
      const bytes = this.store.get(this.search.prefix + suffix);
      if (bytes !== undefined) scan.#look(bytes, 0);
    }
    return scan.best;
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
