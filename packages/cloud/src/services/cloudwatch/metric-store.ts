import { createHash } from 'node:crypto';
import type { Dimension, StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Store } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type {
  Distribution,
  MetricIdentity,
  MetricsPort,
  Observation,
  StatisticSet,
} from '../../kernel/metrics-port.js';
import { Records } from '../../kernel/records.js';

/** A metric that has data, as the index of metrics keeps it. */
export interface MetricRecord extends MetricIdentity {
  /** Time of the latest data. */
  readonly latestMs: number;
}

/** One minute of a metric in one unit. */
export interface MinuteValues {
  readonly timeMs: number;
  readonly unit: StandardUnit;
  readonly values: StatisticSet;
}

export const MINUTE_MS = 60_000;

/** Metrics by minute, per account and region. A metric is known by a digest, since its dimensions can be long. */
export class MetricStore implements MetricsPort {
  readonly #metrics: Records<MetricRecord>;
  readonly #minutes: Records<StatisticSet>;

  readonly #listeners = new Set<(caller: Caller) => void>();
  readonly #sources: (() => Promise<void>)[] = [];

  constructor(private readonly store: Store) {
    this.#metrics = new Records(store, 'cloudwatch.metrics');
    this.#minutes = new Records(store, 'cloudwatch.minutes');
  }

  addSource(flush: () => Promise<void>): void {
    this.#sources.push(flush);
  }

  async gather(): Promise<void> {
    for (const flush of this.#sources) await flush();
  }

  observe(listener: (caller: Caller) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds all observations, or none; durable when this resolves. */
  async add(caller: Caller, observations: readonly Observation[]): Promise<void> {
    await this.#add(caller, observations);
    for (const listener of this.#listeners) listener(caller);
  }

  #add(caller: Caller, observations: readonly Observation[]): Promise<void> {
    const partition = partitionOf(caller);
    return this.store.change((writer) => {
      for (const { metric, timeMs, unit, values } of observations) {
        const id = metricId(metric);
        const known = this.#metrics.getFrom(writer, partition, id);
        const latestMs = Math.max(known?.latestMs ?? 0, timeMs);
        if (known?.latestMs !== latestMs) this.#metrics.putIn(writer, partition, id, { ...metric, latestMs });
        const minute = minuteName(timeMs, unit);
        const present = this.#minutes.getFrom(writer, `${partition}/${id}`, minute);
        this.#minutes.putIn(
          writer,
          `${partition}/${id}`,
          minute,
          present === undefined ? values : merge(present, values),
        );
      }
    });
  }

  /** When a metric got its latest data; undefined when it never had any. */
  latestMs(caller: Caller, metric: MetricIdentity): number | undefined {
    return this.#metrics.get(partitionOf(caller), metricId(metric))?.latestMs;
  }

  /** Metrics with an id after `after`, in the order of their ids. */
  metrics(caller: Caller, after?: string): Iterable<readonly [id: string, MetricRecord]> {
    return this.#metrics.list(partitionOf(caller), after === undefined ? {} : { after });
  }

  /** The minutes from `startMs` (included) to `endMs` (excluded), in order. Read them in the same turn. */
  *minutes(caller: Caller, metric: MetricIdentity, startMs: number, endMs: number): Iterable<MinuteValues> {
    const partition = `${partitionOf(caller)}/${metricId(metric)}`;
    const after = minuteName(Math.max(0, startMs), '');
    for (const [name, values] of this.#minutes.list(partition, { after })) {
      const timeMs = Number(name.slice(0, MINUTE_DIGITS)) * MINUTE_MS;
      if (timeMs >= endMs) return;
      // The name's other part is a unit that this class wrote.
      yield { timeMs, unit: name.slice(MINUTE_DIGITS) as StandardUnit, values };
    }
  }
}

export function identity(
  namespace: string,
  name: string,
  dimensions: readonly Dimension[] | undefined,
): MetricIdentity {
  const pairs = (dimensions ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
  return { namespace, name, dimensions: pairs.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) };
}

/** Distinct values that are kept of one minute; more of them are rounded. */
const MAX_DISTINCT = 200;

export function merge(left: StatisticSet, right: StatisticSet): StatisticSet {
  const distribution = mergeDistributions(left, right);
  return {
    sum: left.sum + right.sum,
    count: left.count + right.count,
    minimum: Math.min(left.minimum, right.minimum),
    maximum: Math.max(left.maximum, right.maximum),
    ...(distribution !== undefined && { distribution }),
  };
}

/** Percentiles are known only while the values of both sides are. */
function mergeDistributions(left: StatisticSet, right: StatisticSet): Distribution | undefined {
  if (left.distribution === undefined || right.distribution === undefined) return undefined;
  const all = [...left.distribution, ...right.distribution];
  const exact = countValues(all, (value) => value);
  return exact.length <= MAX_DISTINCT ? exact : countValues(all, (value) => Number(value.toPrecision(2)));
}

function countValues(all: Distribution, round: (value: number) => number): Distribution {
  const counts = new Map<number, number>();
  for (const [value, count] of all) counts.set(round(value), (counts.get(round(value)) ?? 0) + count);
  return [...counts].sort(([one], [other]) => one - other);
}

function metricId({ namespace, name, dimensions }: MetricIdentity): string {
  const pairs = dimensions.map((dimension) => [dimension.name, dimension.value]);
  return createHash('sha256')
    .update(JSON.stringify([namespace, name, pairs]))
    .digest('hex')
    .slice(0, 40);
}

const MINUTE_DIGITS = 10;

function minuteName(timeMs: number, unit: StandardUnit | ''): string {
  return String(Math.floor(timeMs / MINUTE_MS)).padStart(MINUTE_DIGITS, '0') + unit;
}
