import { Buffer } from 'node:buffer';
import { closeSync, constants, fsyncSync, openSync, readdirSync, readFileSync, write } from 'node:fs';
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';

/** One open log segment. */
export interface LogFile {
  /** Resolves once the bytes are on disk (flushed). Rejects with the system's error; the file is then unusable. */
  write(bytes: Uint8Array, positionBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** The file operations that the log is made of; tests give a faulty one. */
export interface Files {
  /** Names in a directory; it must exist. */
  list(dir: string): string[];
  read(path: string): Buffer;
  makeDir(path: string): Promise<void>;
  /** Makes a file of `sizeBytes` zeros whose blocks are allocated and flushed. Its directory entry is not flushed. */
  createZeroed(path: string, sizeBytes: number): Promise<void>;
  /** Cuts a file to `sizeBytes` if it is longer. */
  shorten(path: string, sizeBytes: number): Promise<void>;
  openForLog(path: string): Promise<LogFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Flushes a directory's entries. */
  syncDir(path: string): Promise<void>;
}

const DATA_MODE = 0o600;
const DIR_MODE = 0o700;
const ZEROS = Buffer.alloc(1 << 20);

/** The operating system's files. */
export const systemFiles: Files = {
  list: (dir) => readdirSync(dir),
  read: (path) => readFileSync(path),
  makeDir: async (path) => {
    await mkdir(path, { recursive: true, mode: DIR_MODE });
  },
  createZeroed,
  shorten,
  openForLog: async (path) => new SystemLogFile(await open(path, constants.O_RDWR | DSYNC)),
  rename,
  remove: unlink,
  syncDir,
};

/** Absent on Windows, where each write is followed by a flush instead. */
const DSYNC: number = constants.O_DSYNC ?? 0;

class SystemLogFile implements LogFile {
  constructor(private readonly handle: FileHandle) {}

  async write(bytes: Uint8Array, positionBytes: number): Promise<void> {
    let writtenBytes = 0;
    while (writtenBytes < bytes.byteLength) {
      const rest = writtenBytes === 0 ? bytes : bytes.subarray(writtenBytes);
      writtenBytes += await writeSome(this.handle.fd, rest, positionBytes + writtenBytes);
    }
    if (DSYNC === 0) await this.handle.datasync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** The plain call costs the main thread a third of what FileHandle's does. */
function writeSome(descriptor: number, bytes: Uint8Array, positionBytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.byteLength, positionBytes, (error, writtenBytes) => {
      if (error === null) resolve(writtenBytes);
      else reject(error);
    });
  });
}

async function createZeroed(path: string, sizeBytes: number): Promise<void> {
  const handle = await open(path, 'w', DATA_MODE);
  try {
    for (let offset = 0; offset < sizeBytes; offset += ZEROS.length) {
      await handle.write(ZEROS, 0, Math.min(ZEROS.length, sizeBytes - offset), offset);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function shorten(path: string, sizeBytes: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    if ((await handle.stat()).size > sizeBytes) await handle.truncate(sizeBytes);
  } finally {
    await handle.close();
  }
}

async function syncDir(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes a directory's entries, so that files made, renamed or removed in it stay so. */
export function syncDirNow(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
