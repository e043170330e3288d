import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from './open-store.js';
import { type ContractSubject, describeStoreContract } from './store-contract.js';
import { temporaryDir } from './temporary-dir.js';

async function subject(sizes: {
  tableBytes?: number;
  segmentBytes?: number;
  logBytes?: number;
}): Promise<ContractSubject> {
  const dir = temporaryDir();
  let store = await openStore({ dir, ...sizes });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openStore({ dir, ...sizes });
      return store;
    },
    dispose: () => store.close(),
  };
}

describeStoreContract('durable store', () => subject({ segmentBytes: 64 << 10 }));
// So small that nearly every change freezes the table, and reads meet all three layers and their deletions.
describeStoreContract('durable store, tiny tables', () => subject({ tableBytes: 600, segmentBytes: 2048 }));
describeStoreContract('durable store, little log', () => subject({ logBytes: 3000, segmentBytes: 4096 }));

test('what was written is there after closing and opening again', async () => {
  const dir = temporaryDir();
  const store = await openStore({ dir });
  await store.change((writer) => writer.put('a', Buffer.from('1')));
  await store.close();
  const again = await openStore({ dir });
  assert.equal(again.get('a')?.toString(), '1');
  assert.deepEqual({ ...again.stats(), treeBytes: 0 }, emptyStats, 'closing has written everything into the tree');
  await again.close();
});

const emptyStats = { logBytes: 0, activeBytes: 0, activeKeys: 0, frozenKeys: 0, treeBytes: 0 };

test('flush resolves only when the changes made so far are on disk', async () => {
  const store = await openStore({ dir: temporaryDir() });
  const order: string[] = [];
  const change = store.change((writer) => writer.put('a', Buffer.from('1'))).then(() => order.push('change'));
  const flush = store.flush().then(() => order.push('flush'));
  await Promise.all([change, flush]);
  assert.deepEqual(order, ['change', 'flush']);
  await store.close();
});

test('changes are acknowledged in the order in which they were made', async () => {
  const store = await openStore({ dir: temporaryDir(), tableBytes: 4000, segmentBytes: 2048 });
  const order: number[] = [];
  const numbers = Array.from({ length: 300 }, (_, number) => number);
  await Promise.all(
    numbers.map((number) =>
      store.change((writer) => writer.put(`k${number}`, Buffer.alloc(100))).then(() => order.push(number)),
    ),
  );
  assert.deepEqual(order, numbers);
  await store.close();
});

test('a change that writes nothing does not touch the log', async () => {
  const store = await openStore({ dir: temporaryDir() });
  await store.change((writer) => writer.get('a'));
  assert.equal(store.stats().logBytes, 0);
  await store.close();
});

test('what overflows the table moves into the tree, and log files are used again', async () => {
  const dir = temporaryDir();
  const store = await openStore({ dir, tableBytes: 20_000, segmentBytes: 16_384 });
  for (let round = 0; round < 60; round++) {
    await store.change((writer) => {
      for (let number = 0; number < 10; number++)
        writer.put(`k${number + 10 * (round % 20)}`, Buffer.alloc(500, round));
    });
  }
  const { activeBytes, treeBytes } = store.stats();
  assert.ok(activeBytes < 60_000, `${activeBytes} bytes in memory`);
  assert.ok(treeBytes > 100_000, `${treeBytes} bytes in the tree`);
  await store.close();
  const { readdirSync } = await import('node:fs');
  assert.ok(readdirSync(`${dir}/log`).length <= 10, readdirSync(`${dir}/log`).join(' '));
});
