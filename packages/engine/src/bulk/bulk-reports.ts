import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Store } from '@tablewright/store';
import { md5Base64 } from '../export/manifests.js';
import type { Jobs } from '../jobs/jobs.js';
import type { ObjectStore } from '../object-store.js';
import {
  type BulkRecord,
  type BulkStatus,
  type OutputType,
  outputFolder,
  placeOf,
  type ReportFile,
} from './bulk-record.js';
import { deleteLines, pendingLines } from './report-entries.js';

/** Bytes of lines of which a file is made. */
const FILE_BYTES = 8 * 1024 * 1024;
const TYPES: readonly OutputType[] = ['ERROR', 'CONDITION_CHECK_FAILURE'];
const zipped = promisify(gzip);

export interface BulkReportsOptions {
  readonly store: Store;
  readonly objectStore: ObjectStore;
  readonly jobs: Jobs<BulkRecord>;
}

/**
 * The reports of one operation in S3, laid out like exports, as far as no document shows theirs:
 * `AWSDynamoDB/<id>/<output type>/00000.json.gz`, and `AWSDynamoDB/<id>/manifest.json` with its check sum in
 * `manifest.md5` (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Output.html tells of both).
 */
export class BulkReports {
  constructor(
    private readonly options: BulkReportsOptions,
    private readonly arn: string,
  ) {}

  /** Whether the bucket is there and may be used, before anything is written. Rejects with ObjectStoreError. */
  async checkBucket(): Promise<void> {
    const record = this.#record();
    await this.options.objectStore.list(record, placeOf(record, record.input.OutputS3Configuration), {
      prefix: outputFolder(record),
      limit: 1,
    });
  }

  /** Writes files of what is enough for one; of all that waits, at the end. */
  async flush(isEnd: boolean): Promise<void> {
    for (const type of TYPES) {
      const { items, bytes } = this.#record().progress.pending[type];
      if (bytes >= FILE_BYTES || (isEnd && items > 0)) await this.#writeFile(type);
    }
  }

  /** Tells of the whole operation, which ends with this status. */
  async writeManifest(status: BulkStatus, endMs: number): Promise<void> {
    const record = this.#record();
    const manifest = manifestOf(record, status, endMs);
    const folder = outputFolder(record);
    await this.#put(record, `${folder}/manifest.json`, Buffer.from(manifest));
    await this.#put(record, `${folder}/manifest.md5`, Buffer.from(md5Base64(manifest)));
  }

  /** The name follows from what is written before, so that a file begun before a restart is written again, not twice. */
  async #writeFile(type: OutputType): Promise<void> {
    const { store, jobs } = this.options;
    const record = this.#record();
    const { items: itemCount } = record.progress.pending[type];
    const number = record.progress.files.filter(({ outputType }) => outputType === type).length;
    const key = `${outputFolder(record)}/${type}/${String(number).padStart(5, '0')}.json.gz`;
    const bytes = await zipped(Buffer.concat(pendingLines(store, this.arn, type)));
    const { etag } = await this.#put(record, key, bytes);
    const md5Checksum = createHash('md5').update(bytes).digest('base64');
    const file: ReportFile = { outputType: type, itemCount, md5Checksum, etag, dataFileS3Key: key };
    await store.change((writer) => {
      const { progress, ...current } = this.#record();
      const pending = { ...progress.pending, [type]: { entries: 0, items: 0, bytes: 0 } };
      deleteLines(writer, this.arn, type);
      jobs.putIn(writer, { ...current, progress: { ...progress, pending, files: [...progress.files, file] } });
    });
  }

  #put(record: BulkRecord, key: string, bytes: Buffer): Promise<{ readonly etag: string }> {
    const { OutputS3Configuration: output } = record.input;
    const { S3SseAlgorithm: algorithm, S3SseKmsKeyId: kmsKeyId } = output;
    const object = { ...placeOf(record, output), key };
    const encryption = algorithm && { algorithm, ...(kmsKeyId !== undefined && { kmsKeyId }) };
    return this.options.objectStore.put(record, object, Readable.from([bytes]), encryption);
  }

  /** As it is now: a request to cancel may have come in between. */
  #record(): BulkRecord {
    const record = this.options.jobs.find(this.arn);
    if (record === undefined) throw new Error(`the bulk operation ${this.arn} is gone`);
    return record;
  }
}

function manifestOf(record: BulkRecord, status: BulkStatus, endMs: number): string {
  const { input, progress, table } = record;
  const { InputS3Configuration: source, OutputS3Configuration: output } = input;
  return JSON.stringify({
    bulkOperationArn: record.arn,
    status,
    startTime: new Date(record.startMs).toISOString(),
    endTime: new Date(endMs).toISOString(),
    tableName: table.name,
    tableId: table.id,
    inputS3Bucket: source.S3Bucket,
    inputS3Prefix: source.S3KeyPrefix ?? null,
    inputFormat: source.InputFormat,
    s3Bucket: output.S3Bucket,
    s3Prefix: output.S3KeyPrefix ?? null,
    s3SseAlgorithm: output.S3SseAlgorithm ?? null,
    s3SseKmsKeyId: output.S3SseKmsKeyId ?? null,
    processedItemCount: progress.processed,
    failedItemCount: progress.failed,
    outputFiles: progress.files,
  });
}
