import type { Reader, Writer } from '@tablewright/store';
import {
  type ItemChange,
  itemCollectionMetrics,
  readUnits,
  replaceItem,
  StoredItem,
  type Units,
  writeUnits,
} from '../data/index.js';
import type { EngineContext, Handler } from '../engine-context.js';
import { assertNotCancelled, NO_REASON } from './cancellation.js';
import { IdempotencyTokens, requestDigest, tokenKey } from './idempotency.js';
import { TransactionCapacity } from './transaction-capacity.js';
import { checkDistinctTargets, checkTransactionSize } from './transaction-limits.js';
import { checkAction, type LocatedAction, locateAction, type TransactWriteItem, tryAction } from './write-action.js';

type TransactWriteItemsRequest = {
  readonly TransactItems: readonly TransactWriteItem[];
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE';
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE';
  readonly ClientRequestToken?: string;
};

type Done = { readonly change: ItemChange; readonly isWrite: boolean };

/**
 * TransactWriteItems (docs: API_TransactWriteItems): all actions in one change of the store, which runs alone and
 * leaves nothing behind when it throws. Differs: TransactionConflict and TransactionInProgressException cannot occur,
 * as a change runs from its first read to its last write in one turn of the event loop.
 */
export function transactWriteItems(context: EngineContext): Handler {
  const tokens = new IdempotencyTokens();
  return (caller, rawInput) => {
    const input = rawInput as TransactWriteItemsRequest;
    const checked = input.TransactItems.map(checkAction);
    const actions = checked.map((action) => locateAction(context, caller, action));
    checkDistinctTargets(actions.map((action) => action.storeKey));
    const { ClientRequestToken: token } = input;
    if (token === undefined) return context.store.change((writer) => run(context, writer, input, actions));
    const [key, digest] = [tokenKey(caller, token), requestDigest(input.TransactItems)];
    // The answer to a repetition says that the first request's change is durable.
    const known = context.store.get(key) === undefined ? Promise.resolve() : context.store.flush();
    const done = context.store.change((writer) => {
      const nowMs = context.clock.nowMs();
      if (tokens.isRepetition(writer, key, digest, nowMs)) return repeat(writer, input, actions);
      const output = run(context, writer, input, actions);
      tokens.note(writer, key, digest, nowMs);
      return output;
    });
    return Promise.all([done, known]).then(([output]) => output);
  };
}

function run(
  context: EngineContext,
  writer: Writer,
  input: TransactWriteItemsRequest,
  actions: readonly LocatedAction[],
): object {
  const outcomes = actions.map((action) => tryAction(writer, action));
  assertNotCancelled(outcomes.map((outcome) => ('reason' in outcome ? outcome.reason : NO_REASON)));
  const done = outcomes.filter((outcome) => 'change' in outcome);
  checkTransactionSize(done.reduce((sum, { change }) => sum + sizeOf(change), 0));
  const capacity = new TransactionCapacity('WriteCapacityUnits');
  for (const [at, each] of done.entries()) {
    const { TableName: tableName = '' } = actions[at]?.request ?? {};
    capacity.add(tableName, each.change.layout, unitsOf(context, writer, each));
  }
  return report(writer, input, actions, capacity);
}

function sizeOf({ before, after }: ItemChange): number {
  return after === undefined ? (before?.sizeBytes ?? 0) : StoredItem.sizeOf(after.stored);
}

/** Carries the action out. A ConditionCheck costs what writing its item would. */
function unitsOf(context: EngineContext, writer: Writer, { change, isWrite }: Done): Units {
  return isWrite ? replaceItem(context, writer, change) : { table: writeUnits(sizeOf(change)) };
}

/** Answers a request that has been carried out before: nothing is written, and reading the items is what it costs. */
function repeat(reader: Reader, input: TransactWriteItemsRequest, actions: readonly LocatedAction[]): object {
  const capacity = new TransactionCapacity('ReadCapacityUnits');
  for (const { request, layout, storeKey } of actions) {
    const found = storeKey === undefined ? undefined : reader.get(storeKey);
    const itemBytes = found === undefined ? 0 : StoredItem.sizeOf(found);
    capacity.add(request.TableName, layout, { table: readUnits(itemBytes, true) });
  }
  return report(reader, input, actions, capacity);
}

function report(
  reader: Reader,
  input: TransactWriteItemsRequest,
  actions: readonly LocatedAction[],
  capacity: TransactionCapacity,
): object {
  const consumed = capacity.report(input.ReturnConsumedCapacity);
  const metrics = input.ReturnItemCollectionMetrics === 'SIZE' ? collectionMetrics(reader, actions) : {};
  return {
    ...(consumed !== undefined && { ConsumedCapacity: consumed }),
    ...(Object.keys(metrics).length > 0 && { ItemCollectionMetrics: metrics }),
  };
}

/** By table, one entry for each item collection that the transaction wrote to. */
function collectionMetrics(reader: Reader, actions: readonly LocatedAction[]): Record<string, unknown[]> {
  const metrics: Record<string, unknown[]> = {};
  const seen = new Set<string>();
  for (const { kind, request, layout, item } of actions) {
    const ofAction = kind === 'ConditionCheck' ? undefined : itemCollectionMetrics(reader, layout, item);
    if (ofAction === undefined) continue;
    const collection = JSON.stringify([request.TableName, ofAction.ItemCollectionKey]);
    if (seen.has(collection)) continue;
    seen.add(collection);
    const ofTable = metrics[request.TableName] ?? [];
    metrics[request.TableName] = ofTable;
    ofTable.push(ofAction);
  }
  return metrics;
}
