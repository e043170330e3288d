import type { EngineContext, Handler } from '../engine-context.js';
import { transactGetItems } from './transact-get-items.js';
import { transactWriteItems } from './transact-write-items.js';

export { assertNotCancelled, type CancellationReason, NO_REASON, reasonOf } from './cancellation.js';
export { readReason } from './throttle-reasons.js';
export { TRANSACTION_FACTOR, TransactionCapacity } from './transaction-capacity.js';
export { assertNoneStrong, checkDistinctTargets, checkTransactionSize } from './transaction-limits.js';
export { type Outcome, type TransactionStep, WriteTransactions } from './write-transaction.js';

export type TransactionOperation = 'TransactGetItems' | 'TransactWriteItems';

/** The operations on several items at once (docs: transaction-apis). */
export function transactionOperations(context: EngineContext): Readonly<Record<TransactionOperation, Handler>> {
  return {
    TransactGetItems: transactGetItems(context),
    TransactWriteItems: transactWriteItems(context),
  };
}
