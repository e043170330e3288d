import type { Reader, Writer } from '@tablewright/store';
import { storedItemKey } from '../backup/history-keys.js';
import type { Stamp } from '../backup/stamp.js';
import type { Table, TableReplication } from '../catalog/table.js';
import type { ItemChange } from '../data/replace-item.js';
import { StoredItem } from '../data/stored-item.js';
import type { TableLayout } from '../data/table-layout.js';
import { deletionKey, versionKey } from './replication-keys.js';

const EMPTY = Buffer.alloc(0);

/** Of an item that nobody has changed since its table became a replica; less than any stamp. */
export const NO_VERSION: Stamp = '';

export function versionOf(reader: Reader, { versions }: TableReplication, suffix: string): Stamp {
  return reader.get(versionKey(versions, suffix))?.toString('latin1') ?? NO_VERSION;
}

/** Notes an item's last change; a version without an item is what is left of a deleted one. */
export function putVersion(
  writer: Writer,
  { versions, deletions }: TableReplication,
  suffix: string,
  stamp: Stamp,
  isDeleted: boolean,
): void {
  writer.put(versionKey(versions, suffix), Buffer.from(stamp, 'latin1'));
  if (isDeleted) writer.put(deletionKey(deletions, suffix), EMPTY);
}

/** A table, and its part in replication. */
export interface Replica {
  readonly layout: TableLayout;
  readonly replication: TableReplication;
}

/**
 * Brings one item of `to` up to what `from` has, unless `to` has a later change: the last writer wins. Doing it again
 * does nothing. Stamps are handed out by one source for all regions, in the order of the writes, so that no two changes
 * are equal, and every replica that has seen the same changes has the same item.
 */
export function mergeItem(
  writer: Writer,
  from: { readonly table: Table; readonly replication: TableReplication },
  to: Replica,
  suffix: string,
  change: (writer: Writer, change: ItemChange) => void,
): void {
  const theirs = versionOf(writer, from.replication, suffix);
  const ours = versionOf(writer, to.replication, suffix);
  const key = storedItemKey(to.layout.table.storageNumber, suffix);
  const present = writer.get(key);
  // Both without a version: the item is as old as the table, and is either copied already or not.
  if (theirs < ours || (theirs === ours && (theirs !== NO_VERSION || present !== undefined))) return;
  const stored = writer.get(storedItemKey(from.table.storageNumber, suffix));
  if (present !== undefined || stored !== undefined) {
    const before = present && new StoredItem(present);
    const after = stored && new StoredItem(stored);
    change(writer, { layout: to.layout, key, before, after, cause: 'replication' });
  }
  if (theirs !== NO_VERSION) putVersion(writer, to.replication, suffix, theirs, stored === undefined);
}
