import type { BackgroundFeed } from '../background-feed.js';
import type { Catalog, CatalogWriter } from '../catalog/catalog.js';
import { contentRange } from '../catalog/keys.js';
import { filledIndex } from '../catalog/settle.js';
import { tableFromRecord } from '../catalog/table-from-record.js';
import type { GlobalIndexRecord, TableRecord } from '../catalog/table-record.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import { indexEntryFor, StoredItem } from '../data/index.js';

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
  if (index !== undefined && isComplete(index)) statistics.recount(index.storageNumber, 'Dx');
  return true;
}

function filling(record: TableRecord): GlobalIndexRecord | undefined {
  return record.globalIndexes.find(
    (index) => index.status === 'CREATING' && index.backfilledTo !== undefined && index.isFilled !== true,
  );
}

/** Fills a chunk inside a change, and stores the record. Returns the index as it is then. */
export function backfillChunk(
  changes: CatalogWriter,
  record: TableRecord,
  statistics: TableStatistics,
  feed: BackgroundFeed,
): GlobalIndexRecord | undefined {
  const index = filling(record);
  if (index === undefined) return undefined;
  const table = tableFromRecord(record);
  const view = table.indexes.find((one) => one.storageNumber === index.storageNumber);
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
  for (const { value } of chunk) {
    const entry = view && indexEntryFor(table, view, new StoredItem(value));
    if (entry === undefined || changes.writer.get(entry.key) !== undefined) continue;
    changes.writer.put(entry.key, entry.value);
    writeUnits += Math.ceil(new StoredItem(entry.value).sizeBytes / UNIT_BYTES);
  }
  const isLast = chunk.length < BACKFILL_CHUNK;
  const backfilledItems = (index.backfilledItems ?? 0) + chunk.length;
  const after = isLast ? completed(record, index) : { ...index, backfilledTo: hex(last), backfilledItems };
  const items = Math.max(statistics.of(record.storageNumber).items, backfilledItems, 1);
  const share = isLast ? 1 : backfilledItems / items;
  changes.afterwards(() => feed.indexFilling({ table, indexName: index.name, writeUnits, share }));
  changes.put({
    ...record,
    globalIndexes: record.globalIndexes.map((one) => (one.storageNumber === index.storageNumber ? after : one)),
  });
  return after;
}

/** Whether all entries are there. */
export function isComplete(index: GlobalIndexRecord): boolean {
  return index.status === 'ACTIVE' || index.isFilled === true;
}

/** A transition that is yet to end makes the index active with it. */
function completed(record: TableRecord, index: GlobalIndexRecord): GlobalIndexRecord {
  return record.settlesMs === undefined ? filledIndex(index) : { ...index, isFilled: true };
}

function hex(key: string | undefined): string {
  return Buffer.from(key ?? '', 'latin1').toString('hex');
}
