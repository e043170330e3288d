import type { ConsumedCapacityMode } from './request.js';
import type { TableLayout } from './table-layout.js';

// Capacity arithmetic (docs: CapacityUnitCalculations, "Consumption of read and write capacity").

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

/** Capacity units that one request consumed on a table and on its indexes (by name). */
export interface Units {
  readonly table: number;
  readonly indexes?: ReadonlyMap<string, number>;
  /** Bytes written to vector indexes (by name), which are no capacity units. */
  readonly vectors?: ReadonlyMap<string, number>;
}

/** Read capacity units for `sizeBytes`; reading nothing costs as much as reading a small item. */
export function readUnits(sizeBytes: number, isConsistent: boolean): number {
  const units = Math.max(1, Math.ceil(sizeBytes / READ_UNIT_BYTES));
  return isConsistent ? units : units / 2;
}

/** Write capacity units for an item of `sizeBytes`; at least one. */
export function writeUnits(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / WRITE_UNIT_BYTES));
}

/** The `ConsumedCapacity` member of an answer; undefined when it was not asked for. */
export function consumedCapacity(
  mode: ConsumedCapacityMode | undefined,
  tableName: string,
  layout: TableLayout,
  units: Units,
): Record<string, unknown> | undefined {
  if (mode === undefined || mode === 'NONE') return undefined;
  let total = units.table;
  for (const indexUnits of units.indexes?.values() ?? []) total += indexUnits;
  const capacity = { TableName: tableName, CapacityUnits: total };
  return mode === 'TOTAL'
    ? capacity
    : { ...capacity, Table: { CapacityUnits: units.table }, ...byIndex(layout, units) };
}

function byIndex(layout: TableLayout, units: Units): Record<string, unknown> {
  const global: Record<string, unknown> = {};
  const local: Record<string, unknown> = {};
  for (const [name, indexUnits] of units.indexes ?? []) {
    const target = layout.index(name)?.index.kind === 'LSI' ? local : global;
    target[name] = { CapacityUnits: indexUnits };
  }
  return {
    ...(Object.keys(local).length > 0 && { LocalSecondaryIndexes: local }),
    ...(Object.keys(global).length > 0 && { GlobalSecondaryIndexes: global }),
    ...vectorCapacity(units),
  };
}

/** Told with what is told by index, and only then (recorded on AWS by a public conformance suite). */
export function vectorCapacity({ vectors }: Units): Record<string, unknown> {
  if (vectors === undefined || vectors.size === 0) return {};
  const written = [...vectors].map(([name, bytes]) => [name, { VectorWriteRequestBytes: bytes }]);
  return { VectorIndexes: Object.fromEntries(written) };
}

/** Adds what another request of the same batch consumed on the same table. */
export function addUnits(a: Units, b: Units): Units {
  const units = { table: a.table + b.table, indexes: sums(a.indexes, b.indexes) };
  return a.vectors === undefined && b.vectors === undefined ? units : { ...units, vectors: sums(a.vectors, b.vectors) };
}

function sums(a: Units['indexes'] = new Map(), b: Units['indexes'] = new Map()): ReadonlyMap<string, number> {
  const sum = new Map(a);
  for (const [name, amount] of b) sum.set(name, (sum.get(name) ?? 0) + amount);
  return sum;
}
