import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../kernel/caller.js';
import type { MetricIdentity, StatisticSet } from '../../kernel/metrics-port.js';
import { invalidValue } from './metric-errors.js';
import { type MetricStore, MINUTE_MS, merge } from './metric-store.js';

export interface PeriodValues {
  /** Start of the period. */
  readonly timeMs: number;
  readonly unit: StandardUnit;
  readonly values: StatisticSet;
}

export interface Window {
  readonly startMs: number;
  /** Excluded. */
  readonly endMs: number;
  readonly periodMs: number;
}

/** A metric over the periods of a window, oldest first; periods without data are left out. */
export function periods(
  store: MetricStore,
  caller: Caller,
  metric: MetricIdentity,
  window: Window,
  unit: StandardUnit | undefined,
): PeriodValues[] {
  const found = new Map<string, PeriodValues>();
  for (const minute of store.minutes(caller, metric, window.startMs, window.endMs)) {
    if (unit !== undefined && minute.unit !== unit) continue;
    const offset = Math.floor((minute.timeMs - window.startMs) / window.periodMs) * window.periodMs;
    const timeMs = window.startMs + offset;
    const key = `${timeMs} ${minute.unit}`;
    const present = found.get(key);
    const values = present === undefined ? minute.values : merge(present.values, minute.values);
    found.set(key, { timeMs, unit: minute.unit, values });
  }
  return [...found.values()];
}

/** A statistic, by its name: those that a minute's sums give, and percentiles such as `p99` or `p99.9`. */
export type StatisticName = SimpleStatistic | Percentile;
export type SimpleStatistic = 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum';
type Percentile = `p${number}`;

const SIMPLE: readonly string[] = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] satisfies SimpleStatistic[];

export function isSimpleStatistic(name: string): name is SimpleStatistic {
  return SIMPLE.includes(name);
}

export function isPercentile(name: string): name is Percentile {
  const match = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name);
  return match !== null;
}

export function isStatistic(name: string): name is StatisticName {
  return isSimpleStatistic(name) || isPercentile(name);
}

/** undefined for a percentile of values that are known by their sums only. */
export function statistic(name: StatisticName, values: StatisticSet): number | undefined {
  switch (name) {
    case 'SampleCount':
      return values.count;
    case 'Average':
      return values.count === 0 ? 0 : values.sum / values.count;
    case 'Sum':
      return values.sum;
    case 'Minimum':
      return values.minimum;
    case 'Maximum':
      return values.maximum;
    default:
      return percentile(Number(name.slice(1)), values);
  }
}

/** The value that the given share of all values, in percent, does not exceed. */
function percentile(share: number, { distribution }: StatisticSet): number | undefined {
  if (distribution === undefined) return undefined;
  const total = distribution.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [value, count] of distribution) {
    seen += count;
    if (seen >= (share / 100) * total) return value;
  }
  return distribution.at(-1)?.[0];
}

/** Periods are whole minutes; the shorter ones of high-resolution metrics are read by the minute. */
export function periodMsOf(seconds: number | undefined): number {
  if (seconds === undefined || seconds < 1) throw invalidValue('The parameter Period must be greater than 0.');
  if (![1, 5, 10, 20, 30].includes(seconds) && seconds % 60 !== 0) {
    throw invalidValue('The parameter Period must be a multiple of 60.');
  }
  return Math.max(MINUTE_MS, seconds * 1000);
}
