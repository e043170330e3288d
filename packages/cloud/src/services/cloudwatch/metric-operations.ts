import type {
  Datapoint,
  GetMetricDataCommandInput,
  GetMetricDataOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsOutput,
  ListMetricsCommandInput,
  ListMetricsOutput,
  MetricDataResult,
  PutMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { StatisticSet } from '../../kernel/metrics-port.js';
import type { RequestContext } from '../service.js';
import {
  isPercentile,
  isSimpleStatistic,
  periodMsOf,
  periods,
  type StatisticName,
  statistic,
  type Window,
} from './datapoints.js';
import { invalidCombination, invalidValue, missingParameter, notEmulatedYet } from './metric-errors.js';
import { runQueries } from './metric-query.js';
import { identity, type MetricRecord, type MetricStore, MINUTE_MS } from './metric-store.js';
import { observationsOf } from './observations.js';

const DATAPOINT_LIMIT = 1440;
const METRICS_PAGE = 500;
/** ListMetrics tells of metrics with data in the past two weeks. */
const LISTED_MS = 14 * 24 * 3_600_000;
const RECENTLY_ACTIVE_MS = 3 * 3_600_000;

export function metricOperations(kernel: Kernel, store: MetricStore) {
  return {
    async put({ caller, principal }: RequestContext, input: PutMetricDataCommandInput): Promise<object> {
      await kernel.ports.metrics.add(caller, observationsOf(input, kernel.clock.nowMs(), principal.kind === 'service'));
      return {};
    },
    async list({ caller }: RequestContext, input: ListMetricsCommandInput): Promise<ListMetricsOutput> {
      await kernel.ports.metrics.gather();
      return list(store, caller, input, kernel.clock.nowMs());
    },
    async statistics(
      { caller }: RequestContext,
      input: GetMetricStatisticsCommandInput,
    ): Promise<GetMetricStatisticsOutput> {
      await kernel.ports.metrics.gather();
      return statistics(store, caller, input);
    },
    async data({ caller }: RequestContext, input: GetMetricDataCommandInput): Promise<GetMetricDataOutput> {
      await kernel.ports.metrics.gather();
      return metricData(store, caller, input);
    },
  };
}

function list(store: MetricStore, caller: Caller, input: ListMetricsCommandInput, nowMs: number): ListMetricsOutput {
  const sinceMs = nowMs - (input.RecentlyActive === 'PT3H' ? RECENTLY_ACTIVE_MS : LISTED_MS);
  const page: MetricRecord[] = [];
  let last = '';
  for (const [id, metric] of store.metrics(caller, input.NextToken)) {
    if (metric.latestMs < sinceMs || !isWanted(metric, input)) continue;
    if (page.length === METRICS_PAGE) return { Metrics: page.map(shown), NextToken: last };
    page.push(metric);
    last = id;
  }
  return { Metrics: page.map(shown) };
}

function isWanted(metric: MetricRecord, input: ListMetricsCommandInput): boolean {
  if (input.Namespace !== undefined && input.Namespace !== metric.namespace) return false;
  if (input.MetricName !== undefined && input.MetricName !== metric.name) return false;
  return (input.Dimensions ?? []).every((wanted) =>
    metric.dimensions.some(
      (dimension) => dimension.name === wanted.Name && (wanted.Value === undefined || dimension.value === wanted.Value),
    ),
  );
}

function shown(metric: MetricRecord) {
  return {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: metric.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
  };
}

function statistics(
  store: MetricStore,
  caller: Caller,
  input: GetMetricStatisticsCommandInput,
): GetMetricStatisticsOutput {
  const { Namespace: namespace, MetricName: name } = input;
  if (namespace === undefined) throw missingParameter('Namespace');
  if (name === undefined) throw missingParameter('MetricName');
  const extended = input.ExtendedStatistics ?? [];
  for (const one of extended) {
    if (!isPercentile(one)) throw notEmulatedYet(`the statistic ${one}`);
  }
  const percentiles = extended.filter(isPercentile);
  const wanted = (input.Statistics ?? []).filter(isSimpleStatistic);
  if (wanted.length + percentiles.length === 0) {
    throw invalidCombination('At least one of the parameters Statistics and ExtendedStatistics must be specified.');
  }
  const window = windowOf(input.StartTime, input.EndTime, periodMsOf(input.Period), MINUTE_MS);
  const count = Math.ceil((window.endMs - window.startMs) / window.periodMs);
  if (count > DATAPOINT_LIMIT) {
    throw invalidCombination(
      `You have requested up to ${count} datapoints, which exceeds the limit of ${DATAPOINT_LIMIT}. You may reduce ` +
        'the datapoints requested by increasing Period, or decreasing the time range.',
    );
  }
  const metric = identity(namespace, name, input.Dimensions);
  const found = periods(store, caller, metric, window, input.Unit);
  return {
    Label: name,
    Datapoints: found.map(
      ({ timeMs, unit, values }): Datapoint => ({
        Timestamp: new Date(timeMs),
        Unit: unit,
        ...Object.fromEntries(wanted.map((statisticName) => [statisticName, statistic(statisticName, values)])),
        ...(percentiles.length > 0 && { ExtendedStatistics: percentilesOf(percentiles, values) }),
      }),
    ),
  };
}

function percentilesOf(names: readonly StatisticName[], values: StatisticSet): Record<string, number> {
  const known = names.flatMap((name) => {
    const value = statistic(name, values);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

function metricData(store: MetricStore, caller: Caller, input: GetMetricDataCommandInput): GetMetricDataOutput {
  const { startMs, endMs } = windowOf(input.StartTime, input.EndTime, MINUTE_MS, MINUTE_MS);
  const queries = input.MetricDataQueries ?? [];
  const results = runQueries(store, caller, queries, { startMs, endMs, isAligned: true });
  const shownQueries = queries.filter(({ ReturnData }) => ReturnData !== false);
  return {
    MetricDataResults: shownQueries.flatMap(({ Id = '' }): MetricDataResult[] => {
      const result = results.get(Id);
      if (result === undefined) return [];
      const points = [...result.series];
      if (input.ScanBy !== 'TimestampAscending') points.reverse();
      return [
        {
          Id,
          Label: result.label,
          Timestamps: points.map(([timeMs]) => new Date(timeMs)),
          Values: points.map(([, value]) => value),
          StatusCode: 'Complete',
        },
      ];
    }),
    Messages: [],
  };
}

/** The window of a question, its start rounded down to a multiple of `alignMs`. */
function windowOf(start: Date | undefined, end: Date | undefined, periodMs: number, alignMs: number): Window {
  if (start === undefined) throw missingParameter('StartTime');
  if (end === undefined) throw missingParameter('EndTime');
  if (start.getTime() >= end.getTime()) {
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  }
  return { startMs: Math.floor(start.getTime() / alignMs) * alignMs, endMs: end.getTime(), periodMs };
}
