import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { ServiceError } from '../../wire/index.js';
import { isComparison } from './alarm-evaluation.js';
import type { MetricAlarmSettings } from './alarm-record.js';
import { isPercentile, isSimpleStatistic, periodMsOf } from './datapoints.js';
import { invalidCombination, invalidValue, missingParameter, notEmulatedYet } from './metric-errors.js';

const MISSING = ['breaching', 'notBreaching', 'ignore', 'missing'];
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

/**
 * What a PutMetricAlarm asks for, checked as AWS does.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function checkAlarm(input: PutMetricAlarmCommandInput): MetricAlarmSettings {
  const { AlarmName: name, EvaluationPeriods: evaluationPeriods, ComparisonOperator: operator } = input;
  if (name === undefined || name === '') throw missingParameter('AlarmName');
  if (input.ThresholdMetricId !== undefined) throw notEmulatedYet('ThresholdMetricId (anomaly detection)');
  if (input.EvaluationCriteria !== undefined) throw notEmulatedYet('EvaluationCriteria');
  if (evaluationPeriods === undefined) throw missingParameter('EvaluationPeriods');
  if (evaluationPeriods < 1) throw invalidValue('The parameter EvaluationPeriods must be greater than 0.');
  if (operator === undefined) throw missingParameter('ComparisonOperator');
  if (!isComparison(operator)) throw notEmulatedYet(`the comparison ${operator}`);
  if (input.Threshold === undefined) throw missingParameter('Threshold');
  const toAlarm = input.DatapointsToAlarm;
  if (toAlarm !== undefined && (toAlarm < 1 || toAlarm > evaluationPeriods)) {
    throw validation(
      `DatapointsToAlarm must be between 1 and EvaluationPeriods (${evaluationPeriods}); it is ${toAlarm}.`,
    );
  }
  const missing = input.TreatMissingData;
  if (missing !== undefined && !MISSING.includes(missing)) {
    throw validation(`TreatMissingData must be one of ${MISSING.join(', ')}; it is ${missing}.`);
  }
  if (input.Metrics === undefined) checkSingleMetric(input, evaluationPeriods);
  else checkMetrics(input);
  const {
    MetricName,
    Namespace,
    Statistic,
    ExtendedStatistic,
    Dimensions,
    Period,
    Unit,
    DatapointsToAlarm,
    Threshold,
    TreatMissingData,
    EvaluateLowSampleCountPercentile,
    Metrics,
  } = input;
  return {
    MetricName,
    Namespace,
    Statistic,
    ExtendedStatistic,
    Dimensions,
    Period,
    Unit,
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm,
    Threshold,
    ComparisonOperator: operator,
    TreatMissingData,
    EvaluateLowSampleCountPercentile,
    Metrics,
  };
}

function checkSingleMetric(input: PutMetricAlarmCommandInput, evaluationPeriods: number): void {
  const { MetricName: name, Namespace: namespace, Statistic: statistic, ExtendedStatistic: extended } = input;
  if (name === undefined) throw missingParameter('MetricName');
  if (namespace === undefined) throw missingParameter('Namespace');
  if ((statistic === undefined) === (extended === undefined)) {
    throw invalidCombination('Exactly one of Statistic and ExtendedStatistic must be specified.');
  }
  if (statistic !== undefined && !isSimpleStatistic(statistic))
    throw invalidValue(`The statistic ${statistic} is invalid.`);
  if (extended !== undefined && !isPercentile(extended)) throw notEmulatedYet(`the statistic ${extended}`);
  const seconds = periodMsOf(input.Period) / 1000;
  const most = seconds >= 3600 ? WEEK_SECONDS : DAY_SECONDS;
  if (seconds * evaluationPeriods > most) {
    throw validation('Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).');
  }
}

function checkMetrics({ Metrics = [], MetricName, Statistic, Period }: PutMetricAlarmCommandInput): void {
  if (MetricName !== undefined || Statistic !== undefined || Period !== undefined) {
    throw invalidCombination('Metrics cannot be given together with MetricName, Statistic or Period.');
  }
  if (Metrics.filter(({ ReturnData }) => ReturnData !== false).length !== 1) {
    throw validation('Exactly one element of the metrics list should return data.');
  }
}

function validation(message: string): ServiceError {
  return new ServiceError('ValidationError', message, { httpStatus: 400 });
}
