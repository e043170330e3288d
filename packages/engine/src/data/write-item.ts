import type { Reader, Writer } from '@tablewright/store';
import type { EngineContext } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import type { Throttle } from '../throughput/index.js';
import type { Units } from './capacity.js';
import { type EntryChange, type ItemChange, planEntries, replaceItem, writtenUnits } from './replace-item.js';
import { StoredItem } from './stored-item.js';
import type { TableLayout } from './table-layout.js';

/** The item that a write is for. */
export interface WriteTarget {
  readonly layout: TableLayout;
  readonly storeKey: string;
}

/**
 * Runs what a write has to do before it can change its item. Throws when the table has no write capacity left, and
 * charges for an attempt that its condition refuses (docs: read-write-operations, "Conditional writes").
 */
export function attemptMetered<T>(
  context: EngineContext,
  reader: Reader,
  { layout, storeKey }: WriteTarget,
  attempt: () => T,
): T {
  context.throughput.admitWrite(layout, storeKey);
  try {
    return attempt();
  } catch (error) {
    if (isRefused(error)) context.throughput.chargeWrite(layout, storeKey, unitsAsItIs(reader, layout, storeKey), []);
    throw error;
  }
}

/** What a write costs that leaves the item as it is. */
export function unitsAsItIs(reader: Reader, layout: TableLayout, storeKey: string): number {
  const found = reader.get(storeKey);
  return writtenUnits(layout, found && new StoredItem(found));
}

function isRefused(error: unknown): boolean {
  return (
    error instanceof DynamoError &&
    (error.code === 'ConditionalCheckFailedException' || error.code === 'DuplicateItemException')
  );
}

/**
 * Makes one item change on behalf of a request, and charges for it. Throws, with nothing changed, when an index that it
 * changes has no write capacity left. The table's own capacity has been seen to.
 */
export function writeItem(context: EngineContext, writer: Writer, change: ItemChange): Units {
  const entries = planEntries(writer, change);
  context.throughput.admitEntries(change.layout, entries);
  return carryOut(context, writer, change, entries);
}

/** The same for one item among several: gives the limits that it met, instead of throwing. */
export function tryWriteItem(
  context: EngineContext,
  writer: Writer,
  change: ItemChange,
): { readonly units: Units } | { readonly throttles: readonly Throttle[] } {
  const { layout, key } = change;
  const throttle = context.throughput.writeThrottle(layout, key);
  if (throttle !== undefined) return { throttles: [throttle] };
  const entries = planEntries(writer, change);
  const throttles = context.throughput.entryThrottles(layout, entries);
  return throttles.length > 0 ? { throttles } : { units: carryOut(context, writer, change, entries) };
}

/** Makes one item change that nothing can refuse, and charges for it. */
export function carryOut(
  context: EngineContext,
  writer: Writer,
  change: ItemChange,
  entries: readonly EntryChange[] = planEntries(writer, change),
): Units {
  const units = replaceItem(context, writer, change, entries);
  const source = change.cause === 'replication' ? 'GlobalTable' : undefined;
  context.throughput.chargeWrite(change.layout, change.key, units.table, entries, 1, source);
  if (units.vectors !== undefined) context.throughput.chargeVectors(change.layout, 'Write', units.vectors);
  return units;
}
