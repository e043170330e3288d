import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { Catalog } from '../catalog/catalog.js';
import type { KmsKeyResolver } from '../control/encryption.js';
import type { JobSignal } from '../jobs/job-runner.js';
import type { Jobs } from '../jobs/jobs.js';
import { checkKmsKey } from '../jobs/output-encryption.js';
import type { ObjectStore } from '../object-store.js';
import { type DataFile, type ExportRecord, exportFolder, exportsFolder } from './export-record.js';
import { type ExportSource, exportSource } from './export-source.js';
import { filesManifest, md5Base64, summaryManifest } from './manifests.js';

export interface ExportJobOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly catalog: Catalog;
  readonly resolveKmsKey: KmsKeyResolver;
  readonly objectStore: ObjectStore;
  readonly jobs: Jobs<ExportRecord>;
  readonly signal: JobSignal;
}

/** Bytes of lines after which the next file begins, so that a restart has little to do again. */
const FILE_BYTES = 128 * 1024 * 1024;
/** Lines are handed on in pieces of this many bytes. */
const PIECE_BYTES = 256 * 1024;

/** One export, file by file; goes on after the last file that is noted. Resolves with the record as of its end. */
export async function runExport(options: ExportJobOptions, given: ExportRecord): Promise<ExportRecord> {
  checkKmsKey(options.resolveKmsKey, given, given.request.sseKmsKeyId);
  const source = exportSource(options.store, options.catalog, given);
  const files = new ExportFiles(options, given);
  let record = given;
  if (record.progress.files.length === 0) await files.put('_started', []);
  while (record.progress.partition < source.partitions) {
    const next = await writeFile(options, source, record);
    await options.jobs.put(next);
    record = next;
  }
  record = { ...record, endMs: options.clock.nowMs() };
  const { files: written } = record.progress;
  const manifest = filesManifest(written);
  await files.put('manifest-files.json', [manifest]);
  await files.put('manifest-files.md5', [md5Base64(manifest)]);
  const summary = summaryManifest(record);
  await files.put('manifest-summary.json', [summary]);
  await files.put('manifest-summary.md5', [md5Base64(summary)]);
  return record;
}

/** Objects of one export. */
class ExportFiles {
  constructor(
    private readonly options: ExportJobOptions,
    private readonly record: ExportRecord,
  ) {}

  put(name: string, texts: readonly string[]): Promise<{ etag: string }> {
    return this.stream(`${exportFolder(this.record)}/${name}`, Readable.from(texts.map((text) => Buffer.from(text))));
  }

  stream(key: string, chunks: AsyncIterable<Uint8Array>): Promise<{ etag: string }> {
    const { bucket, bucketOwner, sseAlgorithm, sseKmsKeyId } = this.record.request;
    const object = { bucket, key, ...(bucketOwner !== undefined && { owner: bucketOwner }) };
    const encryption = { algorithm: sseAlgorithm, ...(sseKmsKeyId !== undefined && { kmsKeyId: sseKmsKeyId }) };
    return this.options.objectStore.put(this.record, object, chunks, encryption);
  }
}

/** Writes the next data file; the record with it, and with where the one after it begins. */
async function writeFile(options: ExportJobOptions, source: ExportSource, record: ExportRecord): Promise<ExportRecord> {
  const { progress } = record;
  const lines = new FileLines(source, progress.partition, progress.next, options.signal);
  const digest = createHash('md5');
  const key = dataFileKey(options.random, record);
  const files = new ExportFiles(options, record);
  const { etag } = await throughGzip(lines, async (zipped) => files.stream(key, digested(zipped, digest)));
  const file: DataFile = { itemCount: lines.itemCount, md5Checksum: digest.digest('base64'), etag, dataFileS3Key: key };
  const isLast = lines.next === undefined;
  return {
    ...record,
    progress: {
      files: [...progress.files, file],
      partition: isLast ? progress.partition + 1 : progress.partition,
      next: lines.next ?? '',
      itemCount: progress.itemCount + lines.itemCount,
      sizeBytes: progress.sizeBytes + lines.sizeBytes,
    },
  };
}

/** Both sides fail together: neither waits for the other in vain. */
async function throughGzip<T>(lines: FileLines, put: (zipped: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
  const zipped = new PassThrough();
  const zipping = pipeline(lines.pieces(), createGzip(), zipped);
  const putting = put(zipped).catch((error: unknown) => {
    zipped.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  const [, result] = await settledFirst(zipping, putting);
  return result;
}

/** As Promise.all, with the error of the second where both fail, and nothing left running. */
async function settledFirst<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([one, other]);
  const cause = a.status === 'rejected' ? a.reason : undefined;
  if (b.status === 'rejected') throw isStop(cause) ? cause : b.reason;
  if (a.status === 'rejected') throw cause;
  return [a.value, b.value];
}

function isStop(error: unknown): boolean {
  return error instanceof Error && (error.name === 'JobStopped' || error.name === 'JobFailed');
}

async function* digested(
  chunks: AsyncIterable<Uint8Array>,
  digest: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    digest.update(chunk);
    yield chunk;
  }
}

/** The lines of one file, read as they are asked for. */
class FileLines {
  itemCount = 0;
  sizeBytes = 0;
  /** Where the file after this one begins; undefined at the end of the part. */
  next: string | undefined;

  constructor(
    private readonly source: ExportSource,
    private readonly partition: number,
    from: string,
    private readonly signal: JobSignal,
  ) {
    this.next = from;
  }

  async *pieces(): AsyncGenerator<Buffer> {
    let written = 0;
    let piece = '';
    while (this.next !== undefined && written < FILE_BYTES) {
      await this.signal.breathe();
      const { lines, next } = this.source.read(this.partition, this.next);
      for (const line of lines) {
        piece += line.text;
        this.itemCount++;
        this.sizeBytes += line.sizeBytes;
      }
      this.next = next;
      if (piece.length < PIECE_BYTES && next !== undefined) continue;
      written += piece.length;
      yield Buffer.from(piece, 'utf8');
      piece = '';
    }
  }
}

const NAME_LENGTH = 26;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * A full export's files lie in its own folder; those of incremental exports share one, as other exports' files lie
 * there, too (docs: S3DataExport.Output, "Folder structure").
 */
function dataFileKey(random: Random, record: ExportRecord): string {
  const letters = [...random.bytes(NAME_LENGTH)].map((byte) => LETTERS.charAt(byte % LETTERS.length));
  const extension = record.request.format === 'ION' ? 'ion.gz' : 'json.gz';
  const folder = record.full === undefined ? exportsFolder(record.request.prefix) : exportFolder(record);
  return `${folder}/data/${letters.join('')}.${extension}`;
}
