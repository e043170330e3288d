import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '@tablewright/testkit';
import { changedStore, SUFFIXES, TABLE } from './changed-store-fixture.js';
import { storedItemKey } from './history-keys.js';
import { FIRST_POSITION, type PastPosition, pastItem, pastItems } from './past-items.js';
import { StampSource, stampAfter } from './stamp.js';

test('read chunk by chunk while it changes, a table is found as it was', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { store, random, write, stamps } = await changedStore(seed);
    const expected = new Map(SUFFIXES.map((suffix) => [suffix, store.get(storedItemKey(TABLE, suffix))?.toString()]));
    const past = { storageNumber: TABLE, stamp: await store.change((writer) => stamps.next(writer)) };
    const found = new Map<string, string>();
    for (let position: PastPosition | undefined = FIRST_POSITION; position !== undefined; ) {
      await write(random.integer(0, 3));
      const chunk = pastItems(store, past, position, random.integer(1, 3));
      for (const [suffix, value] of chunk.items) found.set(suffix, value.toString());
      position = chunk.next;
    }
    for (const suffix of SUFFIXES) {
      assert.equal(found.get(suffix), expected.get(suffix), `seed ${seed}, ${JSON.stringify(suffix)}`);
      assert.equal(pastItem(store, past, suffix)?.toString(), expected.get(suffix));
    }
  }
});

test('stamps ascend, also when the clock stands still, is set back, or another takes over', () => {
  const clock = new VirtualClock(5000);
  const first = new StampSource(clock, stampAfter(0));
  const stamps = [first.next({}), first.next({})];
  stamps.push(new StampSource(clock, stamps.at(-1) ?? '').next({}));
  clock.advance(-4000);
  const later = new StampSource(clock, stamps.at(-1) ?? '');
  stamps.push(later.next({}), later.next({}));
  clock.advance(9000);
  stamps.push(later.next({}));
  assert.deepEqual(stamps, [...new Set(stamps)].sort());
});
