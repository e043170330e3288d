import type { Clock, Timer } from '@tablewright/base';
import type { Entry, Store, Writer } from '@tablewright/store';
import { tableArn } from '../catalog/arn.js';
import type { Catalog, CatalogWriter, TableObserver } from '../catalog/catalog.js';
import { garbageKey } from '../catalog/keys.js';
import type { Table, TableTimeToLive } from '../catalog/table.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ItemChange } from '../data/replace-item.js';
import { StoredItem } from '../data/stored-item.js';
import { tableLayout } from '../data/table-layout.js';
import type { ExpirySink } from '../engine-context.js';
import { buildChunk, isBuilding } from './build-index.js';
import { dueRange, dueSecond, expiryKey, expirySecond, itemKeyOf, putEntry, secondOf } from './expiry-index.js';

export interface TimeToLiveOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly catalog: Catalog;
  /** Makes an item change with all that follows from it; the engine's `replaceItem`. */
  readonly change: (writer: Writer, change: ItemChange) => void;
  /** Calls for `step` until it finds nothing to do. */
  readonly wake: () => void;
}

/** Told of what time to live deleted: the table's ARN, how many items, and when. */
export type ExpiryListener = (tableArn: string, deletedItems: number, atMs: number) => void;

/** What the engine tells of time to live, for metrics (TimeToLiveDeletedItemCount). */
export interface ExpiryFeed {
  /** Items deleted from a table since the engine's start. */
  deletedItems(tableArn: string): number;
  /** Calls `listener` after every deletion. Returns what ends it. */
  subscribe(listener: ExpiryListener): () => void;
}

/** Items deleted in one change. */
const DELETE_CHUNK = 100;
/** The machine's timers know no more than some weeks. */
const MAX_DELAY_MS = 24 * 3600 * 1000;

/**
 * Deletes items when they expire, as soon as the clock passes their second: a timer waits for the first of all tables.
 * What is due is found in an index that every item change maintains. AWS only says that it deletes "within a few
 * days" (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html).
 */
export class TimeToLive implements ExpirySink, ExpiryFeed, TableObserver {
  readonly #listeners = new Set<ExpiryListener>();
  readonly #deletedItems = new Map<string, number>();
  #timer: Timer | undefined;
  /** When the timer fires; every entry that is due earlier moves it. */
  #timerMs = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(private readonly options: TimeToLiveOptions) {}

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  deletedItems(arn: string): number {
    return this.#deletedItems.get(arn) ?? 0;
  }

  subscribe(listener: ExpiryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  maintain(writer: Writer, { layout, key, before, after }: ItemChange): void {
    const index = layout.table.timeToLive;
    if (index === undefined) return;
    const old = before && expirySecond(before.item, index.attributeName);
    const next = after && dueSecond(after.item, index.attributeName, this.options.clock.nowMs());
    if (old === next) return;
    if (old !== undefined) writer.delete(expiryKey(index, old, key));
    if (next === undefined) return;
    putEntry(writer, index, next, key);
    this.#expect(next * 1000);
  }

  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void {
    const was = enabledIndex(before);
    const is = enabledIndex(after);
    if (was !== undefined && was.storageNumber !== is?.storageNumber) {
      const { storageNumber: number } = was;
      changes.writer.put(garbageKey(number), Buffer.from(JSON.stringify({ number, prefix: 'De' })));
      changes.afterwards(this.options.wake);
    }
    if (is !== undefined && (was?.storageNumber !== is.storageNumber || before?.timeToLive !== after?.timeToLive)) {
      changes.afterwards(this.options.wake);
    }
  }

  /** One bounded change: a chunk of an index, or of deletions. False when nothing is due; the timer waits then. */
  async step(): Promise<boolean> {
    if (this.#isClosed) return false;
    const { catalog, clock } = this.options;
    const nowMs = clock.nowMs();
    const records = catalog.all().filter((record) => enabledIndex(record) !== undefined && isAlive(record));
    const building = records.find(isBuilding);
    if (building !== undefined) {
      await catalog.change((changes) => buildChunk(changes, building, nowMs));
      return true;
    }
    for (const record of records) {
      const table = catalog.view(record);
      if (table !== undefined && (await this.#deleteExpired(table, nowMs))) return true;
    }
    this.#waitForNext(records);
    return false;
  }

  async #deleteExpired(table: Table, nowMs: number): Promise<boolean> {
    const { store } = this.options;
    const index = table.timeToLive;
    if (index === undefined) return false;
    const due = take(store.range(dueRange(index, nowMs)), DELETE_CHUNK);
    if (due.length === 0) return false;
    const deletedItems = await store.change((writer) => {
      let deleted = 0;
      for (const { key } of due) if (this.#deleteItem(writer, table, index, key)) deleted += 1;
      return deleted;
    });
    this.#count(tableArn(table, table.name), deletedItems, nowMs);
    return true;
  }

  /** Only an item that still expires at the entry's second is deleted; its entry goes with it. */
  #deleteItem(writer: Writer, table: Table, index: TableTimeToLive, entryKey: string): boolean {
    const key = itemKeyOf(table, entryKey);
    const found = writer.get(key);
    const before = found && new StoredItem(found);
    if (before === undefined || expirySecond(before.item, index.attributeName) !== secondOf(entryKey)) {
      writer.delete(entryKey);
      return false;
    }
    const layout = tableLayout(table);
    this.options.change(writer, { layout, key, before, after: undefined, cause: 'timeToLive' });
    return true;
  }

  #count(arn: string, deletedItems: number, nowMs: number): void {
    if (deletedItems === 0) return;
    this.#deletedItems.set(arn, this.deletedItems(arn) + deletedItems);
    for (const listener of this.#listeners) listener(arn, deletedItems, nowMs);
  }

  #waitForNext(records: readonly TableRecord[]): void {
    for (const record of records) {
      const index = enabledIndex(record);
      const [first] = index === undefined ? [] : take(this.options.store.range(allEntries(index)), 1);
      if (first !== undefined) this.#expect(secondOf(first.key) * 1000);
    }
  }

  /** An item expires at `atMs`: the timer must fire by then. */
  #expect(atMs: number): void {
    if (atMs >= this.#timerMs || this.#isClosed) return;
    const { clock, wake } = this.options;
    const nowMs = clock.nowMs();
    if (atMs <= nowMs) {
      wake();
      return;
    }
    this.#timer?.cancel();
    this.#timerMs = Math.min(atMs, nowMs + MAX_DELAY_MS);
    this.#timer = clock.after(this.#timerMs - nowMs, () => {
      this.#timerMs = Number.POSITIVE_INFINITY;
      wake();
    });
  }
}

function enabledIndex(table: TableRecord | undefined): TableTimeToLive | undefined {
  return table?.timeToLive?.enabled === true ? table.timeToLive : undefined;
}

function isAlive(record: TableRecord): boolean {
  return record.status !== 'CREATING' && record.status !== 'DELETING' && record.inaccessible === undefined;
}

function allEntries(index: TableTimeToLive): { start: string; end: string } {
  return { start: expiryKey(index, 0, ''), end: expiryKey(index, Number.MAX_SAFE_INTEGER, '\xff') };
}

function take(entries: Iterable<Entry>, count: number): Entry[] {
  const taken: Entry[] = [];
  for (const entry of entries) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
}
