import type { Caller } from './catalog/table.js';

/** A bucket, and the account that must own it where the request says so. */
export interface BucketReference {
  readonly bucket: string;
  readonly owner?: string;
}

export interface ObjectReference extends BucketReference {
  readonly key: string;
}

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** How an object is to be encrypted where it lies. */
export interface ObjectEncryption {
  readonly algorithm: 'AES256' | 'KMS';
  readonly kmsKeyId?: string;
}

/**
 * Where tables are exported to and imported from, and bulk operations read: Amazon S3, on behalf of an account. Every method rejects with
 * {@link ObjectStoreError} for what the store answers, and with other errors for what breaks.
 */
export interface ObjectStore {
  /**
   * Writes all of `chunks` as one object, which is there, whole and durable, once this resolves; with its ETag. Without
   * `encryption` it is encrypted as the bucket says.
   */
  put(
    caller: Caller,
    object: ObjectReference,
    chunks: AsyncIterable<Uint8Array>,
    encryption?: ObjectEncryption,
  ): Promise<{ readonly etag: string }>;
  /** The bytes of an object, to be read once. */
  get(caller: Caller, object: ObjectReference): Promise<AsyncIterable<Uint8Array>>;
  /** The objects whose keys begin with `prefix` and come after `after`, by key, `limit` at most. */
  list(
    caller: Caller,
    bucket: BucketReference,
    options: { readonly prefix: string; readonly after?: string; readonly limit: number },
  ): Promise<readonly StoredObject[]>;
}

/** What the object store refused, in its own words. */
export class ObjectStoreError extends Error {
  constructor(
    /** S3's code, e.g. `NoSuchBucket`. */
    readonly code: string,
    readonly httpStatus: number,
    message: string,
  ) {
    super(message);
    this.name = 'ObjectStoreError';
  }
}
