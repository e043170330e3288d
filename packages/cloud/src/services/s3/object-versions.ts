import type { Random } from '@tablewright/base';
import type { Reader, Store, Writer } from '@tablewright/store';
import { Records } from '../../kernel/records.js';
import {
  type DeleteMarker,
  isDeleteMarker,
  NULL_VERSION,
  type ObjectRecord,
  type VersionRecord,
} from './object-record.js';

/** A bucket's versioning; undefined for one that never had it. */
export type Versioning = 'Enabled' | 'Suspended' | undefined;

/** A version in its place. */
export interface FoundVersion {
  readonly record: VersionRecord;
  readonly isLatest: boolean;
}

export interface ListedVersion extends FoundVersion {
  readonly key: string;
  /** When a newer version took its place; undefined for the latest. */
  readonly replacedMs: number | undefined;
}

interface VersionRange {
  readonly reader: Reader;
  readonly prefix?: string;
  readonly afterKey?: string | undefined;
  readonly afterId?: string | undefined;
}

/** Longer than any order of a version, so that it comes after all of a key's. */
const AFTER_ALL = '~';
const HIGHEST_SEQUENCE = 2 ** 48;

/**
 * The versions of all objects. `s3.objects` holds what each key has now, as GetObject and the listings see it;
 * `s3.versions` holds what came before, newest first, and every delete marker. So a bucket without versioning has no
 * entry there, and when the key has none in `s3.objects`, the newest in `s3.versions` is a delete marker.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
export class ObjectVersions {
  readonly objects: Records<ObjectRecord>;
  readonly #versions: Records<VersionRecord>;

  constructor(
    store: Store,
    private readonly random: Random,
  ) {
    this.objects = new Records(store, 's3.objects');
    this.#versions = new Records(store, 's3.versions');
  }

  isEmpty(reader: Reader, bucket: string): boolean {
    return this.objects.isEmpty(reader, bucket) && this.#versions.isEmpty(reader, bucket);
  }

  /** Every object of every bucket, former versions included. */
  *all(): Iterable<ObjectRecord> {
    yield* this.objects.all();
    for (const version of this.#versions.all()) if (!isDeleteMarker(version)) yield version;
  }

  /** The delete marker that hides a key which has no object. */
  latestMarker(reader: Reader, bucket: string, key: string): DeleteMarker | undefined {
    if (this.objects.getFrom(reader, bucket, key) !== undefined) return undefined;
    const newest = this.#newest(reader, bucket, key);
    return newest !== undefined && isDeleteMarker(newest) ? newest : undefined;
  }

  find(reader: Reader, bucket: string, key: string, versionId: string): FoundVersion | undefined {
    const current = this.objects.getFrom(reader, bucket, key);
    if (current !== undefined && idOf(current) === versionId) return { record: current, isLatest: true };
    for (const record of this.#versionsFor(reader, bucket, key, versionId)) {
      if (idOf(record) !== versionId) continue;
      const newest = current ?? this.#newest(reader, bucket, key);
      return { record, isLatest: newest?.sequence === record.sequence };
    }
    return undefined;
  }

  /** Makes `object` what the key has now. Returns it as it is kept, and the object that is gone for good. */
  putIn(writer: Writer, bucket: string, key: string, versioning: Versioning, object: ObjectRecord) {
    const gone = this.#makeRoomIn(writer, bucket, key, versioning);
    const kept = { ...object, ...this.#nextId(versioning, gone.sequence) };
    this.objects.putIn(writer, bucket, key, kept);
    return { kept, gone: gone.objects };
  }

  /** Replaces a version by a changed description of itself (its tags, its ACL). */
  replaceIn(writer: Writer, bucket: string, key: string, version: ObjectRecord): void {
    const current = this.objects.getFrom(writer, bucket, key);
    if (current !== undefined && idOf(current) === idOf(version)) this.objects.putIn(writer, bucket, key, version);
    else this.#versions.putIn(writer, bucket, nameOf(key, version), version);
  }

  /** Deletes without naming a version: for good, or behind a marker. */
  deleteIn(writer: Writer, bucket: string, key: string, versioning: Versioning, nowMs: number) {
    const gone = this.#makeRoomIn(writer, bucket, key, versioning);
    if (versioning === undefined) {
      this.objects.deleteIn(writer, bucket, key);
      return { marker: undefined, gone: gone.objects };
    }
    const id = this.#nextId(versioning, gone.sequence);
    const marker: DeleteMarker = { deleted: true, modifiedMs: nowMs, ...id };
    this.objects.deleteIn(writer, bucket, key);
    this.#versions.putIn(writer, bucket, nameOf(key, marker), marker);
    return { marker, gone: gone.objects };
  }

  /** Deletes one version for good; the one before it becomes the latest. Undefined when there is none of that id. */
  deleteVersionIn(writer: Writer, bucket: string, key: string, versionId: string): VersionRecord | undefined {
    const found = this.find(writer, bucket, key, versionId)?.record;
    if (found === undefined) return undefined;
    const current = this.objects.getFrom(writer, bucket, key);
    if (current !== undefined && idOf(current) === versionId) this.objects.deleteIn(writer, bucket, key);
    else this.#versions.deleteIn(writer, bucket, nameOf(key, found));
    this.#promoteIn(writer, bucket, key);
    return found;
  }

  /**
   * All versions in order of key, the newest of a key first, that begin with `prefix` and come after the version
   * `afterId` of the key `afterKey`, or after that whole key when no version is given.
   */
  *list(bucket: string, options: VersionRange): Iterable<ListedVersion> {
    const { reader, afterKey, afterId } = options;
    let newer = afterKey && afterId ? { key: afterKey, ...this.#timeOf(reader, bucket, afterKey, afterId) } : undefined;
    for (const [key, record] of this.#inOrder(bucket, options)) {
      const isLatest = newer?.key !== key;
      yield { key, record, isLatest, replacedMs: isLatest ? undefined : newer?.modifiedMs };
      newer = { key, modifiedMs: record.modifiedMs };
    }
  }

  *#inOrder(bucket: string, options: VersionRange): Iterable<readonly [key: string, VersionRecord]> {
    const { reader, prefix = '', afterKey, afterId } = options;
    const range = { prefix, reader };
    const after = afterKey ? { after: this.#nameAfter(reader, bucket, afterKey, afterId) } : {};
    const objects = this.objects
      .list(bucket, { ...range, ...(afterKey ? { after: afterKey } : {}) })
      [Symbol.iterator]();
    let object = objects.next();
    for (const [name, version] of this.#versions.list(bucket, { ...range, ...after })) {
      const key = keyOf(name);
      while (object.done !== true && (object.value[0] === key || isBefore(object.value[0], key))) {
        yield object.value;
        object = objects.next();
      }
      yield [key, version];
    }
    for (; object.done !== true; object = objects.next()) yield object.value;
  }

  #timeOf(reader: Reader, bucket: string, key: string, versionId: string): { modifiedMs: number } {
    return { modifiedMs: this.find(reader, bucket, key, versionId)?.record.modifiedMs ?? 0 };
  }

  #nameAfter(reader: Reader, bucket: string, key: string, versionId: string | undefined): string {
    if (versionId === undefined || versionId === '') return `${key}\0${AFTER_ALL}`;
    const current = this.objects.getFrom(reader, bucket, key);
    if (current !== undefined && idOf(current) === versionId) return `${key}\0`;
    const found = this.find(reader, bucket, key, versionId);
    return found === undefined ? `${key}\0${AFTER_ALL}` : nameOf(key, found.record);
  }

  /**
   * Moves what the key has now to the former versions, where the bucket keeps them, and takes away what a new null
   * version replaces.
   */
  #makeRoomIn(writer: Writer, bucket: string, key: string, versioning: Versioning) {
    const current = this.objects.getFrom(writer, bucket, key);
    const sequence = current?.sequence ?? this.#newest(writer, bucket, key)?.sequence ?? 0;
    const replaced = current !== undefined && current.versionId === undefined && versioning !== 'Enabled';
    if (replaced || versioning === undefined) return { sequence, objects: current === undefined ? [] : [current] };
    if (current !== undefined) this.#versions.putIn(writer, bucket, nameOf(key, current), current);
    if (versioning === 'Enabled') return { sequence, objects: [] };
    const former = this.find(writer, bucket, key, NULL_VERSION)?.record;
    if (former === undefined || former === current) return { sequence, objects: [] };
    this.#versions.deleteIn(writer, bucket, nameOf(key, former));
    return { sequence, objects: isDeleteMarker(former) ? [] : [former] };
  }

  #nextId(versioning: Versioning, latest: number): { sequence?: number; versionId?: string } {
    if (versioning === undefined) return {};
    const sequence = latest + 1;
    return versioning === 'Suspended' ? { sequence } : { sequence, versionId: newVersionId(this.random, sequence) };
  }

  #promoteIn(writer: Writer, bucket: string, key: string): void {
    if (this.objects.getFrom(writer, bucket, key) !== undefined) return;
    const newest = this.#newest(writer, bucket, key);
    if (newest === undefined || isDeleteMarker(newest)) return;
    this.#versions.deleteIn(writer, bucket, nameOf(key, newest));
    this.objects.putIn(writer, bucket, key, newest);
  }

  #newest(reader: Reader, bucket: string, key: string): VersionRecord | undefined {
    for (const [, version] of this.#versions.list(bucket, { prefix: `${key}\0`, reader })) return version;
    return undefined;
  }

  /** The one that the id leads to, or all when it does not tell its place (the null version's). */
  *#versionsFor(reader: Reader, bucket: string, key: string, versionId: string): Iterable<VersionRecord> {
    const sequence = sequenceOf(versionId);
    if (sequence === undefined) {
      for (const [, version] of this.#versions.list(bucket, { prefix: `${key}\0`, reader })) yield version;
      return;
    }
    const version = this.#versions.getFrom(reader, bucket, nameOf(key, { sequence }));
    if (version !== undefined) yield version;
  }
}

export function idOf(version: VersionRecord): string {
  return version.versionId ?? NULL_VERSION;
}

/** `key NUL order`: newest first, and the versions of a key before the next key. */
function nameOf(key: string, { sequence = 0 }: { readonly sequence?: number }): string {
  return `${key}\0${(HIGHEST_SEQUENCE - sequence).toString(36).padStart(10, '0')}`;
}

function keyOf(name: string): string {
  return name.slice(0, name.lastIndexOf('\0'));
}

/** In the order of S3's listings, which is that of the bytes in UTF-8. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

/** 32 characters as on AWS, opaque to clients; the last eight lead to the version without a search. */
function newVersionId(random: Random, sequence: number): string {
  const text = Buffer.from(random.bytes(18)).toString('base64url').replaceAll('-', '.');
  return text + sequence.toString(36).padStart(8, '0');
}

function sequenceOf(versionId: string): number | undefined {
  const order = /^[\w.]{24}([0-9a-z]{8})$/.exec(versionId)?.[1];
  return order === undefined ? undefined : Number.parseInt(order, 36);
}
