import type { Caller } from '../catalog/table.js';
import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { compileProjection, type Projection } from '../expression/index.js';
import { type Throttle, throttleError } from '../throughput/index.js';
import { type AttributeMap, checkItem } from '../value/index.js';
import { consumedCapacity, readUnits } from './capacity.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { ItemProjection } from './item-projection.js';
import type { JsonItem } from './json-item.js';
import { itemKey } from './key-codec.js';
import { checkKey, checkScalarKeys } from './keys.js';
import { expressionMixture } from './legacy-parameters.js';
import { inWordsOf } from './recent-words.js';
import type { BatchGetItemRequest, KeysAndAttributes } from './request.js';
import { StoredItem } from './stored-item.js';
import { type TableLayout, tableLayout } from './table-layout.js';

const RULES: ExpressionRules = { expressions: ['ProjectionExpression'], legacy: ['AttributesToGet'] };
const MAX_KEYS = 100;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The part of a batch that reads one table. */
interface TableRead {
  readonly tableName: string;
  readonly request: KeysAndAttributes;
  readonly projection: Projection | undefined;
  readonly keys: readonly AttributeMap[];
}

export function batchGetItem(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const input = rawInput as BatchGetItemRequest;
    const requests = Object.entries(input.RequestItems);
    const keyCount = requests.reduce((sum, [, request]) => sum + request.Keys.length, 0);
    if (keyCount > MAX_KEYS) throw validationError('Too many items requested for the BatchGetItem call');
    refuseMixedTables(requests);
    const reads = requests.map(([tableName, request]) =>
      inWordsOf(context, 'BatchGetItem', request, () => compileRead(tableName, request)),
    );
    const located = reads.map((read) => locate(context, caller, read));
    return run(context, input, eachTableOnce(located));
  };
}

/** Expressions and their predecessors do not go together, even for different tables. */
function refuseMixedTables(requests: readonly (readonly [string, KeysAndAttributes])[]): void {
  const isMixed =
    requests.some(([, request]) => request.AttributesToGet !== undefined) &&
    requests.some(([, request]) => request.ProjectionExpression !== undefined);
  if (isMixed) throw expressionMixture(['AttributesToGet'], ['ProjectionExpression']);
}

function compileRead(tableName: string, given: KeysAndAttributes): TableRead {
  checkExpressionMembers(given, RULES);
  const { input: request, substitutions } = openExpressions(given, RULES);
  const projection = substitutions && compileProjection(request.ProjectionExpression, substitutions);
  substitutions?.assertAllUsed();
  const keys = given.Keys.map((key) => checkItem(key).item);
  // Keys that are repeated as they stand are refused even where there is no such table.
  assertDistinct(keys.map((key) => JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)))));
  return { tableName, request: given, projection, keys };
}

function assertDistinct(keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw validationError('Provided list of item keys contains duplicates');
}

interface LocatedRead extends TableRead {
  readonly layout: TableLayout;
  readonly storeKeys: readonly string[];
}

function locate(context: EngineContext, caller: Caller, read: TableRead): LocatedRead {
  const layout = tableLayout(context.tables.table(caller, read.tableName));
  checkScalarKeys(layout, read.projection?.nestedAttributes());
  const storeKeys = read.keys.map((key) => {
    checkKey(layout, key);
    return itemKey(layout.table, key);
  });
  assertDistinct(storeKeys);
  return { ...read, layout, storeKeys };
}

/** A table that is named twice, once by its ARN, is read once, under the first of its names. */
function eachTableOnce(reads: readonly LocatedRead[]): readonly LocatedRead[] {
  const byTable = new Map<string, LocatedRead>();
  for (const read of reads) {
    const { arn } = read.layout.table;
    const first = byTable.get(arn);
    byTable.set(arn, first === undefined ? read : withKeysOf(first, read));
  }
  return byTable.size === reads.length ? reads : [...byTable.values()];
}

function withKeysOf(first: LocatedRead, second: LocatedRead): LocatedRead {
  const added = second.storeKeys.flatMap((storeKey, at) => (first.storeKeys.includes(storeKey) ? [] : [at]));
  return {
    ...first,
    request: { ...first.request, Keys: [...first.request.Keys, ...pick(second.request.Keys, added)] },
    keys: [...first.keys, ...pick(second.keys, added)],
    storeKeys: [...first.storeKeys, ...pick(second.storeKeys, added)],
  };
}

function pick<T>(from: readonly T[], places: readonly number[]): T[] {
  return places.flatMap((at) => from.slice(at, at + 1));
}

/**
 * Reads until the answer is full; what then remains is handed back unprocessed, and so is what is throttled. When all
 * of it is, the batch fails.
 */
function run(context: EngineContext, input: BatchGetItemRequest, reads: readonly LocatedRead[]): object {
  const responses: Record<string, (AttributeMap | JsonItem)[]> = {};
  const unprocessed: Record<string, unknown> = {};
  const capacities: Record<string, unknown>[] = [];
  let sizeBytes = 0;
  let doneCount = 0;
  let first: Throttle | undefined;
  for (const read of reads) {
    const items: (AttributeMap | JsonItem)[] = [];
    const shown = read.projection && new ItemProjection(read.projection);
    let units = 0;
    let done = 0;
    const left: unknown[] = [];
    for (const [at, storeKey] of read.storeKeys.entries()) {
      const throttle = context.throughput.readThrottle(read.layout, undefined, storeKey);
      if (throttle !== undefined) {
        first ??= throttle;
        left.push(read.request.Keys[at]);
        continue;
      }
      const value = context.store.get(storeKey);
      const itemBytes = value === undefined ? 0 : StoredItem.sizeOf(value);
      if (sizeBytes + itemBytes > MAX_ANSWER_BYTES) {
        left.push(...read.request.Keys.slice(at));
        break;
      }
      sizeBytes += itemBytes;
      const itemUnits = readUnits(itemBytes, read.request.ConsistentRead === true);
      context.throughput.chargeRead(read.layout, undefined, storeKey, itemUnits);
      units += itemUnits;
      done++;
      if (value === undefined) continue;
      const stored = new StoredItem(value);
      items.push(shown === undefined ? stored : shown.of(stored));
    }
    responses[read.tableName] = items;
    doneCount += done;
    if (left.length > 0) unprocessed[read.tableName] = { ...read.request, Keys: left };
    const capacity = consumedCapacity(input.ReturnConsumedCapacity, read.tableName, read.layout, { table: units });
    if (capacity !== undefined) capacities.push(capacity);
  }
  if (doneCount === 0 && first !== undefined) throw throttleError([first]);
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ...(capacities.length > 0 && { ConsumedCapacity: capacities }),
  };
}
