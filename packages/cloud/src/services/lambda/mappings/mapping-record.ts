import type { EventSourceMappingConfiguration, FilterCriteria } from '@aws-sdk/client-lambda';
import type { Caller } from '../../../kernel/caller.js';

export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Updating' | 'Disabling' | 'Disabled' | 'Deleting';

/** What may be chosen of a mapping, and changed later. */
export interface MappingSettings {
  readonly functionName: string;
  readonly qualifier?: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly parallelizationFactor: number;
  /** −1: as long as the stream has it. */
  readonly maximumRecordAgeSeconds: number;
  /** −1: until the record expires. */
  readonly maximumRetryAttempts: number;
  readonly bisectsOnError: boolean;
  readonly reportsItemFailures: boolean;
  /** 0: none. */
  readonly tumblingWindowSeconds: number;
  readonly filterCriteria?: FilterCriteria;
  /** ARN of a queue, a topic or a bucket. */
  readonly onFailure?: string;
  readonly countsEvents: boolean;
  /** Of queues: how many batches may be handled at once. */
  readonly maximumConcurrency?: number;
}

/** Where reading a stream begins. */
export interface SourceFacts {
  /** Reads what comes after this sequence number, of the stream or by shard; from the oldest record on when absent. */
  readonly startAfter?: string | Readonly<Record<string, string>>;
  /** Of streams only. */
  readonly startingPosition?: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** Of AT_TIMESTAMP. */
  readonly startingTimestampMs?: number;
}

/** An event source mapping as it is kept. */
export interface MappingRecord extends SourceFacts {
  readonly uuid: string;
  readonly caller: Caller;
  /** Of a stream or a queue. */
  readonly sourceArn: string;
  readonly settings: MappingSettings;
  readonly state: MappingState;
  /** Whether it is to run, once it is what it is becoming. */
  readonly isEnabled: boolean;
  readonly lastProcessingResult: string;
  readonly modifiedMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Names of the collections; mappings also wake the service. */
export const MAPPINGS = 'lambda.mappings';
export const SHARDS = 'lambda.shards';

export function mappingArn({ caller, uuid }: Pick<MappingRecord, 'caller' | 'uuid'>): string {
  return `arn:aws:lambda:${caller.region}:${caller.accountId}:event-source-mapping:${uuid}`;
}

export function mappedFunctionArn({ caller, settings }: Pick<MappingRecord, 'caller' | 'settings'>): string {
  const arn = `arn:aws:lambda:${caller.region}:${caller.accountId}:function:${settings.functionName}`;
  return settings.qualifier === undefined ? arn : `${arn}:${settings.qualifier}`;
}

export function isQueue({ sourceArn }: Pick<MappingRecord, 'sourceArn'>): boolean {
  return sourceArn.split(':')[2] === 'sqs';
}

/** As the API describes it: for a queue without what only streams have. */
export function describeMapping(record: MappingRecord): EventSourceMappingConfiguration {
  const { settings } = record;
  const common: EventSourceMappingConfiguration = {
    UUID: record.uuid,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.batchingWindowSeconds,
    EventSourceArn: record.sourceArn,
    ...(settings.filterCriteria === undefined ? {} : { FilterCriteria: settings.filterCriteria }),
    FunctionArn: mappedFunctionArn(record),
    LastModified: new Date(record.modifiedMs),
    State: record.state,
    FunctionResponseTypes: settings.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    EventSourceMappingArn: mappingArn(record),
    ...(settings.countsEvents ? { MetricsConfig: { Metrics: ['EventCount'] } } : {}),
  };
  if (isQueue(record)) {
    const { maximumConcurrency } = settings;
    return {
      ...common,
      StateTransitionReason: 'USER_INITIATED',
      ...(maximumConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    };
  }
  return {
    ...common,
    StartingPosition: record.startingPosition,
    ...(record.startingTimestampMs === undefined
      ? {}
      : { StartingPositionTimestamp: new Date(record.startingTimestampMs) }),
    ParallelizationFactor: settings.parallelizationFactor,
    LastProcessingResult: record.lastProcessingResult,
    StateTransitionReason: 'User action',
    DestinationConfig: { OnFailure: settings.onFailure === undefined ? {} : { Destination: settings.onFailure } },
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
    BisectBatchOnFunctionError: settings.bisectsOnError,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    TumblingWindowInSeconds: settings.tumblingWindowSeconds,
  };
}
