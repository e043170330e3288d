import { join } from 'node:path';
import type { Reader } from '@tablewright/store';
import { BlobFiles } from '../../kernel/blob-files.js';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { BucketSettings, type StoredLifecycle } from './bucket-settings.js';
import { expirationHeader, reviveLifecycle } from './lifecycle-rules.js';
import { MultipartUploads } from './multipart-uploads.js';
import { bytesOf, type ObjectRecord, type StoredBytes } from './object-record.js';
import { ObjectVersions } from './object-versions.js';
import { noSuchKey, s3Error } from './s3-errors.js';

export interface BucketRecord {
  readonly accountId: string;
  readonly region: string;
  readonly createdMs: number;
}

/** Buckets share one namespace over all accounts and regions, as on AWS. */
const ALL = 'all';

const states = new WeakMap<Kernel, S3State>();

/** Buckets, their settings, objects and uploads of one endpoint. */
export class S3State {
  /** The one of a kernel: what removes the files that nothing names must be the one that writes them. */
  static of(kernel: Kernel): S3State {
    const state = states.get(kernel) ?? new S3State(kernel);
    states.set(kernel, state);
    return state;
  }

  readonly buckets: Records<BucketRecord>;
  readonly settings: BucketSettings;
  readonly versions: ObjectVersions;
  readonly uploads: MultipartUploads;
  readonly files: BlobFiles;

  private constructor(readonly kernel: Kernel) {
    this.buckets = new Records(kernel.store, 's3.buckets');
    this.settings = new BucketSettings(kernel.store);
    this.versions = new ObjectVersions(kernel.store, kernel.random);
    this.uploads = new MultipartUploads(kernel.store);
    this.files = new BlobFiles(join(kernel.dataDir, 's3'), kernel.random);
    this.files.removeAllBut(new Set(this.#filesInUse()));
  }

  /** What each key of a bucket has now. */
  get objects(): Records<ObjectRecord> {
    return this.versions.objects;
  }

  /** The bucket, if it exists and is the caller's (and `owner`'s, when the request expects one). */
  bucket(
    caller: Caller,
    name: string | undefined,
    { owner, reader = this.kernel.store }: { owner?: string | undefined; reader?: Reader } = {},
  ): BucketRecord {
    const bucket = this.buckets.getFrom(reader, ALL, name ?? '');
    if (bucket === undefined) throw s3Error('NoSuchBucket', undefined, { BucketName: name });
    if (bucket.accountId !== caller.accountId) throw s3Error('AccessDenied');
    if (owner !== undefined && owner !== bucket.accountId) throw s3Error('AccessDenied');
    return bucket;
  }

  object(bucket: string, key: string): ObjectRecord {
    const object = this.objects.get(bucket, key);
    if (object === undefined) throw noSuchKey(key, this.versions.latestMarker(this.kernel.store, bucket, key));
    return object;
  }

  /** What the bucket's lifecycle rules say of a current object. */
  expiration(bucket: string, key: string, object: ObjectRecord): { Expiration?: string } {
    const lifecycle = this.settings.get<StoredLifecycle>(bucket, 'lifecycle');
    if (lifecycle === undefined) return {};
    const candidate = { key, sizeBytes: object.sizeBytes, tags: object.tags, modifiedMs: object.modifiedMs };
    const Expiration = expirationHeader(reviveLifecycle(lifecycle.rules), candidate);
    return Expiration === undefined ? {} : { Expiration };
  }

  /** Removes files that no record names any more. */
  async removeBytes(owners: Iterable<ObjectRecord | StoredBytes>): Promise<void> {
    for (const owner of owners) {
      const pieces = 'headers' in owner ? bytesOf(owner) : [owner];
      for (const { file } of pieces) await this.files.remove(file);
    }
  }

  *#filesInUse(): Iterable<string> {
    for (const object of this.versions.all()) for (const { file } of bytesOf(object)) yield file;
    for (const part of this.uploads.allParts()) yield part.file;
  }

  static readonly allBuckets = ALL;
}
