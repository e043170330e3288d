import type { Writer } from '@tablewright/store';
import {
  assertCondition,
  type EntryChange,
  planEntries,
  replaceItem,
  StoredItem,
  type Units,
  unitsAsItIs,
} from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import type { BulkUsage } from './bulk-record.js';
import type { CheckedPut } from './checked-put.js';

/** What came of a put that was not made. */
export interface RefusedPut<T> {
  readonly put: T;
  /** Undefined for a condition that does not hold. */
  readonly fault?: string;
  /** The item that is there instead. */
  readonly existing?: StoredItem;
}

export interface BatchResult<T> {
  readonly refused: readonly RefusedPut<T>[];
  readonly usage: BulkUsage;
  /** Write request units of the table, its local indexes included. */
  readonly units: number;
}

/**
 * Puts items inside a store change, one after the other, so that each condition sees what the puts before it did. They
 * are written as by PutItem, with all that follows from a change, but not charged to the table's capacity: a bulk
 * operation is billed by bytes, and held to a rate of its own.
 */
export function putBatch<T extends CheckedPut>(
  context: EngineContext,
  writer: Writer,
  puts: readonly T[],
): BatchResult<T> {
  const refused: RefusedPut<T>[] = [];
  const usage = new UsageCount();
  let units = 0;
  for (const put of puts) {
    const { layout, storeKey: key, item: after } = put;
    const found = writer.get(key);
    const before = found && new StoredItem(found);
    const refusal = refusalOf(put, before);
    if (refusal !== undefined) {
      refused.push({ put, ...refusal, ...(before !== undefined && { existing: before }) });
      units += unitsAsItIs(writer, layout, key);
      continue;
    }
    const change = { layout, key, before, after };
    const entries = planEntries(writer, change);
    const written = replaceItem(context, writer, change, entries);
    units += written.table;
    for (const { index, oldUnits, newUnits } of entries) if (index.index.kind === 'LSI') units += oldUnits + newUnits;
    usage.add(after, entries, written.vectors);
  }
  return { refused, usage: usage.total(), units };
}

function refusalOf(
  { request, condition }: CheckedPut,
  before: StoredItem | undefined,
): { readonly fault?: string } | undefined {
  try {
    assertCondition(request, condition, before);
    return undefined;
  } catch (error) {
    if (!(error instanceof DynamoError)) throw error;
    return error.code === 'ConditionalCheckFailedException' ? {} : { fault: error.message };
  }
}

/** Counts the item, and of each index the entry that is made, or the one that goes. */
class UsageCount {
  #table = 0;
  readonly #local = new Map<string, number>();
  readonly #global = new Map<string, number>();
  readonly #vector = new Map<string, number>();

  add(item: StoredItem, entries: readonly EntryChange[], vectors: Units['vectors'] = new Map()): void {
    this.#table += item.sizeBytes;
    for (const { index, before, after } of entries) {
      const entry = after ?? before;
      if (entry === undefined) continue;
      const { kind, name } = index.index;
      const counts = kind === 'LSI' ? this.#local : this.#global;
      count(counts, name, StoredItem.sizeOf(entry.value));
    }
    for (const [name, bytes] of vectors) count(this.#vector, name, bytes);
  }

  total(): BulkUsage {
    return {
      table: this.#table,
      localIndexes: Object.fromEntries(this.#local),
      globalIndexes: Object.fromEntries(this.#global),
      vectorIndexes: Object.fromEntries(this.#vector),
    };
  }
}

export function addUsage(one: BulkUsage, other: BulkUsage): BulkUsage {
  return {
    table: one.table + other.table,
    localIndexes: addCounts(one.localIndexes, other.localIndexes),
    globalIndexes: addCounts(one.globalIndexes, other.globalIndexes),
    vectorIndexes: addCounts(one.vectorIndexes ?? {}, other.vectorIndexes ?? {}),
  };
}

type Counts = Readonly<Record<string, number>>;

function addCounts(one: Counts, other: Counts): Counts {
  const sums = new Map(Object.entries(one));
  for (const [name, bytes] of Object.entries(other)) count(sums, name, bytes);
  return Object.fromEntries(sums);
}

/** In maps, as an index may be named `__proto__`. */
function count(counts: Map<string, number>, name: string, bytes: number): void {
  counts.set(name, (counts.get(name) ?? 0) + bytes);
}
