import { tableFromRecord } from '../catalog/table-from-record.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { newTable } from '../control/create-table.js';
import { storageNumbers } from '../control/lifecycle.js';
import { itemKey } from '../data/key-codec.js';
import { checkItemKeys } from '../data/keys.js';
import { checkSizeWithEntries } from '../data/local-entries-size.js';
import { replaceItem } from '../data/replace-item.js';
import { StoredItem } from '../data/stored-item.js';
import { TableLayout } from '../data/table-layout.js';
import { DynamoError } from '../errors.js';
import { JobFailed } from '../jobs/job-failure.js';
import { checkItem } from '../value/index.js';
import { checkVectors } from '../vectors/check-vectors.js';
import type { ImportRecord } from './import-record.js';
import { MalformedObject } from './malformed-object.js';

/** An item of an import that may be written. */
export interface CheckedImport {
  readonly key: string;
  readonly item: StoredItem;
}

/** The tables that imports write to: CREATING, as far as everyone else can see, until the import ends. */
export class ImportTarget {
  readonly #layouts = new Map<string, TableLayout>();

  constructor(private readonly context: ControlContext) {}

  /** Makes the table, unless an earlier start has. Throws {@link JobFailed} when another one has the name. */
  async create(record: ImportRecord): Promise<void> {
    await this.context.tables.change((changes) => {
      const { TableName: name } = record.input.TableCreationParameters;
      const existing = this.context.tables.find(record, name);
      if (existing?.id === record.tableId) return;
      if (existing !== undefined) {
        throw new JobFailed({ code: 'TableAlreadyExists', message: `Table already exists: ${name}` });
      }
      const place = { accountId: record.accountId, region: record.region };
      const made = newTable(this.context, record.input.TableCreationParameters, { place, name }, changes);
      const table: TableRecord = { ...made, id: record.tableId };
      changes.put(table);
      for (const [number, prefix] of storageNumbers(table)) this.context.statistics.create(number, prefix);
    });
  }

  /** The item in its stored form, or what is wrong with it. Throws {@link MalformedObject} for what is no item. */
  check(record: ImportRecord, raw: unknown): CheckedImport | { readonly fault: string } {
    try {
      const { item, sizeBytes } = checkItem(raw);
      const layout = this.#layoutOf(record);
      const stored = StoredItem.of(item, sizeBytes);
      checkItemKeys(layout, item);
      checkVectors(layout, stored);
      checkSizeWithEntries(layout, stored);
      return { key: itemKey(layout.table, item), item: stored };
    } catch (error) {
      if (!(error instanceof DynamoError)) throw error;
      if (error.code === 'ValidationException') return { fault: error.message };
      throw new MalformedObject(error.message);
    }
  }

  /** Writes items; of several with one key the last stays. */
  async write(record: ImportRecord, items: readonly CheckedImport[]): Promise<void> {
    const layout = this.#layoutOf(record);
    await this.context.store.change((writer) => {
      for (const { key, item } of items) {
        const found = writer.get(key);
        replaceItem(this.context, writer, { layout, key, before: found && new StoredItem(found), after: item });
      }
    });
  }

  /** The table can be used from now on; nothing to do when the import never made it. */
  async open(record: ImportRecord): Promise<void> {
    const { tables, clock, lifecycle } = this.context;
    this.#layouts.delete(record.tableId);
    await tables.change((changes) => {
      const table = tables.find(record, record.input.TableCreationParameters.TableName);
      if (table?.id === record.tableId && table.status === 'CREATING') {
        changes.put({ ...table, settlesMs: clock.nowMs() });
        changes.afterwards(() => lifecycle.settleDue());
      }
    });
  }

  #layoutOf(record: ImportRecord): TableLayout {
    let layout = this.#layouts.get(record.tableId);
    if (layout !== undefined) return layout;
    const table = this.context.tables.find(record, record.input.TableCreationParameters.TableName);
    if (table?.id !== record.tableId) throw new JobFailed({ code: 'TableNotFound', message: 'The table is gone' });
    layout = new TableLayout(tableFromRecord(table));
    this.#layouts.set(record.tableId, layout);
    return layout;
  }
}
