import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../kernel/caller.js';
import { invalidValue } from './metric-errors.js';
import { type MetricIdentity, type MetricStore, MINUTE_MS, merge, type StatisticSet } from './metric-store.js';

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

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type StatisticName = (typeof STATISTICS)[number];

export function isStatistic(name: string): name is StatisticName {
  return STATISTICS.some((known) => known === name);
}

export function statistic(name: StatisticName, values: StatisticSet): number {
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
  }
}

/** Periods are whole minutes; the shorter ones of high-resolution metrics are read by the minute. */
export function periodMsOf(seconds: number | undefined): number {
  if (seconds === undefined || seconds < 1) throw invalidValue('The parameter Period must be greater than 0.');
  if (![1, 5, 10, 20, 30].includes(seconds) && seconds % 60 !== 0) {
    throw invalidValue('The parameter Period must be a multiple of 60.');
  }
  return Math.max(MINUTE_MS, seconds * 1000);
}
