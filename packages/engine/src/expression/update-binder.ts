import { type AttributeType, type AttributeValue, typeOf } from '../value/index.js';
import type { OperandNode, SetValueNode, UpdateActionNode } from './ast.js';
import { expressionError } from './expression-error.js';
import { bindPath, bindValue, literalOperand, pathOperand } from './operand.js';
import type { Path } from './path.js';
import { isSet } from './sets.js';
import type { Substitutions } from './substitutions.js';
import {
  addAction,
  arithmetic,
  type BoundAction,
  deleteAction,
  ifNotExists,
  listAppend,
  REMOVE_ACTION,
  setAction,
  type UncheckedOperand,
  unchecked,
} from './update-actions.js';

const KIND = 'UpdateExpression';

/** Adds the paths that the action reads to `operandPaths`. */
export function bindAction(
  action: UpdateActionNode,
  path: Path,
  substitutions: Substitutions,
  operandPaths: Path[],
): BoundAction {
  switch (action.kind) {
    case 'set':
      return setAction(path, bindSetValue(action.value, substitutions, operandPaths));
    case 'remove':
      return REMOVE_ACTION;
    case 'add': {
      const value = bindValue(KIND, action.value, substitutions);
      return addAction(path, value, () => checkActionOperand('ADD', value, 'N' in value || isSet(value)));
    }
    case 'delete': {
      const value = bindValue(KIND, action.value, substitutions);
      return deleteAction(path, value, () => checkActionOperand('DELETE', value, isSet(value)));
    }
  }
}

function bindSetValue(node: SetValueNode, substitutions: Substitutions, paths: Path[]): UncheckedOperand {
  if (node.kind !== 'arithmetic') return bindOperand(node, substitutions, paths);
  const left = bindOperand(node.left, substitutions, paths);
  return arithmetic(KIND, node.operator, left, bindOperand(node.right, substitutions, paths));
}

function bindOperand(node: OperandNode, substitutions: Substitutions, paths: Path[]): UncheckedOperand {
  if (node.kind === 'value') return unchecked(literalOperand(bindValue(KIND, node, substitutions)));
  if (node.kind === 'path') {
    const path = bindPath(KIND, node, substitutions);
    paths.push(path);
    return unchecked(pathOperand(path));
  }
  const operands = node.operands.map((operand) => bindOperand(operand, substitutions, paths));
  return node.name === 'list_append' ? listAppend(KIND, operands) : ifNotExists(KIND, operands);
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
