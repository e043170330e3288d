import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { Random } from '@tablewright/base';

/**
 * Large bytes beside the store: one file each, written under a temporary name, flushed, renamed, and never changed after.
 * A file counts only once the index names it; what a crash left over is removed at the next start.
 */
export class BlobFiles {
  /** How many streams are still to read each file that is being read. */
  readonly #readers = new Map<string, number>();
  /** Files that nothing names any more, but that are still being read. */
  readonly #doomed = new Set<string>();

  readonly #subfolders = new Map<string, Promise<void>>();

  constructor(
    private readonly folder: string,
    private readonly random: Random,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** Writes all of `chunks` to a new file and resolves with its name, once it is on disk. */
  async write(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
    return this.#create(async (temporary) => {
      const handle = await open(temporary, 'wx');
      try {
        for await (const chunk of chunks) await writeFully(handle, chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  /** Another name for the bytes of a file: files never change, so that they are shared, not copied. */
  copy(name: string): Promise<string> {
    return this.#create((temporary) => link(this.#path(name), temporary));
  }

  /**
   * The bytes of several files, one after the other, of each the part from `first` to `last`, both included. The files
   * are there until the stream is closed, whatever is removed meanwhile.
   */
  streamAll(slices: readonly { readonly file: string; readonly first: number; readonly last: number }[]): Readable {
    const path = (file: string): string => this.#path(file);
    const [only] = slices;
    const read = (file: string, start: number, end: number) =>
      createReadStream(path(file), { start, end, highWaterMark: 256 * 1024 });
    async function* all(): AsyncGenerator<Uint8Array> {
      for (const { file, first, last } of slices) yield* read(file, first, last);
    }
    const stream =
      slices.length === 1 && only !== undefined
        ? read(only.file, only.first, only.last)
        : Readable.from(all(), { objectMode: false });
    for (const { file } of slices) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    stream.once('close', () => {
      for (const { file } of slices) this.#release(file);
    });
    return stream;
  }

  #release(file: string): void {
    const left = (this.#readers.get(file) ?? 1) - 1;
    if (left > 0) {
      this.#readers.set(file, left);
      return;
    }
    this.#readers.delete(file);
    // What cannot be removed now, because its folder went with a reset, is gone or goes at the next start.
    if (this.#doomed.delete(file)) rm(this.#path(file), { force: true }).catch(() => {});
  }

  /** Removes a file, once nobody reads it. */
  /** All bytes of a file. */
  read(name: string): Promise<Buffer> {
    return readFile(this.#path(name));
  }

  async remove(name: string): Promise<void> {
    if (this.#readers.has(name)) this.#doomed.add(name);
    else await rm(this.#path(name), { force: true });
  }

  removeAllBut(inUse: ReadonlySet<string>): void {
    for (const entry of readdirSync(this.folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !inUse.has(entry.name)) rmSync(join(entry.parentPath, entry.name), { force: true });
    }
  }

  async #create(fill: (temporary: string) => Promise<void>): Promise<string> {
    const name = this.random.uuid();
    const path = this.#path(name);
    const temporary = `${path}.tmp`;
    await this.#subfolder(dirname(path));
    try {
      await fill(temporary);
      await rename(temporary, path);
      await syncPath(dirname(path));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return name;
  }

  /** Resolves when the folder is there to stay. */
  #subfolder(path: string): Promise<void> {
    const known = this.#subfolders.get(path);
    if (known !== undefined) return known;
    const made = mkdir(path, { recursive: true }).then(() => syncPath(this.folder));
    this.#subfolders.set(path, made);
    made.catch(() => this.#subfolders.delete(path));
    return made;
  }

  #path(name: string): string {
    return join(this.folder, name.slice(0, 2), name);
  }
}

async function writeFully(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    offset += (await handle.write(chunk, offset)).bytesWritten;
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
