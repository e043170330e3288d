import type { EngineContext, Handler } from '../engine-context.js';
import { transactGetItems } from './transact-get-items.js';
import { transactWriteItems } from './transact-write-items.js';

export type TransactionOperation = 'TransactGetItems' | 'TransactWriteItems';

/** The operations on several items at once (docs: transaction-apis). */
export function transactionOperations(context: EngineContext): Readonly<Record<TransactionOperation, Handler>> {
  return {
    TransactGetItems: transactGetItems(context),
    TransactWriteItems: transactWriteItems(context),
  };
}
