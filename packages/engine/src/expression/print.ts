import type { ConditionNode, OperandNode, PathNode, ProjectionNode, SetValueNode, UpdateNode } from './ast.js';

/** The text of a syntax tree; reading it again gives an equal tree. */
export function printCondition(node: ConditionNode): string {
  switch (node.kind) {
    case 'and':
      return `${within(node.left, ['or'])} AND ${within(node.right, ['or', 'and'])}`;
    case 'or':
      return `${printCondition(node.left)} OR ${within(node.right, ['or'])}`;
    case 'not':
      return `NOT ${within(node.condition, ['or', 'and'])}`;
    case 'comparison':
      return `${printOperand(node.left)} ${node.comparator} ${printOperand(node.right)}`;
    case 'between':
      return `${printOperand(node.operand)} BETWEEN ${printOperand(node.lower)} AND ${printOperand(node.upper)}`;
    case 'in':
      return `${printOperand(node.operand)} IN (${node.candidates.map(printOperand).join(', ')})`;
    case 'function':
      return printOperand(node);
  }
}

function within(node: ConditionNode, kinds: readonly string[]): string {
  const text = printCondition(node);
  return kinds.includes(node.kind) ? `(${text})` : text;
}

export function printUpdate(node: UpdateNode): string {
  const sections = new Map<string, string[]>();
  for (const action of node.actions) {
    const section = action.kind.toUpperCase();
    const actions = sections.get(section) ?? [];
    sections.set(section, actions);
    const path = printPath(action.path);
    if (action.kind === 'set') actions.push(`${path} = ${printSetValue(action.value)}`);
    else actions.push(action.kind === 'remove' ? path : `${path} ${action.value.placeholder}`);
  }
  return Array.from(sections, ([section, actions]) => `${section} ${actions.join(', ')}`).join(' ');
}

export function printProjection(node: ProjectionNode): string {
  return node.paths.map(printPath).join(', ');
}

function printSetValue(node: SetValueNode): string {
  if (node.kind !== 'arithmetic') return printOperand(node);
  return `${printOperand(node.left)} ${node.operator} ${printOperand(node.right)}`;
}

function printOperand(node: OperandNode): string {
  if (node.kind === 'value') return node.placeholder;
  if (node.kind === 'path') return printPath(node);
  return `${node.name}(${node.operands.map(printOperand).join(', ')})`;
}

function printPath(node: PathNode): string {
  let text = '';
  for (const element of node.elements) {
    if (element.kind === 'index') text += `[${element.index}]`;
    else text += (text === '' ? '' : '.') + (element.kind === 'name' ? element.name : element.placeholder);
  }
  return text;
}
