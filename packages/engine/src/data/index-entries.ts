import type { Table, TableIndex } from '../catalog/table.js';
import { type AttributeMap, itemSizeBytes } from '../value/index.js';
import { entryKey } from './key-codec.js';
import { StoredItem } from './stored-item.js';
import { type IndexLayout, tableLayout } from './table-layout.js';

/** An index entry as it lies in the store; `value` has the layout of {@link StoredItem}. */
export interface IndexEntry {
  readonly key: string;
  readonly value: Buffer;
}

/**
 * The entry that `item` has in `index`; undefined when the item lacks one of the index's key attributes, or has one
 * of another type than the key's (which only items older than the index can have: such an item stays out of it).
 *
 * @param stored the item as stored, where at hand: an index that projects everything shares it
 */
export function indexEntryFor(
  table: Table,
  index: TableIndex,
  item: AttributeMap,
  stored?: Buffer,
): IndexEntry | undefined {
  const layout = tableLayout(table).index(index.name);
  if (layout === undefined || !hasIndexKey(layout, item)) return undefined;
  return { key: entryKey(table, index, item), value: projectedValue(layout, item, stored) };
}

export function hasIndexKey(layout: IndexLayout, item: AttributeMap): boolean {
  for (const attribute of layout.keyAttributes) {
    const value = item[attribute.name];
    if (value === undefined || !(attribute.type in value)) return false;
    if (('S' in value && value.S === '') || ('B' in value && value.B === '')) return false;
  }
  return true;
}

function projectedValue(layout: IndexLayout, item: AttributeMap, stored: Buffer | undefined): Buffer {
  if (layout.projected === undefined) return stored ?? StoredItem.encode(item, itemSizeBytes(item));
  const projected = projectItem(item, layout.projected);
  return StoredItem.encode(projected, itemSizeBytes(projected));
}

/** The top-level attributes of `item` that are in `names`. */
export function projectItem(item: AttributeMap, names: Iterable<string>): AttributeMap {
  const projected: Record<string, AttributeMap[string]> = {};
  for (const name of names) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value !== undefined) setOwn(projected, name, value);
  }
  return projected;
}

/** Assigns also `__proto__`, which an attribute may well be called, as a member of its own. */
function setOwn<T>(target: Record<string, T>, name: string, value: T): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
