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
import type { OperandNode, SetValueNode, UpdateActionNode } from './ast.js';
import { expressionError } from './expression-error.js';
import { bindPath, bindValue, computedOperand, literalOperand, type Operand, pathOperand } from './operand.js';
import { checkOperator, type Operator } from './operator-check.js';
import { type Path, valueAt } from './path.js';
import { addToSet, isSet, subtractFromSet } from './sets.js';
import type { Substitutions } from './substitutions.js';
import { type Change, REMOVED } from './update-apply.js';

const KIND = 'UpdateExpression';

/** One action of an update with its placeholders resolved. */
export interface BoundAction {
  /** Throws ValidationException when the operands are wrong whatever the item. */
  check(): void;
  /** What becomes of the value at the path, given the item as it was. Throws ValidationException. */
  changeOf(item: AttributeMap): Change;
}

/** An operand whose static check is still to come: AWS resolves all placeholders before it checks any operator. */
interface UncheckedOperand extends Operand {
  check(): void;
}

export function bindAction(action: UpdateActionNode, path: Path, substitutions: Substitutions): BoundAction {
  switch (action.kind) {
    case 'set': {
      const value = bindSetValue(action.value, substitutions);
      return { check: value.check, changeOf: (item) => ({ value: withinDepth(path, required(value.valueIn(item))) }) };
    }
    case 'remove':
      return { check: nothingToCheck, changeOf: () => REMOVED };
    case 'add': {
      const value = bindValue(KIND, action.value, substitutions);
      return {
        check: () => checkActionOperand('ADD', value, 'N' in value || isSet(value)),
        changeOf: (item) => add(valueAt(item, path), value),
      };
    }
    case 'delete': {
      const value = bindValue(KIND, action.value, substitutions);
      return {
        check: () => checkActionOperand('DELETE', value, isSet(value)),
        changeOf: (item) => subtractSet(valueAt(item, path), value),
      };
    }
  }
}

function nothingToCheck(): void {}

function bindSetValue(node: SetValueNode, substitutions: Substitutions): UncheckedOperand {
  if (node.kind !== 'arithmetic') return bindOperand(node, substitutions);
  const left = bindOperand(node.left, substitutions);
  const right = bindOperand(node.right, substitutions);
  const calculate = node.operator === '+' ? addNumbers : subtractNumbers;
  const result = computedOperand('N', (item) => {
    const a = numberOf(left.valueIn(item));
    return { N: calculate(a, numberOf(right.valueIn(item))) };
  });
  return { ...result, check: () => checkAll(node.operator, [left, right]) };
}

function bindOperand(node: OperandNode, substitutions: Substitutions): UncheckedOperand {
  if (node.kind === 'value') return unchecked(literalOperand(bindValue(KIND, node, substitutions)));
  if (node.kind === 'path') return unchecked(pathOperand(bindPath(KIND, node, substitutions)));
  const operands = node.operands.map((operand) => bindOperand(operand, substitutions));
  return node.name === 'list_append' ? listAppend(operands) : ifNotExists(operands);
}

function unchecked(operand: Operand): UncheckedOperand {
  const { type, path, literal, valueIn } = operand;
  return { type, path, literal, valueIn, check: nothingToCheck };
}

/** Operands before the operator that they belong to. */
function checkAll(operator: Operator, operands: readonly UncheckedOperand[]): void {
  for (const operand of operands) operand.check();
  checkOperator(KIND, operator, operands);
}

function listAppend(operands: readonly UncheckedOperand[]): UncheckedOperand {
  const [first, second] = operands;
  const result = computedOperand('L', (item) => {
    const a = listOf(first?.valueIn(item));
    return { L: [...a, ...listOf(second?.valueIn(item))] };
  });
  return { ...result, check: () => checkAll('list_append', operands) };
}

function ifNotExists(operands: readonly UncheckedOperand[]): UncheckedOperand {
  const [first, second] = operands;
  // The second operand must exist even where it is not needed.
  const result = computedOperand(undefined, (item) => {
    const otherwise = required(second?.valueIn(item));
    return first?.valueIn(item) ?? otherwise;
  });
  return {
    ...result,
    check: () => {
      checkAll('if_not_exists', operands);
      if (first?.path !== undefined) return;
      const details = ['operator or function: if_not_exists'];
      throw expressionError(KIND, 'Operator or function requires a document path', details);
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

/** The long names that AWS uses for types in the messages of ADD and DELETE alone. */
const LONG_TYPE_NAMES: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  M: 'MAP',
  L: 'LIST',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
};

function checkActionOperand(action: 'ADD' | 'DELETE', value: AttributeValue, allowed: boolean): void {
  if (allowed) return;
  throw expressionError(KIND, 'Incorrect operand type for operator or function', [
    `operator: ${action}`,
    `operand type: ${LONG_TYPE_NAMES[typeOf(value)]}`,
    `typeSet: ALLOWED_FOR_${action}_OPERAND`,
  ]);
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
