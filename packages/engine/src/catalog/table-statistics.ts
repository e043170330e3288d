import type { Key, Store } from '@tablewright/store';
import type { StatisticsSink } from '../engine-context.js';
import { type CountedPrefix, contentRange, STATISTICS } from './keys.js';

export interface Counts {
  readonly items: number;
  readonly bytes: number;
}

interface Entry {
  items: number;
  bytes: number;
  /** While the entries are being counted: the last key counted; '' before the first. */
  countedTo?: Key;
  readonly prefix: CountedPrefix;
}

/** Entries counted per step, so that a step takes about a millisecond. */
const CHUNK = 2000;

/**
 * Item counts and sizes of tables and indexes, kept in memory as items change. A clean stop saves them; the next
 * start takes them over and deletes what was saved in the same breath, so that they are there only when they are
 * right. After a kill they are counted anew, in steps between requests: writes that meanwhile hit the part already
 * counted are added, the others will be found by the count.
 *
 * AWS updates these figures about every six hours; here they are those of the moment.
 */
export class TableStatistics implements StatisticsSink {
  readonly #entries = new Map<number, Entry>();

  constructor(private readonly store: Store) {}

  /** Takes over what a clean stop saved, and counts what it did not. Resolves when the save is gone for good. */
  start(numbers: Iterable<readonly [number, CountedPrefix]>): Promise<void> {
    const saved = this.store.get(STATISTICS);
    const counts = new Map(
      saved === undefined ? [] : (JSON.parse(saved.toString('utf8')) as [number, [number, number]][]),
    );
    for (const [number, prefix] of numbers) {
      const count = counts.get(number);
      if (count === undefined) this.recount(number, prefix);
      else this.#entries.set(number, { items: count[0], bytes: count[1], prefix });
    }
    if (saved === undefined) return Promise.resolve();
    return this.store.change((writer) => writer.delete(STATISTICS));
  }

  /** Saves the counts that are complete. Nothing may be written after it. */
  async save(): Promise<void> {
    const complete = [...this.#entries].filter(([, entry]) => entry.countedTo === undefined);
    const saved = complete.map(([number, entry]) => [number, [entry.items, entry.bytes]]);
    await this.store.change((writer) => writer.put(STATISTICS, Buffer.from(JSON.stringify(saved))));
  }

  add(storageNumber: number, key: Key, items: number, bytes: number): void {
    const entry = this.#entries.get(storageNumber);
    if (entry === undefined || (entry.countedTo !== undefined && key > entry.countedTo)) return;
    entry.items += items;
    entry.bytes += bytes;
  }

  /** A new, empty table or index. */
  create(storageNumber: number, prefix: CountedPrefix): void {
    this.#entries.set(storageNumber, { items: 0, bytes: 0, prefix });
  }

  remove(storageNumber: number): void {
    this.#entries.delete(storageNumber);
  }

  /** Counts the entries anew; small tables and indexes at once. */
  recount(storageNumber: number, prefix: CountedPrefix): void {
    const entry: Entry = { items: 0, bytes: 0, prefix, countedTo: '' };
    this.#entries.set(storageNumber, entry);
    this.#countChunk(storageNumber, entry);
  }

  /** The counts so far; while entries are being counted, of those that were. */
  of(storageNumber: number): Counts {
    return this.#entries.get(storageNumber) ?? { items: 0, bytes: 0 };
  }

  /** Counts a little more; false when everything is counted. */
  step(): boolean {
    for (const [number, entry] of this.#entries) {
      if (entry.countedTo === undefined) continue;
      this.#countChunk(number, entry);
      return true;
    }
    return false;
  }

  #countChunk(storageNumber: number, entry: Entry): void {
    const { start, end } = contentRange(entry.prefix, storageNumber);
    const from = entry.countedTo === '' || entry.countedTo === undefined ? start : `${entry.countedTo}\0`;
    let counted = 0;
    for (const { key, value } of this.store.range({ start: from, end })) {
      entry.items += 1;
      entry.bytes += value.readUInt32LE(0);
      entry.countedTo = key;
      if (++counted === CHUNK) return;
    }
    entry.countedTo = undefined;
  }
}
