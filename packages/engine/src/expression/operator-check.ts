import type { AttributeType } from '../value/index.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import type { Operand } from './operand.js';
import { pathsEqual, printPath } from './path.js';

/** The static rules of one operator or function: how many operands, and of which types where they are known. */
export interface OperatorRule {
  /** Undefined: any number. */
  readonly operands?: number;
  /** Undefined: all types. */
  readonly types?: ReadonlySet<AttributeType>;
  /** Whether the same path may be given twice. */
  readonly repeats?: boolean;
}

const ORDERED: ReadonlySet<AttributeType> = new Set(['S', 'N', 'B']);
const COUNTABLE: ReadonlySet<AttributeType> = new Set(['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
const NUMBER: ReadonlySet<AttributeType> = new Set(['N']);

export const OPERATOR_RULES = {
  '=': {},
  '<>': {},
  '<': { types: ORDERED },
  '<=': { types: ORDERED },
  '>': { types: ORDERED },
  '>=': { types: ORDERED },
  BETWEEN: { types: ORDERED },
  IN: {},
  attribute_exists: { operands: 1 },
  attribute_not_exists: { operands: 1 },
  attribute_type: { operands: 2 },
  begins_with: { operands: 2, types: new Set<AttributeType>(['S', 'B']) },
  contains: { operands: 2 },
  size: { operands: 1, types: COUNTABLE },
  if_not_exists: { operands: 2 },
  list_append: { operands: 2, types: new Set<AttributeType>(['L']), repeats: true },
  '+': { types: NUMBER, repeats: true },
  '-': { types: NUMBER, repeats: true },
} as const satisfies Readonly<Record<string, OperatorRule>>;

export type Operator = keyof typeof OPERATOR_RULES;

export function isOperator(name: string): name is Operator {
  return Object.hasOwn(OPERATOR_RULES, name);
}

/** Throws ValidationException when the operands are wrong whatever the item: number, then types, then repetition. */
export function checkOperator(kind: ExpressionKind, operator: Operator, operands: readonly Operand[]): void {
  const rule: OperatorRule = OPERATOR_RULES[operator];
  if (rule.operands !== undefined && rule.operands !== operands.length) {
    throw expressionError(kind, 'Incorrect number of operands for operator or function', [
      `operator or function: ${operator}`,
      `number of operands: ${operands.length}`,
    ]);
  }
  for (const { type } of operands) {
    if (type !== undefined && rule.types !== undefined && !rule.types.has(type)) {
      throw operandTypeError(kind, operator, type);
    }
  }
  if (rule.repeats !== true) checkDistinct(kind, operator, operands);
}

/** `type` is the operand's type, or the set of types that it could have. */
export function operandTypeError(kind: ExpressionKind, operator: string, type: string): Error {
  return expressionError(kind, 'Incorrect operand type for operator or function', [
    `operator or function: ${operator}`,
    `operand type: ${type}`,
  ]);
}

function checkDistinct(kind: ExpressionKind, operator: string, operands: readonly Operand[]): void {
  const first = operands[0]?.path;
  if (first === undefined) return;
  for (let index = 1; index < operands.length; index++) {
    const path = operands[index]?.path;
    if (path === undefined || !pathsEqual(first, path)) continue;
    throw expressionError(
      kind,
      'The first operand must be distinct from the remaining operands for this operator or function',
      [`operator: ${operator}`, `first operand: ${printPath(first)}`],
    );
  }
}
