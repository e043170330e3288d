import type { Item } from '../ledger.js';
import { naiveSize } from './naive-size.js';

/** What DescribeTable says of a table, or of an index, against the items, or the entries, that there are. */
export function checkCounts(
  what: string,
  itemCount: unknown,
  sizeBytes: unknown,
  items: readonly Item[],
  sizeOf = naiveSize,
): string[] {
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
  return [
    ...(itemCount === items.length ? [] : [`${what}: ItemCount is ${itemCount}, with ${items.length} items`]),
    ...(sizeBytes === bytes ? [] : [`${what}: the size is said to be ${sizeBytes} bytes, and is ${bytes}`]),
  ];
}
