import type { Writer } from '@tablewright/store';
import type { Catalog, CatalogWriter } from '../catalog/catalog.js';
import { tableFromRecord } from '../catalog/table-from-record.js';
import type { RestoreRecord, TableRecord } from '../catalog/table-record.js';
import type { Lifecycle } from '../control/lifecycle.js';
import type { ItemChange } from '../data/replace-item.js';
import { StoredItem } from '../data/stored-item.js';
import { TableLayout } from '../data/table-layout.js';
import { type History, hex, unhex } from './history.js';
import { storedItemKey } from './history-keys.js';
import { pastItems } from './past-items.js';
import { restorePin } from './restore-table.js';

export interface RestoreJobOptions {
  readonly catalog: Catalog;
  readonly history: History;
  readonly lifecycle: Lifecycle;
  /** Makes an item change with all that follows from it; the engine's `replaceItem`. */
  readonly change: (writer: Writer, change: ItemChange) => void;
}

/** Items copied in one change. */
export const RESTORE_CHUNK = 300;

/** Copies the items of tables that are being restored, a bounded chunk a step; begins again where it was. */
export class RestoreJob {
  /** The layout of the table restored last. */
  #layout: TableLayout | undefined;

  constructor(private readonly options: RestoreJobOptions) {}

  /** False when no table is being restored. */
  async step(): Promise<boolean> {
    const { catalog } = this.options;
    const record = catalog.all().find((one) => one.restore?.copy !== undefined);
    if (record === undefined) return false;
    await catalog.change((changes) => this.#copyChunk(changes, record));
    return true;
  }

  #copyChunk(changes: CatalogWriter, record: TableRecord): void {
    const copy = record.restore?.copy;
    if (record.restore === undefined || copy === undefined) return;
    const { writer } = changes;
    const source = { storageNumber: copy.storageNumber, stamp: unhex(copy.stamp) };
    const from = { phase: copy.phase, after: unhex(copy.after) };
    const { items, next } = pastItems(writer, source, from, RESTORE_CHUNK);
    const layout = this.#layoutOf(record);
    for (const [suffix, stored] of items) {
      const key = storedItemKey(record.storageNumber, suffix);
      if (writer.get(key) !== undefined) continue;
      this.options.change(writer, { layout, key, before: undefined, after: new StoredItem(stored) });
    }
    if (next !== undefined) {
      const copied = { ...copy, phase: next.phase, after: hex(next.after) };
      changes.put({ ...record, restore: { ...record.restore, copy: copied } });
      return;
    }
    const { copy: _, ...restore } = record.restore;
    this.#finish(changes, record, restore, copy.storageNumber);
  }

  #finish(changes: CatalogWriter, record: TableRecord, restore: RestoreRecord, sourceNumber: number): void {
    const { history, lifecycle } = this.options;
    if (restore.backupArn === undefined) history.unpin(changes, sourceNumber, restorePin(record));
    lifecycle.begin(changes, { ...record, restore });
  }

  #layoutOf(record: TableRecord): TableLayout {
    if (this.#layout?.table.id !== record.id) this.#layout = new TableLayout(tableFromRecord(record));
    return this.#layout;
  }
}
