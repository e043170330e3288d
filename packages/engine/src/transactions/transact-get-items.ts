import type { Caller } from '../catalog/table.js';
import {
  checkKey,
  type ExpressionRules,
  ItemProjection,
  itemKey,
  openExpressions,
  readUnits,
  StoredItem,
  type TableLayout,
  tableLayout,
} from '../data/index.js';
import type { EngineContext, Handler } from '../engine-context.js';
import { compileProjection, type Projection } from '../expression/index.js';
import { type AttributeMap, checkItem } from '../value/index.js';
import { assertNotCancelled, type CancellationReason, NO_REASON, reasonOf } from './cancellation.js';
import { readReason } from './throttle-reasons.js';
import { TRANSACTION_FACTOR, TransactionCapacity } from './transaction-capacity.js';
import { assertNoneStrong, checkDistinctTargets, checkTransactionSize } from './transaction-limits.js';

const RULES: ExpressionRules = { expressions: ['ProjectionExpression'], legacy: [] };

type Get = {
  readonly TableName: string;
  readonly Key: unknown;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: unknown;
};

type TransactGetItemsRequest = {
  readonly TransactItems: readonly { readonly Get: Get }[];
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE';
};

interface CheckedGet {
  readonly tableName: string;
  readonly key: AttributeMap;
  readonly projection: Projection | undefined;
}

interface LocatedGet extends CheckedGet {
  readonly layout: TableLayout;
  /** Undefined when there is a reason to cancel. */
  readonly storeKey: string | undefined;
  readonly reason: CancellationReason;
}

/**
 * TransactGetItems (docs: API_TransactGetItems). All items are read in one turn of the event loop, so no change comes
 * between them. Differs: there is no TransactionConflict, as no transaction is ever under way while another begins.
 */
export function transactGetItems(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const input = rawInput as TransactGetItemsRequest;
    const checked = input.TransactItems.map(({ Get: get }) => checkGet(get));
    const gets = checked.map((get) => locate(context, caller, get));
    assertNoneStrong(gets);
    checkDistinctTargets(gets.map((get) => get.storeKey));
    assertNotCancelled(firstOnly(gets.map((get) => get.reason)));
    assertNotCancelled(gets.map((get) => readReason(context, get.layout, get.storeKey)));
    return read(context, input, gets);
  };
}

/** Behind the first key that does not fit, AWS looks no further. */
function firstOnly(reasons: readonly CancellationReason[]): CancellationReason[] {
  const first = reasons.find(({ Code }) => Code !== 'None');
  return reasons.map((reason) => (reason === first ? reason : NO_REASON));
}

function checkGet(get: Get): CheckedGet {
  const { item: key } = checkItem(get.Key, { hasNarrowNumbers: true });
  // Names without an expression are taken, unlike in GetItem.
  const { substitutions } = openExpressions(get, RULES);
  const projection = substitutions && compileProjection(get.ProjectionExpression, substitutions);
  substitutions?.assertAllUsed();
  return { tableName: get.TableName, key, projection };
}

function locate(context: EngineContext, caller: Caller, get: CheckedGet): LocatedGet {
  const layout = tableLayout(context.tables.table(caller, get.tableName));
  try {
    checkKey(layout, get.key);
    return { ...get, layout, storeKey: itemKey(layout.table, get.key), reason: NO_REASON };
  } catch (error) {
    return { ...get, layout, storeKey: undefined, reason: reasonOf(error) };
  }
}

function read(context: EngineContext, input: TransactGetItemsRequest, gets: readonly LocatedGet[]): object {
  const capacity = new TransactionCapacity('ReadCapacityUnits');
  let sizeBytes = 0;
  const responses = gets.map(({ tableName, layout, storeKey, projection }) => {
    const found = storeKey === undefined ? undefined : context.store.get(storeKey);
    const itemBytes = found === undefined ? 0 : StoredItem.sizeOf(found);
    sizeBytes += itemBytes;
    const units = readUnits(itemBytes, true);
    capacity.add(tableName, layout, { table: units });
    if (storeKey !== undefined) context.throughput.chargeRead(layout, undefined, storeKey, units * TRANSACTION_FACTOR);
    if (found === undefined) return {};
    const stored = new StoredItem(found);
    return { Item: projection === undefined ? stored : new ItemProjection(projection).of(stored) };
  });
  checkTransactionSize(sizeBytes);
  const consumed = capacity.report(input.ReturnConsumedCapacity);
  return { Responses: responses, ...(consumed !== undefined && { ConsumedCapacity: consumed }) };
}
