import type { Clock } from '@tablewright/base';
import { jobId } from '../jobs/job-arn.js';
import { IMPORT_LOG_GROUP, type ImportRecord } from './import-record.js';

/** An entry of the error log of an import, as CloudWatch Logs would keep it. */
export interface ImportLogEntry {
  /** `/aws-dynamodb/imports` */
  readonly logGroup: string;
  /** `<import id>/error` */
  readonly logStream: string;
  readonly timestampMs: number;
  /** JSON. */
  readonly message: string;
}

/** Takes the errors of imports; an entry may come twice when an import goes on after a restart. */
export interface ImportLog {
  append(place: { readonly accountId: string; readonly region: string }, entry: ImportLogEntry): Promise<void>;
}

/** AWS stops logging, not importing, after so many errors of one import (docs: S3DataImport.Requesting). */
const MAX_ENTRIES = 10_000;

/**
 * Tells of what was not imported: where it lies, and why
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Validation.html).
 */
export async function logImportError(
  options: { readonly importLog?: ImportLog; readonly clock: Clock },
  record: ImportRecord,
  error: { readonly key: string; readonly itemIndex: number; readonly message: string; readonly count: number },
): Promise<void> {
  if (options.importLog === undefined || error.count > MAX_ENTRIES) return;
  const { S3Bucket: bucket } = record.input.S3BucketSource;
  await options.importLog.append(record, {
    logGroup: IMPORT_LOG_GROUP,
    logStream: `${jobId(record.arn)}/error`,
    timestampMs: options.clock.nowMs(),
    message: JSON.stringify({
      itemS3Pointer: { bucket, key: error.key, itemIndex: error.itemIndex },
      importArn: record.arn,
      errorMessages: [error.message],
    }),
  });
}
