import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Caller } from './caller.js';
import type { MetricIdentity, StatisticSet } from './metrics-port.js';

/** Buckets of a distribution: each a fortieth of a power of e wide, so 2.5 % of the value. */
const BUCKETS_PER_E = 40;

/** One metric within the current minute. */
export class MetricCounter {
  #sum = 0;
  #count = 0;
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;
  readonly #buckets: Map<number, number> | undefined;

  constructor(
    readonly caller: Caller,
    readonly metric: MetricIdentity,
    readonly unit: StandardUnit,
    /** Called with the first value of each minute. */
    private readonly began: (counter: MetricCounter) => void,
    /** Whether its values are kept apart, for percentiles. */
    hasDistribution = false,
  ) {
    this.#buckets = hasDistribution ? new Map() : undefined;
  }

  add(value: number): void {
    if (this.#count === 0) this.began(this);
    this.#count += 1;
    this.#sum += value;
    if (value < this.#minimum) this.#minimum = value;
    if (value > this.#maximum) this.#maximum = value;
    if (this.#buckets !== undefined) {
      const bucket = Math.round(Math.log(Math.max(value, 1e-6)) * BUCKETS_PER_E);
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    }
  }

  /** What was counted; begins anew. */
  take(): StatisticSet {
    const values = { sum: this.#sum, count: this.#count, minimum: this.#minimum, maximum: this.#maximum };
    this.#sum = 0;
    this.#count = 0;
    this.#minimum = Number.POSITIVE_INFINITY;
    this.#maximum = Number.NEGATIVE_INFINITY;
    if (this.#buckets === undefined) return values;
    const buckets = [...this.#buckets].sort(([one], [other]) => one - other);
    this.#buckets.clear();
    const within = (value: number): number => Math.min(Math.max(value, values.minimum), values.maximum);
    return {
      ...values,
      distribution: buckets.map(([bucket, count]) => [within(Math.exp(bucket / BUCKETS_PER_E)), count]),
    };
  }
}
