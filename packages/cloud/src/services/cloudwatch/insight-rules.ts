import type {
  DescribeInsightRulesCommandInput,
  DescribeInsightRulesOutput,
  GetInsightRuleReportCommandInput,
  GetInsightRuleReportOutput,
} from '@aws-sdk/client-cloudwatch';
import type { ContributorReport, ContributorRule } from '../../kernel/contributors-port.js';
import type { Kernel } from '../../kernel/kernel.js';
import { offsetPage } from '../../kernel/offset-page.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { invalidNextToken, invalidValue, missingParameter } from './metric-errors.js';

// Contributor insights: the rules that DynamoDB makes for tables and indexes, and what they have counted. Differs: no
// rules over log groups.

const RULES_PAGE = 500;
const MOST_CONTRIBUTORS = 100;
const DEFAULT_CONTRIBUTORS = 10;

type Datapoint = ContributorReport['datapoints'][number];

const METRICS: Readonly<Record<string, (datapoint: Datapoint) => number>> = {
  UniqueContributors: (datapoint) => datapoint.uniqueContributors,
  MaxContributorValue: (datapoint) => datapoint.maxContributorValue,
  SampleCount: (datapoint) => datapoint.sampleCount,
  Sum: (datapoint) => datapoint.sum,
  Minimum: (datapoint) => datapoint.minimum,
  Maximum: (datapoint) => datapoint.maximum,
  Average: (datapoint) => datapoint.sum / datapoint.sampleCount,
};

export function insightRules({ ports }: Kernel) {
  return {
    /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeInsightRules.html */
    describe({ caller }: RequestContext, input: DescribeInsightRulesCommandInput): DescribeInsightRulesOutput {
      const rules = ports.contributors.rules(caller);
      const { page, ...next } = offsetPage(rules, input.MaxResults ?? RULES_PAGE, input.NextToken, invalidNextToken);
      return { InsightRules: page.map(shown), ...next };
    },

    /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetInsightRuleReport.html */
    report({ caller }: RequestContext, input: GetInsightRuleReportCommandInput): GetInsightRuleReportOutput {
      const { RuleName: name, StartTime: start, EndTime: end, Period: periodSeconds } = input;
      if (name === undefined) throw missingParameter('RuleName');
      if (start === undefined) throw missingParameter('StartTime');
      if (end === undefined) throw missingParameter('EndTime');
      if (start >= end) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
      if (periodSeconds === undefined) throw missingParameter('Period');
      if (periodSeconds < 60 || periodSeconds % 60 !== 0) {
        throw invalidValue(`The parameter Period must be a multiple of 60; it is ${periodSeconds}.`);
      }
      const metrics = metricsOf(input.Metrics ?? []);
      const report = ports.contributors.report(caller, name, {
        startMs: start.getTime(),
        endMs: end.getTime(),
        periodSeconds,
        maxContributors: contributorCount(input.MaxContributorCount),
        orderBy: orderOf(input.OrderBy),
      });
      if (report === undefined) {
        throw new ServiceError('ResourceNotFoundException', `The rule ${name} does not exist.`, { httpStatus: 404 });
      }
      return reportOutput(report, metrics);
    },
  };
}

function shown({ name, keyLabels, value }: ContributorRule) {
  const schema = { Name: 'ServiceLogRule', Version: 1 };
  return {
    Name: name,
    State: 'ENABLED',
    Schema: JSON.stringify(schema),
    Definition: JSON.stringify({
      Schema: schema,
      AggregateOn: 'Sum',
      Contribution: { Filters: [], Keys: keyLabels, ValueOf: value },
    }),
    ManagedRule: true,
  };
}

function reportOutput(report: ContributorReport, metrics: readonly string[]): GetInsightRuleReportOutput {
  return {
    KeyLabels: [...report.keyLabels],
    AggregationStatistic: 'Sum',
    AggregateValue: report.aggregateValue,
    ApproximateUniqueCount: report.uniqueCount,
    Contributors: report.contributors.map(({ keys, value, datapoints }) => ({
      Keys: [...keys],
      ApproximateAggregateValue: value,
      Datapoints: datapoints.map((one) => ({ Timestamp: new Date(one.timeMs), ApproximateValue: one.value })),
    })),
    ...(metrics.length > 0 && {
      MetricDatapoints: report.datapoints.map((datapoint) => ({
        Timestamp: new Date(datapoint.timeMs),
        ...Object.fromEntries(metrics.map((metric) => [metric, METRICS[metric]?.(datapoint)])),
      })),
    }),
  };
}

function metricsOf(given: readonly string[]): readonly string[] {
  const unknown = given.find((metric) => !Object.hasOwn(METRICS, metric));
  if (unknown === undefined) return given;
  throw invalidValue(`The value ${unknown} for parameter Metrics is not one of ${Object.keys(METRICS).join(', ')}.`);
}

function contributorCount(given: number | undefined): number {
  const count = given ?? DEFAULT_CONTRIBUTORS;
  if (count >= 1 && count <= MOST_CONTRIBUTORS) return count;
  throw invalidValue(`The parameter MaxContributorCount must be between 1 and ${MOST_CONTRIBUTORS}; it is ${count}.`);
}

function orderOf(given: string | undefined): 'Sum' | 'Maximum' {
  if (given === undefined || given === 'Sum' || given === 'Maximum') return given ?? 'Sum';
  throw invalidValue(`The value ${given} for parameter OrderBy is not one of Sum, Maximum.`);
}
