import { Readable } from 'node:stream';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { ObjectPlace, ObjectsPort } from '../../kernel/objects-port.js';
import { receiveObject } from './incoming-object.js';
import { storeObject } from './object-operations.js';
import { s3Error } from './s3-errors.js';
import { S3State } from './s3-state.js';

/** What other services do with objects, by the rules of requests but without one. Loads no schemas of the SDK. */
export class S3Objects implements ObjectsPort {
  readonly #state: S3State;

  constructor(private readonly kernel: Kernel) {
    this.#state = S3State.of(kernel);
  }

  async put(...[caller, { bucket, key, owner }, chunks, encryption]: Parameters<ObjectsPort['put']>) {
    this.#checkBucket(caller, { bucket, ...(owner !== undefined && { owner }) });
    const incoming = await receiveObject(this.#state.files, { Bucket: bucket, Key: key, Body: Readable.from(chunks) });
    const context = { caller, kernel: this.kernel };
    await storeObject(
      this.#state,
      context,
      bucket,
      key,
      {},
      {
        ...incoming,
        modifiedMs: this.kernel.clock.nowMs(),
        headers: {
          ContentType: 'binary/octet-stream',
          ServerSideEncryption: encryption.algorithm === 'KMS' ? 'aws:kms' : 'AES256',
          ...(encryption.kmsKeyId !== undefined && { SSEKMSKeyId: encryption.kmsKeyId }),
        },
        metadata: {},
      },
    );
    return { etag: incoming.etag };
  }

  async get(...[caller, { key, ...place }]: Parameters<ObjectsPort['get']>): Promise<AsyncIterable<Uint8Array>> {
    this.#checkBucket(caller, place);
    const object = this.#state.object(place.bucket, key);
    if (object.sizeBytes === 0) return Readable.from([]);
    const handle = await this.#state.files.open(object.file).catch((error: unknown) => {
      // Replaced or deleted since.
      if (this.#state.objects.get(place.bucket, key)?.file === object.file) throw error;
      throw s3Error('NoSuchKey', undefined, { Key: key });
    });
    return this.#state.files.stream(handle, 0, object.sizeBytes - 1);
  }

  async list(...[caller, bucket, { prefix, after, limit }]: Parameters<ObjectsPort['list']>) {
    this.#checkBucket(caller, bucket);
    const found: { key: string; sizeBytes: number }[] = [];
    const options = { prefix, ...(after !== undefined && { after }) };
    for (const [key, { sizeBytes }] of this.#state.objects.list(bucket.bucket, options)) {
      if (found.length === limit) break;
      found.push({ key, sizeBytes });
    }
    return found;
  }

  #checkBucket(caller: Caller, { bucket, owner }: ObjectPlace): void {
    const { accountId } = this.#state.bucket(caller, bucket);
    if (owner !== undefined && owner !== accountId) throw s3Error('AccessDenied');
  }
}
