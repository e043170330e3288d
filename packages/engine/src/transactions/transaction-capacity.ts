import { addUnits, type TableLayout, type Units, vectorCapacity } from '../data/index.js';

type Mode = 'INDEXES' | 'TOTAL' | 'NONE' | undefined;
type Kind = 'ReadCapacityUnits' | 'WriteCapacityUnits';

/** Every read and write of a transaction is paid twice: prepared and committed (docs: transaction-apis). */
export const TRANSACTION_FACTOR = 2;

/** Adds up, by table, what the actions of one transaction consume. */
export class TransactionCapacity {
  readonly #tables = new Map<string, { readonly layout: TableLayout; units: Units }>();

  constructor(private readonly kind: Kind) {}

  /** `tableName` is as the request names the table; `units` are those of the action by itself. */
  add(tableName: string, layout: TableLayout, units: Units): void {
    const known = this.#tables.get(tableName);
    if (known === undefined) this.#tables.set(tableName, { layout, units });
    else known.units = addUnits(known.units, units);
  }

  /** The `ConsumedCapacity` member of the answer, by table in the order of the request; undefined when not asked for. */
  report(mode: Mode): readonly object[] | undefined {
    if (mode === undefined || mode === 'NONE') return undefined;
    return [...this.#tables].map(([name, { layout, units }]) => this.#ofTable(mode, name, layout, units));
  }

  #ofTable(mode: Mode, tableName: string, layout: TableLayout, units: Units): object {
    let total = units.table;
    for (const indexUnits of units.indexes?.values() ?? []) total += indexUnits;
    const capacity = { TableName: tableName, ...this.#of(total) };
    if (mode === 'TOTAL') return capacity;
    const byKind = { LSI: {} as Record<string, object>, GSI: {} as Record<string, object> };
    for (const [name, indexUnits] of units.indexes ?? []) {
      byKind[layout.index(name)?.index.kind ?? 'GSI'][name] = this.#of(indexUnits);
    }
    return {
      ...capacity,
      Table: this.#of(units.table),
      ...(Object.keys(byKind.LSI).length > 0 && { LocalSecondaryIndexes: byKind.LSI }),
      ...(Object.keys(byKind.GSI).length > 0 && { GlobalSecondaryIndexes: byKind.GSI }),
      // What is written to these is not paid twice (recorded on AWS by a public project).
      ...vectorCapacity(units),
    };
  }

  #of(units: number): object {
    return { CapacityUnits: units * TRANSACTION_FACTOR, [this.kind]: units * TRANSACTION_FACTOR };
  }
}
