import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** For tests: a new directory, removed when the test file is through. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tablewright-store-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
