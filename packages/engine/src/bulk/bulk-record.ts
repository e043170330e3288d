import type { Caller } from '../catalog/table.js';
import { epochSeconds, withoutUndefined } from '../control/describe-table.js';
import { exportsFolder } from '../export/export-record.js';
import { jobId } from '../jobs/job-arn.js';
import type { JobFailure } from '../jobs/job-failure.js';
import type { JobRecord } from '../jobs/jobs.js';
import type { BucketReference } from '../object-store.js';

export type OutputType = 'ERROR' | 'CONDITION_CHECK_FAILURE';

export interface InputS3Configuration {
  readonly S3BucketOwner?: string;
  readonly S3Bucket: string;
  readonly S3KeyPrefix?: string;
  readonly InputFormat: 'DYNAMODB_JSON' | 'ION';
  readonly InputCompressionType?: 'GZIP' | 'ZSTD' | 'NONE';
}

export interface OutputS3Configuration {
  readonly S3BucketOwner?: string;
  readonly S3Bucket: string;
  readonly S3KeyPrefix?: string;
  readonly S3SseAlgorithm?: 'AES256' | 'KMS';
  readonly S3SseKmsKeyId?: string;
  readonly OutputType: readonly OutputType[];
}

export interface BulkPutInput {
  readonly ClientToken?: string;
  readonly InputS3Configuration: InputS3Configuration;
  readonly OutputS3Configuration: OutputS3Configuration;
  /** Or the table's ARN. */
  readonly TableName: string;
  readonly MaxWriteRequestUnits?: number;
  readonly PerformanceTier?: 'STANDARD' | 'ACCELERATED';
}

export type BulkStatus = 'IN_PROGRESS' | 'COMPLETED' | 'COMPLETED_WITH_ERRORS' | 'CANCELLING' | 'CANCELLED' | 'FAILED';

/** A file of a report that lies in S3, as the manifest tells of it. */
export interface ReportFile {
  readonly outputType: OutputType;
  readonly itemCount: number;
  readonly md5Checksum: string;
  readonly etag: string;
  readonly dataFileS3Key: string;
}

/** What of a report is kept in the store until there is enough for a file. */
export interface PendingReport {
  /** The number of the next entry; entries begin anew with every file. */
  readonly entries: number;
  readonly items: number;
  readonly bytes: number;
}

/** Bytes written, in DynamoDB's size arithmetic. */
export interface BulkUsage {
  readonly table: number;
  readonly localIndexes: Readonly<Record<string, number>>;
  readonly globalIndexes: Readonly<Record<string, number>>;
  readonly vectorIndexes?: Readonly<Record<string, number>>;
}

/** How far an operation has got; changes in one change with the items. */
export interface BulkProgress {
  /** The size of all input objects; absent until they have been looked at. */
  readonly totalBytes?: number;
  /** Every object up to this key is done. */
  readonly afterKey?: string;
  readonly objects: number;
  /** Read of the objects that are done, as they lie in S3. */
  readonly doneBytes: number;
  /** Of the object after those: records that are done, and bytes read. */
  readonly openRecords: number;
  readonly openBytes: number;
  readonly processed: number;
  readonly failed: number;
  readonly usage: BulkUsage;
  readonly pending: Readonly<Record<OutputType, PendingReport>>;
  readonly files: readonly ReportFile[];
}

const NOTHING_PENDING: PendingReport = { entries: 0, items: 0, bytes: 0 };

export const NO_PROGRESS: BulkProgress = {
  objects: 0,
  doneBytes: 0,
  openRecords: 0,
  openBytes: 0,
  processed: 0,
  failed: 0,
  usage: { table: 0, localIndexes: {}, globalIndexes: {} },
  pending: { ERROR: NOTHING_PENDING, CONDITION_CHECK_FAILURE: NOTHING_PENDING },
  files: [],
};

/** A bulk operation as the store keeps it (JSON). Times in epoch milliseconds. */
export interface BulkRecord extends JobRecord {
  readonly status: BulkStatus;
  /** Where the table is; the operation itself is of the account that began it. */
  readonly table: Caller & { readonly name: string; readonly id: string };
  /** SHA-256 of the request's parameters, to know a repetition. */
  readonly digest: string;
  readonly input: BulkPutInput;
  readonly progress: BulkProgress;
  readonly failure?: JobFailure;
}

/** The bucket of the input, or the output. It must be the requester's, unless another account is named as its owner. */
export function placeOf(
  { accountId }: BulkRecord,
  { S3Bucket: bucket, S3BucketOwner: owner = accountId }: InputS3Configuration | OutputS3Configuration,
): BucketReference {
  return { bucket, owner };
}

/** Where all output of one operation lies in its bucket, without the slash. */
export function outputFolder({ arn, input }: BulkRecord): string {
  return `${exportsFolder(input.OutputS3Configuration.S3KeyPrefix)}/${jobId(arn)}`;
}

/** BulkOperationDescription */
export function describeBulk(record: BulkRecord): Record<string, unknown> {
  const { input, progress, failure, accountId, endMs } = record;
  const { InputS3Configuration: source, OutputS3Configuration: output } = input;
  return withoutUndefined({
    BulkOperationArn: record.arn,
    BulkOperationStatus: record.status,
    TableDetails: [{ TableName: input.TableName, TableId: record.table.id }],
    ClientToken: record.clientToken,
    InputS3Configuration: {
      S3BucketOwner: accountId,
      ...source,
      InputCompressionType: source.InputCompressionType ?? 'NONE',
    },
    OutputS3Configuration: { S3BucketOwner: accountId, ...output },
    StartTime: epochSeconds(record.startMs),
    EndTime: endMs === undefined ? undefined : epochSeconds(endMs),
    ProcessedItemCount: progress.processed,
    ProcessedInputBytes: progress.doneBytes + progress.openBytes,
    TotalInputBytes: progress.totalBytes,
    BulkOperationUsage: [describeUsage(input.TableName, progress.usage)],
    FailedItemCount: progress.failed,
    FailureCode: failure?.code,
    FailureMessage: failure?.message,
    MaxWriteRequestUnits: input.MaxWriteRequestUnits,
    PerformanceTier: input.PerformanceTier ?? 'STANDARD',
  });
}

function describeUsage(
  tableName: string,
  { table, localIndexes, globalIndexes, vectorIndexes = {} }: BulkUsage,
): Record<string, unknown> {
  const ofIndexes = [...Object.values(localIndexes), ...Object.values(globalIndexes)];
  return withoutUndefined({
    TableName: tableName,
    BulkPutBytes: ofIndexes.reduce((sum, bytes) => sum + bytes, table),
    Table: { BulkPutBytes: table },
    LocalSecondaryIndexes: byIndex('BulkPutBytes', localIndexes),
    GlobalSecondaryIndexes: byIndex('BulkPutBytes', globalIndexes),
    VectorIndexes: byIndex('BulkPutVectorBytes', vectorIndexes),
  });
}

function byIndex(measure: string, bytes: Readonly<Record<string, number>>): Record<string, unknown> | undefined {
  const entries = Object.entries(bytes);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, count]) => [name, { [measure]: count }]));
}

/** BulkOperationSummary */
export function summarizeBulk({ arn, status, startMs, endMs }: BulkRecord): Record<string, unknown> {
  return withoutUndefined({
    BulkOperationArn: arn,
    BulkOperationStatus: status,
    StartTime: epochSeconds(startMs),
    EndTime: endMs === undefined ? undefined : epochSeconds(endMs),
  });
}
