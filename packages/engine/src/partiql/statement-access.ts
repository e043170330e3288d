import { DynamoError } from '../errors.js';
import type { AttributeValue } from '../value/index.js';
import type { ExpressionNode } from './ast.js';
import { existsNode } from './exists.js';
import { isValueNode, Literals } from './literal.js';
import { checkParameters } from './parameters.js';
import { parse } from './parse.js';
import { insertTargetOf, sourceOf, targetOf } from './source.js';
import { type SupportedNode, supported } from './statement-kind.js';

/** What policies of access ask of a statement, before anything is looked up for it. */
export interface StatementAccess {
  readonly verb: 'Select' | 'Insert' | 'Update' | 'Delete';
  readonly tableName: string;
  readonly indexName: string | undefined;
  /** The top-level attributes that it names; `*` names none. */
  readonly attributes: readonly string[];
  /** The values that it holds a key attribute to, all that there may be; undefined when it may meet any. */
  valuesOf(attribute: string): readonly AttributeValue[] | undefined;
}

/** Undefined for what is no statement of DynamoDB's, or has parameters that are none. */
export function statementAccess(text: string, parameters: readonly unknown[]): StatementAccess | undefined {
  try {
    const node = parse(text);
    return accessOf(existsNode(node) ?? supported(node, true), new Literals(checkParameters(parameters)));
  } catch (error) {
    if (error instanceof DynamoError) return undefined;
    throw error;
  }
}

function accessOf(node: SupportedNode, literals: Literals): StatementAccess | undefined {
  if (node.kind === 'insert') {
    if (node.value.kind !== 'struct') return undefined;
    const item = literals.itemOf(node.value);
    return {
      verb: 'Insert',
      tableName: insertTargetOf(node.into),
      indexName: undefined,
      attributes: Object.keys(item),
      valuesOf: (attribute) => (item[attribute] === undefined ? undefined : [item[attribute]]),
    };
  }
  const { where } = node;
  const valuesOf = (attribute: string) => where && pinned(where, attribute, literals);
  if (node.kind === 'select') {
    const columns = node.projection.kind === 'columns' ? node.projection.columns : [];
    const named = [...columns, ...node.orderBy].map(({ expression }) => expression);
    return { verb: 'Select', ...sourceOf(node.from), attributes: namesOf([...named, where]), valuesOf };
  }
  const target = { tableName: targetOf(node.from), indexName: undefined };
  if (node.kind === 'delete') return { verb: 'Delete', ...target, attributes: namesOf([where]), valuesOf };
  const written = node.actions.flatMap((action) =>
    action.kind === 'set' ? [action.path, action.value] : [action.path],
  );
  return { verb: 'Update', ...target, attributes: namesOf([...written, where]), valuesOf };
}

function namesOf(nodes: readonly (ExpressionNode | undefined)[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => (node === undefined ? [] : namesIn(node))))];
}

/** Of a path, its first element. */
function namesIn(node: ExpressionNode): readonly string[] {
  switch (node.kind) {
    case 'identifier':
      return [node.name];
    case 'path':
      return namesIn(node.root);
    case 'call':
      return node.operands.flatMap(namesIn);
    case 'list':
    case 'bag':
      return node.elements.flatMap(namesIn);
    case 'struct':
      return node.members.flatMap(({ value }) => namesIn(value));
    case 'not':
    case 'plus':
    case 'minus':
    case 'isType':
      return namesIn(node.operand);
    case 'binary':
      return [...namesIn(node.left), ...namesIn(node.right)];
    case 'between':
      return [node.operand, node.lower, node.upper].flatMap(namesIn);
    default:
      return [];
  }
}

/** The values that a condition holds an attribute to; undefined when it holds for others, too. */
function pinned(node: ExpressionNode, attribute: string, literals: Literals): readonly AttributeValue[] | undefined {
  if (node.kind !== 'binary') return undefined;
  const { operator, left, right } = node;
  if (operator === 'and' || operator === 'or') {
    const one = pinned(left, attribute, literals);
    const other = pinned(right, attribute, literals);
    if (one !== undefined && other !== undefined) return [...one, ...other];
    return operator === 'and' ? (one ?? other) : undefined;
  }
  if (operator === '=' && isNamed(right, attribute)) return valuesIn([left], literals);
  if (!isNamed(left, attribute)) return undefined;
  if (operator === '=') return valuesIn([right], literals);
  if (operator !== 'in' || (right.kind !== 'list' && right.kind !== 'bag')) return undefined;
  return valuesIn(right.elements, literals);
}

function isNamed(node: ExpressionNode, attribute: string): boolean {
  return node.kind === 'identifier' && node.name === attribute;
}

function valuesIn(nodes: readonly ExpressionNode[], literals: Literals): readonly AttributeValue[] | undefined {
  const values = nodes.filter(isValueNode);
  return values.length === nodes.length ? values.map((value) => literals.valueOf(value)) : undefined;
}
