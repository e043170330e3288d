import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Random } from '@tablewright/base';

/**
 * Large bytes beside the store: one file each, written under a temporary name, flushed, renamed, and never changed after.
 * A file counts only once the index names it; what a crash left over is removed at the next start.
 */
export class BlobFiles {
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

  /** A new file with the bytes of another. */
  copy(name: string): Promise<string> {
    return this.#create(async (temporary) => {
      await copyFile(this.#path(name), temporary);
      await syncPath(temporary);
    });
  }

  /** Opens the file; the stream made of the handle closes it. */
  open(name: string): Promise<FileHandle> {
    return open(this.#path(name), 'r');
  }

  /** Bytes `first` to `last`, both included. */
  stream(handle: FileHandle, first: number, last: number): Readable {
    return handle.createReadStream({ start: first, end: last, autoClose: true, highWaterMark: 256 * 1024 });
  }

  async remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
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
    await mkdir(dirname(path), { recursive: true });
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
