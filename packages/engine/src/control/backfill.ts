import type { BackgroundFeed } from '../background-feed.js';
import type { Catalog, CatalogWriter } from '../catalog/catalog.js';
import { contentRange } from '../catalog/keys.js';
import { filledIndex } from '../catalog/settle.js';
import type { Table } from '../catalog/table.js';
import { tableFromRecord } from '../catalog/table-from-record.js';
import {
  type GlobalIndexRecord,
  isVectorIndex,
  type OnlineIndexRecord,
  onlineIndexes,
  type TableRecord,
  type VectorIndexRecord,
  withOnlineIndex,
} from '../catalog/table-record.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import { type IndexEntry, indexEntryFor, StoredItem, tableLayout } from '../data/index.js';
import { entrySizeBytes, vectorEntry } from '../vectors/vector-entry.js';

/** Items read in one step: about 1.5 ms, for which requests wait. */
export const BACKFILL_CHUNK = 100;
/** What one write unit is good for. */
const UNIT_BYTES = 1024;

/**
 * Fills one chunk of one index that was added to a table; false when there is none to fill. The index's record holds
 * how far it got. Writes that go on meanwhile maintain the index themselves, so an entry that is there is left alone.
 * The index's statistics are counted when it is complete: until then a write may take away an entry that the
 * backfill has yet to make.
 */
export async function backfillStep(
  catalog: Catalog,
  statistics: TableStatistics,
  feed: BackgroundFeed,
): Promise<boolean> {
  const record = catalog.all().find((table) => table.status !== 'DELETING' && filling(table) !== undefined);
  if (record === undefined) return false;
  const index = await catalog.change((changes) => backfillChunk(changes, record, statistics, feed));
  if (index !== undefined && isComplete(index)) statistics.recount(index.storageNumber, countedPrefix(index));
  return true;
}

type OnlineIndex = GlobalIndexRecord | VectorIndexRecord;

/** Where the entries of an index lie. */
export function countedPrefix(index: OnlineIndex): 'Dx' | 'Df' {
  return isVectorIndex(index) ? 'Df' : 'Dx';
}

function filling(record: TableRecord): OnlineIndex | undefined {
  return onlineIndexes(record).find(
    (index) => index.status === 'CREATING' && index.backfilledTo !== undefined && index.isFilled !== true,
  );
}

/** What makes the entries of an index from the table's items. */
function entryMaker(table: Table, index: OnlineIndex): (key: string, item: StoredItem) => IndexEntry | undefined {
  if (isVectorIndex(index)) {
    const { vectors } = tableLayout(table);
    const layout = vectors?.layouts.find((one) => one.index.storageNumber === index.storageNumber);
    return (key, item) => vectors && layout && vectorEntry(vectors, layout, item, key);
  }
  const view = table.indexes.find((one) => one.storageNumber === index.storageNumber);
  return (_, item) => view && indexEntryFor(table, view, item);
}

/** Fills a chunk inside a change, and stores the record. Returns the index as it is then. */
export function backfillChunk(
  changes: CatalogWriter,
  record: TableRecord,
  statistics: TableStatistics,
  feed: BackgroundFeed,
): OnlineIndex | undefined {
  const index = filling(record);
  if (index === undefined) return undefined;
  const table = tableFromRecord(record);
  const entryOf = entryMaker(table, index);
  const { start, end } = contentRange('Dd', record.storageNumber);
  const from = index.backfilledTo ? `${Buffer.from(index.backfilledTo, 'hex').toString('latin1')}\0` : start;
  let last: string | undefined;
  const chunk = [];
  for (const entry of changes.writer.range({ start: from, end })) {
    chunk.push(entry);
    last = entry.key;
    if (chunk.length === BACKFILL_CHUNK) break;
  }
  let writeUnits = 0;
  for (const { key, value } of chunk) {
    const entry = entryOf(key, new StoredItem(value));
    if (entry === undefined || changes.writer.get(entry.key) !== undefined) continue;
    changes.writer.put(entry.key, entry.value);
    writeUnits += Math.ceil(entrySizeBytes(entry.value) / UNIT_BYTES);
  }
  const isLast = chunk.length < BACKFILL_CHUNK;
  const backfilledItems = (index.backfilledItems ?? 0) + chunk.length;
  const after = isLast ? completed(record, index) : { ...index, backfilledTo: hex(last), backfilledItems };
  const items = Math.max(statistics.of(record.storageNumber).items, backfilledItems, 1);
  const share = isLast ? 1 : backfilledItems / items;
  // CloudWatch has no figures of a vector index being filled.
  if (!isVectorIndex(index)) {
    changes.afterwards(() => feed.indexFilling({ table, indexName: index.name, writeUnits, share }));
  }
  changes.put(withOnlineIndex(record, after));
  return after;
}

/** Whether all entries are there. */
export function isComplete(index: OnlineIndexRecord): boolean {
  return index.status === 'ACTIVE' || index.isFilled === true;
}

/** A transition that is yet to end makes the index active with it. */
function completed(record: TableRecord, index: OnlineIndex): OnlineIndex {
  return record.settlesMs === undefined ? filledIndex(index) : { ...index, isFilled: true };
}

function hex(key: string | undefined): string {
  return Buffer.from(key ?? '', 'latin1').toString('hex');
}
