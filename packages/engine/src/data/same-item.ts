import { valuesEqual } from '../value/index.js';
import type { StoredItem } from './stored-item.js';

/** Whether an item has the same attributes as before, in whatever order they were written. */
export function sameItem(before: StoredItem, after: StoredItem): boolean {
  const [old, next] = [before.bytes, after.bytes];
  // Values are stored in their canonical form: equal items have the same bytes, maybe in another order.
  if (old.length !== next.length) return false;
  if (old.equals(next)) return true;
  return mayBeReordered(old, next) && valuesEqual({ M: before.item }, { M: after.item });
}

/** False for nearly every true change, without parsing: what is only in another order has the same sum of bytes. */
function mayBeReordered(a: Buffer, b: Buffer): boolean {
  let from = 0;
  while (a[from] === b[from]) from++;
  let to = a.length - 1;
  while (a[to] === b[to]) to--;
  let sum = 0;
  for (let at = from; at <= to; at++) sum += (a[at] ?? 0) - (b[at] ?? 0);
  return sum === 0;
}
