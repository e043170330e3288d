import type { ConsumedCapacityMode } from '../data/index.js';

// The requests of the operations. `checkInput` has seen to their JSON types; parameters are still raw, hence unknown.

/** What all of them say of one statement. */
export type StatementRequest = {
  readonly Statement: string;
  readonly Parameters?: readonly unknown[];
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
};

export type ExecuteStatementRequest = StatementRequest & {
  readonly ConsistentRead?: boolean;
  readonly NextToken?: string;
  readonly ReturnConsumedCapacity?: ConsumedCapacityMode;
  readonly Limit?: number;
};

export type BatchStatementRequest = StatementRequest & { readonly ConsistentRead?: boolean };

export type BatchExecuteStatementRequest = {
  readonly Statements: readonly BatchStatementRequest[];
  readonly ReturnConsumedCapacity?: ConsumedCapacityMode;
};

export type ExecuteTransactionRequest = {
  readonly TransactStatements: readonly StatementRequest[];
  readonly ClientRequestToken?: string;
  readonly ReturnConsumedCapacity?: ConsumedCapacityMode;
};
