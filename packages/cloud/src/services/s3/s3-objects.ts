import { Readable } from 'node:stream';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { ObjectPlace, ObjectsPort } from '../../kernel/objects-port.js';
import { encryptionFor, encryptionHeaders } from './encryption.js';
import { receiveObject } from './incoming-object.js';
import { slicesOf } from './object-record.js';
import { s3Error } from './s3-errors.js';
import { S3State } from './s3-state.js';
import { storeObject } from './write-object.js';

/** What other services do with objects, by the rules of requests but without one. Loads no schemas of the SDK. */
export class S3Objects implements ObjectsPort {
  readonly #state: S3State;

  constructor(private readonly kernel: Kernel) {
    this.#state = S3State.of(kernel);
  }

  async put(...[caller, { bucket, key, owner }, chunks, encryption]: Parameters<ObjectsPort['put']>) {
    this.#checkBucket(caller, { bucket, ...(owner !== undefined && { owner }) });
    const context = { caller, kernel: this.kernel };
    const wished = encryption && {
      ServerSideEncryption: encryption.algorithm === 'KMS' ? ('aws:kms' as const) : ('AES256' as const),
      SSEKMSKeyId: encryption.kmsKeyId,
    };
    const asked = await encryptionFor(this.#state, context, bucket, wished ?? {});
    const body = { Body: Readable.from(chunks) };
    const incoming = await receiveObject(this.#state.files, body, { headers: {}, always: ['ChecksumCRC64NVME'] });
    const headers = { ContentType: 'binary/octet-stream', ...encryptionHeaders(asked) };
    const object = { ...incoming, modifiedMs: this.kernel.clock.nowMs(), headers, metadata: {} };
    await storeObject(this.#state, context, bucket, key, {}, object);
    return { etag: incoming.etag };
  }

  async get(...[caller, { key, ...place }]: Parameters<ObjectsPort['get']>): Promise<AsyncIterable<Uint8Array>> {
    this.#checkBucket(caller, place);
    const object = this.#state.object(place.bucket, key);
    if (object.sizeBytes === 0) return Readable.from([]);
    return this.#state.files.streamAll(slicesOf(object, 0, object.sizeBytes - 1));
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
