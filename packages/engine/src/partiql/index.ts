import type { EngineContext, Handler } from '../engine-context.js';
import { batchExecuteStatement } from './batch-execute-statement.js';
import { executeStatement } from './execute-statement.js';
import { executeTransaction } from './execute-transaction.js';

export { type StatementAccess, statementAccess } from './statement-access.js';

export type PartiqlOperation = 'BatchExecuteStatement' | 'ExecuteStatement' | 'ExecuteTransaction';

/** The operations that take statements (docs: ql-reference). */
export function partiqlOperations(context: EngineContext): Readonly<Record<PartiqlOperation, Handler>> {
  return {
    BatchExecuteStatement: batchExecuteStatement(context),
    ExecuteStatement: executeStatement(context),
    ExecuteTransaction: executeTransaction(context),
  };
}
