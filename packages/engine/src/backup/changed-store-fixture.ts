import { MemoryStore, type Writer } from '@tablewright/store';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { journalPrefix, storedItemKey, timeIndexKey } from './history-keys.js';
import { StampSource, stampAfter } from './stamp.js';

/** Storage numbers of the table, and of its index by time. */
export const TABLE = 3;
export const INDEX = 4;

/** Keys of several lengths that are the beginning of others: nothing ends an item's key but its length. */
export const SUFFIXES = [
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

/** A store whose items have a history, and what makes more of it; the same for the same seed. */
export async function changedStore(seed: number) {
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
  return { store, random, write, stamps };
}

function randomWrite(writer: Writer, stamps: StampSource, random: SeededRandom): void {
  const suffix = random.pick(SUFFIXES);
  const key = storedItemKey(TABLE, suffix);
  const stamp = stamps.next(writer);
  writer.put(journalPrefix(TABLE, suffix) + stamp, writer.get(key) ?? Buffer.alloc(0));
  writer.put(timeIndexKey(INDEX, stamp, suffix), Buffer.alloc(0));
  if (random.next() < 0.4) writer.delete(key);
  else writer.put(key, Buffer.from(`${suffix.length}-${random.next()}`));
}
