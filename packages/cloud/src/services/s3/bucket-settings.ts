import type { LifecycleRule, TransitionDefaultMinimumObjectSize } from '@aws-sdk/client-s3';
import type { Reader, Store, Writer } from '@tablewright/store';
import { Records } from '../../kernel/records.js';
import type { Versioning } from './object-versions.js';

/** What a bucket can be told besides its objects. */
export type SettingName =
  | 'accelerate'
  | 'acl'
  | 'cors'
  | 'encryption'
  | 'lifecycle'
  | 'logging'
  | 'ownership'
  | 'payment'
  | 'policy'
  | 'public-access'
  | 'tagging'
  | 'versioning';

/** A lifecycle configuration as it is kept; dates are text. */
export interface StoredLifecycle {
  readonly bucket: string;
  readonly rules: readonly LifecycleRule[];
  readonly minimumSize: TransitionDefaultMinimumObjectSize;
}

/** The settings of all buckets, each as the SDK's type of it in JSON (dates become text). */
export class BucketSettings {
  readonly #records: Records<unknown>;
  /** In a collection of their own: a single one means that S3 acts by itself (see ServiceRegistry). */
  readonly #lifecycles: Records<StoredLifecycle>;

  constructor(private readonly store: Store) {
    this.#records = new Records(store, 's3.settings');
    this.#lifecycles = new Records(store, 's3.lifecycles');
  }

  get<Value>(bucket: string, name: SettingName, reader: Reader = this.store): Value | undefined {
    // The operations of a setting are the only ones that write it, so its shape is known.
    return this.#of(name).getFrom(reader, bucket, name) as Value | undefined;
  }

  putIn(writer: Writer, bucket: string, name: SettingName, value: unknown): void {
    this.#records.putIn(writer, bucket, name, value);
  }

  putLifecycleIn(writer: Writer, lifecycle: StoredLifecycle): void {
    this.#lifecycles.putIn(writer, lifecycle.bucket, 'lifecycle', lifecycle);
  }

  deleteIn(writer: Writer, bucket: string, name: SettingName): void {
    this.#of(name).deleteIn(writer, bucket, name);
  }

  hasLifecycles(): boolean {
    for (const _ of this.#lifecycles.all()) return true;
    return false;
  }

  /** The lifecycle configurations of all buckets. */
  lifecycles(): StoredLifecycle[] {
    return [...this.#lifecycles.all()];
  }

  /** When the bucket goes. */
  deleteAllIn(writer: Writer, bucket: string): void {
    const names = [...this.#records.list(bucket, { reader: writer })].map(([name]) => name);
    for (const name of names) this.#records.deleteIn(writer, bucket, name);
    this.#lifecycles.deleteIn(writer, bucket, 'lifecycle');
  }

  #of(name: SettingName): Pick<Records<unknown>, 'getFrom' | 'deleteIn'> {
    return name === 'lifecycle' ? this.#lifecycles : this.#records;
  }

  versioning(bucket: string, reader?: Reader): Versioning {
    return this.get<{ Status?: Versioning }>(bucket, 'versioning', reader)?.Status;
  }

  /** Without ACLs, which is how buckets are made. https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
  takesAcls(bucket: string, reader?: Reader): boolean {
    const rules = this.get<{ Rules?: { ObjectOwnership?: string }[] }>(bucket, 'ownership', reader)?.Rules;
    return (rules?.[0]?.ObjectOwnership ?? 'ObjectWriter') !== 'BucketOwnerEnforced';
  }
}
