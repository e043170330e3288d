import type { MetricDatum, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Observation, StatisticSet } from '../../kernel/metrics-port.js';
import { invalidCombination, invalidValue, missingParameter, notEmulatedYet } from './metric-errors.js';
import { identity, merge } from './metric-store.js';

const DAY_MS = 24 * 3_600_000;
const PAST_LIMIT_MS = 14 * DAY_MS;
const FUTURE_LIMIT_MS = 2 * 3_600_000;
const DIMENSION_LIMIT = 30;

/**
 * What a PutMetricData says, checked as AWS does. Namespaces of AWS are for its own services.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function observationsOf(input: PutMetricDataCommandInput, nowMs: number, isService: boolean): Observation[] {
  const namespace = input.Namespace;
  if (namespace === undefined || namespace === '') throw missingParameter('Namespace');
  if (namespace.startsWith('AWS/') && !isService)
    throw invalidValue('The value AWS/ for parameter Namespace is invalid.');
  if (input.EntityMetricData !== undefined) throw notEmulatedYet('EntityMetricData');
  const data = input.MetricData ?? [];
  if (data.length === 0) throw missingParameter('MetricData');
  return data.map((datum, index) => observationOf(namespace, datum, `MetricData.member.${index + 1}`, nowMs));
}

function observationOf(namespace: string, datum: MetricDatum, path: string, nowMs: number): Observation {
  if (datum.MetricName === undefined || datum.MetricName === '') throw missingParameter(`${path}.MetricName`);
  if ((datum.Dimensions?.length ?? 0) > DIMENSION_LIMIT) {
    throw invalidValue(`The collection ${path}.Dimensions must not have a size greater than ${DIMENSION_LIMIT}.`);
  }
  const timeMs = datum.Timestamp?.getTime() ?? nowMs;
  if (timeMs < nowMs - PAST_LIMIT_MS) {
    throw invalidValue(`The parameter ${path}.Timestamp must specify a time no earlier than 2 weeks ago.`);
  }
  if (timeMs > nowMs + FUTURE_LIMIT_MS) {
    throw invalidValue(`The parameter ${path}.Timestamp must specify a time no later than 2 hours from now.`);
  }
  return {
    metric: identity(namespace, datum.MetricName, datum.Dimensions),
    timeMs,
    unit: datum.Unit ?? 'None',
    values: valuesOf(datum, path),
  };
}

function valuesOf(datum: MetricDatum, path: string): StatisticSet {
  const { Value: value, Values: values, Counts: counts, StatisticValues: set } = datum;
  const given = [value, values, set].filter((one) => one !== undefined).length;
  if (given > 1) {
    throw invalidCombination(
      `The parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues are mutually exclusive and you have specified more than one.`,
    );
  }
  if (value !== undefined) return single(value, 1, `${path}.Value`);
  if (values !== undefined) return weighted(values, counts, path);
  if (set === undefined) throw missingParameter(`${path}.Value`);
  return {
    sum: finite(set.Sum ?? 0, `${path}.StatisticValues.Sum`),
    count: finite(set.SampleCount ?? 0, `${path}.StatisticValues.SampleCount`),
    minimum: finite(set.Minimum ?? 0, `${path}.StatisticValues.Minimum`),
    maximum: finite(set.Maximum ?? 0, `${path}.StatisticValues.Maximum`),
  };
}

function weighted(values: readonly number[], counts: readonly number[] | undefined, path: string): StatisticSet {
  if (values.length === 0) throw missingParameter(`${path}.Values`);
  if (counts !== undefined && counts.length !== values.length) {
    throw invalidValue(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
  }
  return values
    .map((value, index) => single(value, counts?.[index] ?? 1, `${path}.Values.member.${index + 1}`))
    .reduce(merge);
}

function single(value: number, count: number, path: string): StatisticSet {
  finite(value, path);
  return { sum: value * count, count, minimum: value, maximum: value, distribution: [[value, count]] };
}

function finite(value: number, path: string): number {
  if (!Number.isFinite(value)) throw invalidValue(`The value ${value} for parameter ${path} is invalid.`);
  return value;
}
