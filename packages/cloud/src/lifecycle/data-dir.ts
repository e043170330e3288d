import { resolve } from 'node:path';

/** Where the local endpoint keeps its data: `TABLEWRIGHT_DATA_DIR`, else `.tablewright` in the current folder. */
export function defaultDataDir(environment: NodeJS.ProcessEnv = process.env, folder: string = process.cwd()): string {
  return resolve(folder, environment.TABLEWRIGHT_DATA_DIR || '.tablewright');
}
