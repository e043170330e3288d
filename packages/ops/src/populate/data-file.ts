import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '@tablewright/base';
import { type RawRecord, RecordSplitter } from './record-splitter.js';

const CHUNK_BYTES = 256 * 1024;

/** A file of records that can be read as often as needed. */
export interface DataFile {
  readonly path: string;
  readonly name: string;
  /** As it lies on disk, so the compressed size of a compressed file. */
  readonly sizeBytes: number;
}

/** Finds the file, or says what stands in its place. */
export async function openDataFile(path: string): Promise<DataFile> {
  try {
    const found = await stat(path);
    if (found.isFile()) return { path, name: basename(path), sizeBytes: found.size };
  } catch (error) {
    throw new UserError(`cannot read the data file ${path}: ${reason(error)}`, 'Check the path.', { cause: error });
  }
  throw new UserError(`${path} is not a file`, 'Name a file of items: a JSON array, or one item a line.');
}

/**
 * The file's records, in groups as they arrive. Decompresses what ends in `.gz`.
 * @param onBytes called with the bytes read so far from disk
 */
export async function* readRecords(file: DataFile, onBytes?: (bytes: number) => void): AsyncGenerator<RawRecord[]> {
  const splitter = new RecordSplitter(file.name);
  const onDisk = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  const stream = file.path.endsWith('.gz')
    ? pipeline(onDisk, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
    : onDisk;
  try {
    for await (const chunk of stream) {
      onBytes?.(onDisk.bytesRead);
      yield splitter.push(chunk);
    }
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error && 'code' in error)) throw error;
    throw new UserError(`cannot read ${file.path}: ${reason(error)}`, 'Check the file.', { cause: error });
  } finally {
    onDisk.destroy();
  }
  yield splitter.end();
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
