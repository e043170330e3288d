import type { Writer } from '@tablewright/store';
import type { ControlContext } from '../control/control-context.js';
import { type TableLayout, tableLayout } from '../data/index.js';
import { DynamoError } from '../errors.js';
import { JobFailed } from '../jobs/job-failure.js';
import type { JobSignal } from '../jobs/job-runner.js';
import { checkKmsKey } from '../jobs/output-encryption.js';
import type { ObjectStore } from '../object-store.js';
import { TokenBucket } from '../throughput/token-bucket.js';
import { BulkObjects } from './bulk-objects.js';
import type { BulkProgress, BulkRecord, OutputType, PendingReport } from './bulk-record.js';
import { BulkReports } from './bulk-reports.js';
import { InputBatch } from './input-batch.js';
import { ObjectReader } from './object-reader.js';
import { addUsage, putBatch, type RefusedPut } from './put-batch.js';
import { conditionLine, errorLine, putLines } from './report-entries.js';

/**
 * One operation on its way through its input, object by object in the order of their keys, record by record. What it has
 * done of them is written in the change that writes the items, so that after a restart it goes on behind the last record
 * that is done: no item is lost, and none is put twice, which its condition would tell.
 */
export class BulkRun {
  readonly reports: BulkReports;
  readonly #objects: BulkObjects;
  readonly #rate: TokenBucket | undefined;
  #reader: ObjectReader | undefined;

  constructor(
    private readonly context: ControlContext,
    private readonly objectStore: ObjectStore,
    private readonly arn: string,
  ) {
    const record = this.record;
    const { clock, store, bulk } = context;
    const { MaxWriteRequestUnits: maximum } = record.input;
    this.reports = new BulkReports({ store, objectStore, jobs: bulk.jobs }, arn);
    this.#objects = new BulkObjects(objectStore, record);
    this.#rate = maximum === undefined ? undefined : new TokenBucket(maximum, 1, clock.nowMs());
  }

  /** As it is now: a request to cancel may have come in between. */
  get record(): BulkRecord {
    const record = this.context.bulk.jobs.find(this.arn);
    if (record === undefined) throw new Error(`the bulk operation ${this.arn} is gone`);
    return record;
  }

  /**
   * Goes on until all input is done or the operation is cancelled; resolves with undefined then, or with how long it has
   * to wait for its rate, in milliseconds on the clock.
   */
  async run(signal: JobSignal): Promise<number | undefined> {
    await this.#begin(signal);
    while (this.record.status !== 'CANCELLING') {
      const restMs = this.#restMs();
      if (restMs > 0) return restMs;
      const reader = await this.#openReader(signal);
      if (reader === undefined) return undefined;
      await this.#step(reader);
      await this.reports.flush(false);
      await signal.breathe();
    }
    return undefined;
  }

  /** Lets go of the object that is being read. */
  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.close();
  }

  /** Looks at all that must be there, before the first item is written. */
  async #begin(signal: JobSignal): Promise<void> {
    const { input, progress } = this.record;
    if (progress.totalBytes !== undefined) return;
    checkKmsKey(this.context.resolveKmsKey, this.record, input.OutputS3Configuration.S3SseKmsKeyId);
    const totalBytes = await this.#objects.totalBytes(signal);
    await this.reports.checkBucket();
    await this.context.store.change((writer) => this.#note(writer, { ...this.record.progress, totalBytes }));
  }

  /** With nothing left, until the whole of a second's units is there again. */
  #restMs(): number {
    const rate = this.#rate;
    const nowMs = this.context.clock.nowMs();
    if (rate === undefined || !rate.isEmpty(nowMs)) return 0;
    const { MaxWriteRequestUnits: maximum = 1 } = this.record.input;
    return Math.ceil(((maximum - rate.available(nowMs)) * 1000) / maximum);
  }

  async #openReader(signal: JobSignal): Promise<ObjectReader | undefined> {
    if (this.#reader !== undefined) return this.#reader;
    const { progress } = this.record;
    const object = await this.#objects.next(progress.afterKey);
    if (object === undefined) return undefined;
    this.#reader = new ObjectReader(this.objectStore, this.record, object.key);
    await this.#reader.skip(progress.openRecords, signal);
    return this.#reader;
  }

  async #step(reader: ObjectReader): Promise<void> {
    const maxUnits = this.#rate?.available(this.context.clock.nowMs()) ?? Number.POSITIVE_INFINITY;
    const batch = new InputBatch(this.#layout(), maxUnits);
    let isAtEnd = false;
    while (!isAtEnd && !batch.isFull()) {
      const result = await reader.next();
      if (result === 'end') isAtEnd = true;
      else if ('record' in result) isAtEnd = !batch.add(reader.records - 1, result.record);
      else {
        batch.addFault(reader.records, result.fault);
        isAtEnd = true;
      }
    }
    const current = batch.asOf(this.#layout());
    await this.context.store.change((writer) => this.#write(writer, reader, current, isAtEnd));
    if (isAtEnd) await this.close();
  }

  /** The table as it is now. Throws {@link JobFailed} when it cannot be written to any more. */
  #layout(): TableLayout {
    const { table } = this.record;
    try {
      const found = this.context.tables.table(table, table.name);
      if (found.id === table.id) return tableLayout(found);
    } catch (error) {
      if (!(error instanceof DynamoError)) throw error;
      if (error.code !== 'ResourceNotFoundException') {
        throw new JobFailed({ code: 'InaccessibleEncryptionCredentials', message: error.message });
      }
    }
    throw new JobFailed({ code: 'TableNotFound', message: `Table not found: ${table.name}` });
  }

  #write(writer: Writer, reader: ObjectReader, batch: InputBatch, isAtEnd: boolean): void {
    const { progress } = this.record;
    const { refused, usage, units } = putBatch(this.context, writer, batch.puts);
    this.#rate?.take(units);
    const failed = batch.faults.length + refused.filter(({ fault }) => fault !== undefined).length;
    this.#note(writer, {
      ...progress,
      ...position(progress, reader, isAtEnd),
      processed: progress.processed + batch.puts.length + batch.faults.length,
      failed: progress.failed + failed,
      usage: addUsage(progress.usage, usage),
      pending: this.#report(writer, reader.key, batch, refused),
    });
  }

  #note(writer: Writer, progress: BulkProgress): void {
    this.context.bulk.jobs.putIn(writer, { ...this.record, progress });
  }

  /** Puts what is to be reported with what waits for a file, in the order of the input. */
  #report(
    writer: Writer,
    key: string,
    batch: InputBatch,
    refused: readonly RefusedPut<InputBatch['puts'][number]>[],
  ): BulkProgress['pending'] {
    const { record } = this;
    const { pending } = record.progress;
    const errors = batch.faults.map((fault) => ({ ...fault }));
    const conditions: string[] = [];
    for (const { put, fault, existing } of refused) {
      const { itemIndex, record: given } = put;
      if (fault !== undefined) errors.push({ itemIndex, message: fault, record: given });
      else conditions.push(conditionLine(record, { key, itemIndex }, given, existing));
    }
    errors.sort((one, other) => one.itemIndex - other.itemIndex);
    const lines = errors.map(({ itemIndex, message, record: given }) =>
      errorLine(record, { key, itemIndex }, message, given),
    );
    const added = (type: OutputType, toldOf: readonly string[]): PendingReport => {
      const isAsked = record.input.OutputS3Configuration.OutputType.includes(type);
      return isAsked ? putLines(writer, this.arn, type, pending[type], toldOf) : pending[type];
    };
    return {
      ERROR: added('ERROR', lines),
      CONDITION_CHECK_FAILURE: added('CONDITION_CHECK_FAILURE', conditions),
    };
  }
}

/** What is read is told at once, also when it is read again after a restart. */
function position(progress: BulkProgress, reader: ObjectReader, isAtEnd: boolean): Partial<BulkProgress> {
  const openBytes = Math.max(progress.openBytes, reader.readBytes);
  if (!isAtEnd) return { openRecords: reader.records, openBytes };
  return {
    afterKey: reader.key,
    objects: progress.objects + 1,
    doneBytes: progress.doneBytes + openBytes,
    openRecords: 0,
    openBytes: 0,
  };
}
