import { PackedItem } from '../packed/packed-item.js';
import { type CheckOptions, checkItem } from '../value/index.js';
import { StoredItem } from './stored-item.js';

/** Checks the item of a request to put it, which may have been read and checked with the request. */
export function newItem(raw: unknown, options?: CheckOptions): StoredItem {
  if (raw instanceof PackedItem) return raw.stored;
  const { item, sizeBytes } = checkItem(raw, options);
  return StoredItem.of(item, sizeBytes);
}
