import type { ChecksumMember } from './checksum-algorithms.js';

/** Bytes in one file of the bucket store. */
export interface StoredBytes {
  readonly file: string;
  readonly sizeBytes: number;
}

/** Base64 by the member of the SDK's types that carries it; a composite one ends with `-` and the number of parts. */
export type Checksums = Readonly<Partial<Record<ChecksumMember, string>>>;

/** A part of a multipart upload, and of the object that it becomes. */
export interface PartRecord extends StoredBytes {
  /** 1 to 10,000. */
  readonly number: number;
  /** MD5 in hex, without quotes. */
  readonly etag: string;
  readonly modifiedMs: number;
  readonly checksums: Checksums;
}

/** What a client says of an object when it writes it, and is told again with it. */
export interface ObjectDescription {
  /** ContentType, CacheControl, ServerSideEncryption, StorageClass, … by the SDK's member. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** The canned ACL, where the bucket takes ACLs at all. */
  readonly acl?: string;
}

/** An object in the index. Its bytes are in `file` or, for one that came in parts, in those of its parts. */
export interface ObjectRecord extends ObjectDescription {
  readonly file?: string;
  readonly parts?: readonly PartRecord[];
  readonly sizeBytes: number;
  /** MD5 in hex, without quotes; of the parts' MD5s, and with their number, for one that came in parts. */
  readonly etag: string;
  readonly modifiedMs: number;
  readonly checksums: Checksums;
  readonly checksumType?: 'COMPOSITE' | 'FULL_OBJECT';
  /** Absent for the null version, which is the only one of a bucket that was never versioned. */
  readonly versionId?: string;
  /** Orders the versions of a key; the newest has the highest. Absent counts as 0. */
  readonly sequence?: number;
}

/** What stands where an object was deleted in a bucket with versions. */
export interface DeleteMarker {
  readonly deleted: true;
  readonly modifiedMs: number;
  readonly versionId?: string;
  readonly sequence?: number;
}

export type VersionRecord = ObjectRecord | DeleteMarker;

export const NULL_VERSION = 'null';

export function isDeleteMarker(version: VersionRecord): version is DeleteMarker {
  return 'deleted' in version;
}

/** The files with the object's bytes, in order. */
export function bytesOf(object: ObjectRecord): readonly StoredBytes[] {
  if (object.parts !== undefined) return object.parts;
  return object.file === undefined ? [] : [{ file: object.file, sizeBytes: object.sizeBytes }];
}

/** The parts of files that hold bytes `first` to `last`, both included. */
export function slicesOf(
  object: ObjectRecord,
  first: number,
  last: number,
): { file: string; first: number; last: number }[] {
  const slices: { file: string; first: number; last: number }[] = [];
  let start = 0;
  for (const { file, sizeBytes } of bytesOf(object)) {
    const from = Math.max(first - start, 0);
    const to = Math.min(last - start, sizeBytes - 1);
    if (from <= to) slices.push({ file, first: from, last: to });
    start += sizeBytes;
  }
  return slices;
}
