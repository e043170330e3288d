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
import type { FunctionNode, OperandNode, SetValueNode, UpdateActionNode } from './ast.js';
import { expressionError } from './expression-error.js';
import { bindPath, bindValue, computedOperand, literalOperand, type Operand, pathOperand } from './operand.js';
import { checkOperator } from './operator-check.js';
import { type Path, valueAt } from './path.js';
import { addToSet, isSet, subtractFromSet } from './sets.js';
import type { Substitutions } from './substitutions.js';
import type { Change } from './update-apply.js';

const KIND = 'UpdateExpression';

/** One action of an update with its placeholders resolved. */
export interface BoundAction {
  readonly path: Path;
  /** What becomes of the value at the path, given the item as it was. Throws ValidationException. */
  changeOf(item: AttributeMap): Change;
}

export function bindAction(action: UpdateActionNode, substitutions: Substitutions): BoundAction {
  const path = bindPath(KIND, action.path, substitutions);
  switch (action.kind) {
    case 'set': {
      const { valueIn } = bindSetValue(action.value, substitutions);
      return { path, changeOf: (item) => withinDepth(path, required(valueIn(item))) };
    }
    case 'remove':
      return { path, changeOf: () => undefined };
    case 'add': {
      const value = bindValue(KIND, action.value, substitutions);
      checkActionOperand('ADD', value, 'N' in value || isSet(value));
      return { path, changeOf: (item) => add(valueAt(item, path), value) };
    }
    case 'delete': {
      const value = bindValue(KIND, action.value, substitutions);
      checkActionOperand('DELETE', value, isSet(value));
      return { path, changeOf: (item) => subtractSet(valueAt(item, path), value) };
    }
  }
}

function bindSetValue(node: SetValueNode, substitutions: Substitutions): Operand {
  if (node.kind !== 'arithmetic') return bindOperand(node, substitutions);
  const left = bindOperand(node.left, substitutions);
  const right = bindOperand(node.right, substitutions);
  checkOperator(KIND, node.operator, [left, right]);
  const calculate = node.operator === '+' ? addNumbers : subtractNumbers;
  return computedOperand('N', (item) => {
    const a = required(left.valueIn(item));
    const b = required(right.valueIn(item));
    if (!('N' in a) || !('N' in b)) throw incorrectType();
    return { N: calculate(a.N, b.N) };
  });
}

function bindOperand(node: OperandNode, substitutions: Substitutions): Operand {
  if (node.kind === 'value') return literalOperand(bindValue(KIND, node, substitutions));
  if (node.kind === 'path') return pathOperand(bindPath(KIND, node, substitutions));
  const operands = node.operands.map((operand) => bindOperand(operand, substitutions));
  return node.name === 'list_append' ? listAppend(operands) : ifNotExists(node, operands);
}

function listAppend(operands: readonly Operand[]): Operand {
  checkOperator(KIND, 'list_append', operands);
  const [first, second] = operands;
  return computedOperand('L', (item) => {
    const a = required(first?.valueIn(item));
    const b = required(second?.valueIn(item));
    if (!('L' in a) || !('L' in b)) throw incorrectType();
    return { L: [...a.L, ...b.L] };
  });
}

function ifNotExists(node: FunctionNode, operands: readonly Operand[]): Operand {
  checkOperator(KIND, 'if_not_exists', operands);
  const [first, second] = operands;
  if (first?.path === undefined) {
    throw expressionError(KIND, 'Operator or function requires a document path', [
      `operator or function: ${node.name}`,
    ]);
  }
  // The second operand must exist even where it is not needed.
  return computedOperand(undefined, (item) => {
    const otherwise = required(second?.valueIn(item));
    return first.valueIn(item) ?? otherwise;
  });
}

function required(value: AttributeValue | undefined): AttributeValue {
  if (value !== undefined) return value;
  throw validationError('The provided expression refers to an attribute that does not exist in the item');
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
  if (current === undefined) return value;
  if ('N' in current && 'N' in value) return { N: addNumbers(current.N, value.N) };
  const union = addToSet(current, value);
  if (union === undefined) throw incorrectType();
  return union;
}

/** A set that loses its last member is removed, as sets cannot be empty. */
function subtractSet(current: AttributeValue | undefined, value: AttributeValue): Change {
  if (current === undefined) return undefined;
  if (typeOf(current) !== typeOf(value)) throw incorrectType();
  return subtractFromSet(current, value);
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
