import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedStore, INDEX, SUFFIXES, TABLE } from './changed-store-fixture.js';
import { storedItemKey } from './history-keys.js';
import { walkChanges, walkPast } from './past-walk.js';

for (const range of [{ start: '' }, { start: 'a\0' }, { start: 'ab', end: 'b' }, { start: '', end: 'ab' }]) {
  test(`items of the past come in order, each once, while the table changes: ${JSON.stringify(range)}`, async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { store, random, write, stamps } = await changedStore(seed);
      const within = [...SUFFIXES].sort().filter((suffix) => suffix >= range.start && suffix < (range.end ?? 'c'));
      const expected = within
        .map((suffix) => [suffix, store.get(storedItemKey(TABLE, suffix))?.toString()])
        .filter(([, value]) => value !== undefined);
      const past = { storageNumber: TABLE, stamp: await store.change((writer) => stamps.next(writer)) };
      const found: [string, string][] = [];
      for (let next: string | undefined = range.start; next !== undefined; ) {
        await write(random.integer(0, 3));
        const chunk = walkPast(store, past, { ...range, start: next }, random.integer(1, 3));
        found.push(...chunk.items.map(([suffix, value]): [string, string] => [suffix, value.toString()]));
        next = chunk.next;
      }
      assert.deepEqual(found, expected, `seed ${seed}`);
    }
  });
}

test('items that changed in a period come once, as they were before and after it', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { store, random, write, stamps } = await changedStore(seed);
    const state = () => SUFFIXES.map((suffix) => store.get(storedItemKey(TABLE, suffix))?.toString());
    const stampNow = () => store.change((writer) => stamps.next(writer));
    const before = state();
    const from = await stampNow();
    await write(random.integer(0, 8));
    const after = state();
    const to = await stampNow();
    const found = new Map<string, (string | undefined)[]>();
    for (let next: string | undefined = ''; next !== undefined; ) {
      await write(random.integer(0, 3));
      const table = { storageNumber: TABLE, timeIndex: INDEX, from, to };
      const chunk = walkChanges(store, table, next, random.integer(1, 3));
      for (const change of chunk.changes) {
        assert.ok(!found.has(change.suffix), 'found once');
        found.set(change.suffix, [change.before?.toString(), change.after?.toString()]);
      }
      next = chunk.next;
    }
    for (const [at, suffix] of SUFFIXES.entries()) {
      const isSame = before[at] === after[at];
      assert.deepEqual(found.get(suffix), isSame ? undefined : [before[at], after[at]], `seed ${seed}`);
    }
  }
});
