import type {
  Datapoint,
  GetMetricDataCommandInput,
  GetMetricDataOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsOutput,
  ListMetricsCommandInput,
  ListMetricsOutput,
  MetricDataQuery,
  MetricDataResult,
  PutMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { RequestContext } from '../service.js';
import { isStatistic, periodMsOf, periods, type StatisticName, statistic, type Window } from './datapoints.js';
import { invalidCombination, invalidValue, missingParameter, notEmulatedYet } from './metric-errors.js';
import { identity, type MetricRecord, MetricStore, MINUTE_MS } from './metric-store.js';
import { observationsOf } from './observations.js';

const DATAPOINT_LIMIT = 1440;
const METRICS_PAGE = 500;
/** ListMetrics tells of metrics with data in the past two weeks. */
const LISTED_MS = 14 * 24 * 3_600_000;
const RECENTLY_ACTIVE_MS = 3 * 3_600_000;

export function metricOperations(kernel: Kernel) {
  const store = new MetricStore(kernel);
  return {
    async put({ caller }: RequestContext, input: PutMetricDataCommandInput): Promise<object> {
      await store.add(caller, observationsOf(input, kernel.clock.nowMs()));
      return {};
    },
    list: ({ caller }: RequestContext, input: ListMetricsCommandInput) =>
      list(store, caller, input, kernel.clock.nowMs()),
    statistics: ({ caller }: RequestContext, input: GetMetricStatisticsCommandInput) =>
      statistics(store, caller, input),
    data: ({ caller }: RequestContext, input: GetMetricDataCommandInput): GetMetricDataOutput => ({
      MetricDataResults: (input.MetricDataQueries ?? [])
        .filter((query) => query.ReturnData !== false)
        .map((query) => metricData(store, caller, input, query)),
      Messages: [],
    }),
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
  if (input.ExtendedStatistics !== undefined && input.ExtendedStatistics.length > 0) {
    throw notEmulatedYet('ExtendedStatistics (percentiles)');
  }
  const wanted: readonly StatisticName[] = (input.Statistics ?? []).filter(isStatistic);
  if (wanted.length === 0) {
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
      }),
    ),
  };
}

function metricData(
  store: MetricStore,
  caller: Caller,
  input: GetMetricDataCommandInput,
  query: MetricDataQuery,
): MetricDataResult {
  const { MetricStat: stat } = query;
  if (stat === undefined) throw notEmulatedYet('metric math (Expression)');
  const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = stat.Metric ?? {};
  if (namespace === undefined) throw missingParameter(`MetricDataQueries.${query.Id}.MetricStat.Metric.Namespace`);
  if (name === undefined) throw missingParameter(`MetricDataQueries.${query.Id}.MetricStat.Metric.MetricName`);
  const statisticName = stat.Stat ?? '';
  if (!isStatistic(statisticName)) throw notEmulatedYet(`the statistic ${statisticName}`);
  const periodMs = periodMsOf(stat.Period);
  const window = windowOf(input.StartTime, input.EndTime, periodMs, periodMs);
  const found = periods(store, caller, identity(namespace, name, dimensions), window, stat.Unit);
  if (input.ScanBy !== 'TimestampAscending') found.reverse();
  return {
    Id: query.Id,
    Label: query.Label ?? name,
    Timestamps: found.map(({ timeMs }) => new Date(timeMs)),
    Values: found.map(({ values }) => statistic(statisticName, values)),
    StatusCode: 'Complete',
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
