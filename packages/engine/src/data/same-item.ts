import { valuesEqual } from '../value/index.js';
import type { NewItem } from './replace-item.js';
import type { StoredItem } from './stored-item.js';

/** Whether an item has the same attributes as before, in whatever order they were written. */
export function sameItem(before: StoredItem, after: NewItem): boolean {
  if (before.bytes.equals(after.stored)) return true;
  // Values are stored in their canonical form: what is equal has the same length.
  if (before.bytes.length !== after.stored.length) return false;
  return valuesEqual({ M: before.item }, { M: after.item });
}
