import { expressionError } from '../expression/index.js';
import type { ExpressionNode } from './ast.js';

/** Those of expressions count here, too: for a WHERE clause, and for all SET clauses together. */
const MAX_OPERATORS = 300;

/** Throws ValidationException when expressions have too many operators and functions together. */
export function checkOperatorCount(nodes: readonly ExpressionNode[]): void {
  if (sumOf(nodes) <= MAX_OPERATORS) return;
  // AWS stops counting at the first that is too many.
  throw expressionError('Statement', 'The expression contains too many operators', [
    `operator count: ${MAX_OPERATORS + 1}`,
  ]);
}

function sumOf(nodes: readonly ExpressionNode[]): number {
  let count = 0;
  for (const node of nodes) count += operatorsIn(node);
  return count;
}

function operatorsIn(node: ExpressionNode): number {
  switch (node.kind) {
    case 'binary':
      return 1 + operatorsIn(node.left) + operatorsIn(node.right);
    case 'between':
      return 1 + sumOf([node.operand, node.lower, node.upper]);
    case 'not':
    case 'isType':
    case 'minus':
    case 'plus':
      return 1 + operatorsIn(node.operand);
    case 'call':
      return 1 + sumOf(node.operands);
    case 'list':
    case 'bag':
      return sumOf(node.elements);
    default:
      return 0;
  }
}
