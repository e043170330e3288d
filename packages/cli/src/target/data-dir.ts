import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CliContext } from '../cli-context.js';

const FOLDER = '.tablewright';

/**
 * Where the local endpoint keeps its data: as named, else TABLEWRIGHT_DATA_DIR, else `.tablewright` in this folder or
 * the nearest one above that has it, within the Git repository; else at the repository's root, else here. So all
 * folders of a project share one endpoint.
 */
export function dataDirOf(context: Pick<CliContext, 'cwd' | 'env'>, named?: string): string {
  const given = named || context.env.TABLEWRIGHT_DATA_DIR;
  if (given) return resolve(context.cwd, given);
  const folders = repositoryFolders(context.cwd);
  const holder = folders.find((folder) => existsSync(join(folder, FOLDER))) ?? folders.at(-1) ?? context.cwd;
  return join(holder, FOLDER);
}

/** This folder and those above it, up to the repository's root; this one alone outside of a repository. */
function repositoryFolders(start: string): string[] {
  const folders: string[] = [];
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    folders.push(folder);
    if (existsSync(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) return [resolve(start)];
  }
}
