import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, UserError } from '@tablewright/base';

interface Holder {
  readonly pid: number;
  /** When that process began, in the kernel's own units; tells it from a later process with the same pid. */
  readonly startedAt: string | null;
}

/** Keeps a directory, or something that is done in it, to one: a file that names the holder and outlives it only if it is killed. */
export class DirectoryLock {
  private constructor(private readonly path: string) {}

  /**
   * @param name of the file; `lock` is that of an open store
   * @throws UserError when another, in this process or another, holds it
   */
  static take(dir: string, random: Random, name = 'lock'): DirectoryLock {
    const path = join(dir, name);
    const claim = `${path}.${process.pid}.${random.uuid()}`;
    const self: Holder = { pid: process.pid, startedAt: processStart(process.pid) ?? null };
    writeFileSync(claim, `${JSON.stringify(self)}\n`, { mode: 0o600 });
    try {
      // A link, unlike a write, appears whole or not at all.
      if (tryLink(claim, path)) return new DirectoryLock(path);
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder)) throw inUse(dir, holder);
      setAside(path, `${claim}.stale`, dir);
      if (tryLink(claim, path)) return new DirectoryLock(path);
      throw inUse(dir, readHolder(path));
    } finally {
      rmSync(claim, { force: true });
    }
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}

/** Removes a dead process's lock; puts it back if a live process took it over in between. */
function setAside(path: string, asidePath: string, dir: string): void {
  try {
    renameSync(path, asidePath);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return;
  }
  const holder = readHolder(asidePath);
  const alive = holder !== undefined && isAlive(holder);
  if (alive) tryLink(asidePath, path);
  rmSync(asidePath, { force: true });
  if (alive) throw inUse(dir, holder);
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed)) return undefined;
    const { pid } = parsed;
    const startedAt = 'startedAt' in parsed && typeof parsed.startedAt === 'string' ? parsed.startedAt : null;
    return typeof pid === 'number' ? { pid, startedAt } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.startedAt !== null) return processStart(holder.pid) === holder.startedAt;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/** Boot and start time of a process; undefined when there is no such process any more, or no /proc. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    // proc(5): the name in brackets may hold anything; after it the 1st field is the state, the 18th the number of
    // threads, the 20th the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process stays listed until its parent takes notice, in a container perhaps never; it holds nothing.
    if (fields[0] === 'Z' && Number(fields[17]) <= 1) return undefined;
    return `${bootId}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function inUse(dir: string, holder: Holder | undefined): UserError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`;
  return new UserError(
    `the data directory ${dir} is in use by ${who}`,
    'Stop that process, or use another data directory.',
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
