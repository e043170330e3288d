import type { CatalogWriter } from '../catalog/catalog.js';
import { contentRange } from '../catalog/keys.js';
import type { TableRecord } from '../catalog/table-record.js';
import { StoredItem } from '../data/stored-item.js';
import { dueSecond, putEntry } from './expiry-index.js';

/** Items read in one change. */
export const BUILD_CHUNK = 500;

/** Whether the expiry index is being filled from the table's items. */
export function isBuilding(record: TableRecord): boolean {
  return record.timeToLive?.enabled === true && record.timeToLive.indexedTo !== undefined;
}

/**
 * Fills one chunk of a table's expiry index inside a change, and stores the record, which holds how far it got. Writes
 * that go on meanwhile maintain the index themselves, and an entry put twice is the same.
 */
export function buildChunk(changes: CatalogWriter, record: TableRecord, nowMs: number): void {
  const { timeToLive } = record;
  if (timeToLive?.indexedTo === undefined) return;
  const { indexedTo, ...rest } = timeToLive;
  const { start, end } = contentRange('Dd', record.storageNumber);
  const from = indexedTo === '' ? start : `${Buffer.from(indexedTo, 'hex').toString('latin1')}\0`;
  const chunk: { key: string; value: Buffer }[] = [];
  for (const entry of changes.writer.range({ start: from, end })) {
    chunk.push(entry);
    if (chunk.length === BUILD_CHUNK) break;
  }
  for (const { key, value } of chunk) {
    const second = dueSecond(new StoredItem(value).item, timeToLive.attributeName, nowMs);
    if (second !== undefined) putEntry(changes.writer, timeToLive, second, key);
  }
  const last = chunk.length < BUILD_CHUNK ? undefined : chunk.at(-1)?.key;
  const position = last === undefined ? {} : { indexedTo: Buffer.from(last, 'latin1').toString('hex') };
  changes.put({ ...record, timeToLive: { ...rest, ...position } });
}
