import type { Caller } from './caller.js';

export interface ObjectPlace {
  readonly bucket: string;
  /** The account that must own the bucket; any, when absent, that the caller may use. */
  readonly owner?: string;
}

/** Objects in S3, as other services read and write them on behalf of an account. Rejects with S3's ServiceError. */
export interface ObjectsPort {
  /** The object is there, whole and durable, once this resolves. Without `encryption` it is as the bucket says. */
  put(
    caller: Caller,
    object: ObjectPlace & { readonly key: string },
    chunks: AsyncIterable<Uint8Array>,
    encryption?: { readonly algorithm: 'AES256' | 'KMS'; readonly kmsKeyId?: string },
  ): Promise<{ readonly etag: string }>;
  /** The bytes of an object, to be read once. */
  get(caller: Caller, object: ObjectPlace & { readonly key: string }): Promise<AsyncIterable<Uint8Array>>;
  /** Objects whose keys begin with `prefix` and come after `after`, by key, `limit` at most. */
  list(
    caller: Caller,
    bucket: ObjectPlace,
    options: { readonly prefix: string; readonly after?: string; readonly limit: number },
  ): Promise<readonly { readonly key: string; readonly sizeBytes: number }[]>;
}
