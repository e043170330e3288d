import { decompressed } from '../import/decompress.js';
import type { InputRecord } from '../import/input-record.js';
import { MalformedObject, messageOf } from '../import/malformed-object.js';
import { readIon } from '../import/read-ion.js';
import { readJson } from '../import/read-json.js';
import type { JobSignal } from '../jobs/job-runner.js';
import { type ObjectStore, ObjectStoreError } from '../object-store.js';
import { type BulkRecord, placeOf } from './bulk-record.js';

/** The next record; why the object cannot be read any further; or that it has been read. */
export type ReadResult = { readonly record: InputRecord } | { readonly fault: string } | 'end';

/** Records between two pauses for requests, while those that are done are passed over. */
const SKIPPED_AT_ONCE = 500;

/** Reads one input object, record by record; may be held open for as long as the operation waits for its rate. */
export class ObjectReader {
  /** As they lie in S3. */
  readBytes = 0;
  /** The records that have been read. */
  records = 0;
  readonly #iterator: AsyncIterator<InputRecord>;

  constructor(
    private readonly objectStore: ObjectStore,
    private readonly operation: BulkRecord,
    readonly key: string,
  ) {
    this.#iterator = this.#read();
  }

  async next(): Promise<ReadResult> {
    try {
      const { done, value } = await this.#iterator.next();
      if (done === true) return 'end';
      this.records++;
      return { record: value };
    } catch (error) {
      if (isOfObject(error)) return { fault: messageOf(error) };
      throw error;
    }
  }

  /** Passes over records that are done, after a restart. */
  async skip(count: number, signal: JobSignal): Promise<void> {
    while (this.records < count) {
      if ((await this.next()) === 'end') return;
      if (this.records % SKIPPED_AT_ONCE === 0) await signal.breathe();
    }
  }

  /** Lets go of the object, wherever the reading is. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async *#read(): AsyncGenerator<InputRecord> {
    const { InputS3Configuration: source } = this.operation.input;
    const object = { ...placeOf(this.operation, source), key: this.key };
    const chunks = this.#counted(await this.objectStore.get(this.operation, object));
    const bytes = decompressed(chunks, source.InputCompressionType ?? 'NONE');
    yield* source.InputFormat === 'ION' ? readIon(bytes) : readJson(bytes);
  }

  async *#counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.readBytes += chunk.length;
      yield chunk;
    }
  }
}

/** Errors that are of the object alone: it is malformed, or it has gone since it was listed. */
function isOfObject(error: unknown): boolean {
  return error instanceof MalformedObject || (error instanceof ObjectStoreError && error.code === 'NoSuchKey');
}
