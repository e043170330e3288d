import { utf8SizeBytes, valueSizeBytes } from '../value/index.js';
import type { OperandNode, PathNode, SetValueNode, UpdateActionNode } from './ast.js';
import { bindPath, bindValue } from './operand.js';
import { parseUpdate } from './parse.js';
import type { Path } from './path.js';
import type { Substitutions } from './substitutions.js';

// UpdateItem has a limit of its own besides that of the item: what the statement writes, and a fixed cost for each of
// its clauses, may not exceed 400 KB together. The costs are undocumented; public conformance suites measured them on
// AWS to the byte (2026). The key and what the statement leaves alone do not count.

const KIND = 'UpdateExpression';
const STATEMENT_BYTES = 3;
const WRITE_BYTES = 19;
const REMOVE_BYTES = 1;
const TARGET_ELEMENT_BYTES = 4;
const OPERAND_PATH_BYTES = 1;
const OPERAND_ELEMENT_BYTES = 14;
const OPERATOR_BYTES = { '+': 34, '-': 37 } as const;
const FUNCTION_BYTES: Readonly<Record<string, number>> = { if_not_exists: 39, list_append: 37 };

/** `text` has been compiled with these substitutions before. */
export function updateStatementBytes(text: string, substitutions: Substitutions): number {
  let sizeBytes = STATEMENT_BYTES;
  for (const action of parseUpdate(text, substitutions.isTranslated(KIND)).actions)
    sizeBytes += actionBytes(action, substitutions);
  return sizeBytes;
}

function actionBytes(action: UpdateActionNode, substitutions: Substitutions): number {
  const target = targetBytes(bindPath(KIND, action.path, substitutions));
  switch (action.kind) {
    case 'set':
      return WRITE_BYTES + target + setValueBytes(action.value, substitutions);
    case 'add':
      return WRITE_BYTES + target + operandBytes(action.value, substitutions);
    default:
      return REMOVE_BYTES + target;
  }
}

function setValueBytes(node: SetValueNode, substitutions: Substitutions): number {
  if (node.kind !== 'arithmetic') return operandBytes(node, substitutions);
  return (
    OPERATOR_BYTES[node.operator] + operandBytes(node.left, substitutions) + operandBytes(node.right, substitutions)
  );
}

function operandBytes(node: OperandNode, substitutions: Substitutions): number {
  if (node.kind === 'value') return valueSizeBytes(bindValue(KIND, node, substitutions));
  if (node.kind === 'path') return operandPathBytes(node, substitutions);
  let sizeBytes = FUNCTION_BYTES[node.name] ?? 0;
  for (const operand of node.operands) sizeBytes += operandBytes(operand, substitutions);
  return sizeBytes;
}

function operandPathBytes(node: PathNode, substitutions: Substitutions): number {
  let sizeBytes = OPERAND_PATH_BYTES;
  for (const element of bindPath(KIND, node, substitutions)) sizeBytes += OPERAND_ELEMENT_BYTES + elementBytes(element);
  return sizeBytes;
}

function targetBytes(path: Path): number {
  let sizeBytes = -TARGET_ELEMENT_BYTES;
  for (const element of path) sizeBytes += TARGET_ELEMENT_BYTES + elementBytes(element);
  return sizeBytes;
}

function elementBytes(element: string | number): number {
  return typeof element === 'number' ? String(element).length : utf8SizeBytes(element);
}
