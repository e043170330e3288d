import type { Writer } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { type Throttle, throttleError } from '../throughput/index.js';
import { type AttributeMap, checkItem } from '../value/index.js';
import { checkVectors } from '../vectors/check-vectors.js';
import { addUnits, consumedCapacity, type Units } from './capacity.js';
import { itemCollectionMetrics } from './item-collection.js';
import { itemKey } from './key-codec.js';
import { checkBatchItemKeys, checkKey } from './keys.js';
import { checkSizeWithEntries } from './local-entries-size.js';
import { newItem } from './new-item.js';
import type { BatchWriteEntry, BatchWriteItemRequest } from './request.js';
import { StoredItem } from './stored-item.js';
import { type TableLayout, tableLayout } from './table-layout.js';
import { tryWriteItem } from './write-item.js';
import { MAX_ITEM_BYTES } from './write-request.js';

const MAX_WRITES = 25;

/** One put or delete of a batch: the item to be put, or the key of the one to be deleted. */
type CheckedWrite = { readonly put: StoredItem } | { readonly deleteKey: AttributeMap };

/** The same when its table is known; `key` holds at least the key attributes. */
interface LocatedWrite {
  readonly key: AttributeMap;
  readonly storeKey: string;
  readonly after: StoredItem | undefined;
}

/** The writes of a batch to one table. */
interface TableWrites {
  readonly tableName: string;
  readonly layout: TableLayout;
  readonly writes: readonly LocatedWrite[];
}

/**
 * The writes of a batch are independent of each other in DynamoDB. Here they share one store change for speed: a batch
 * has no conditions, and all of it is checked beforehand, so that a write can only fail alone by being throttled. Such
 * writes are handed back unprocessed; when there is no other, the batch fails.
 */
export function batchWriteItem(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const input = rawInput as BatchWriteItemRequest;
    const requests = Object.entries(input.RequestItems);
    const writeCount = requests.reduce((sum, [, entries]) => sum + entries.length, 0);
    if (writeCount > MAX_WRITES) throw validationError('Too many items requested for the BatchWriteItem call');
    const checked = requests.map(([tableName, entries]) => ({ tableName, writes: entries.map(checkEntry) }));
    const tables = checked.map(({ tableName, writes }) => locate(context, caller, tableName, writes));
    return context.store.change((writer) => run(context, writer, input, tables));
  };
}

function checkEntry({ PutRequest: put, DeleteRequest: remove }: BatchWriteEntry): CheckedWrite {
  if ((put === undefined) === (remove === undefined)) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (put === undefined) return { deleteKey: checkItem(remove?.Key, { hasNarrowNumbers: true }).item };
  return { put: newItem(put.Item, { maxSizeBytes: MAX_ITEM_BYTES, hasNarrowNumbers: true }) };
}

function locate(
  context: EngineContext,
  caller: Caller,
  tableName: string,
  checked: readonly CheckedWrite[],
): TableWrites {
  const layout = tableLayout(context.tables.table(caller, tableName));
  const writes = checked.map((write) => locateWrite(layout, write));
  if (new Set(writes.map(({ storeKey }) => storeKey)).size < writes.length) {
    throw validationError('Provided list of item keys contains duplicates');
  }
  return { tableName, layout, writes };
}

function locateWrite(layout: TableLayout, write: CheckedWrite): LocatedWrite {
  if ('deleteKey' in write) {
    const { deleteKey: key } = write;
    checkKey(layout, key);
    return { key, storeKey: itemKey(layout.table, key), after: undefined };
  }
  const { put } = write;
  const key = put.attributes(layout.anyKeyAttributes);
  checkBatchItemKeys(layout, key);
  checkVectors(layout, put);
  checkSizeWithEntries(layout, put);
  return { key, storeKey: itemKey(layout.table, key), after: put };
}

function run(
  context: EngineContext,
  writer: Writer,
  input: BatchWriteItemRequest,
  tables: readonly TableWrites[],
): object {
  const capacities: Record<string, unknown>[] = [];
  const metrics: Record<string, unknown> = {};
  const unprocessed: Record<string, unknown> = {};
  let first: Throttle | undefined;
  let doneCount = 0;
  for (const table of tables) {
    const { units, done, throttled } = writeTable(context, writer, table);
    doneCount += done.length;
    if (throttled.length > 0) {
      first ??= throttled[0]?.throttle;
      const entries = input.RequestItems[table.tableName];
      unprocessed[table.tableName] = throttled.map(({ at }) => entries?.[at]);
    }
    if (done.length === 0) continue;
    const capacity = consumedCapacity(input.ReturnConsumedCapacity, table.tableName, table.layout, units);
    if (capacity !== undefined) capacities.push(capacity);
    if (input.ReturnItemCollectionMetrics === 'SIZE' && table.layout.hasLocalIndexes) {
      metrics[table.tableName] = collectionMetrics(writer, table.layout, done);
    }
  }
  if (doneCount === 0 && first !== undefined) throw throttleError([first]);
  return {
    UnprocessedItems: unprocessed,
    ...(Object.keys(metrics).length > 0 && { ItemCollectionMetrics: metrics }),
    ...(capacities.length > 0 && { ConsumedCapacity: capacities }),
  };
}

/** What became of the writes to one table. */
interface TableOutcome {
  readonly units: Units;
  readonly done: readonly LocatedWrite[];
  /** By position in the request. */
  readonly throttled: readonly { readonly at: number; readonly throttle: Throttle | undefined }[];
}

function writeTable(context: EngineContext, writer: Writer, { layout, writes }: TableWrites): TableOutcome {
  let units: Units = { table: 0 };
  const done: LocatedWrite[] = [];
  const throttled: { at: number; throttle: Throttle | undefined }[] = [];
  for (const [at, write] of writes.entries()) {
    const { storeKey: key } = write;
    const found = writer.get(key);
    const change = { layout, key, before: found && new StoredItem(found), after: write.after };
    const outcome = tryWriteItem(context, writer, change);
    if ('throttles' in outcome) {
      throttled.push({ at, throttle: outcome.throttles[0] });
      continue;
    }
    done.push(write);
    units = addUnits(units, outcome.units);
  }
  return { units, done, throttled };
}

/** One entry for each item collection that the batch touched. */
function collectionMetrics(writer: Writer, layout: TableLayout, writes: readonly LocatedWrite[]): unknown[] {
  const byCollection = new Map<string, unknown>();
  for (const { key } of writes) {
    const metrics = itemCollectionMetrics(writer, layout, key);
    byCollection.set(JSON.stringify(metrics?.ItemCollectionKey), metrics);
  }
  return [...byCollection.values()];
}
