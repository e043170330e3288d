import { type AttributeMap, type AttributeValue, compareValues, valuesEqual } from '../value/index.js';
import type { Comparator } from './ast.js';
import { CONDITION_FUNCTIONS } from './condition-functions.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import type { Operand } from './operand.js';
import { checkOperator, isOperator } from './operator-check.js';

// The operators of conditions, over operands that are bound. Each checks its operands and throws ValidationException.

const MAX_IN_OPERANDS = 100;

export type Predicate = (item: AttributeMap) => boolean;

export function comparePredicate(
  kind: ExpressionKind,
  comparator: Comparator,
  left: Operand,
  right: Operand,
): Predicate {
  checkOperator(kind, comparator, [left, right]);
  if (comparator === '=') return (item) => equal(left.valueIn(item), right.valueIn(item));
  if (comparator === '<>') return (item) => !equal(left.valueIn(item), right.valueIn(item));
  const holds = ORDERINGS[comparator];
  return (item) => ordered(left.valueIn(item), right.valueIn(item), holds);
}

export function betweenPredicate(kind: ExpressionKind, operand: Operand, lower: Operand, upper: Operand): Predicate {
  checkOperator(kind, 'BETWEEN', [operand, lower, upper]);
  checkBounds(kind, lower, upper);
  return (item) => {
    const value = operand.valueIn(item);
    return ordered(value, lower.valueIn(item), ORDERINGS['>=']) && ordered(value, upper.valueIn(item), ORDERINGS['<=']);
  };
}

/** `maxOperands` is infinite for lists from before expressions. */
export function inPredicate(
  kind: ExpressionKind,
  operand: Operand,
  candidates: readonly Operand[],
  maxOperands = MAX_IN_OPERANDS,
): Predicate {
  checkOperator(kind, 'IN', [operand, ...candidates]);
  if (candidates.length > maxOperands) {
    throw expressionError(kind, 'The IN operator is provided with too many operands', [
      `number of operands: ${candidates.length}`,
    ]);
  }
  return (item) => {
    const value = operand.valueIn(item);
    return candidates.some((candidate) => equal(value, candidate.valueIn(item)));
  };
}

export function functionPredicate(kind: ExpressionKind, name: string, operands: readonly Operand[]): Predicate {
  if (isOperator(name)) checkOperator(kind, name, operands);
  const build = CONDITION_FUNCTIONS[name];
  if (build === undefined) throw expressionError(kind, 'Invalid function name', [`function: ${name}`]);
  return build(kind, operands);
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
