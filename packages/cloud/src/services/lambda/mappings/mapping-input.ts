import type {
  CreateEventSourceMappingCommandInput,
  FilterCriteria,
  UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import { compilePattern, type EventTest, PatternError } from '../../../kernel/event-pattern/event-pattern.js';
import { checkRange, constraintError, invalidParameter } from '../lambda-errors.js';
import type { MappingSettings } from './mapping-record.js';

type Input = Omit<CreateEventSourceMappingCommandInput & UpdateEventSourceMappingCommandInput, 'UUID'>;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html, …/services-kinesis-parameters.html */
export const DEFAULT_SETTINGS: Omit<MappingSettings, 'functionName'> = {
  batchSize: 100,
  batchingWindowSeconds: 0,
  parallelizationFactor: 1,
  maximumRecordAgeSeconds: -1,
  maximumRetryAttempts: -1,
  bisectsOnError: false,
  reportsItemFailures: false,
  tumblingWindowSeconds: 0,
  countsEvents: false,
};
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
export const DEFAULT_QUEUE_SETTINGS: typeof DEFAULT_SETTINGS = { ...DEFAULT_SETTINGS, batchSize: 10 };
const MAX_FILTERS = 10;
const MAX_PATTERN_LENGTH = 4096;
const DESTINATION = /^arn:aws[a-zA-Z-]*:(sqs|sns):[a-z0-9-]+:\d{12}:.+$|^arn:aws[a-zA-Z-]*:s3:::.+$/;

/** The settings with what a request names put in place. Throws what AWS answers to values that it does not take. */
export function changedSettings(present: MappingSettings, input: Partial<Input>): MappingSettings {
  checkRange(input.BatchSize, 'batchSize', 1, 10_000);
  checkRange(input.MaximumBatchingWindowInSeconds, 'maximumBatchingWindowInSeconds', 0, 300);
  checkRange(input.ParallelizationFactor, 'parallelizationFactor', 1, 10);
  checkRange(input.MaximumRecordAgeInSeconds, 'maximumRecordAgeInSeconds', -1, 604_800);
  checkRange(input.MaximumRetryAttempts, 'maximumRetryAttempts', -1, 10_000);
  checkRange(input.TumblingWindowInSeconds, 'tumblingWindowInSeconds', 0, 900);
  const age = input.MaximumRecordAgeInSeconds;
  if (age !== undefined && age !== -1 && age < 60) {
    throw invalidParameter(
      'MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)',
    );
  }
  checkResponseTypes(input.FunctionResponseTypes);
  if (input.DestinationConfig?.OnSuccess?.Destination !== undefined) {
    throw invalidParameter('OnSuccess configuration is not supported for event source mappings.');
  }
  const filterCriteria = filtersOf(input.FilterCriteria, present.filterCriteria);
  const onFailure = destinationOf(input.DestinationConfig?.OnFailure?.Destination, present.onFailure);
  const { filterCriteria: _, onFailure: __, maximumConcurrency: ___, ...rest } = present;
  const concurrency =
    input.ScalingConfig === undefined ? present.maximumConcurrency : input.ScalingConfig.MaximumConcurrency;
  return {
    ...rest,
    batchSize: input.BatchSize ?? present.batchSize,
    batchingWindowSeconds: input.MaximumBatchingWindowInSeconds ?? present.batchingWindowSeconds,
    parallelizationFactor: input.ParallelizationFactor ?? present.parallelizationFactor,
    maximumRecordAgeSeconds: age ?? present.maximumRecordAgeSeconds,
    maximumRetryAttempts: input.MaximumRetryAttempts ?? present.maximumRetryAttempts,
    bisectsOnError: input.BisectBatchOnFunctionError ?? present.bisectsOnError,
    reportsItemFailures:
      input.FunctionResponseTypes === undefined
        ? present.reportsItemFailures
        : input.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    tumblingWindowSeconds: input.TumblingWindowInSeconds ?? present.tumblingWindowSeconds,
    countsEvents:
      input.MetricsConfig === undefined
        ? present.countsEvents
        : (input.MetricsConfig.Metrics?.includes('EventCount') ?? false),
    ...(filterCriteria === undefined ? {} : { filterCriteria }),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(concurrency === undefined ? {} : { maximumConcurrency: concurrency }),
  };
}

function checkResponseTypes(given: readonly string[] | undefined): void {
  if (given === undefined || given.every((one) => one === 'ReportBatchItemFailures')) return;
  const constraint =
    'Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures], Member must not be null]';
  throw constraintError(`[${given.join(', ')}]`, 'functionResponseTypes', constraint);
}

/** A record passes that one of the filters lets pass; without filters, each. What is undefined passes no filter. */
export function recordTest(criteria: FilterCriteria | undefined): EventTest {
  const tests = (criteria?.Filters ?? []).map(({ Pattern = '{}' }) => compilePattern(Pattern));
  return tests.length === 0 ? () => true : (event) => event !== undefined && tests.some((test) => test(event));
}

/** Empty criteria take the filters away. */
function filtersOf(given: FilterCriteria | undefined, present: FilterCriteria | undefined): FilterCriteria | undefined {
  if (given === undefined) return present;
  const filters = given.Filters ?? [];
  if (filters.length === 0) return undefined;
  if (filters.length > MAX_FILTERS) {
    throw invalidParameter(`The maximum number of filters per event source mapping is ${MAX_FILTERS}.`);
  }
  for (const { Pattern = '' } of filters) {
    if (Pattern.length > MAX_PATTERN_LENGTH) {
      const constraint = `Member must have length less than or equal to ${MAX_PATTERN_LENGTH}`;
      throw constraintError(Pattern, 'filterCriteria.filters.1.member.pattern', constraint);
    }
    try {
      compilePattern(Pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      throw invalidParameter('Invalid filter pattern definition.');
    }
  }
  return { Filters: filters };
}

function destinationOf(given: string | undefined, present: string | undefined): string | undefined {
  if (given === undefined) return present;
  if (given === '') return undefined;
  if (!DESTINATION.test(given)) {
    throw invalidParameter(
      `The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=${given})) is invalid.`,
    );
  }
  return given;
}
