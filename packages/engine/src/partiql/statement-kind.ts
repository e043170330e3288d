import { validationError } from '../errors.js';
import type { DeleteNode, ExpressionNode, InsertNode, SelectNode, StatementNode, UpdateNode } from './ast.js';
import { className, OPERATION } from './class-name.js';
import { errorAt } from './statement-error.js';

/** The statements that DynamoDB has, beside EXISTS in transactions. */
export type SupportedNode = SelectNode | InsertNode | UpdateNode | DeleteNode;

/** The statement, when it is one that DynamoDB has. Throws ValidationException with AWS's words for all others. */
export function supported(statement: StatementNode, inTransaction = false): SupportedNode {
  switch (statement.kind) {
    case 'select':
    case 'update':
    case 'delete':
      return statement;
    case 'insert':
      if (statement.hasValueKeyword) return statement;
      throw validationError('Unsupported operation: InsertOp');
    case 'insertFrom':
      throw errorAt('Unsupported FROM ... WHERE ... clause in INSERT statement.', statement.at);
    case 'actionAlone':
      throw validationError('Only select from a single table or index is supported.');
    case 'definition':
      throw validationError(`Unsupported operation: ${statement.name}`);
    case 'expression':
      throw unsupportedExpression(statement.expression, inTransaction);
  }
}

function unsupportedExpression(expression: ExpressionNode, inTransaction: boolean): Error {
  const name = className(expression);
  if (name !== OPERATION) return validationError(`Unsupported operation: ${name}`);
  return validationError(
    inTransaction
      ? 'Unsupported operation in transaction.'
      : 'EXISTS can only be used in ExecuteTransaction write requests.',
  );
}
