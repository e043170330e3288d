import type { ConditionNode, OperandNode, PathNode, ProjectionNode, SetValueNode, UpdateNode } from './ast.js';
import { type ExpressionKind, expressionError } from './expression-error.js';

/** Limits of one expression (docs: Constraints). */
export const MAX_EXPRESSION_SIZE_BYTES = 4096;
const MAX_OPERATORS = 300;
const MAX_PATH_ELEMENTS = 32;

type ExpressionNode = ConditionNode | UpdateNode | ProjectionNode;

/** Throws when an expression has too many operators and functions, or a path with too many elements. */
export function checkLimits(kind: ExpressionKind, node: ExpressionNode): void {
  const counter = new Counter();
  counter.expression(node);
  if (counter.operators > MAX_OPERATORS) {
    // AWS stops counting at the first that is too many.
    throw expressionError(kind, 'The expression contains too many operators', [`operator count: ${MAX_OPERATORS + 1}`]);
  }
  if (counter.longestPath > MAX_PATH_ELEMENTS) {
    throw expressionError(kind, 'The document path has too many nesting levels', [
      `nesting levels: ${counter.longestPath}`,
    ]);
  }
}

class Counter {
  operators = 0;
  longestPath = 0;

  expression(node: ExpressionNode): void {
    if (node.kind === 'projection') this.operands(node.paths);
    else if (node.kind === 'update') this.update(node);
    else this.condition(node);
  }

  private update(node: UpdateNode): void {
    for (const action of node.actions) {
      this.path(action.path);
      if (action.kind === 'set') this.setValue(action.value);
    }
  }

  private setValue(node: SetValueNode): void {
    if (node.kind === 'arithmetic') this.operator([node.left, node.right]);
    else this.operands([node]);
  }

  private condition(node: ConditionNode): void {
    switch (node.kind) {
      case 'and':
      case 'or':
        this.operators++;
        this.condition(node.left);
        this.condition(node.right);
        break;
      case 'not':
        this.operators++;
        this.condition(node.condition);
        break;
      case 'comparison':
        this.operator([node.left, node.right]);
        break;
      case 'between':
        this.operator([node.operand, node.lower, node.upper]);
        break;
      case 'in':
        this.operator([node.operand, ...node.candidates]);
        break;
      case 'function':
        this.operator(node.operands);
    }
  }

  private operator(operands: readonly OperandNode[]): void {
    this.operators++;
    this.operands(operands);
  }

  private operands(nodes: readonly OperandNode[]): void {
    for (const node of nodes) {
      if (node.kind === 'path') this.path(node);
      if (node.kind === 'function') this.operator(node.operands);
    }
  }

  private path(node: PathNode): void {
    this.longestPath = Math.max(this.longestPath, node.elements.length);
  }
}
