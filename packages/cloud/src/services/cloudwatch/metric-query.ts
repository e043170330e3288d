import type { MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../kernel/caller.js';
import { isStatistic, periodMsOf, periods, statistic } from './datapoints.js';
import { invalidValue, missingParameter, notEmulatedYet } from './metric-errors.js';
import { evaluateExpression, isSeries, type Series } from './metric-math.js';
import { identity, type MetricStore } from './metric-store.js';

/** The time that queries are about. */
export interface QueryWindow {
  readonly startMs: number;
  /** Excluded. */
  readonly endMs: number;
  /** Whether periods begin at multiples of their length, as in answers, or count from the start, as for alarms. */
  readonly isAligned: boolean;
}

export interface QueryResult {
  readonly id: string;
  readonly label: string;
  readonly series: Series;
}

const MAX_QUERIES = 500;

/**
 * The series of every query of a set, by id: of metrics first, then of the expressions that use them, in whatever order
 * they are given. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
 */
export function runQueries(
  store: MetricStore,
  caller: Caller,
  queries: readonly MetricDataQuery[],
  window: QueryWindow,
): Map<string, QueryResult> {
  if (queries.length === 0) throw missingParameter('MetricDataQueries');
  if (queries.length > MAX_QUERIES) {
    throw invalidValue(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  }
  const byId = new Map<string, MetricDataQuery>();
  for (const query of queries) {
    const id = query.Id ?? '';
    if (!/^[a-z]\w{0,254}$/.test(id)) {
      throw invalidValue(
        `The value '${id}' for parameter Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    }
    if (byId.has(id)) throw invalidValue(`The values for parameter id in MetricDataQueries are not unique.`);
    if ((query.MetricStat === undefined) === (query.Expression === undefined)) {
      throw invalidValue(`The query ${id} must have either MetricStat or Expression.`);
    }
    byId.set(id, query);
  }
  const results = new Map<string, QueryResult>();
  const metricPeriods = queries.flatMap(({ MetricStat }) =>
    MetricStat === undefined ? [] : [periodMsOf(MetricStat.Period)],
  );
  const isBusy = new Set<string>();
  const resultOf = (id: string): QueryResult => {
    const known = results.get(id);
    if (known !== undefined) return known;
    const query = byId.get(id);
    if (query === undefined) throw invalidValue(`Error in expression: the id ${id} is not there.`);
    if (isBusy.has(id)) throw invalidValue(`Error in expression '${id}': it refers to itself.`);
    isBusy.add(id);
    const result = query.MetricStat === undefined ? expressionOf(query, id) : metricOf(query.MetricStat, query, id);
    results.set(id, result);
    return result;
  };
  const metricOf = (stat: MetricStat, query: MetricDataQuery, id: string): QueryResult => {
    const label = query.Label ?? stat.Metric?.MetricName ?? id;
    return { id, label, series: metricSeries(store, caller, id, stat, window) };
  };
  const expressionOf = (query: MetricDataQuery, id: string): QueryResult => {
    const periodMs = query.Period === undefined ? Math.min(...metricPeriods) : periodMsOf(query.Period);
    const value = evaluateExpression(query.Expression ?? '', {
      series: (name) => resultOf(name).series,
      metrics: () =>
        queries.flatMap(({ Id = '', MetricStat }) => (MetricStat === undefined ? [] : [resultOf(Id).series])),
      instants: () => instants(window, Number.isFinite(periodMs) ? periodMs : 60_000),
      periodMs: Number.isFinite(periodMs) ? periodMs : 60_000,
    });
    if (!isSeries(value)) throw invalidValue(`Error in expression '${id}': it does not give a time series.`);
    return { id, label: query.Label ?? id, series: value };
  };
  for (const id of byId.keys()) resultOf(id);
  return results;
}

function metricSeries(store: MetricStore, caller: Caller, id: string, stat: MetricStat, window: QueryWindow): Series {
  const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = stat.Metric ?? {};
  if (namespace === undefined) throw missingParameter(`MetricDataQueries.${id}.MetricStat.Metric.Namespace`);
  if (name === undefined) throw missingParameter(`MetricDataQueries.${id}.MetricStat.Metric.MetricName`);
  const statisticName = stat.Stat ?? '';
  if (!isStatistic(statisticName)) throw notEmulatedYet(`the statistic ${statisticName}`);
  const periodMs = periodMsOf(stat.Period);
  const metric = identity(namespace, name, dimensions);
  const found = periods(store, caller, metric, { ...aligned(window, periodMs), periodMs }, stat.Unit);
  const points = found.flatMap(({ timeMs, values }) => {
    const value = statistic(statisticName, values);
    return value === undefined ? [] : [[timeMs, value] as const];
  });
  return new Map(points);
}

function aligned({ startMs, endMs, isAligned }: QueryWindow, periodMs: number): { startMs: number; endMs: number } {
  return { startMs: isAligned ? Math.floor(startMs / periodMs) * periodMs : startMs, endMs };
}

/** The starts of all periods of the window. */
function instants(window: QueryWindow, periodMs: number): number[] {
  const { startMs, endMs } = aligned(window, periodMs);
  const count = Math.max(0, Math.ceil((endMs - startMs) / periodMs));
  return Array.from({ length: count }, (_, at) => startMs + at * periodMs);
}
