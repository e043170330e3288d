import type { KeyRange, Store } from '@tablewright/store';
import type { AttributeMap } from '../value/index.js';
import type { AttributeNames } from './pick-json.js';
import { StoredItem } from './stored-item.js';

/** A page ends once what was read, before any filter, adds up to this (docs: Query, "Paginating"). */
export const MAX_PAGE_BYTES = 1024 * 1024;

export interface PageFilter {
  evaluate(item: AttributeMap): boolean;
  /** The attributes that it looks at, and gets. */
  readonly names: AttributeNames;
}

export interface PageRules {
  /** Items to evaluate at most. */
  readonly limit: number | undefined;
  readonly filter: PageFilter | undefined;
  /** Narrows the entries to those the key condition really means; others are not even counted. */
  readonly accepts?: ((entry: StoredItem) => boolean) | undefined;
  /** What stands for an index entry: the whole item, where the index does not project what is asked for. */
  readonly fetch?: ((entry: StoredItem) => StoredItem) | undefined;
  /** Whether there can be one item at most, after which no page follows. */
  readonly isOneItem: boolean;
  /** Whether the items are wanted, not only their number. */
  readonly collects: boolean;
  /** Takes every entry that is read. */
  readonly entries?: StoredItem[] | undefined;
  /** Read before, for the same page. Default 0. */
  readonly startBytes?: number;
}

export interface Page {
  readonly items: StoredItem[];
  readonly count: number;
  readonly scannedCount: number;
  /** Sum of the sizes of the entries read for the page, now and before. */
  readonly sizeBytes: number;
  /** The last entry read, if there may be more after it. */
  readonly last: StoredItem | undefined;
}

/**
 * Reads entries until the limit or the size of a page is reached. At the limit there is a last key even if nothing
 * follows, at the size only if something does.
 */
export function readPage(store: Pick<Store, 'visit'>, range: KeyRange, rules: PageRules): Page {
  const { filter, accepts, fetch, collects } = rules;
  const limit = rules.limit ?? Number.POSITIVE_INFINITY;
  const items: StoredItem[] = [];
  let count = 0;
  let scannedCount = 0;
  let sizeBytes = rules.startBytes ?? 0;
  let last: StoredItem | undefined;
  let isCut = false;
  store.visit(range, (bytes, begin, end) => {
    if (sizeBytes >= MAX_PAGE_BYTES) {
      isCut = true;
      return false;
    }
    const entry = new StoredItem(bytes, undefined, begin, end);
    if (accepts !== undefined && !accepts(entry)) return true;
    last = entry;
    scannedCount++;
    sizeBytes += entry.sizeBytes;
    rules.entries?.push(entry);
    const item = fetch === undefined ? entry : fetch(entry);
    if (filter === undefined || filter.evaluate(item.attributes(filter.names))) {
      count++;
      if (collects) items.push(item);
    }
    if (scannedCount < limit) return true;
    isCut = !rules.isOneItem;
    return false;
  });
  return { items, count, scannedCount, sizeBytes, last: isCut ? last : undefined };
}
