import type { Reader, Writer } from '@tablewright/store';
import type { EngineContext } from '../engine-context.js';
import { valuesEqual } from '../value/index.js';
import { IndexedItem } from '../vectors/indexed-item.js';
import { replaceVectors } from '../vectors/replace-vectors.js';
import { type Units, writeUnits } from './capacity.js';
import { entryOf, type IndexEntry } from './index-entries.js';
import { StoredItem } from './stored-item.js';
import type { IndexLayout, TableLayout } from './table-layout.js';

/** One item change: the item under `key` goes from `before` to `after`; undefined stands for no item. */
export interface ItemChange {
  readonly layout: TableLayout;
  readonly key: string;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  /** What made the change; default: a request for this item alone. Shows in the records of the change. */
  readonly cause?: 'timeToLive' | 'replication' | 'transaction';
}

/** What an item change means for one index; where nothing changes, there is none. */
export interface EntryChange {
  readonly index: IndexLayout;
  readonly before: IndexEntry | undefined;
  readonly after: IndexEntry | undefined;
  /** For the removal of an entry that goes or moves. */
  readonly oldUnits: number;
  readonly newUnits: number;
}

const NO_ENTRIES: readonly EntryChange[] = [];

/** What an item change means for the table's indexes. Changes nothing. */
export function planEntries(reader: Reader, change: ItemChange): readonly EntryChange[] {
  const { indexes } = change.layout;
  if (indexes.length === 0) return NO_ENTRIES;
  const entries: EntryChange[] = [];
  for (const index of indexes) {
    // What is left of an index being deleted is removed as a whole.
    if (index.index.status === 'DELETING') continue;
    const entry = planEntry(reader, change, index);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/**
 * An entry that moves costs a delete and a put, one that stays where it is costs one write, one that does not change
 * costs nothing (docs: GSI, "Storage considerations" and "Write capacity units").
 */
function planEntry(reader: Reader, change: ItemChange, index: IndexLayout): EntryChange | undefined {
  const { table } = change.layout;
  const before = change.before && oldEntry(reader, change, index);
  const after = change.after && entryOf(table, index, change.after);
  if (before === undefined && after === undefined) return undefined;
  const oldBytes = before === undefined ? 0 : StoredItem.sizeOf(before.value);
  const newBytes = after === undefined ? 0 : StoredItem.sizeOf(after.value);
  if (before !== undefined && after !== undefined && before.key === after.key) {
    if (isSameValue(before.value, after.value)) return undefined;
    return { index, before, after, oldUnits: 0, newUnits: writeUnits(Math.max(oldBytes, newBytes)) };
  }
  const oldUnits = before === undefined ? 0 : writeUnits(oldBytes);
  const newUnits = after === undefined ? 0 : writeUnits(newBytes);
  return { index, before, after, oldUnits, newUnits };
}

/**
 * Makes one item change inside a store change: the item, its index entries, its stream record, its way to Kinesis, its entry in the expiry
 * index and in the journal, the statistics. Returns what it consumes.
 * Nothing that follows in the same store change may fail.
 */
export function replaceItem(
  context: EngineContext,
  writer: Writer,
  change: ItemChange,
  entries: readonly EntryChange[] = planEntries(writer, change),
): Units {
  const { layout, key, before, after } = change;
  if (after !== undefined) writer.put(key, after.bytes);
  else if (before !== undefined) writer.delete(key);
  const oldBytes = before?.sizeBytes ?? 0;
  const newBytes = after?.sizeBytes ?? 0;
  const indexes = layout.indexes.length === 0 ? undefined : replaceEntries(context, writer, entries);
  const vectors = layout.vectors === undefined ? undefined : replaceVectors(context, writer, change);
  if (layout.table.stream !== undefined) context.streams.append(writer, change);
  if (layout.table.kinesis !== undefined) context.destinations.append(writer, change);
  if (layout.table.timeToLive !== undefined) context.timeToLive.maintain(writer, change);
  if (layout.table.journal !== undefined) context.history.append(writer, change);
  if (layout.table.replication !== undefined) context.replication.append(writer, change);
  if (before !== undefined || after !== undefined) {
    const items = Number(after !== undefined) - Number(before !== undefined);
    context.statistics.add(layout.table.storageNumber, key, items, newBytes - oldBytes);
  }
  const units = { table: writtenUnits(layout, before, after), ...(indexes !== undefined && { indexes }) };
  return vectors === undefined ? units : { ...units, vectors };
}

/** What a write costs that takes an item from one to the other. */
export function writtenUnits(layout: TableLayout, before: StoredItem | undefined, after?: StoredItem): number {
  return writeUnits(Math.max(writtenBytes(layout, before), writtenBytes(layout, after)));
}

function writtenBytes({ vectors }: TableLayout, item: StoredItem | undefined): number {
  if (item === undefined) return 0;
  return vectors === undefined ? item.sizeBytes : IndexedItem.of(vectors, item).writtenBytes();
}

function replaceEntries(context: EngineContext, writer: Writer, entries: readonly EntryChange[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const entry of entries) {
    replaceEntry(context, writer, entry);
    units.set(entry.index.index.name, entry.oldUnits + entry.newUnits);
  }
  return units;
}

function replaceEntry(context: EngineContext, writer: Writer, { index, before, after }: EntryChange): void {
  const number = index.index.storageNumber;
  const oldBytes = before === undefined ? 0 : StoredItem.sizeOf(before.value);
  if (before !== undefined && after !== undefined && before.key === after.key) {
    writer.put(after.key, after.value);
    context.statistics.add(number, after.key, 0, StoredItem.sizeOf(after.value) - oldBytes);
    return;
  }
  if (before !== undefined) {
    writer.delete(before.key);
    context.statistics.add(number, before.key, -1, -oldBytes);
  }
  if (after !== undefined) {
    writer.put(after.key, after.value);
    context.statistics.add(number, after.key, 1, StoredItem.sizeOf(after.value));
  }
}

/** The entry of the item before the change. An index being created may not have it yet. */
function oldEntry(reader: Reader, { layout, before }: ItemChange, index: IndexLayout): IndexEntry | undefined {
  const entry = before && entryOf(layout.table, index, before);
  if (entry === undefined || index.index.status !== 'CREATING') return entry;
  return reader.get(entry.key) === undefined ? undefined : entry;
}

function isSameValue(a: Buffer, b: Buffer): boolean {
  if (a.equals(b)) return true;
  // The same attributes may have been written in another order.
  if (a.length !== b.length) return false;
  return valuesEqual({ M: new StoredItem(a).item }, { M: new StoredItem(b).item });
}
