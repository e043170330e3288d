import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK_FILE } from '../kernel/clock-file.js';

/** What under the data folder is data, as opposed to logs. */
export const DATA_ENTRIES = ['store', 's3', 'lambda', CLOCK_FILE] as const;
/** What is made of the data and can be made again: code of functions, unpacked for running. */
const DERIVED_ENTRIES = ['lambda-tasks'] as const;

/** Deletes all data under `dataDir`, the logs excepted. No estate may be open on it. */
export function deleteData(dataDir: string): void {
  for (const entry of [...DATA_ENTRIES, ...DERIVED_ENTRIES]) {
    rmSync(join(dataDir, entry), { recursive: true, force: true });
  }
}
