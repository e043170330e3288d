import type { Reader } from '@tablewright/store';
import type { AttributeMap } from '../value/index.js';
import { prefixEnd } from './byte-string.js';
import { collectionPrefix, entryPrefix, itemPrefix } from './key-codec.js';
import { pickAttributes } from './own-attribute.js';
import { StoredItem } from './stored-item.js';
import type { TableLayout } from './table-layout.js';

const GIB = 1024 ** 3;
/** Counting is synchronous, so it stops here: a larger collection (of small items) is reported by this part. */
const MAX_COUNTED_ENTRIES = 20_000;

/**
 * The `ItemCollectionMetrics` of an answer: only tables with local indexes have item collections. The size is that of
 * the collection's items and their entries in the local indexes, as bounds one GB apart.
 *
 * Differs: AWS refuses writes to a collection of more than 10 GB (ItemCollectionSizeLimitExceededException), which is
 * not emulated, as the sizes of collections are counted when they are asked for, not kept.
 *
 * @param key holds the hash key
 */
export function itemCollectionMetrics(
  reader: Reader,
  layout: TableLayout,
  key: AttributeMap,
): Record<string, unknown> | undefined {
  if (!layout.hasLocalIndexes) return undefined;
  const { table } = layout;
  const prefixes = [itemPrefix(table)];
  for (const index of table.indexes) if (index.kind === 'LSI') prefixes.push(entryPrefix(index));
  let sizeBytes = 0;
  for (const prefix of prefixes) sizeBytes += rangeSizeBytes(reader, collectionPrefix(prefix, table.keys.hash, key));
  const lowerGb = Math.floor(sizeBytes / GIB);
  return {
    ItemCollectionKey: pickAttributes(
      key,
      table.keys.hash.map((attribute) => attribute.name),
    ),
    SizeEstimateRangeGB: [lowerGb, lowerGb + 1],
  };
}

function rangeSizeBytes(reader: Reader, prefix: string): number {
  let sizeBytes = 0;
  let entries = 0;
  for (const { value } of reader.range({ start: prefix, end: prefixEnd(prefix) })) {
    sizeBytes += StoredItem.sizeOf(value);
    if (++entries >= MAX_COUNTED_ENTRIES) break;
  }
  return sizeBytes;
}
