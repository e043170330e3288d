import { type Files, type LogFile, systemFiles } from './files.js';

/** For tests: the system's files, with failures where they are asked for. */
export class FaultyFiles implements Files {
  /** Log writes that still succeed; the next one writes `partBytes` and fails, and so do all later ones. */
  writesLeft = Number.POSITIVE_INFINITY;
  partBytes = 0;
  errorCode = 'ENOSPC';
  /** Whether files can still be made. */
  canCreate = true;

  readonly list = systemFiles.list;
  readonly read = systemFiles.read;
  readonly makeDir = systemFiles.makeDir;
  readonly shorten = systemFiles.shorten;
  readonly rename = systemFiles.rename;
  readonly remove = systemFiles.remove;
  readonly syncDir = systemFiles.syncDir;

  async createZeroed(path: string, sizeBytes: number): Promise<void> {
    if (!this.canCreate) throw this.#error();
    await systemFiles.createZeroed(path, sizeBytes);
  }

  async openForLog(path: string): Promise<LogFile> {
    const file = await systemFiles.openForLog(path);
    return {
      write: async (bytes, positionBytes) => {
        if (this.writesLeft-- > 0) return file.write(bytes, positionBytes);
        await file.write(bytes.subarray(0, this.partBytes), positionBytes);
        throw this.#error();
      },
      close: () => file.close(),
    };
  }

  #error(): Error {
    return Object.assign(new Error(`${this.errorCode}: injected`), { code: this.errorCode });
  }
}
