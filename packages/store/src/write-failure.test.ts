import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { UserError } from '@tablewright/base';
import { FaultyFiles } from './faulty-files.js';
import { openStore } from './open-store.js';
import type { Store } from './store.js';
import { temporaryDir } from './temporary-dir.js';
import type { TreeTable } from './tree/tree-table.js';

function put(store: Store, key: string, value: string): Promise<void> {
  return store.change((writer) => writer.put(key, Buffer.from(value)));
}

function readOnlyError(pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UserError && /read-only/.test(error.message) && pattern.test(error.message);
}

for (const [errorCode, partBytes] of [
  ['ENOSPC', 0],
  ['EIO', 20],
  ['EIO', 45],
] as const) {
  test(`a log write that fails (${errorCode} after ${partBytes} bytes) makes the store read-only`, async () => {
    const dir = temporaryDir();
    const files = new FaultyFiles();
    const store = await openStore({ dir, files, segmentBytes: 8192 });
    await put(store, 'a', 'kept');
    Object.assign(files, { writesLeft: 0, errorCode, partBytes });
    const pending = [put(store, 'a', 'lost'), put(store, 'b', 'lost')];
    for (const change of pending) await assert.rejects(change, readOnlyError(new RegExp(errorCode)));
    await assert.rejects(put(store, 'c', 'lost'), readOnlyError(new RegExp(errorCode)));
    await assert.rejects(store.flush(), readOnlyError(new RegExp(errorCode)));
    assert.equal(store.get('a')?.toString(), 'kept', 'reads go back to what was acknowledged');
    assert.equal(store.get('b'), undefined);
    assert.equal(await store.change((writer) => writer.get('a')?.toString()).catch(() => 'refused'), 'refused');
    await store.close();
    const again = await openStore({ dir, segmentBytes: 8192 });
    assert.equal(again.get('a')?.toString(), 'kept');
    assert.equal(again.get('b'), undefined);
    await put(again, 'b', 'now');
    await again.close();
  });
}

test('no room for the next log file makes the store read-only, with all that was acknowledged', async () => {
  const dir = temporaryDir();
  const files = new FaultyFiles();
  const store = await openStore({ dir, files, segmentBytes: 1024 });
  files.canCreate = false;
  const acknowledged: string[] = [];
  for (let number = 0; number < 20; number++) {
    const key = `k${number}`;
    await put(store, key, 'v'.repeat(300)).then(
      () => acknowledged.push(key),
      (error) => assert.ok(readOnlyError(/ENOSPC/)(error), String(error)),
    );
  }
  assert.ok(acknowledged.length > 0 && acknowledged.length < 20, `${acknowledged.length} acknowledged`);
  assert.deepEqual(Array.from(store.range({}), ({ key }) => key).sort(), acknowledged.sort());
  await store.close();
  const again = await openStore({ dir, segmentBytes: 1024 });
  assert.deepEqual(Array.from(again.range({}), ({ key }) => key).sort(), acknowledged);
  await again.close();
});

test('a tree that cannot be written makes the store read-only, with all that was acknowledged', async () => {
  const dir = temporaryDir();
  const wrapTree = (tree: TreeTable): TreeTable => ({
    get: (key) => tree.get(key),
    cursor: (range) => tree.cursor(range),
    checkpoint: tree.checkpoint,
    sizeBytes: tree.sizeBytes,
    close: () => tree.close(),
    write: () => Promise.reject(new Error('MDB_MAP_FULL: injected')),
  });
  const sizes = { tableBytes: 1000, segmentBytes: 1024 };
  const store = await openStore({ dir, wrapTree, ...sizes });
  const acknowledged: string[] = [];
  let refused = 0;
  for (let number = 0; number < 30; number++) {
    await put(store, `k${number}`, 'v'.repeat(100)).then(
      () => acknowledged.push(`k${number}`),
      (error) => {
        assert.ok(readOnlyError(/MDB_MAP_FULL/)(error), String(error));
        refused++;
      },
    );
  }
  assert.ok(acknowledged.length > 0 && refused > 0);
  await store.close();
  const again = await openStore({ dir, ...sizes });
  for (const key of acknowledged) assert.ok(again.get(key) !== undefined, key);
  await again.close();
});

test('a disk on which the tree cannot be written neither ends the process nor loses a change', {
  skip: process.platform === 'win32' ? 'needs ulimit' : false,
}, () => {
  const script = `
    import { openStore } from ${JSON.stringify(new URL('./index.js', import.meta.url).href)};
    const options = { dir: ${JSON.stringify(temporaryDir())}, segmentBytes: 100_000, tableBytes: 500_000 };
    const store = await openStore(options);
    let acknowledged = 0;
    let failure;
    while (failure === undefined && acknowledged < 10_000) {
      await store
        .change((writer) => writer.put('k' + acknowledged, Buffer.alloc(1000)))
        .then(() => acknowledged++, (error) => { failure = error.message; });
    }
    await store.close();
    const again = await openStore(options);
    const found = [...again.range({})].length;
    await again.close();
    console.log(JSON.stringify({ acknowledged, found, failure }));`;
  // No file may grow beyond 1.5 or 3 MB (shells differ in the unit): the tree hits that, the log files do not.
  const { status, stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -f 3000 && exec "$0" --input-type=module -e "$1"', process.execPath, script],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const { acknowledged, found, failure } = JSON.parse(stdout);
  assert.match(failure, /read-only.*EFBIG/);
  assert.equal(found, acknowledged);
});
