import assert from 'node:assert/strict';
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LmdbTable } from './lmdb-table.js';
import { SortedMap } from './sorted-map.js';
import { temporaryDir } from './temporary-dir.js';
import { checkTreeFile } from './tree-file-check.js';

const PAGE_BYTES = 4096;

/** A tree three levels deep, with values on overflow pages. */
async function makeTree(): Promise<{ path: string; sizeBytes: number }> {
  const path = join(temporaryDir(), 'tree.mdb');
  const tree = new LmdbTable(path);
  const table = new SortedMap<Buffer>();
  for (let number = 0; number < 2000; number++) table.set(sampleKey(number), sampleValue(number));
  await tree.write(table, 1);
  await tree.close();
  return { path, sizeBytes: statSync(path).size };
}

function sampleKey(number: number): string {
  return `k${number}`.padEnd(60, '-');
}

function sampleValue(number: number): Buffer {
  return Buffer.alloc(number % 50 === 0 ? 9000 : 500, number);
}

async function assertWhole(path: string): Promise<void> {
  const tree = new LmdbTable(path);
  for (let number = 0; number < 2000; number++) assert.ok(tree.get(sampleKey(number))?.equals(sampleValue(number)));
  await tree.close();
}

test('a whole tree file passes, and is not changed', async () => {
  const { path, sizeBytes } = await makeTree();
  assert.equal(checkTreeFile(path), undefined);
  assert.equal(statSync(path).size, sizeBytes);
});

test('a tree file cut short by any number of pages is told, unless nothing was on them', async () => {
  const { path, sizeBytes } = await makeTree();
  for (const pages of [1, 2, 3, 10, 100, 300]) {
    truncateSync(path, sizeBytes - pages * PAGE_BYTES);
    const fault = checkTreeFile(path);
    if (fault === undefined) await assertWhole(path);
    else assert.match(fault, /bytes are missing/);
    assert.ok(fault !== undefined || pages < 10, `${pages} pages passed`);
  }
  truncateSync(path, 1000);
  assert.match(checkTreeFile(path) ?? 'passed', /bytes are missing/);
  truncateSync(path, 10);
  assert.match(checkTreeFile(path) ?? 'passed', /does not begin like/);
});

test('pages that nothing refers to may be missing: the file is made whole and opens', async () => {
  const { path, sizeBytes } = await makeTree();
  // LMDB's own record of the last page, in both meta pages, as if three more had been taken and given up.
  const descriptor = openSync(path, 'r+');
  const last = Buffer.alloc(8);
  last.writeBigUInt64LE(BigInt(sizeBytes / PAGE_BYTES - 1 + 3));
  for (const page of [0, 1]) writeSync(descriptor, last, 0, 8, page * PAGE_BYTES + 144);
  closeSync(descriptor);
  assert.equal(checkTreeFile(path), undefined);
  assert.equal(statSync(path).size, sizeBytes + 3 * PAGE_BYTES);
  await assertWhole(path);
});
