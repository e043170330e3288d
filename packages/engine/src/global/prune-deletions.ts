import type { Store, Writer } from '@tablewright/store';
import { storedItemKey } from '../backup/history-keys.js';
import type { Catalog } from '../catalog/catalog.js';
import { contentRange } from '../catalog/keys.js';
import type { ReplicationRecord, TableRecord } from '../catalog/table-record.js';
import { suffixIn, versionKey } from './replication-keys.js';

/** Keys looked at in one change. */
const CHUNK = 1000;

/**
 * Forgets a chunk of deleted items of one replica. The version of a deleted item is there to outlive older changes of
 * the item that are still on their way. When nothing is on its way in a whole global table, and no replica is being
 * filled, no such change exists: whatever is written later is newer than the deletion. False when there is none to forget.
 */
export async function pruneDeletions(
  store: Store,
  catalog: Catalog,
  records: readonly TableRecord[],
): Promise<boolean> {
  for (const record of records) {
    const { replication } = record;
    if (replication === undefined) continue;
    const deletions = contentRange('Dk', replication.deletions);
    if (isEmpty(store, deletions) || !isQuiet(store, catalog, record)) continue;
    const suffixes: string[] = [];
    for (const { key } of store.range(deletions)) {
      suffixes.push(suffixIn(key));
      if (suffixes.length === CHUNK) break;
    }
    await store.change((writer) => forget(writer, record, replication, suffixes));
    return true;
  }
  return false;
}

function forget(
  writer: Writer,
  { storageNumber }: TableRecord,
  { versions, deletions }: ReplicationRecord,
  suffixes: readonly string[],
): void {
  for (const suffix of suffixes) {
    writer.delete(contentRange('Dk', deletions).start + suffix);
    // The item may have come back.
    if (writer.get(storedItemKey(storageNumber, suffix)) === undefined) writer.delete(versionKey(versions, suffix));
  }
}

function isQuiet(store: Store, catalog: Catalog, record: TableRecord): boolean {
  const peers = (record.replication?.peers ?? []).map(({ region }) => catalog.find({ ...record, region }, record.name));
  return [record, ...peers].every(
    (one) =>
      one?.replication?.copy === undefined &&
      (one?.replication?.peers ?? []).every(({ queue }) => isEmpty(store, contentRange('Da', queue))),
  );
}

function isEmpty(store: Store, range: { start: string; end: string }): boolean {
  for (const _ of store.range(range)) return false;
  return true;
}
