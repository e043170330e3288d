import type { Key, Store, Writer } from '@tablewright/store';
import { DynamoError, validationError } from '../errors.js';
import { tableReference } from './arn.js';
import { NEXT_STORAGE_NUMBER, TABLES, tableKey } from './keys.js';
import type { Caller, Table, TableLookup } from './table.js';
import { tableFromRecord } from './table-from-record.js';
import type { TableRecord } from './table-record.js';

/** Told of every change of a table, inside the change. */
export interface TableObserver {
  /** `before` is undefined for a new table, `after` for one that goes. */
  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void;
}

interface CatalogEntry {
  readonly record: TableRecord;
  readonly table: Table;
}

/** Changes tables inside one change of the store. */
export interface CatalogWriter {
  readonly writer: Writer;
  /** The table as this change has made it so far. */
  read(place: Caller, name: string): TableRecord | undefined;
  put(record: TableRecord): void;
  remove(record: TableRecord): void;
  /** A number that was never handed out before, for a table's items or an index's entries. */
  nextStorageNumber(): number;
  /** Runs `action` when the change has been made (not yet: is durable), and not when it throws. */
  afterwards(action: () => void): void;
}

/** Every table of every account and region, held in memory and written through to the store. */
export class Catalog implements TableLookup {
  readonly #entries = new Map<Key, CatalogEntry>();
  readonly #observers: TableObserver[] = [];

  constructor(private readonly store: Store) {
    for (const { key, value } of store.range(TABLES)) {
      this.#entries.set(key, catalogEntry(JSON.parse(value.toString('utf8')) as TableRecord));
    }
  }

  table(caller: Caller, nameOrArn: string): Table {
    const table = this.#lookup(caller, nameOrArn)?.table;
    if (table === undefined || table.status === 'CREATING' || table.status === 'DELETING') {
      throw new DynamoError('ResourceNotFoundException', 'Requested resource not found');
    }
    if (table.fault !== undefined) throw validationError(table.fault);
    return table;
  }

  /** The record, in whatever state the table is. */
  find(caller: Caller, nameOrArn: string): TableRecord | undefined {
    return this.#lookup(caller, nameOrArn)?.record;
  }

  /** The table as the data plane sees it, in whatever state. */
  view(record: TableRecord): Table | undefined {
    return this.#entries.get(tableKey(record, record.name))?.table;
  }

  /** The tables of one account and region, by name. */
  list(place: Caller): TableRecord[] {
    return this.all()
      .filter((record) => record.accountId === place.accountId && record.region === place.region)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  all(): TableRecord[] {
    return [...this.#entries.values()].map((entry) => entry.record);
  }

  /** All of them, as the data plane sees them. */
  views(): Table[] {
    return [...this.#entries.values()].map((entry) => entry.table);
  }

  observe(observer: TableObserver): void {
    this.#observers.push(observer);
  }

  /** One durable change; memory follows only when `action` returns. */
  change<T>(action: (writer: CatalogWriter) => T): Promise<T> {
    const staged = new Map<Key, TableRecord | undefined>();
    const afterwards: (() => void)[] = [];
    let isMade = false;
    const done = this.store.change((writer) => {
      const result = action(this.#writer(writer, staged, afterwards));
      for (const [key, record] of staged) {
        if (record === undefined) this.#entries.delete(key);
        else this.#entries.set(key, catalogEntry(record));
      }
      isMade = true;
      return result;
    });
    if (isMade) for (const next of afterwards) next();
    return done;
  }

  #writer(writer: Writer, staged: Map<Key, TableRecord | undefined>, afterwards: (() => void)[]): CatalogWriter {
    const stage = (key: Key, after: TableRecord | undefined): void => {
      const before = staged.has(key) ? staged.get(key) : this.#entries.get(key)?.record;
      staged.set(key, after);
      for (const observer of this.#observers) observer.tableChanged(changes, before, after);
    };
    const changes: CatalogWriter = {
      writer,
      read: (place, name) => {
        const key = tableKey(place, name);
        return staged.has(key) ? staged.get(key) : this.#entries.get(key)?.record;
      },
      put(record) {
        const key = tableKey(record, record.name);
        writer.put(key, Buffer.from(JSON.stringify(record)));
        stage(key, record);
      },
      remove(record) {
        const key = tableKey(record, record.name);
        writer.delete(key);
        stage(key, undefined);
      },
      nextStorageNumber() {
        const number = Number(writer.get(NEXT_STORAGE_NUMBER)?.toString('latin1') ?? '1');
        writer.put(NEXT_STORAGE_NUMBER, Buffer.from(String(number + 1)));
        return number;
      },
      afterwards(action) {
        afterwards.push(action);
      },
    };
    return changes;
  }

  #lookup(caller: Caller, nameOrArn: string): CatalogEntry | undefined {
    const { place, name } = tableReference(caller, nameOrArn);
    return this.#entries.get(tableKey(place, name));
  }
}

function catalogEntry(record: TableRecord): CatalogEntry {
  return { record, table: tableFromRecord(record) };
}
