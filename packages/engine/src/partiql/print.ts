import type {
  ColumnNode,
  ExpressionNode,
  OrderNode,
  PathStep,
  Projection,
  SelectNode,
  SourceNode,
  StatementNode,
  UpdateActionNode,
} from './ast.js';

/** The text of a statement. Parsing it gives the same tree again, but for positions. */
export function printStatement(node: StatementNode): string {
  switch (node.kind) {
    case 'select':
      return printSelect(node);
    case 'insert':
      return `INSERT INTO ${printExpression(node.into)} ${node.hasValueKeyword ? 'VALUE ' : ''}${printExpression(node.value)}`;
    case 'update':
      return `UPDATE ${printSource(node.from)} ${node.actions.map(printAction).join(' ')}${printTail(node)}`;
    case 'delete':
      return `DELETE FROM ${printSource(node.from)}${printTail(node)}`;
    case 'expression':
      return printExpression(node.expression);
    default:
      throw new TypeError(`${node.kind} is not printed`);
  }
}

function printTail({ where, returning }: Extract<StatementNode, { kind: 'update' | 'delete' }>): string {
  const clauses = where === undefined ? '' : ` WHERE ${printExpression(where)}`;
  if (returning === undefined) return clauses;
  return `${clauses} RETURNING ${returning.elements.map(({ part }) => `${part} *`).join(', ')}`;
}

function printSelect({ projection, isDistinct, from, where, orderBy }: SelectNode): string {
  const columns = `${isDistinct ? 'DISTINCT ' : ''}${printProjection(projection)}`;
  const condition = where === undefined ? '' : ` WHERE ${printExpression(where)}`;
  const order = orderBy.length === 0 ? '' : ` ORDER BY ${orderBy.map(printOrder).join(', ')}`;
  return `SELECT ${columns} FROM ${printSource(from)}${condition}${order}`;
}

function printProjection(projection: Projection): string {
  if (projection.kind === 'all') return '*';
  if (projection.kind === 'columns') return projection.columns.map(printColumn).join(', ');
  throw new TypeError(`${projection.kind} is not printed`);
}

function printColumn({ expression, hasAlias }: ColumnNode): string {
  return `${printExpression(expression)}${hasAlias ? ' AS alias' : ''}`;
}

function printOrder({ expression, isDescending }: OrderNode): string {
  return `${printExpression(expression)} ${isDescending ? 'DESC' : 'ASC'}`;
}

function printSource({ source, hasAlias }: SourceNode): string {
  return `${printExpression(source)}${hasAlias ? ' AS alias' : ''}`;
}

function printAction(action: UpdateActionNode): string {
  const path = printExpression(action.path);
  return action.kind === 'remove' ? `REMOVE ${path}` : `SET ${path} = ${printExpression(action.value)}`;
}

/** Operators are in parentheses, except at the top. */
function printExpression(node: ExpressionNode): string {
  switch (node.kind) {
    case 'string':
      return `'${node.text.replaceAll("'", "''")}'`;
    case 'number':
      return node.text;
    case 'boolean':
      return String(node.value);
    case 'ion':
      return `\`${node.text}\``;
    case 'parameter':
      return '?';
    case 'identifier':
      return printName(node.name);
    case 'path':
      return `${printOperand(node.root)}${node.steps.map(printStep).join('')}`;
    case 'call':
      return `${node.name}(${printAll(node.operands)})`;
    case 'struct':
      return `{${node.members.map(({ key, value }) => `${printOperand(key)}: ${printOperand(value)}`).join(', ')}}`;
    case 'list':
      return `[${printAll(node.elements)}]`;
    case 'bag':
      return `<<${printAll(node.elements)}>>`;
    case 'statement':
      return `(${printStatement(node.statement)})`;
    case 'unsupported':
      throw new TypeError(`${node.name} is not printed`);
    default:
      return printOperation(node);
  }
}

type Operation = Extract<
  ExpressionNode,
  { kind: 'null' | 'missing' | 'not' | 'plus' | 'minus' | 'binary' | 'between' | 'isType' }
>;

function printOperation(node: Operation): string {
  switch (node.kind) {
    case 'not':
      return `NOT ${printOperand(node.operand)}`;
    case 'plus':
      return `+ ${printOperand(node.operand)}`;
    case 'minus':
      return `- ${printOperand(node.operand)}`;
    case 'binary':
      return `${printOperand(node.left)} ${node.operator} ${printOperand(node.right)}`;
    case 'between':
      return `${printOperand(node.operand)} BETWEEN ${printOperand(node.lower)} AND ${printOperand(node.upper)}`;
    case 'isType':
      return `${printOperand(node.operand)} IS ${node.type}`;
    default:
      return node.kind;
  }
}

const OPERATIONS: ReadonlySet<ExpressionNode['kind']> = new Set([
  'not',
  'plus',
  'minus',
  'binary',
  'between',
  'isType',
]);

function printOperand(node: ExpressionNode): string {
  const text = printExpression(node);
  return OPERATIONS.has(node.kind) ? `(${text})` : text;
}

function printAll(nodes: readonly ExpressionNode[]): string {
  return nodes.map(printOperand).join(', ');
}

function printStep(step: PathStep): string {
  switch (step.kind) {
    case 'member':
      return `.${printName(step.name)}`;
    case 'element':
      return `[${printExpression(step.index)}]`;
    case 'unpivot':
      return '.*';
    case 'wildcard':
      return '[*]';
  }
}

function printName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
