import type { Writer } from '@tablewright/store';
import { pickAttributes } from '../data/own-attribute.js';
import type { ItemChange } from '../data/replace-item.js';
import { sameItem } from '../data/same-item.js';
import type { StoredItem } from '../data/stored-item.js';
import type { EngineContext } from '../engine-context.js';
import { valuesEqual } from '../value/index.js';
import { entrySizeBytes, type VectorEntry, vectorEntry, vectorKey } from './vector-entry.js';
import type { TableVectors, VectorLayout } from './vector-layout.js';

/** Every write of an entry counts for this much at least (measured on AWS by a public project). */
const MIN_REQUEST_BYTES = 1024;

/**
 * Brings the vector indexes up to date inside the store change that changes the item. Returns the bytes that it wrote to
 * each index, by name: those of the entry, of both entries the larger's; an entry that goes to another partition is
 * written twice, out of the one and into the other. An index in which nothing changes is not there.
 */
export function replaceVectors(
  context: Pick<EngineContext, 'statistics'>,
  writer: Writer,
  change: ItemChange,
): ReadonlyMap<string, number> | undefined {
  const { vectors } = change.layout;
  if (vectors === undefined) return undefined;
  const bytes = new Map<string, number>();
  for (const layout of vectors.layouts) {
    const written = replaceEntry(context, writer, change, vectors, layout);
    if (written > 0) bytes.set(layout.index.name, written);
  }
  return bytes;
}

function replaceEntry(
  context: Pick<EngineContext, 'statistics'>,
  writer: Writer,
  change: ItemChange,
  table: TableVectors,
  layout: VectorLayout,
): number {
  const { key: itemKey } = change;
  const before = change.before && oldEntry(writer, layout, change.before, itemKey);
  const after = change.after && vectorEntry(table, layout, change.after, itemKey);
  const number = layout.index.storageNumber;
  const [oldBytes, newBytes] = [sizeOf(before), sizeOf(after)];
  if (before !== undefined && after !== undefined && before.key === after.key) {
    if (before.value.equals(after.value)) return isSameProjection(layout, change) ? 0 : requestBytes(newBytes);
    writer.put(after.key, after.value);
    context.statistics.add(number, after.key, 0, newBytes - oldBytes);
    return requestBytes(Math.max(oldBytes, newBytes));
  }
  if (before !== undefined) {
    writer.delete(before.key);
    context.statistics.add(number, before.key, -1, -oldBytes);
  }
  if (after !== undefined) {
    writer.put(after.key, after.value);
    context.statistics.add(number, after.key, 1, newBytes);
  }
  return requestBytes(oldBytes) + requestBytes(newBytes);
}

function requestBytes(entryBytes: number): number {
  return entryBytes === 0 ? 0 : Math.max(MIN_REQUEST_BYTES, entryBytes);
}

/** The entry as it lies in the store. An index being filled may not have it yet; an item may have stayed out. */
function oldEntry(writer: Writer, layout: VectorLayout, before: StoredItem, itemKey: string): VectorEntry | undefined {
  // Without a partition key, the key of the item is all that it takes.
  const attributes = layout.hashName === undefined ? {} : before.attributes(layout.hashName);
  const key = vectorKey(layout, attributes, itemKey);
  const value = key === undefined ? undefined : writer.get(key);
  return key === undefined || value === undefined ? undefined : { key, value };
}

/** Whether the index would give back the same of both items; their vectors are known to be the same. */
function isSameProjection({ projected }: VectorLayout, { before, after }: ItemChange): boolean {
  if (before === undefined || after === undefined || sameItem(before, after)) return true;
  if (projected === undefined) return false;
  const shown = (item: StoredItem) => ({ M: pickAttributes(item.attributes(projected), projected.names) });
  return valuesEqual(shown(before), shown(after));
}

function sizeOf(entry: VectorEntry | undefined): number {
  return entry === undefined ? 0 : entrySizeBytes(entry.value);
}
