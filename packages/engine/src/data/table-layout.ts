import type { KeyAttribute, KeySchema, Table, TableIndex } from '../catalog/table.js';
import { type TableVectors, tableVectors } from '../vectors/vector-layout.js';
import { AttributeNames } from './pick-json.js';

/** What the data plane derives from an index once, for all requests. */
export interface IndexLayout {
  readonly index: TableIndex;
  /** Hash attributes, then range attributes. */
  readonly keyAttributes: readonly KeyAttribute[];
  /** Names of the attributes that a start key for this index has: the index's key and the table's, once each. */
  readonly startKeyAttributes: readonly KeyAttribute[];
  /** Names of the projected attributes, keys included; undefined when all are. */
  readonly projected: ReadonlySet<string> | undefined;
  /** What of an item its entry is made of: its keys and the table's, and the projected attributes where not all are. */
  readonly entryAttributes: AttributeNames;
}

/** What the data plane derives from a table once, for all requests. */
export class TableLayout {
  readonly keyAttributes: readonly KeyAttribute[];
  readonly keyNames: ReadonlySet<string>;
  /** The attributes that are in a key, the table's or an index's. */
  readonly anyKeyAttributes: AttributeNames;
  readonly indexes: readonly IndexLayout[];
  /** In the order in which AWS checks an item's index keys. */
  readonly indexesByName: readonly IndexLayout[];
  readonly localIndexes: readonly IndexLayout[];
  readonly hasLocalIndexes: boolean;
  /** Undefined for a table without vector indexes. */
  readonly vectors: TableVectors | undefined;
  readonly #byName: ReadonlyMap<string, IndexLayout>;

  constructor(readonly table: Table) {
    this.keyAttributes = allAttributes(table.keys);
    this.keyNames = new Set(this.keyAttributes.map((attribute) => attribute.name));
    this.indexes = table.indexes.map((index) => indexLayout(this.keyAttributes, index));
    this.anyKeyAttributes = new AttributeNames([
      ...new Set([
        ...this.keyNames,
        ...this.indexes.flatMap(({ keyAttributes }) => keyAttributes.map(({ name }) => name)),
      ]),
    ]);
    this.localIndexes = this.indexes.filter(({ index }) => index.kind === 'LSI');
    this.hasLocalIndexes = this.localIndexes.length > 0;
    this.vectors = tableVectors(this.keyAttributes, table.vectorIndexes);
    this.indexesByName = [...this.indexes].sort((a, b) => (a.index.name < b.index.name ? -1 : 1));
    this.#byName = new Map(this.indexes.map((layout) => [layout.index.name, layout]));
  }

  index(name: string): IndexLayout | undefined {
    return this.#byName.get(name);
  }
}

const layouts = new WeakMap<Table, TableLayout>();

/** The table's layout. Cached by identity: the catalog hands out a new object whenever the table changes. */
export function tableLayout(table: Table): TableLayout {
  let layout = layouts.get(table);
  if (layout === undefined) {
    layout = new TableLayout(table);
    layouts.set(table, layout);
  }
  return layout;
}

function allAttributes(keys: KeySchema): KeyAttribute[] {
  return [...keys.hash, ...keys.range];
}

function indexLayout(tableKey: readonly KeyAttribute[], index: TableIndex): IndexLayout {
  const keyAttributes = allAttributes(index.keys);
  const names = new Set(keyAttributes.map((attribute) => attribute.name));
  const startKeyAttributes = [...keyAttributes, ...tableKey.filter((attribute) => !names.has(attribute.name))];
  const projected = projectedNames(startKeyAttributes, index);
  const entryAttributes = new AttributeNames(projected ? [...projected] : startKeyAttributes.map(({ name }) => name));
  return { index, keyAttributes, startKeyAttributes, projected, entryAttributes };
}

function projectedNames(keys: readonly KeyAttribute[], { projection }: TableIndex): ReadonlySet<string> | undefined {
  if (projection.type === 'ALL') return undefined;
  const included = projection.type === 'INCLUDE' ? projection.attributes : [];
  return new Set([...keys.map((attribute) => attribute.name), ...included]);
}
