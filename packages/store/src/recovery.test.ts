import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '@tablewright/base';
import { SeededRandom } from '@tablewright/testkit';
import { openStore } from './open-store.js';
import type { Store } from './store.js';
import { temporaryDir } from './temporary-dir.js';
import type { TreeTable } from './tree/tree-table.js';

/** What a kill at this moment would leave; to be called while the tree is not being written. */
function crashCopy(dir: string): string {
  const copy = temporaryDir();
  for (const name of ['format.json', 'log', 'tree.pages'])
    cpSync(join(dir, name), join(copy, name), { recursive: true });
  return copy;
}

function contents(store: Store): Record<string, string> {
  return Object.fromEntries(Array.from(store.range({}), ({ key, value }) => [key, value.toString()]));
}

async function put(store: Store, entries: Record<string, string>): Promise<void> {
  await store.change((writer) => {
    for (const [key, value] of Object.entries(entries)) writer.put(key, Buffer.from(value));
  });
}

/** A tree whose writes wait at a gate before and after. */
class GatedTree implements TreeTable {
  readonly before = new Gate();
  readonly after = new Gate();

  constructor(private readonly tree: TreeTable) {}

  get checkpoint(): number {
    return this.tree.checkpoint;
  }

  get sizeBytes(): number {
    return this.tree.sizeBytes;
  }

  get = (...args: Parameters<TreeTable['get']>) => this.tree.get(...args);
  cursor = (...args: Parameters<TreeTable['cursor']>) => this.tree.cursor(...args);
  close = () => this.tree.close();

  write = async (...args: Parameters<TreeTable['write']>) => {
    await this.before.pass();
    await this.tree.write(...args);
    await this.after.pass();
  };
}

/** Says when somebody stands before it, and lets him through when opened. */
class Gate {
  readonly arrived: Promise<void>;
  readonly opened: Promise<void>;
  open: () => void = () => undefined;
  #arrive: () => void = () => undefined;

  constructor() {
    this.arrived = new Promise((resolve) => {
      this.#arrive = resolve;
    });
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  async pass(): Promise<void> {
    this.#arrive();
    await this.opened;
  }
}

test('a kill between freezing a table and the end of its way into the tree loses nothing', async () => {
  const dir = temporaryDir();
  let gated: GatedTree | undefined;
  const wrapTree = (tree: TreeTable): GatedTree => {
    gated = new GatedTree(tree);
    return gated;
  };
  const store = await openStore({ dir, tableBytes: 500, segmentBytes: 1024, wrapTree });
  await put(store, { a: 'x'.repeat(600), b: 'old' });
  await put(store, { b: 'new', c: '3' });
  assert.ok(gated !== undefined);
  const expected = { a: 'x'.repeat(600), b: 'new', c: '3' };
  await gated.before.arrived;
  const beforeTree = crashCopy(dir);
  gated.before.open();
  await gated.after.arrived;
  const beforeRetiring = crashCopy(dir);
  gated.after.open();
  await store.close();
  for (const copy of [beforeTree, beforeRetiring, dir]) {
    const again = await openStore({ dir: copy });
    assert.deepEqual(contents(again), expected);
    await again.close();
    const third = await openStore({ dir: copy });
    assert.deepEqual(contents(third), expected);
    await third.close();
  }
});

test('every state of a store that reuses its log files can be opened after a kill', async () => {
  const dir = temporaryDir();
  const random = new SeededRandom(7);
  const model: Record<string, string> = {};
  const settled = { tableBytes: 3000, segmentBytes: 1500 };
  let store = await openStore({ dir, ...settled });
  for (let round = 0; round < 12; round++) {
    for (let count = random.integer(1, 30); count > 0; count--) {
      const key = `k${random.integer(0, 40)}`;
      model[key] = `${round}/${count}`.repeat(random.integer(1, 40));
      await put(store, { [key]: model[key] });
    }
    // Closing writes everything back; the changes after it are in the log alone, too few for the tree to be written.
    await store.close();
    store = await openStore({ dir, ...settled });
    model.last = `round ${round}`;
    await put(store, { last: model.last });
    const again = await openStore({ dir: crashCopy(dir), ...settled });
    assert.deepEqual(contents(again), model);
    await again.close();
  }
  await store.close();
});

test('a change larger than a log file, and than the table, survives a kill', async () => {
  const dir = temporaryDir();
  const store = await openStore({ dir, segmentBytes: 4096 });
  await put(store, { first: '1' });
  const large = 'y'.repeat(100_000);
  await put(store, { large, other: '2' });
  await put(store, { last: '3' });
  const copy = crashCopy(dir);
  await store.close();
  const again = await openStore({ dir: copy, segmentBytes: 4096 });
  assert.deepEqual(contents(again), { first: '1', large, other: '2', last: '3' });
  await again.close();
});

test('a torn last record is left out, and the store goes on behind it', async () => {
  const dir = temporaryDir();
  const store = await openStore({ dir, segmentBytes: 4096 });
  await put(store, { a: '1' });
  await put(store, { b: '2'.repeat(200), c: '3' });
  const copy = crashCopy(dir);
  await store.close();
  const log = join(copy, 'log', '0000000001.log');
  const bytes = readFileSync(log);
  bytes.fill(0, 150);
  writeFileSync(log, bytes);
  let again = await openStore({ dir: copy, segmentBytes: 4096 });
  assert.deepEqual(contents(again), { a: '1' });
  await put(again, { d: '4' });
  const twice = crashCopy(copy);
  await again.close();
  again = await openStore({ dir: twice, segmentBytes: 4096 });
  assert.deepEqual(contents(again), { a: '1', d: '4' });
  await again.close();
});

test('a store whose creation was cut short is created anew', async () => {
  const dir = temporaryDir();
  await (await openStore({ dir, segmentBytes: 4096 })).close();
  const format = JSON.parse(readFileSync(join(dir, 'format.json'), 'utf8'));
  writeFileSync(join(dir, 'format.json'), JSON.stringify({ ...format, state: 'creating' }));
  truncateSync(join(dir, 'tree.pages'), 100);
  const again = await openStore({ dir, segmentBytes: 4096 });
  assert.deepEqual(contents(again), {});
  await again.close();
});

const DAMAGES: Record<string, { harm: (dir: string) => void; message: RegExp }> = {
  'format.json removed': { harm: (dir) => rmSync(join(dir, 'format.json')), message: /format\.json is missing/ },
  'format.json garbled': {
    harm: (dir) => writeFileSync(join(dir, 'format.json'), '{'),
    message: /format\.json does not hold/,
  },
  'a newer format': {
    harm: (dir) => writeFileSync(join(dir, 'format.json'), '{"format":99,"layout":"other"}'),
    message: /format\.json says format 99/,
  },
  'an older format': {
    harm: (dir) => writeFileSync(join(dir, 'format.json'), '{"format":1,"state":"ready","salt":7}'),
    message: /format\.json says format 1; this version reads format 4 only/,
  },
  'the log removed': { harm: (dir) => rmSync(join(dir, 'log'), { recursive: true }), message: /log is missing/ },
  'the log emptied': {
    harm: (dir) => {
      for (const name of readdirSync(join(dir, 'log'))) rmSync(join(dir, 'log', name));
    },
    message: /\.log is missing/,
  },
  'the tree removed': { harm: (dir) => rmSync(join(dir, 'tree.pages')), message: /tree\.pages is missing/ },
  'the tree emptied': { harm: (dir) => truncateSync(join(dir, 'tree.pages'), 0), message: /tree\.pages is empty/ },
  'the tree cut short': {
    harm: (dir) => truncateSync(join(dir, 'tree.pages'), statSync(join(dir, 'tree.pages')).size / 2),
    message: /tree\.pages/,
  },
  'the tree overwritten': {
    harm: (dir) => writeFileSync(join(dir, 'tree.pages'), Buffer.alloc(100_000, 'x')),
    message: /tree\.pages/,
  },
};

for (const [what, { harm, message }] of Object.entries(DAMAGES)) {
  test(`a damaged store is refused by name and never taken for an empty one: ${what}`, async () => {
    const dir = temporaryDir();
    const store = await openStore({ dir, segmentBytes: 4096 });
    await put(store, Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`k${number}`, 'v'.repeat(900)])));
    await store.close();
    harm(dir);
    await assert.rejects(openStore({ dir, segmentBytes: 4096 }), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      assert.match(error.remedy, /Restore|newer version|earlier version/);
      return true;
    });
    assert.deepEqual(
      readdirSync(dir).filter((name) => name === 'lock'),
      [],
      'the directory is not left locked',
    );
  });
}
