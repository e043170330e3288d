import type { ConditionNode, FunctionNode, OperandNode } from './ast.js';
import { sizeOf } from './condition-functions.js';
import {
  betweenPredicate,
  comparePredicate,
  functionPredicate,
  inPredicate,
  type Predicate,
} from './condition-predicates.js';
import type { ExpressionKind } from './expression-error.js';
import { bindPath, bindValue, computedOperand, literalOperand, type Operand, pathOperand } from './operand.js';
import { checkOperator } from './operator-check.js';
import type { Path } from './path.js';
import type { Substitutions } from './substitutions.js';

/**
 * Resolves the placeholders of a condition, checks its operators, operands before operators and from left to right as
 * AWS does, and turns it into a predicate. Adds the paths that it names to `paths`.
 */
export function bindCondition(
  kind: ExpressionKind,
  node: ConditionNode,
  substitutions: Substitutions,
  paths: Path[],
): Predicate {
  return new ConditionBinder(kind, substitutions, paths).condition(node);
}

class ConditionBinder {
  constructor(
    private readonly kind: ExpressionKind,
    private readonly substitutions: Substitutions,
    private readonly paths: Path[],
  ) {}

  condition(node: ConditionNode): Predicate {
    switch (node.kind) {
      case 'and': {
        const left = this.condition(node.left);
        const right = this.condition(node.right);
        return (item) => left(item) && right(item);
      }
      case 'or': {
        const left = this.condition(node.left);
        const right = this.condition(node.right);
        return (item) => left(item) || right(item);
      }
      case 'not': {
        const inner = this.condition(node.condition);
        return (item) => !inner(item);
      }
      case 'comparison':
        return comparePredicate(this.kind, node.comparator, this.operand(node.left), this.operand(node.right));
      case 'between':
        return this.between(node.operand, node.lower, node.upper);
      case 'in':
        return this.in(node.operand, node.candidates);
      case 'function':
        return functionPredicate(this.kind, node.name, this.operands(node.operands));
    }
  }

  private in(operand: OperandNode, candidates: readonly OperandNode[]): Predicate {
    const limit = this.substitutions.isTranslated(this.kind) ? Number.POSITIVE_INFINITY : undefined;
    return inPredicate(this.kind, this.operand(operand), this.operands(candidates), limit);
  }

  private between(operand: OperandNode, lower: OperandNode, upper: OperandNode): Predicate {
    return betweenPredicate(this.kind, this.operand(operand), this.operand(lower), this.operand(upper));
  }

  private operands(nodes: readonly OperandNode[]): readonly Operand[] {
    return nodes.map((node) => this.operand(node));
  }

  private operand(node: OperandNode): Operand {
    if (node.kind === 'value') return literalOperand(bindValue(this.kind, node, this.substitutions));
    if (node.kind === 'function') return this.size(node);
    const path = bindPath(this.kind, node, this.substitutions);
    this.paths.push(path);
    return pathOperand(path);
  }

  /** The parser lets no other function be an operand. */
  private size(node: FunctionNode): Operand {
    return sizeOperand(this.kind, this.operands(node.operands));
  }
}

/** What size() yields of its operand. */
export function sizeOperand(kind: ExpressionKind, operands: readonly Operand[]): Operand {
  checkOperator(kind, 'size', operands);
  const [operand] = operands;
  return computedOperand('N', (item) => sizeOf(operand?.valueIn(item)));
}
