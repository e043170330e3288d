import type { Clock } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import { JobFailed } from '../jobs/job-failure.js';
import type { JobSignal } from '../jobs/job-runner.js';
import type { Jobs } from '../jobs/jobs.js';
import { type ObjectStore, ObjectStoreError } from '../object-store.js';
import { decompressed } from './decompress.js';
import { type ImportLog, logImportError } from './import-log.js';
import type { ImportProgress, ImportRecord } from './import-record.js';
import type { CheckedImport, ImportTarget } from './import-target.js';
import { MalformedObject, messageOf } from './malformed-object.js';
import { type CsvTypes, readCsv } from './read-csv.js';
import { readIon } from './read-ion.js';
import { readJson } from './read-json.js';

export interface ImportJobOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly objectStore: ObjectStore;
  readonly importLog?: ImportLog;
  readonly jobs: Jobs<ImportRecord>;
  readonly signal: JobSignal;
  readonly target: ImportTarget;
}

/** Objects asked for at once. */
const PAGE = 100;
/** Docs: S3DataImport.Validation, "Import quotas". */
const MAX_OBJECTS = 50_000;
/** Items written in one change, and bytes of them, so that requests wait some milliseconds at most. */
const CHUNK_ITEMS = 200;
const CHUNK_BYTES = 1024 * 1024;

/**
 * One import, object by object in the order of their keys; goes on after the last object that is noted. What an object
 * had written before a stop is written again, which changes nothing. Resolves with the record as of its end.
 */
export async function runImport(options: ImportJobOptions, given: ImportRecord): Promise<ImportRecord> {
  let record = given;
  let page = await listPage(options, record);
  await options.target.create(record);
  while (page.length > 0) {
    for (const { key } of page) {
      const objects = record.progress.objects + 1;
      if (objects > MAX_OBJECTS) throw tooManyObjects();
      const done = await new ObjectImport(options, record, key).run();
      record = { ...record, progress: { ...done, afterKey: key, objects } };
      await options.jobs.put(record);
    }
    page = await listPage(options, record);
  }
  return record;
}

function listPage({ objectStore }: ImportJobOptions, record: ImportRecord) {
  const { S3KeyPrefix: prefix = '' } = record.input.S3BucketSource;
  const { afterKey } = record.progress;
  const after = afterKey === undefined ? {} : { after: afterKey };
  return objectStore.list(record, bucketOf(record), { prefix, limit: PAGE, ...after });
}

function bucketOf({ input: { S3BucketSource: source } }: ImportRecord) {
  const { S3Bucket: bucket, S3BucketOwner: owner } = source;
  return { bucket, ...(owner !== undefined && { owner }) };
}

function tooManyObjects(): JobFailed {
  return new JobFailed({
    code: 'LimitExceeded',
    message: `The number of S3 objects to be imported exceeds the limit of ${MAX_OBJECTS}`,
  });
}

/** The import of one object. */
class ObjectImport {
  #sizeBytes = 0;
  #imported = 0;
  #errors = 0;

  constructor(
    private readonly options: ImportJobOptions,
    private readonly record: ImportRecord,
    private readonly key: string,
  ) {}

  async run(): Promise<Pick<ImportProgress, 'sizeBytes' | 'imported' | 'errors'>> {
    const chunk = new ItemChunk(this.options, this.record);
    let itemIndex = 0;
    try {
      for await (const raw of this.#items()) {
        const fault = chunk.add(raw);
        if (fault === undefined) this.#imported++;
        else await this.#note(itemIndex, fault);
        itemIndex++;
        if (chunk.isFull()) {
          await chunk.write();
          await this.options.signal.breathe();
        }
      }
    } catch (error) {
      if (!isOfObject(error)) throw error;
      await this.#note(itemIndex, messageOf(error));
    }
    await chunk.write();
    await this.options.signal.breathe();
    const { progress } = this.record;
    return {
      sizeBytes: progress.sizeBytes + this.#sizeBytes,
      imported: progress.imported + this.#imported,
      errors: progress.errors + this.#errors,
    };
  }

  async *#items(): AsyncGenerator<unknown> {
    const { input } = this.record;
    const chunks = await this.options.objectStore.get(this.record, { ...bucketOf(this.record), key: this.key });
    const bytes = this.#counted(decompressed(chunks, input.InputCompressionType ?? 'NONE'));
    switch (input.InputFormat) {
      case 'DYNAMODB_JSON':
        for await (const { Item } of readJson(bytes)) yield Item;
        break;
      case 'ION':
        for await (const { Item } of readIon(bytes)) yield Item;
        break;
      case 'CSV':
        yield* readCsv(bytes, input.InputFormatOptions?.Csv ?? {}, this.#csvTypes());
        break;
    }
  }

  async *#counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#sizeBytes += chunk.length;
      yield chunk;
    }
  }

  #csvTypes(): CsvTypes {
    const { AttributeDefinitions: definitions } = this.record.input.TableCreationParameters;
    return new Map(definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
  }

  async #note(itemIndex: number, message: string): Promise<void> {
    this.#errors++;
    const count = this.record.progress.errors + this.#errors;
    await logImportError(this.options, this.record, { key: this.key, itemIndex, message, count });
  }
}

/** Errors that are of the object alone: it is malformed, or it has gone since it was listed. */
function isOfObject(error: unknown): boolean {
  return error instanceof MalformedObject || (error instanceof ObjectStoreError && error.code === 'NoSuchKey');
}

/** Items that are written in one change. */
class ItemChunk {
  #items: CheckedImport[] = [];
  #bytes = 0;

  constructor(
    private readonly options: ImportJobOptions,
    private readonly record: ImportRecord,
  ) {}

  /** What is wrong with the item; throws {@link MalformedObject} for what is no item at all. */
  add(raw: unknown): string | undefined {
    const checked = this.options.target.check(this.record, raw);
    if ('fault' in checked) return checked.fault;
    this.#items.push(checked);
    this.#bytes += checked.item.bytes.length;
    return undefined;
  }

  isFull(): boolean {
    return this.#items.length >= CHUNK_ITEMS || this.#bytes >= CHUNK_BYTES;
  }

  async write(): Promise<void> {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    if (items.length > 0) await this.options.target.write(this.record, items);
  }
}
