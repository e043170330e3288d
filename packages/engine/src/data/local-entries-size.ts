import { validationError } from '../errors.js';
import { type AttributeMap, itemSizeBytes } from '../value/index.js';
import { hasIndexKey } from './index-entries.js';
import { pickAttributes } from './own-attribute.js';
import type { TableLayout } from './table-layout.js';
import { MAX_ITEM_BYTES } from './write-request.js';

/** An item, which is only looked into where it matters, and the size of it alone. */
export interface SizedItem {
  readonly item: AttributeMap;
  readonly sizeBytes: number;
}

/**
 * The size of an item's entries in the table's local indexes, in bytes, which counts towards the 400 KB of the item
 * (docs: Constraints, "Item size for tables with local secondary indexes").
 * Of a small item the entries need not be counted, and 0 is given.
 */
export function localEntriesBytes(layout: TableLayout, sized: SizedItem): number {
  const { sizeBytes } = sized;
  if (sizeBytes * (layout.localIndexes.length + 1) <= MAX_ITEM_BYTES) return 0;
  let total = 0;
  const { item } = sized;
  for (const index of layout.localIndexes) {
    if (!hasIndexKey(index, item)) continue;
    total += index.projected === undefined ? sizeBytes : itemSizeBytes(pickAttributes(item, index.projected));
  }
  return total;
}

/** Throws when an item to be put is too large together with its entries in local indexes. */
export function checkSizeWithEntries(layout: TableLayout, sized: SizedItem): void {
  if (sized.sizeBytes + localEntriesBytes(layout, sized) <= MAX_ITEM_BYTES) return;
  throw validationError('Item size has exceeded the maximum allowed size');
}
