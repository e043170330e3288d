import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Timer } from '@tablewright/base';
import type { Caller } from './caller.js';
import type { Kernel } from './kernel.js';
import { MetricCounter } from './metric-counter.js';
import { metricIdentity, type Observation } from './metrics-port.js';

const MINUTE_MS = 60_000;
const MAX_COUNTERS = 10_000;

/**
 * Metrics of one namespace: counted in memory and handed over to CloudWatch each minute, and when someone asks. Costs
 * nothing while nothing is counted.
 */
export class MinuteMetrics {
  /** Counters with values of this minute. */
  #active: MetricCounter[] = [];
  #minuteMs = 0;
  #timer: Timer | undefined;
  readonly #counters = new Map<string, MetricCounter>();
  #isClosed = false;

  constructor(
    private readonly kernel: Pick<Kernel, 'clock' | 'ports' | 'reportFault'>,
    private readonly namespace: string,
  ) {
    kernel.ports.metrics.addSource(() => this.flush());
  }

  /** The counter of a metric; the same for the same name and dimensions. */
  counter(
    { accountId, region }: Caller,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    unit: StandardUnit,
    hasDistribution = false,
  ): MetricCounter {
    const key = `${accountId}/${region}/${name}/${Object.entries(dimensions).flat().join('/')}`;
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      counter = this.newCounter({ accountId, region }, name, dimensions, unit, hasDistribution);
      // What is counted comes and goes; what is counted now is in `#active` as well.
      if (this.#counters.size >= MAX_COUNTERS) this.#counters.clear();
      this.#counters.set(key, counter);
    }
    return counter;
  }

  /** One that the caller keeps. */
  newCounter(
    caller: Caller,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    unit: StandardUnit,
    hasDistribution: boolean,
  ): MetricCounter {
    const metric = metricIdentity(this.namespace, name, dimensions);
    return new MetricCounter(caller, metric, unit, (counter) => this.#began(counter), hasDistribution);
  }

  /** Hands over what was counted; durable when this resolves. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const counters = this.#active;
    this.#active = [];
    // One change for each account and region.
    const places = new Map<string, { caller: Caller; observations: Observation[] }>();
    for (const counter of counters) {
      const { caller, metric, unit } = counter;
      const key = `${caller.accountId}/${caller.region}`;
      const place = places.get(key) ?? { caller, observations: [] };
      places.set(key, place);
      place.observations.push({ metric, unit, timeMs: this.#minuteMs, values: counter.take() });
    }
    for (const { caller, observations } of places.values()) await this.kernel.ports.metrics.add(caller, observations);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  #began(counter: MetricCounter): void {
    if (this.#active.length === 0) {
      const nowMs = this.kernel.clock.nowMs();
      this.#minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
      if (!this.#isClosed) {
        this.#timer = this.kernel.clock.after(this.#minuteMs + MINUTE_MS - nowMs, () =>
          this.flush().catch((fault) => this.kernel.reportFault(`metrics of ${this.namespace}`, fault)),
        );
      }
    }
    this.#active.push(counter);
  }
}
