import { UserError } from '@tablewright/base';
import type { Connection } from '../connection/connection.js';
import { describeTable } from '../connection/describe-table.js';
import { toUserError } from '../connection/to-user-error.js';
import { BrokenRecord } from './attribute-check.js';
import { Batch } from './batch.js';
import { BatchWriter } from './batch-writer.js';
import { type DataFile, openDataFile, readRecords } from './data-file.js';
import { type CheckedItem, checkRecord } from './item-check.js';
import type { PopulateEvent, PopulateResult } from './populate-event.js';
import type { RawRecord } from './record-splitter.js';
import { type TableKeys, tableKeys } from './table-keys.js';

export interface PopulateOptions {
  readonly table: string;
  /** Path of a data file: see {@link RecordSplitter} for the layouts; `.gz` is decompressed. */
  readonly file: string;
  /** Batches in flight at once. Default {@link DEFAULT_CONCURRENCY}. */
  readonly concurrency?: number;
  /** Leaves broken records out instead of refusing the file. */
  readonly skipInvalid?: boolean;
  /** Checks the file against the table and writes nothing. */
  readonly checkOnly?: boolean;
  /** Stops after the batches in flight. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: PopulateEvent) => void;
}

export const DEFAULT_CONCURRENCY = 8;
const EVENT_INTERVAL_MS = 100;

interface FileTotals {
  readonly records: number;
  readonly broken: number;
  readonly itemBytes: number;
}

/**
 * Writes the items of a file into a table, in the file's order for each key. The whole file is checked before the
 * first write, so a broken record means that nothing was written; throws a {@link UserError} that names it.
 * Items are put under their keys: running it again after a failure leaves no gap and doubles nothing.
 */
export async function populate(connection: Connection, options: PopulateOptions): Promise<PopulateResult> {
  const file = await openDataFile(options.file);
  const description = await describeTable(connection, options.table);
  if (description.TableStatus !== 'ACTIVE' && description.TableStatus !== 'UPDATING') {
    const remedy = 'Wait until it is ACTIVE, then run the command again.';
    throw new UserError(`table "${options.table}" is ${description.TableStatus}, so it takes no items`, remedy);
  }
  return new PopulateRun(connection, options, file, tableKeys(description)).run();
}

class PopulateRun {
  readonly #writer: BatchWriter;
  #repeatedKeys = 0;
  #startedMs = 0;
  #lastEventMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly connection: Connection,
    private readonly options: PopulateOptions,
    private readonly file: DataFile,
    private readonly keys: TableKeys,
  ) {
    this.#writer = new BatchWriter(connection, {
      table: keys.table,
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      onBackOff: (reason, delayMs) => this.#emit({ kind: 'backing-off', reason, delayMs }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  async run(): Promise<PopulateResult> {
    const totals = await this.#check();
    this.#startedMs = this.connection.clock.nowMs();
    if (this.options.checkOnly !== true && !this.#aborted) await this.#write(totals);
    return this.#result(totals);
  }

  /** The first pass: every record is read and checked, nothing is kept. */
  async #check(): Promise<FileTotals> {
    let records = 0;
    let broken = 0;
    let itemBytes = 0;
    let readBytes = 0;
    const onBytes = (bytes: number): void => {
      readBytes = bytes;
    };
    for await (const group of readRecords(this.file, onBytes)) {
      for (const record of group) {
        records++;
        const checked = this.#checked(record, true);
        if (checked === undefined) broken++;
        else itemBytes += checked.sizeBytes;
      }
      if (this.#aborted) break;
      this.#emitNowAndThen(() => ({ kind: 'checking', records, readBytes, totalBytes: this.file.sizeBytes }));
    }
    this.#emit({ kind: 'checked', records, broken });
    return { records, broken, itemBytes };
  }

  /** The record's item; undefined for a broken one that may be skipped. */
  #checked(record: RawRecord, report: boolean): CheckedItem | undefined {
    try {
      return checkRecord(record, this.keys);
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error;
      if (this.options.skipInvalid !== true) throw this.#brokenRecord(record, error);
      if (report) {
        this.#emit({ kind: 'broken-record', index: record.index, line: record.line, problem: error.message });
      }
      return undefined;
    }
  }

  #brokenRecord(record: RawRecord, error: BrokenRecord): UserError {
    const written =
      this.#writer.itemsWritten === 0 ? 'Nothing was written' : `${this.#writer.itemsWritten} items were written`;
    return new UserError(
      `${this.file.name}, line ${record.line}, record ${record.index}: ${error.message}`,
      `${written}. Correct the record, or leave broken ones out with --skip-invalid.`,
      { cause: error },
    );
  }

  async #write(totals: FileTotals): Promise<void> {
    try {
      await this.#submitAll(totals);
      await this.#writer.finish();
    } catch (error) {
      // What is in flight may still be acknowledged: the count in the message must include it.
      await this.#writer.finish().catch(() => {});
      throw this.#stoppedEarly(error, totals);
    }
  }

  async #submitAll(totals: FileTotals): Promise<void> {
    let batch = new Batch();
    for await (const group of readRecords(this.file)) {
      for (const record of group) {
        const checked = this.#checked(record, false);
        if (checked === undefined) continue;
        const repeats = batch.has(checked.key);
        if (repeats) this.#repeatedKeys++;
        if (repeats || batch.full || !batch.fits(checked)) {
          await this.#writer.submit(batch);
          batch = new Batch();
          if (this.#writer.stopped) return;
          this.#emitNowAndThen(() => this.#writing(totals));
        }
        batch.add(record, checked);
      }
    }
    if (batch.size > 0) await this.#writer.submit(batch);
  }

  #stoppedEarly(error: unknown, totals: FileTotals): unknown {
    const readable = toUserError(error, this.connection);
    if (readable === undefined) return error;
    const progress = `${this.#writer.itemsWritten} of ${totals.records - totals.broken} items were written`;
    const again = 'The same command again goes over the whole file; what is written already is put again unchanged.';
    return new UserError(`${progress}, then: ${readable.message}`, `${readable.remedy} ${again}`, { cause: error });
  }

  #writing(totals: FileTotals): PopulateEvent {
    const items = this.#writer.itemsWritten;
    const totalItems = totals.records - totals.broken;
    const itemsPerSecond = this.#rate();
    const secondsLeft = itemsPerSecond > 0 ? (totalItems - items) / itemsPerSecond : undefined;
    return { kind: 'writing', items, totalItems, itemsPerSecond, secondsLeft };
  }

  #result(totals: FileTotals): PopulateResult {
    const writer = this.#writer;
    return {
      table: this.options.table,
      file: this.options.file,
      records: totals.records,
      skipped: totals.broken,
      itemsWritten: writer.itemsWritten,
      repeatedKeys: this.#repeatedKeys,
      itemBytes: totals.itemBytes,
      batches: writer.batches,
      retries: writer.retries,
      unprocessedRounds: writer.unprocessedRounds,
      consumedWriteUnits: writer.consumedWriteUnits,
      seconds: this.#seconds(),
      itemsPerSecond: this.#rate(),
      interrupted: this.#aborted && writer.itemsWritten < totals.records - totals.broken,
    };
  }

  #seconds(): number {
    return (this.connection.clock.nowMs() - this.#startedMs) / 1000;
  }

  #rate(): number {
    const seconds = this.#seconds();
    return seconds > 0 ? this.#writer.itemsWritten / seconds : 0;
  }

  get #aborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  #emit(event: PopulateEvent): void {
    this.options.onEvent?.(event);
  }

  #emitNowAndThen(event: () => PopulateEvent): void {
    const nowMs = this.connection.clock.nowMs();
    if (nowMs - this.#lastEventMs < EVENT_INTERVAL_MS) return;
    this.#lastEventMs = nowMs;
    this.#emit(event());
  }
}
