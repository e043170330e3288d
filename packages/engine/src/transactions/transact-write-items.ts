import type { Reader } from '@tablewright/store';
import { itemCollectionMetrics } from '../data/index.js';
import type { EngineContext, Handler } from '../engine-context.js';
import type { TransactionCapacity } from './transaction-capacity.js';
import { checkTransactionSize } from './transaction-limits.js';
import { checkAction, type LocatedAction, locateAction, type TransactWriteItem, tryAction } from './write-action.js';
import { type TransactionStep, WriteTransactions } from './write-transaction.js';

type TransactWriteItemsRequest = {
  readonly TransactItems: readonly TransactWriteItem[];
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE';
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE';
  readonly ClientRequestToken?: string;
};

/** TransactWriteItems (docs: API_TransactWriteItems). */
export function transactWriteItems(context: EngineContext): Handler {
  const transactions = new WriteTransactions(context);
  return (caller, rawInput) => {
    const input = rawInput as TransactWriteItemsRequest;
    const { ClientRequestToken: token, ...content } = input;
    const checked = input.TransactItems.map(checkAction);
    checkTransactionSize(checked.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0));
    const actions = checked.map((action) => locateAction(context, caller, action));
    return transactions.run({ caller, token, content }, actions.map(stepOf), (reader, capacity) =>
      report(reader, input, actions, capacity),
    );
  };
}

function stepOf(action: LocatedAction): TransactionStep {
  const { request, layout, storeKey } = action;
  return { tableName: request.TableName, layout, storeKey, attempt: (reader) => tryAction(reader, action) };
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
  for (const { kind, request, layout, key } of actions) {
    const ofAction = kind === 'ConditionCheck' ? undefined : itemCollectionMetrics(reader, layout, key);
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
