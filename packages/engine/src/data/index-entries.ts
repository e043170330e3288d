import type { Table, TableIndex } from '../catalog/table.js';
import { type AttributeMap, itemSizeBytes } from '../value/index.js';
import { entryKey } from './key-codec.js';
import { fitsKeySizes } from './keys.js';
import { ownAttribute, pickAttributes } from './own-attribute.js';
import { StoredItem } from './stored-item.js';
import { type IndexLayout, tableLayout } from './table-layout.js';

/** An index entry as it lies in the store; `value` has the layout of {@link StoredItem}. */
export interface IndexEntry {
  readonly key: string;
  readonly value: Buffer;
}

/**
 * The entry that `item` has in `index`; undefined when the item lacks one of the index's key attributes, or has one
 * that cannot be a key (which only items older than the index can have: such an item stays out of it).
 */
export function indexEntryFor(table: Table, index: TableIndex, item: StoredItem): IndexEntry | undefined {
  const layout = tableLayout(table).index(index.name);
  return layout === undefined ? undefined : entryOf(table, layout, item);
}

/** The same, of an index whose layout is at hand. */
export function entryOf(table: Table, layout: IndexLayout, item: StoredItem): IndexEntry | undefined {
  const attributes = item.attributes(layout.entryAttributes);
  if (!hasIndexKey(layout, attributes)) return undefined;
  return { key: entryKey(table, layout.index, attributes), value: projectedValue(layout, attributes, item) };
}

/** Whether the item has an entry in the index. */
export function hasIndexKey(layout: IndexLayout, item: AttributeMap): boolean {
  for (const attribute of layout.keyAttributes) {
    const value = ownAttribute(item, attribute.name);
    if (value === undefined || !(attribute.type in value)) return false;
    if (('S' in value && value.S === '') || ('B' in value && value.B === '')) return false;
  }
  return fitsKeySizes(layout.index.keys.hash, layout.index.keys.range, item);
}

/** An index that projects everything shares the item's value. */
function projectedValue(layout: IndexLayout, attributes: AttributeMap, item: StoredItem): Buffer {
  if (layout.projected === undefined) return item.bytes;
  const projected = pickAttributes(attributes, layout.projected);
  return StoredItem.encode(projected, itemSizeBytes(projected));
}
