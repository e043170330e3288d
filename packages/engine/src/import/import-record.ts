import { partitionOf } from '../catalog/arn.js';
import type { AttributeDefinition, KeySchemaElement, OnDemandRecord } from '../catalog/table-record.js';
import type { GlobalIndexInput } from '../control/create-table.js';
import { epochSeconds, withoutUndefined } from '../control/describe-table.js';
import type { SseSpecification } from '../control/encryption.js';
import type { BillingMode, ProvisionedThroughput } from '../control/throughput-rules.js';
import type { JobFailure } from '../jobs/job-failure.js';
import type { JobRecord } from '../jobs/jobs.js';
import type { VectorIndexInput } from '../vectors/vector-index-rules.js';

export interface CsvOptions {
  readonly Delimiter?: string;
  readonly HeaderList?: readonly string[];
}

export interface S3BucketSource {
  readonly S3Bucket: string;
  readonly S3BucketOwner?: string;
  readonly S3KeyPrefix?: string;
}

export interface TableCreationParameters {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly BillingMode?: BillingMode;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly OnDemandThroughput?: OnDemandRecord;
  readonly SSESpecification?: SseSpecification;
  readonly GlobalSecondaryIndexes?: readonly GlobalIndexInput[];
  readonly VectorIndexes?: readonly VectorIndexInput[];
}

export interface ImportInput {
  readonly ClientToken: string;
  readonly S3BucketSource: S3BucketSource;
  readonly InputFormat: 'DYNAMODB_JSON' | 'ION' | 'CSV';
  readonly InputFormatOptions?: { readonly Csv?: CsvOptions };
  readonly InputCompressionType?: 'GZIP' | 'ZSTD' | 'NONE';
  readonly TableCreationParameters: TableCreationParameters;
}

/** How far an import has got: every object up to `afterKey` is done. */
export interface ImportProgress {
  readonly afterKey?: string;
  readonly objects: number;
  /** Uncompressed. */
  readonly sizeBytes: number;
  readonly imported: number;
  readonly errors: number;
}

/** An import as the store keeps it (JSON). Times in epoch milliseconds. */
export interface ImportRecord extends JobRecord {
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly tableArn: string;
  /** Given out before the table is there. */
  readonly tableId: string;
  readonly input: ImportInput;
  readonly progress: ImportProgress;
  readonly failure?: JobFailure;
}

export const NO_PROGRESS: ImportProgress = { objects: 0, sizeBytes: 0, imported: 0, errors: 0 };

/** The log group that AWS writes the errors of every import to. */
export const IMPORT_LOG_GROUP = '/aws-dynamodb/imports';

/** ImportTableDescription. The counts stay at zero until the import has ended, as on AWS. */
export function describeImport(record: ImportRecord): Record<string, unknown> {
  const { input, progress, failure, endMs } = record;
  const hasEnded = endMs !== undefined;
  return withoutUndefined({
    ImportArn: record.arn,
    ImportStatus: record.status,
    TableArn: record.tableArn,
    TableId: record.tableId,
    ClientToken: record.clientToken,
    S3BucketSource: sourceOf(record),
    ErrorCount: hasEnded ? progress.errors : 0,
    CloudWatchLogGroupArn: logGroupArn(record),
    InputFormat: input.InputFormat,
    InputFormatOptions: input.InputFormatOptions,
    InputCompressionType: input.InputCompressionType ?? 'NONE',
    TableCreationParameters: input.TableCreationParameters,
    StartTime: epochSeconds(record.startMs),
    EndTime: endMs === undefined ? undefined : epochSeconds(endMs),
    ProcessedSizeBytes: hasEnded ? progress.sizeBytes : undefined,
    ProcessedItemCount: hasEnded ? progress.imported + progress.errors : 0,
    ImportedItemCount: hasEnded ? progress.imported : 0,
    FailureCode: failure?.code,
    FailureMessage: failure?.message,
  });
}

export function summarizeImport(record: ImportRecord): Record<string, unknown> {
  return withoutUndefined({
    ImportArn: record.arn,
    ImportStatus: record.status,
    TableArn: record.tableArn,
    S3BucketSource: sourceOf(record),
    CloudWatchLogGroupArn: logGroupArn(record),
    InputFormat: record.input.InputFormat,
    StartTime: epochSeconds(record.startMs),
    EndTime: record.endMs === undefined ? undefined : epochSeconds(record.endMs),
  });
}

function sourceOf({ accountId, input: { S3BucketSource: source } }: ImportRecord): Record<string, unknown> {
  return withoutUndefined({
    S3BucketOwner: source.S3BucketOwner ?? accountId,
    S3Bucket: source.S3Bucket,
    S3KeyPrefix: source.S3KeyPrefix,
  });
}

function logGroupArn({ accountId, region }: ImportRecord): string {
  return `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${IMPORT_LOG_GROUP}:*`;
}
