import type { Writer } from '@tablewright/store';
import type { EngineContext } from '../engine-context.js';
import { type AttributeMap, valuesEqual } from '../value/index.js';
import { type Units, writeUnits } from './capacity.js';
import { entryOf, type IndexEntry } from './index-entries.js';
import { StoredItem } from './stored-item.js';
import type { IndexLayout, TableLayout } from './table-layout.js';

/** An item about to be stored. */
export interface NewItem {
  readonly item: AttributeMap;
  readonly stored: Buffer;
}

/** One item change: the item under `key` goes from `before` to `after`; undefined stands for no item. */
export interface ItemChange {
  readonly layout: TableLayout;
  readonly key: string;
  readonly before: StoredItem | undefined;
  readonly after: NewItem | undefined;
  /** What made the change; default: a request. Shows in the stream record. */
  readonly cause?: 'timeToLive';
}

/**
 * Makes one item change inside a store change: the item, its index entries, its stream record, its entry in the expiry
 * index, the statistics. Returns what it consumes.
 * Nothing that follows in the same store change may fail.
 */
export function replaceItem(context: EngineContext, writer: Writer, change: ItemChange): Units {
  const { layout, key, before, after } = change;
  if (after !== undefined) writer.put(key, after.stored);
  else if (before !== undefined) writer.delete(key);
  const oldBytes = before?.sizeBytes ?? 0;
  const newBytes = after === undefined ? 0 : StoredItem.sizeOf(after.stored);
  const indexes = layout.indexes.length === 0 ? undefined : replaceEntries(context, writer, change);
  if (layout.table.stream !== undefined) context.streams.append(writer, change);
  if (layout.table.timeToLive !== undefined) context.timeToLive.maintain(writer, change);
  if (before !== undefined || after !== undefined) {
    const items = Number(after !== undefined) - Number(before !== undefined);
    context.statistics.add(layout.table.storageNumber, key, items, newBytes - oldBytes);
  }
  return { table: writeUnits(Math.max(oldBytes, newBytes)), ...(indexes !== undefined && { indexes }) };
}

function replaceEntries(context: EngineContext, writer: Writer, change: ItemChange): Map<string, number> {
  const units = new Map<string, number>();
  for (const index of change.layout.indexes) {
    // What is left of an index being deleted is removed as a whole.
    if (index.index.status === 'DELETING') continue;
    const consumed = replaceEntry(context, writer, change, index);
    if (consumed > 0) units.set(index.index.name, consumed);
  }
  return units;
}

/**
 * An entry that moves costs a delete and a put, one that stays where it is costs one write, one that does not change
 * costs nothing (docs: GSI, "Storage considerations" and "Write capacity units").
 */
function replaceEntry(context: EngineContext, writer: Writer, change: ItemChange, index: IndexLayout): number {
  const { table } = change.layout;
  const before = change.before && oldEntry(writer, change, index);
  const after = change.after && entryOf(table, index, change.after.item, change.after.stored);
  const number = index.index.storageNumber;
  if (before !== undefined && after !== undefined && before.key === after.key) {
    if (isSameValue(before.value, after.value)) return 0;
    writer.put(after.key, after.value);
    const [oldBytes, newBytes] = [StoredItem.sizeOf(before.value), StoredItem.sizeOf(after.value)];
    context.statistics.add(number, after.key, 0, newBytes - oldBytes);
    return writeUnits(Math.max(oldBytes, newBytes));
  }
  let units = 0;
  if (before !== undefined) {
    const bytes = StoredItem.sizeOf(before.value);
    writer.delete(before.key);
    context.statistics.add(number, before.key, -1, -bytes);
    units += writeUnits(bytes);
  }
  if (after !== undefined) {
    const bytes = StoredItem.sizeOf(after.value);
    writer.put(after.key, after.value);
    context.statistics.add(number, after.key, 1, bytes);
    units += writeUnits(bytes);
  }
  return units;
}

/** The entry of the item before the change. An index being created may not have it yet. */
function oldEntry(writer: Writer, { layout, before }: ItemChange, index: IndexLayout): IndexEntry | undefined {
  const entry = before && entryOf(layout.table, index, before.item, before.bytes);
  if (entry === undefined || index.index.status !== 'CREATING') return entry;
  return writer.get(entry.key) === undefined ? undefined : entry;
}

function isSameValue(a: Buffer, b: Buffer): boolean {
  if (a.equals(b)) return true;
  // The same attributes may have been written in another order.
  if (a.length !== b.length) return false;
  return valuesEqual({ M: new StoredItem(a).item }, { M: new StoredItem(b).item });
}
