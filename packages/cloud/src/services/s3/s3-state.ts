import { join } from 'node:path';
import type { Reader } from '@tablewright/store';
import { BlobFiles } from '../../kernel/blob-files.js';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { s3Error } from './s3-errors.js';

export interface BucketRecord {
  readonly accountId: string;
  readonly region: string;
  readonly createdMs: number;
}

/** An object in the index; its bytes are in the file named `file`. */
export interface ObjectRecord {
  readonly file: string;
  readonly sizeBytes: number;
  /** MD5 in hex, without quotes. */
  readonly etag: string;
  readonly modifiedMs: number;
  /** What the client said of the object and is told again: ContentType, CacheControl, … */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** ChecksumCRC32, … in base64. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** Buckets share one namespace over all accounts and regions, as on AWS. */
const ALL = 'all';

const states = new WeakMap<Kernel, S3State>();

/** Buckets and objects of one endpoint. */
export class S3State {
  /** The one of a kernel: what removes the files that nothing names must be the one that writes them. */
  static of(kernel: Kernel): S3State {
    const state = states.get(kernel) ?? new S3State(kernel);
    states.set(kernel, state);
    return state;
  }

  readonly buckets: Records<BucketRecord>;
  readonly objects: Records<ObjectRecord>;
  readonly files: BlobFiles;

  private constructor(readonly kernel: Kernel) {
    this.buckets = new Records(kernel.store, 's3.buckets');
    this.objects = new Records(kernel.store, 's3.objects');
    this.files = new BlobFiles(join(kernel.dataDir, 's3'), kernel.random);
    this.files.removeAllBut(new Set([...this.objects.all()].map((object) => object.file)));
  }

  /** The bucket, if it exists and is the caller's. */
  bucket(caller: Caller, name: string | undefined, reader: Reader = this.kernel.store): BucketRecord {
    const bucket = this.buckets.getFrom(reader, ALL, name ?? '');
    if (bucket === undefined) throw s3Error('NoSuchBucket', undefined, { BucketName: name });
    if (bucket.accountId !== caller.accountId) throw s3Error('AccessDenied');
    return bucket;
  }

  object(bucket: string, key: string): ObjectRecord {
    const object = this.objects.get(bucket, key);
    if (object === undefined) throw s3Error('NoSuchKey', undefined, { Key: key });
    return object;
  }

  static readonly allBuckets = ALL;
}
