import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockSetting } from './kernel-clock.js';

/** Beside the store, in the data folder; there only when the clock was ever set. */
export const CLOCK_FILE = 'clock.json';

/** Where the clock was set to, for the next start. undefined: it follows the machine's. */
export function readClockFile(dataDir: string): ClockSetting | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, CLOCK_FILE), 'utf8');
  } catch {
    return undefined;
  }
  const value: unknown = JSON.parse(text);
  if (!isSetting(value)) throw new Error(`${join(dataDir, CLOCK_FILE)} holds no clock setting: ${text.slice(0, 80)}`);
  return value;
}

export function writeClockFile(dataDir: string, setting: ClockSetting): void {
  const path = join(dataDir, CLOCK_FILE);
  const isPlain = setting.speed === 1 && setting.kernelMs === setting.machineMs;
  if (isPlain) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.new`, `${JSON.stringify(setting)}\n`);
  renameSync(`${path}.new`, path);
}

function isSetting(value: unknown): value is ClockSetting {
  if (typeof value !== 'object' || value === null) return false;
  if (!('kernelMs' in value && 'machineMs' in value && 'speed' in value)) return false;
  return [value.kernelMs, value.machineMs, value.speed].every((number) => Number.isFinite(number));
}
