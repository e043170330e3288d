import { type AttributeMap, type AttributeValue, compareValues, valuesEqual } from '../value/index.js';
import type { Comparator, ConditionNode, FunctionNode, OperandNode } from './ast.js';
import { CONDITION_FUNCTIONS, sizeOf } from './condition-functions.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import { bindPath, bindValue, computedOperand, literalOperand, type Operand, pathOperand } from './operand.js';
import { checkOperator, isOperator } from './operator-check.js';
import type { Path } from './path.js';
import type { Substitutions } from './substitutions.js';

const MAX_IN_OPERANDS = 100;

export type Predicate = (item: AttributeMap) => boolean;

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
        return this.comparison(node.comparator, this.operand(node.left), this.operand(node.right));
      case 'between':
        return this.between(this.operand(node.operand), this.operand(node.lower), this.operand(node.upper));
      case 'in':
        return this.in(this.operand(node.operand), this.operands(node.candidates));
      case 'function':
        return this.functionCondition(node);
    }
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
    const operands = this.operands(node.operands);
    checkOperator(this.kind, 'size', operands);
    const [operand] = operands;
    return computedOperand('N', (item) => sizeOf(operand?.valueIn(item)));
  }

  private comparison(comparator: Comparator, left: Operand, right: Operand): Predicate {
    checkOperator(this.kind, comparator, [left, right]);
    if (comparator === '=') return (item) => equal(left.valueIn(item), right.valueIn(item));
    if (comparator === '<>') return (item) => !equal(left.valueIn(item), right.valueIn(item));
    const holds = ORDERINGS[comparator];
    return (item) => ordered(left.valueIn(item), right.valueIn(item), holds);
  }

  private between(operand: Operand, lower: Operand, upper: Operand): Predicate {
    checkOperator(this.kind, 'BETWEEN', [operand, lower, upper]);
    checkBounds(this.kind, lower, upper);
    return (item) => {
      const value = operand.valueIn(item);
      return (
        ordered(value, lower.valueIn(item), ORDERINGS['>=']) && ordered(value, upper.valueIn(item), ORDERINGS['<='])
      );
    };
  }

  private in(operand: Operand, candidates: readonly Operand[]): Predicate {
    checkOperator(this.kind, 'IN', [operand, ...candidates]);
    if (candidates.length > MAX_IN_OPERANDS) {
      throw expressionError(this.kind, 'The IN operator is provided with too many operands', [
        `number of operands: ${candidates.length}`,
      ]);
    }
    return (item) => {
      const value = operand.valueIn(item);
      return candidates.some((candidate) => equal(value, candidate.valueIn(item)));
    };
  }

  private functionCondition(node: FunctionNode): Predicate {
    const operands = this.operands(node.operands);
    if (isOperator(node.name)) checkOperator(this.kind, node.name, operands);
    const build = CONDITION_FUNCTIONS[node.name];
    if (build === undefined) {
      throw expressionError(this.kind, 'Invalid function name', [`function: ${node.name}`]);
    }
    return build(this.kind, operands);
  }
}

const ORDERINGS = {
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
} as const;

function equal(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && valuesEqual(a, b);
}

function ordered(
  a: AttributeValue | undefined,
  b: AttributeValue | undefined,
  holds: (order: number) => boolean,
): boolean {
  if (a === undefined || b === undefined) return false;
  const order = compareValues(a, b);
  return order !== undefined && holds(order);
}

/** Only bounds that are both given as values can be checked beforehand. */
function checkBounds(kind: ExpressionKind, lower: Operand, upper: Operand): void {
  if (lower.literal === undefined || upper.literal === undefined) return;
  const details = [
    `lower bound operand: AttributeValue: ${printLiteral(lower.literal)}`,
    `upper bound operand: AttributeValue: ${printLiteral(upper.literal)}`,
  ];
  const order = compareValues(lower.literal, upper.literal);
  if (order === undefined) {
    const message = 'The BETWEEN operator requires same data type for lower and upper bounds';
    throw expressionError(kind, message, details);
  }
  if (order > 0) {
    const message = 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound';
    throw expressionError(kind, message, details);
  }
}

function printLiteral(value: AttributeValue): string {
  return `{${Object.entries(value)
    .map(([type, content]) => `${type}:${content}`)
    .join(', ')}}`;
}
