// The state in a local file, next to which Terraform keeps its lock record and its backup.
import { open, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Clock, type Random, UserError } from '@tablewright/base';
import { isStale, lockedError, newLockInfo, parseLockInfo, wrongLockId } from './lock-info.js';
import { parseState, stateText } from './parse-state.js';
import { hasPosixLock } from './posix-locks.js';
import type { LockInfo, StateBackend, StateLock, StateOperation } from './state-backend.js';
import type { StateFile } from './state-file.js';
import { writeDurably } from './write-durably.js';

export interface LocalStateOptions {
  /** Absolute path of the state file. */
  readonly path: string;
  /** As messages and the lock record name it; the file's name by default. */
  readonly location?: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * A state file with Terraform's lock record `.NAME.lock.info` beside it.
 *
 * The record is created exclusively, so of two processes of this package one is refused. A running terraform is
 * noticed by its record and, on Linux, by its fcntl lock. terraform itself looks at its fcntl lock alone, which Node
 * cannot take: one started while this process works is not refused by it. Every write therefore checks that the
 * lock record is still this process's own; when it is not, the state goes to `errored.tfstate` instead, as Terraform
 * does when it cannot save, and the write fails.
 */
export class LocalState implements StateBackend {
  readonly location: string;
  #held: LockInfo | null = null;

  constructor(private readonly options: LocalStateOptions) {
    this.location = options.location ?? basename(options.path);
  }

  async read(): Promise<StateFile | null> {
    const text = await readIfPresent(this.options.path, this.location);
    return text === null ? null : parseState(text, this.location);
  }

  async write(state: StateFile): Promise<void> {
    const { path, random } = this.options;
    await this.checkStillHeld(state);
    const previous = await readIfPresent(path, this.location);
    try {
      const suffix = random.uuid();
      if (previous !== null && previous.trim() !== '') await writeDurably(`${path}.backup`, previous, suffix);
      await writeDurably(path, stateText(state), suffix);
    } catch (error) {
      const message = `the state ${this.location} cannot be written: ${reason(error)}`;
      throw new UserError(message, `Make ${dirname(path)} writable, then run the command again.`, { cause: error });
    }
  }

  async lock(operation: StateOperation): Promise<StateLock> {
    const { path, clock, random } = this.options;
    if ((await hasPosixLock(path)) === true) throw await this.locked();
    const info = newLockInfo(operation, this.location, clock, random);
    await this.createLockFile(info);
    this.#held = info;
    return {
      info,
      release: async () => {
        if (this.#held?.ID !== info.ID) return;
        this.#held = null;
        if ((await this.readLock())?.ID === info.ID) await rm(this.lockPath, { force: true });
      },
    };
  }

  async forceUnlock(lockId: string): Promise<void> {
    const held = await this.readLock();
    if (held?.ID !== lockId) throw wrongLockId(this.location, lockId, held);
    if ((await hasPosixLock(this.options.path)) === true) throw await this.locked();
    await rm(this.lockPath, { force: true });
  }

  private get lockPath(): string {
    return join(dirname(this.options.path), `.${basename(this.options.path)}.lock.info`);
  }

  private async createLockFile(info: LockInfo): Promise<void> {
    try {
      const file = await open(this.lockPath, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(info));
      } finally {
        await file.close();
      }
    } catch (error) {
      if (errorCode(error) === 'EEXIST') throw await this.locked();
      const message = `the lock ${this.lockPath} cannot be made: ${reason(error)}`;
      throw new UserError(message, 'Run the command in a folder that can be written to.', { cause: error });
    }
  }

  private async locked(): Promise<UserError> {
    const held = await this.readLock();
    const hasLock = await hasPosixLock(this.options.path);
    const stale = hasLock === true ? false : held === null ? null : isStale(held, hasLock);
    return lockedError(this.location, held, { command: `rm ${this.lockPath}`, isStale: stale });
  }

  private async readLock(): Promise<LockInfo | null> {
    const text = await readIfPresent(this.lockPath, this.lockPath);
    return text === null ? null : parseLockInfo(text);
  }

  private async checkStillHeld(state: StateFile): Promise<void> {
    if (this.#held === null) return;
    const [found, isForeign] = await Promise.all([this.readLock(), hasPosixLock(this.options.path)]);
    if (found?.ID === this.#held.ID && isForeign !== true) return;
    const rescue = join(dirname(this.options.path), 'errored.tfstate');
    await writeDurably(rescue, stateText(state), this.options.random.uuid());
    const message = `another program took the state ${this.location} while this one worked on it`;
    const remedy = `What this one did is in errored.tfstate; compare, then restore it with terraform state push errored.tfstate.`;
    throw new UserError(message, remedy);
  }
}

async function readIfPresent(path: string, shown: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw new UserError(`${shown} cannot be read: ${reason(error)}`, 'Check its permissions.', { cause: error });
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
