import { createHash } from 'node:crypto';
import type { Dimension, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';

export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  /** Sorted by name. */
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
}

/** A metric that has data, as the index of metrics keeps it. */
export interface MetricRecord extends MetricIdentity {
  /** Time of the latest data. */
  readonly latestMs: number;
}

/** What is known of one metric in one unit over some time. */
export interface StatisticSet {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface Observation {
  readonly metric: MetricIdentity;
  readonly timeMs: number;
  readonly unit: StandardUnit;
  readonly values: StatisticSet;
}

/** One minute of a metric in one unit. */
export interface MinuteValues {
  readonly timeMs: number;
  readonly unit: StandardUnit;
  readonly values: StatisticSet;
}

export const MINUTE_MS = 60_000;

/** Metrics by minute, per account and region. A metric is known by a digest, since its dimensions can be long. */
export class MetricStore {
  readonly #metrics: Records<MetricRecord>;
  readonly #minutes: Records<StatisticSet>;

  constructor(private readonly kernel: Kernel) {
    this.#metrics = new Records(kernel.store, 'cloudwatch.metrics');
    this.#minutes = new Records(kernel.store, 'cloudwatch.minutes');
  }

  /** Adds all observations, or none; durable when this resolves. */
  add(caller: Caller, observations: readonly Observation[]): Promise<void> {
    const partition = partitionOf(caller);
    return this.kernel.store.change((writer) => {
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

export function merge(left: StatisticSet, right: StatisticSet): StatisticSet {
  return {
    sum: left.sum + right.sum,
    count: left.count + right.count,
    minimum: Math.min(left.minimum, right.minimum),
    maximum: Math.max(left.maximum, right.maximum),
  };
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
