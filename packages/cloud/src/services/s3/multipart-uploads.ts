import type { Reader, Store, Writer } from '@tablewright/store';
import { Records } from '../../kernel/records.js';
import type { ChecksumMember } from './checksum-algorithms.js';
import type { ObjectDescription, PartRecord } from './object-record.js';

/** An upload under way. Its parts are records of their own. */
export interface UploadRecord extends ObjectDescription {
  readonly initiatedMs: number;
  /** What the client asked for; absent: CRC64NVME of the whole, as S3 does unasked. */
  readonly checksum?: ChecksumMember;
  readonly checksumType?: 'COMPOSITE' | 'FULL_OBJECT';
}

export interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly upload: UploadRecord;
}

/** The multipart uploads of all buckets, in the order of their keys, and those of a key in the order of their ids. */
export class MultipartUploads {
  readonly #uploads: Records<UploadRecord>;
  readonly #parts: Records<PartRecord>;

  constructor(private readonly store: Store) {
    this.#uploads = new Records(store, 's3.uploads');
    this.#parts = new Records(store, 's3.parts');
  }

  get(bucket: string, key: string, uploadId: string, reader: Reader = this.store): UploadRecord | undefined {
    return this.#uploads.getFrom(reader, bucket, nameOf(key, uploadId));
  }

  put(bucket: string, key: string, uploadId: string, upload: UploadRecord): Promise<void> {
    return this.#uploads.put(bucket, nameOf(key, uploadId), upload);
  }

  *list(
    bucket: string,
    options: { prefix?: string; afterKey?: string; afterId?: string } = {},
  ): Iterable<ListedUpload> {
    const { prefix = '', afterKey, afterId } = options;
    const after = afterKey ? { after: nameOf(afterKey, afterId ? afterId : AFTER_ALL) } : {};
    for (const [name, upload] of this.#uploads.list(bucket, { prefix, ...after })) {
      const end = name.lastIndexOf('\0');
      yield { key: name.slice(0, end), uploadId: name.slice(end + 1), upload };
    }
  }

  isEmpty(reader: Reader, bucket: string): boolean {
    return this.#uploads.isEmpty(reader, bucket);
  }

  /** In the order of their numbers, those after `after`. */
  *parts(bucket: string, uploadId: string, after = 0, reader: Reader = this.store): Iterable<PartRecord> {
    const options = { after: partName(after), reader };
    for (const [, part] of this.#parts.list(partitionOf(bucket, uploadId), options)) yield part;
  }

  allParts(): Iterable<PartRecord> {
    return this.#parts.all();
  }

  /** Returns the part of that number that it replaces. */
  putPartIn(writer: Writer, bucket: string, uploadId: string, part: PartRecord): PartRecord | undefined {
    const partition = partitionOf(bucket, uploadId);
    const replaced = this.#parts.getFrom(writer, partition, partName(part.number));
    this.#parts.putIn(writer, partition, partName(part.number), part);
    return replaced;
  }

  /** Ends the upload. Returns its parts, whose files are the caller's now. */
  deleteIn(writer: Writer, bucket: string, key: string, uploadId: string): PartRecord[] {
    const parts = [...this.parts(bucket, uploadId, 0, writer)];
    for (const { number } of parts) this.#parts.deleteIn(writer, partitionOf(bucket, uploadId), partName(number));
    this.#uploads.deleteIn(writer, bucket, nameOf(key, uploadId));
    return parts;
  }
}

/** After every upload id, which are letters and digits. */
const AFTER_ALL = '~';

function nameOf(key: string, uploadId: string): string {
  return `${key}\0${uploadId}`;
}

function partitionOf(bucket: string, uploadId: string): string {
  return `${bucket}/${uploadId}`;
}

function partName(number: number): string {
  return String(number).padStart(5, '0');
}
