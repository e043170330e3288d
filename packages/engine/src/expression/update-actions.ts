import { type DynamoError, validationError } from '../errors.js';
import {
  type AttributeMap,
  type AttributeType,
  type AttributeValue,
  addNumbers,
  MAX_NESTED_COLLECTIONS,
  subtractNumbers,
  typeOf,
} from '../value/index.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import { computedOperand, type Operand } from './operand.js';
import { checkOperator, type Operator } from './operator-check.js';
import { type Path, valueAt } from './path.js';
import { addToSet, subtractFromSet } from './sets.js';
import { type Change, REMOVED } from './update-apply.js';

// The actions of updates and the operators of their values, over operands that are bound.

/** One action of an update with its placeholders resolved. */
export interface BoundAction {
  /** The type of what it writes, or adds or deletes, where that is known whatever the item. */
  readonly type: AttributeType | undefined;
  /** Throws ValidationException when the operands are wrong whatever the item. */
  check(): void;
  /** What becomes of the value at the path, given the item as it was. Throws ValidationException. */
  changeOf(item: AttributeMap): Change;
}

/** An operand whose static check is still to come: AWS resolves all placeholders before it checks any operator. */
export interface UncheckedOperand extends Operand {
  check(): void;
}

function nothingToCheck(): void {}

export function unchecked(operand: Operand): UncheckedOperand {
  const { type, path, literal, valueIn } = operand;
  return { type, path, literal, valueIn, check: nothingToCheck };
}

/** The path takes the operand's value. */
export function setAction(path: Path, value: UncheckedOperand): BoundAction {
  const { type, check } = value;
  return { type, check, changeOf: (item) => ({ value: withinDepth(path, required(value.valueIn(item))) }) };
}

/** What is at the path goes. */
export const REMOVE_ACTION: BoundAction = { type: undefined, check: nothingToCheck, changeOf: () => REMOVED };

/** The value is added to the number or set at the path. */
export function addAction(path: Path, value: AttributeValue, check: () => void = nothingToCheck): BoundAction {
  return { type: typeOf(value), check, changeOf: (item) => add(valueAt(item, path), value) };
}

/** The members of the value are taken out of the set at the path. */
export function deleteAction(path: Path, value: AttributeValue, check: () => void = nothingToCheck): BoundAction {
  return { type: typeOf(value), check, changeOf: (item) => subtractSet(valueAt(item, path), value) };
}

export function arithmetic(
  kind: ExpressionKind,
  operator: '+' | '-',
  left: UncheckedOperand,
  right: UncheckedOperand,
): UncheckedOperand {
  const calculate = operator === '+' ? addNumbers : subtractNumbers;
  const result = computedOperand('N', (item) => {
    const a = numberOf(left.valueIn(item));
    return { N: calculate(a, numberOf(right.valueIn(item))) };
  });
  return { ...result, check: () => checkAll(kind, operator, [left, right]) };
}

/** Operands before the operator that they belong to. */
function checkAll(kind: ExpressionKind, operator: Operator, operands: readonly UncheckedOperand[]): void {
  for (const operand of operands) operand.check();
  checkOperator(kind, operator, operands);
}

export function listAppend(kind: ExpressionKind, operands: readonly UncheckedOperand[]): UncheckedOperand {
  const [first, second] = operands;
  const result = computedOperand('L', (item) => {
    const a = listOf(first?.valueIn(item));
    return { L: [...a, ...listOf(second?.valueIn(item))] };
  });
  return { ...result, check: () => checkAll(kind, 'list_append', operands) };
}

export function ifNotExists(kind: ExpressionKind, operands: readonly UncheckedOperand[]): UncheckedOperand {
  const [first, second] = operands;
  // The second operand must exist even where it is not needed.
  const result = computedOperand(undefined, (item) => {
    const otherwise = required(second?.valueIn(item));
    return first?.valueIn(item) ?? otherwise;
  });
  return {
    ...result,
    check: () => {
      checkAll(kind, 'if_not_exists', operands);
      if (first?.path !== undefined) return;
      const details = ['operator or function: if_not_exists'];
      throw expressionError(kind, 'Operator or function requires a document path', details);
    },
  };
}

function required(value: AttributeValue | undefined): AttributeValue {
  if (value !== undefined) return value;
  throw validationError('The provided expression refers to an attribute that does not exist in the item');
}

function numberOf(operand: AttributeValue | undefined): string {
  const value = required(operand);
  if ('N' in value) return value.N;
  throw incorrectType();
}

function listOf(operand: AttributeValue | undefined): readonly AttributeValue[] {
  const value = required(operand);
  if ('L' in value) return value.L;
  throw incorrectType();
}

function incorrectType(): DynamoError {
  return validationError('An operand in the update expression has an incorrect data type');
}

function add(current: AttributeValue | undefined, value: AttributeValue): Change {
  if (current === undefined) return { value };
  if ('N' in current && 'N' in value) return { value: { N: addNumbers(current.N, value.N) } };
  const union = addToSet(current, value);
  if (union === undefined) throw incorrectType();
  return { value: union };
}

/** A set that loses its last member is removed, as sets cannot be empty. */
function subtractSet(current: AttributeValue | undefined, value: AttributeValue): Change {
  if (current === undefined) return REMOVED;
  if (typeOf(current) !== typeOf(value)) throw incorrectType();
  return { value: subtractFromSet(current, value) };
}

/** A value that was within the limit by itself may be beyond it where it is put. */
function withinDepth(path: Path, value: AttributeValue): AttributeValue {
  if (path.length - 1 + depthOf(value) > MAX_NESTED_COLLECTIONS) {
    throw validationError('Nesting Levels have exceeded supported limits');
  }
  return value;
}

/** How many lists and maps lie within each other. */
function depthOf(value: AttributeValue): number {
  if ('L' in value) return 1 + deepest(value.L);
  return 'M' in value ? 1 + deepest(Object.values(value.M)) : 0;
}

function deepest(values: readonly AttributeValue[]): number {
  let depth = 0;
  for (const value of values) depth = Math.max(depth, depthOf(value));
  return depth;
}
