import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore, type Writer } from '@tablewright/store';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { journalPrefix, storedItemKey } from './history-keys.js';
import { FIRST_POSITION, type PastPosition, pastItem, pastItems } from './past-items.js';
import { StampSource, stampAfter } from './stamp.js';

const TABLE = 3;
// Keys that are the beginning of others: nothing ends an item's key but its length.
const SUFFIXES = [
  'a',
  'ab',
  'abc',
  'a\0',
  'a\xff',
  'b',
  'a'.repeat(300),
  `b${'\xff'.repeat(12)}`,
  `b${'\0'.repeat(12)}`,
];

test('read chunk by chunk while it changes, a table is found as it was', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = new SeededRandom(seed);
    const clock = new VirtualClock(1);
    const store = new MemoryStore();
    const stamps = new StampSource(clock, stampAfter(0));
    const write = (count: number): Promise<void> =>
      store.change((writer) => {
        for (let written = 0; written < count; written++) randomWrite(writer, stamps, random);
      });
    for (let round = 0; round < 10; round++) {
      clock.advance(random.integer(0, 2));
      await write(random.integer(1, 4));
    }
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

function randomWrite(writer: Writer, stamps: StampSource, random: SeededRandom): void {
  const suffix = random.pick(SUFFIXES);
  const key = storedItemKey(TABLE, suffix);
  writer.put(journalPrefix(TABLE, suffix) + stamps.next(writer), writer.get(key) ?? Buffer.alloc(0));
  if (random.next() < 0.4) writer.delete(key);
  else writer.put(key, Buffer.from(`${suffix.length}-${random.next()}`));
}

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
