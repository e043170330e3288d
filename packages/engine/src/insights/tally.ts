/** Contributors kept of one minute; those with the most. */
export const KEPT_CONTRIBUTORS = 500;
/** Of so many, those with the least are let go. */
const MOST_CONTRIBUTORS = 4 * KEPT_CONTRIBUTORS;

interface Share {
  sum: number;
  /** The largest single observation. */
  largest: number;
}

/** A tally as the store keeps it (JSON). */
export interface TallyRecord {
  readonly samples: number;
  readonly sum: number;
  readonly smallest: number;
  readonly largest: number;
  /** Contributors that were let go: their number is right, unless one of them came back. */
  readonly dropped: number;
  /** Key, sum, largest observation. */
  readonly shares: readonly (readonly [string, number, number])[];
}

/**
 * What each contributor adds up to. Sums of all are exact; of the contributors, the largest are kept once there are
 * very many.
 */
export class Tally {
  samples = 0;
  sum = 0;
  smallest = Number.POSITIVE_INFINITY;
  largest = 0;
  #dropped = 0;
  readonly #shares = new Map<string, Share>();

  get contributors(): number {
    return this.#shares.size + this.#dropped;
  }

  add(key: string, value: number): void {
    this.samples++;
    this.sum += value;
    this.smallest = Math.min(this.smallest, value);
    this.largest = Math.max(this.largest, value);
    this.#share(key, value, value);
  }

  merge(record: TallyRecord): void {
    this.samples += record.samples;
    this.sum += record.sum;
    this.smallest = Math.min(this.smallest, record.smallest);
    this.largest = Math.max(this.largest, record.largest);
    this.#dropped += record.dropped;
    for (const [key, sum, largest] of record.shares) this.#share(key, sum, largest);
  }

  /** The contributors' sums. */
  *sums(): Generator<readonly [string, number]> {
    for (const [key, { sum }] of this.#shares) yield [key, sum];
  }

  record(): TallyRecord {
    const kept = this.#largestShares();
    const dropped = this.#dropped + this.#shares.size - kept.length;
    const { samples, sum, smallest, largest } = this;
    return { samples, sum, smallest, largest, dropped, shares: kept.map(([key, one]) => [key, one.sum, one.largest]) };
  }

  #share(key: string, value: number, observed: number): void {
    const share = this.#shares.get(key);
    if (share !== undefined) {
      share.sum += value;
      share.largest = Math.max(share.largest, observed);
      return;
    }
    if (this.#shares.size >= MOST_CONTRIBUTORS) this.#drop();
    this.#shares.set(key, { sum: value, largest: observed });
  }

  #drop(): void {
    const kept = this.#largestShares();
    this.#dropped += this.#shares.size - kept.length;
    this.#shares.clear();
    for (const [key, share] of kept) this.#shares.set(key, share);
  }

  #largestShares(): [string, Share][] {
    const all = [...this.#shares];
    if (all.length <= KEPT_CONTRIBUTORS) return all;
    return all.sort(([, one], [, other]) => other.sum - one.sum).slice(0, KEPT_CONTRIBUTORS);
  }
}
