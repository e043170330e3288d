import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@tablewright/base';
import { syncDirNow } from './files.js';

/**
 * The layout of the data directory that this version reads and writes. 1 had items in another order, 2 another tree, 3
 * smaller pages.
 */
export const STORE_FORMAT = 4;

export interface StorePaths {
  readonly dir: string;
  readonly format: string;
  readonly log: string;
  readonly tree: string;
}

export function storePaths(dir: string): StorePaths {
  return { dir, format: join(dir, 'format.json'), log: join(dir, 'log'), tree: join(dir, 'tree.pages') };
}

/** What `format.json` says. `creating`: the directory was never finished, so nothing in it was ever promised. */
export interface StoreFormat {
  readonly format: number;
  readonly state: 'creating' | 'ready';
  /** A random number that marks this store's log records, 0 to 2^32 - 1. */
  readonly salt: number;
}

/**
 * The format of an existing store; undefined when there is none and the directory holds nothing of one.
 * @throws UserError when the store is damaged or of another version's format: it is never taken for an empty one.
 */
export function readFormat(paths: StorePaths): StoreFormat | undefined {
  if (!existsSync(paths.format)) {
    const remains = [paths.tree, paths.log].find((path) => existsSync(path));
    if (remains === undefined) return undefined;
    throw damaged(`${paths.format} is missing, though ${remains} is there`);
  }
  const found = parse(readFileSync(paths.format, 'utf8'), paths.format);
  if (found.format > STORE_FORMAT) {
    throw new UserError(
      `${paths.format} says format ${found.format}; this version reads format ${STORE_FORMAT} only`,
      'Use a newer version, or another data directory.',
    );
  }
  if (found.format < STORE_FORMAT) {
    throw new UserError(
      `${paths.format} says format ${found.format}; this version reads format ${STORE_FORMAT} only`,
      'Use the earlier version that wrote it, or another data directory.',
    );
  }
  if (found.state === 'ready') requireParts(paths);
  return found;
}

/** Writes `format.json` so that it is there wholly, on disk, or not at all. */
export function writeFormat(paths: StorePaths, format: StoreFormat): void {
  const temporary = `${paths.format}.new`;
  writeFileSync(temporary, `${JSON.stringify(format)}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, paths.format);
  syncDirNow(paths.dir);
}

/** Removes what a creation that never ended has left. */
export function clearUnfinished(paths: StorePaths): void {
  for (const path of [paths.tree, paths.log]) rmSync(path, { recursive: true, force: true });
}

function requireParts(paths: StorePaths): void {
  if (!existsSync(paths.log)) throw damaged(`${paths.log} is missing`);
  if (!existsSync(paths.tree)) throw damaged(`${paths.tree} is missing`);
  if (statSync(paths.tree).size === 0) throw damaged(`${paths.tree} is empty`);
}

function parse(text: string, path: string): StoreFormat {
  try {
    const { format, state, salt } = JSON.parse(text) as Partial<Record<keyof StoreFormat, unknown>>;
    if (typeof format === 'number' && typeof salt === 'number' && (state === 'creating' || state === 'ready')) {
      return { format, state, salt };
    }
    if (typeof format === 'number' && format > STORE_FORMAT) return { format, state: 'ready', salt: 0 };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw damaged(`${path} does not hold a store format`);
}

function damaged(what: string): UserError {
  return new UserError(
    `the store is damaged: ${what}`,
    'Restore the whole data directory from a copy, or move it away to start with an empty one.',
  );
}
