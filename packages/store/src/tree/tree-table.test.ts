import assert from 'node:assert/strict';
import { closeSync, cpSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '@tablewright/base';
import { SeededRandom } from '@tablewright/testkit';
import type { LayerValue } from '../layer.js';
import { mergeLayers, visitLayers } from '../layer.js';
import { SortedMap } from '../sorted-map.js';
import type { KeyRange } from '../store.js';
import { temporaryDir } from '../temporary-dir.js';
import { PAGE_BYTES } from './tree-page.js';
import { PagedTree } from './tree-table.js';

type Model = Map<string, string>;

function newTree(threadBytes?: number): { path: string; tree: PagedTree } {
  const path = join(temporaryDir(), 'tree.pages');
  PagedTree.create(path);
  return { path, tree: new PagedTree(path, threadBytes) };
}

/** A batch that changes the model, too. */
function batchOf(changes: Iterable<readonly [string, string | null]>, model: Model): SortedMap<LayerValue> {
  const batch = new SortedMap<LayerValue>();
  for (const [key, value] of changes) {
    batch.set(key, value === null ? null : Buffer.from(value));
    if (value === null) model.delete(key);
    else model.set(key, value);
  }
  return batch;
}

function walk(tree: PagedTree, range: KeyRange): [string, string][] {
  return Array.from(
    mergeLayers((wanted) => [tree.cursor(wanted)], range),
    ({ key, value }) => [key, value.toString()],
  );
}

/** The values, by a visitor that reads other pages meanwhile. */
function visited(tree: PagedTree, range: KeyRange, other: () => string): string[] {
  const values: string[] = [];
  visitLayers(
    (wanted) => [tree.cursor(wanted)],
    range,
    (bytes, begin, end) => {
      tree.get(other());
      return values.push(bytes.toString('utf8', begin, end)) > 0;
    },
  );
  return values;
}

function expected(model: Model, { start = '', end, reverse }: KeyRange): [string, string][] {
  const keys = [...model.keys()].filter((key) => key >= start && (end === undefined || key < end)).sort();
  if (reverse) keys.reverse();
  return keys.map((key) => [key, model.get(key) ?? '']);
}

function assertSame(tree: PagedTree, model: Model, random: SeededRandom, newKey: () => string): void {
  for (const reverse of [false, true]) assert.deepEqual(walk(tree, { reverse }), expected(model, { reverse }));
  for (let count = 0; count < 20; count++) {
    const key = newKey();
    assert.equal(tree.get(key)?.toString(), model.get(key));
    const [start, end] = [newKey(), newKey()].sort();
    const range = { start, end, reverse: random.integer(0, 1) === 1 };
    assert.deepEqual(walk(tree, range), expected(model, range));
    const values = expected(model, range).map(([, value]) => value);
    assert.deepEqual(visited(tree, range, newKey), values);
  }
}

for (const [name, seed, keys, maxValueBytes] of [
  ['small values', 1, 3000, 60],
  ['values around the longest that a leaf takes', 2, 300, 2300],
  ['few keys', 3, 20, 200],
  ['values of many pages', 4, 60, 30_000],
  ['written by a thread', 5, 500, 600],
] as const) {
  const threadBytes = name === 'written by a thread' ? 1 : Number.POSITIVE_INFINITY;
  test(`the tree holds what batches put into it: ${name}`, async () => {
    const random = new SeededRandom(seed);
    const { path, tree: first } = newTree(threadBytes);
    let tree = first;
    const model: Model = new Map();
    const newKey = () => {
      const number = random.integer(0, keys);
      return number % 17 === 0
        ? `${number}`.padEnd(1978, '\xff')
        : `\xfe${number % 3}-${String(number * 7919).slice(-5)}/${number}`;
    };
    for (let round = 1; round <= 40; round++) {
      // Phases in which the tree grows, and others in which it shrinks.
      const deletions = round % 10 >= 6 ? 85 : 15;
      const changes = Array.from({ length: random.integer(0, keys / 3) }, () => {
        const value =
          random.integer(0, 99) < deletions ? null : `${round}`.repeat(random.integer(0, maxValueBytes / 2));
        return [newKey(), value] as const;
      });
      await tree.write(batchOf(changes, model), round);
      assertSame(tree, model, random, newKey);
      if (round % 7 !== 0) continue;
      await tree.close();
      tree = new PagedTree(path, threadBytes);
      assert.equal(tree.checkpoint, round);
      assertSame(tree, model, random, newKey);
    }
    await tree.write(
      batchOf(
        [...model.keys()].map((key) => [key, null] as const),
        model,
      ),
      41,
    );
    assert.deepEqual(walk(tree, {}), []);
    await tree.close();
  });
}

test('pages that were given up are used again', async () => {
  const { path, tree } = newTree();
  const model: Model = new Map();
  let sizeBytes = 0;
  for (let round = 0; round < 30; round++) {
    const changes = Array.from(
      { length: 500 },
      (_, n) =>
        [
          `k${n}`,
          String(round)
            .padStart(2, '0')
            .repeat(n % 25 === 0 ? 4000 : 100),
        ] as const,
    );
    await tree.write(batchOf(changes, model), round);
    if (round === 2) sizeBytes = statSync(path).size;
  }
  assert.equal(statSync(path).size, sizeBytes);
  await tree.close();
});

test('keys that only ascend fill their pages', async () => {
  const { path, tree } = newTree();
  const model: Model = new Map();
  let dataBytes = 0;
  for (let round = 0; round < 20; round++) {
    const changes = Array.from(
      { length: 200 },
      (_, n) => [`k${String(round * 200 + n).padStart(8, '0')}`, 'v'.repeat(300)] as const,
    );
    for (const [key, value] of changes) dataBytes += key.length + value.length;
    await tree.write(batchOf(changes, model), round);
  }
  // Besides the data: pages given up by the last commits, branches, the remainder of each page.
  assert.ok(statSync(path).size < dataBytes * 1.3, `${statSync(path).size} bytes for ${dataBytes}`);
  await tree.close();
});

test('a walk goes on in the new state when the tree gets one in between', async () => {
  const { tree } = newTree();
  const model: Model = new Map();
  const letters = [...'abcdefghijklmnop'];
  await tree.write(
    batchOf(
      letters.map((key) => [key, `${key}1`] as const),
      model,
    ),
    1,
  );
  const cursor = tree.cursor({});
  assert.equal(cursor.key, 'a');
  cursor.advance();
  await tree.write(
    batchOf(
      [
        ['b', 'b2'],
        ['c', null],
        ['d', 'd2'],
      ],
      model,
    ),
    2,
  );
  assert.equal(cursor.key, 'b');
  assert.equal(cursor.value()?.toString(), 'b2');
  cursor.advance();
  assert.equal(cursor.key, 'd');
  assert.equal(cursor.value()?.toString(), 'd2');
  await tree.close();
});

test('a commit that ends at any of its writes leaves the state before it', async () => {
  const { path, tree } = newTree();
  const model: Model = new Map();
  const changes = (round: number) => Array.from({ length: 300 }, (_, n) => [`k${n}`, `${round}`.repeat(200)] as const);
  await tree.write(batchOf(changes(1), model), 1);
  await tree.write(batchOf(changes(2), model), 2);
  const before = readFileSync(path);
  const stateBefore = walk(tree, {});
  await tree.write(batchOf(changes(3), model), 3);
  const stateAfter = walk(tree, {});
  await tree.close();
  const after = readFileSync(path);
  const changed = Array.from({ length: after.length / PAGE_BYTES }, (_, page) => page).filter(
    (page) => !pageOf(after, page).equals(pageOf(before, page)),
  );
  // Pages reach the disk in any order, but all of them before the meta.
  const random = new SeededRandom(5);
  const metas = changed.filter((page) => page < 2);
  assert.equal(metas.length, 1);
  for (let trial = 0; trial < 25; trial++) {
    const bytes = Buffer.from(after);
    bytes.set(before.subarray(0, 2 * PAGE_BYTES));
    for (const page of changed)
      if (page >= 2 && random.integer(0, 1) === 0) bytes.set(pageOf(before, page), page * PAGE_BYTES);
    // … and the meta may be torn.
    if (trial % 2 === 0)
      bytes.set(
        after.subarray((metas[0] ?? 0) * PAGE_BYTES, (metas[0] ?? 0) * PAGE_BYTES + 8 + trial),
        (metas[0] ?? 0) * PAGE_BYTES,
      );
    const copy = join(temporaryDir(), 'tree.pages');
    writeFileSync(copy, bytes);
    const again = new PagedTree(copy);
    assert.equal(again.checkpoint, 2);
    assert.deepEqual(walk(again, {}), stateBefore);
    await again.write(batchOf(changes(3), model), 3);
    assert.deepEqual(walk(again, {}), stateAfter);
    await again.close();
  }
});

function pageOf(bytes: Buffer, page: number): Buffer {
  return bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
}

test('a large batch is written by a thread, a later small one by it as well', async () => {
  const { path, tree } = newTree();
  const model: Model = new Map();
  const changes = Array.from({ length: 4000 }, (_, n) => [`k${n}`, `${n}`.repeat(30)] as const);
  await tree.write(batchOf([['before', 'x']], model), 1);
  await tree.write(batchOf(changes, model), 2);
  await tree.write(
    batchOf(
      [
        ['k7', 'seven'],
        ['k8', null],
      ],
      model,
    ),
    3,
  );
  assert.deepEqual(walk(tree, {}), expected(model, {}));
  await tree.close();
  const again = new PagedTree(path);
  assert.equal(again.checkpoint, 3);
  assert.deepEqual(walk(again, {}), expected(model, {}));
  await again.close();
});

test('a page that is not what was written there is told', async () => {
  const { path, tree } = newTree();
  const changes = Array.from(
    { length: 1000 },
    (_, n) => [`k${n}`, n % 100 === 0 ? 'long'.repeat(1000) : 'v'.repeat(100)] as const,
  );
  await tree.write(batchOf(changes, new Map()), 1);
  await tree.close();
  const { size } = statSync(path);
  let found = 0;
  for (let page = 2; page < size / PAGE_BYTES; page++) {
    const copy = join(temporaryDir(), 'tree.pages');
    cpSync(path, copy);
    const descriptor = openSync(copy, 'r+');
    writeSync(descriptor, 'damage', page * PAGE_BYTES + 1000);
    closeSync(descriptor);
    const damaged = new PagedTree(copy);
    try {
      walk(damaged, {});
    } catch (error) {
      assert.ok(error instanceof UserError && error.message.includes(`page ${page} `), String(error));
      found++;
    }
    await damaged.close();
  }
  // All but the map of used pages, which is one page here, and is read by commits only.
  assert.equal(found, size / PAGE_BYTES - 2 - 1);
});

test('a file that was cut short, or is none, does not open', async () => {
  const { path, tree } = newTree();
  const changes = Array.from({ length: 1000 }, (_, n) => [`k${n}`, 'v'.repeat(100)] as const);
  await tree.write(batchOf(changes, new Map()), 1);
  await tree.close();
  const { size } = statSync(path);
  for (const bytes of [size - 1, size - PAGE_BYTES, 3 * PAGE_BYTES]) {
    truncateSync(path, bytes);
    assert.throws(() => new PagedTree(path), /its last \d+ bytes are missing/);
  }
  truncateSync(path, 30);
  assert.throws(() => new PagedTree(path), /does not begin like a tree file/);
});
