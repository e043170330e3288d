import { JobFailed } from '../jobs/job-failure.js';
import type { JobSignal } from '../jobs/job-runner.js';
import type { ObjectStore, StoredObject } from '../object-store.js';
import { type BulkRecord, outputFolder, placeOf } from './bulk-record.js';

/** Objects asked for at once. */
const PAGE = 100;
/** Docs: BulkPutItems.BestPractices: "up to 50,000 S3 objects, and each object can be up to 5 GB". */
const MAX_OBJECTS = 50_000;
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;

/** The input objects of an operation, by key. Its own output is none, also where it lies under the same prefix. */
export class BulkObjects {
  #page: StoredObject[] = [];

  constructor(
    private readonly objectStore: ObjectStore,
    private readonly record: BulkRecord,
  ) {}

  /** Their size together. Throws {@link JobFailed} for more than an operation takes. */
  async totalBytes(signal: JobSignal): Promise<number> {
    let objects = 0;
    let bytes = 0;
    let last = await this.next();
    while (last !== undefined) {
      objects++;
      bytes += last.sizeBytes;
      if (objects > MAX_OBJECTS) throw limitExceeded(`The number of S3 objects exceeds the limit of ${MAX_OBJECTS}`);
      if (last.sizeBytes > MAX_OBJECT_BYTES) {
        throw limitExceeded(`The S3 object ${last.key} exceeds the size limit of ${MAX_OBJECT_BYTES} bytes`);
      }
      if (objects % PAGE === 0) await signal.breathe();
      last = await this.next(last.key);
    }
    return bytes;
  }

  /** The first behind this key; undefined when there is none. */
  async next(afterKey = ''): Promise<StoredObject | undefined> {
    const at = this.#page.findIndex(({ key }) => key === afterKey);
    this.#page = at === -1 ? [] : this.#page.slice(at + 1);
    if (this.#page.length === 0) this.#page = await this.#pageBehind(afterKey);
    return this.#page[0];
  }

  async #pageBehind(afterKey: string): Promise<StoredObject[]> {
    const { InputS3Configuration: source } = this.record.input;
    const { S3KeyPrefix: prefix = '' } = source;
    const isOwn = this.#ownOutput();
    let after = afterKey;
    for (;;) {
      const page = await this.objectStore.list(this.record, placeOf(this.record, source), {
        prefix,
        limit: PAGE,
        ...(after !== '' && { after }),
      });
      const inputs = page.filter(({ key }) => !isOwn(key));
      if (inputs.length > 0 || page.length === 0) return inputs;
      after = page.at(-1)?.key ?? after;
    }
  }

  #ownOutput(): (key: string) => boolean {
    const { InputS3Configuration: source, OutputS3Configuration: output } = this.record.input;
    if (source.S3Bucket !== output.S3Bucket) return () => false;
    const folder = `${outputFolder(this.record)}/`;
    return (key) => key.startsWith(folder);
  }
}

function limitExceeded(message: string): JobFailed {
  return new JobFailed({ code: 'LimitExceeded', message });
}
