import { tableArn } from '../catalog/arn.js';
import type { TableRecord } from '../catalog/table-record.js';
import { epochSeconds, withoutUndefined } from '../control/describe-table.js';
import type { JobFailure } from '../jobs/job-failure.js';
import type { JobRecord } from '../jobs/jobs.js';

/** FilterSpecification as it was given; substitutions unread. */
export interface FilterSpecification {
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: unknown;
  readonly ExpressionAttributeValues?: unknown;
}

/** What was asked for, as far as it is told again. */
export interface ExportRequest {
  readonly bucket: string;
  readonly bucketOwner?: string;
  readonly prefix?: string;
  readonly sseAlgorithm: 'AES256' | 'KMS';
  readonly sseKmsKeyId?: string;
  readonly format: 'DYNAMODB_JSON' | 'ION';
  /** Only when it was named. */
  readonly type?: 'FULL_EXPORT' | 'INCREMENTAL_EXPORT';
  readonly filter?: FilterSpecification;
}

/** A data file that is written, as the manifest tells of it. */
export interface DataFile {
  readonly itemCount: number;
  readonly md5Checksum: string;
  readonly etag: string;
  readonly dataFileS3Key: string;
}

/** How far an export has got: what is in the files, and where the next file begins. Keys and stamps in hex. */
export interface ExportProgress {
  readonly files: readonly DataFile[];
  /** Of the table's hashed key space, that the next file is of. */
  readonly partition: number;
  /** Where that file begins; '' for the beginning of the partition, or of the period. */
  readonly next: string;
  readonly itemCount: number;
  readonly sizeBytes: number;
}

/** An export as the store keeps it (JSON). Times in epoch milliseconds; stamps in hex. */
export interface ExportRecord extends JobRecord {
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly table: TableRecord;
  /** SHA-256 of the request's parameters, to know a repetition. */
  readonly digest: string;
  readonly request: ExportRequest;
  readonly full?: { readonly timeMs: number; readonly stamp: string; readonly partitions: number };
  readonly incremental?: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly from: string;
    readonly to: string;
    readonly view: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';
    /** Of the index of changes by time. */
    readonly timeIndex: number;
  };
  readonly progress: ExportProgress;
  readonly failure?: JobFailure;
}

export const NO_PROGRESS: ExportProgress = { files: [], partition: 0, next: '', itemCount: 0, sizeBytes: 0 };

/** Where everything of one export lies, without the slash. */
export function exportFolder({ arn, request: { prefix } }: ExportRecord): string {
  return `${exportsFolder(prefix)}/${arn.slice(arn.lastIndexOf('/') + 1)}`;
}

/** The prefix is kept as given; a slash follows it unless it ends with one. */
export function exportsFolder(prefix = ''): string {
  if (prefix === '') return 'AWSDynamoDB';
  return prefix.endsWith('/') ? `${prefix}AWSDynamoDB` : `${prefix}/AWSDynamoDB`;
}

/** AWS bills an incremental export for 10 MB at least. */
const LEAST_INCREMENTAL_BYTES = 10_000_000;

export function billedSizeBytes({ incremental, progress }: ExportRecord): number {
  return incremental === undefined ? progress.sizeBytes : Math.max(progress.sizeBytes, LEAST_INCREMENTAL_BYTES);
}

/** ExportDescription. The type shows only where the request named it, as on AWS. */
export function describeExport(record: ExportRecord): Record<string, unknown> {
  const { request, full, incremental, failure, progress } = record;
  const isComplete = record.status === 'COMPLETED';
  return withoutUndefined({
    ExportArn: record.arn,
    ExportStatus: record.status,
    StartTime: epochSeconds(record.startMs),
    EndTime: record.endMs === undefined ? undefined : epochSeconds(record.endMs),
    ExportManifest: isComplete ? `${exportFolder(record)}/manifest-summary.json` : undefined,
    TableArn: tableArn(record.table, record.table.name),
    TableId: record.table.id,
    ExportTime: full && epochSeconds(full.timeMs),
    ClientToken: record.clientToken,
    S3Bucket: request.bucket,
    S3BucketOwner: request.bucketOwner,
    S3Prefix: request.prefix,
    S3SseAlgorithm: request.sseAlgorithm,
    S3SseKmsKeyId: request.sseKmsKeyId,
    FailureCode: failure?.code,
    FailureMessage: failure?.message,
    ExportFormat: request.format,
    BilledSizeBytes: isComplete ? billedSizeBytes(record) : undefined,
    ItemCount: isComplete ? progress.itemCount : undefined,
    ExportType: request.type,
    IncrementalExportSpecification: incremental && {
      ExportFromTime: epochSeconds(incremental.fromMs),
      ExportToTime: epochSeconds(incremental.toMs),
      ExportViewType: incremental.view,
    },
    FilterSpecification: request.filter,
    // AWS answers it, though its API model has no such member.
    DestinationType: 'S3',
  });
}

export function summarizeExport({ arn, status, incremental }: ExportRecord): Record<string, unknown> {
  return {
    ExportArn: arn,
    ExportStatus: status,
    ExportType: incremental === undefined ? 'FULL_EXPORT' : 'INCREMENTAL_EXPORT',
  };
}
