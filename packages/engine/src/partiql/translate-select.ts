import { validationError } from '../errors.js';
import { type Path, PathTree } from '../expression/index.js';
import type { ExpressionNode, OrderNode, Projection, SelectNode } from './ast.js';
import type { BoundCondition } from './bound-condition.js';
import { bindWhere } from './condition-binder.js';
import { documentPath } from './document-path.js';
import { type Literals, nodeName } from './literal.js';
import { errorAt } from './statement-error.js';

/** A column of the answer, under the last name in its path. */
export interface Column {
  readonly label: string;
  readonly path: Path;
}

export interface Ordering {
  readonly attribute: string;
  readonly isDescending: boolean;
}

/** A SELECT that has been read as far as that goes without its table. */
export interface BoundSelect {
  /** Undefined when all attributes are wanted. */
  readonly columns: readonly Column[] | undefined;
  readonly where: BoundCondition | undefined;
  readonly orderBy: readonly Ordering[];
}

/** Throws ValidationException with AWS's words. */
export function translateSelect(node: SelectNode, literals: Literals): BoundSelect {
  const { unsupportedClause: clause } = node;
  if (clause !== undefined) throw errorAt(`Unsupported clause: ${clause.name}`, clause.at);
  if (node.isDistinct) throw validationError('Unsupported token in expression: DISTINCT');
  const columns = columnsOf(node.projection);
  const where = node.where && bindWhere(node.where, literals);
  return { columns, where, orderBy: node.orderBy.map(ordering) };
}

function columnsOf(projection: Projection): readonly Column[] | undefined {
  if (projection.kind === 'all') return undefined;
  if (projection.kind === 'members') {
    throw validationError("Changing item's hierarchy while reading isn't supported");
  }
  if (projection.kind === 'value') {
    throw validationError("Select projection doesn't support value or pivot keywords");
  }
  const columns = projection.columns.map(({ expression, hasAlias }) => {
    if (hasAlias) throw validationError('Aliasing is not supported');
    const path = documentPath(expression);
    return { label: labelOf(path), path };
  });
  checkLabels(columns);
  checkPaths(columns.map(({ path }) => path));
  return columns;
}

/** `m.k[0]` is called `k[0]`. */
function labelOf(path: Path): string {
  const named = path.findLastIndex((element) => typeof element === 'string');
  const [name, ...indexes] = path.slice(named);
  return `${name}${indexes.map((index) => `[${index}]`).join('')}`;
}

function checkLabels(columns: readonly Column[]): void {
  const seen = new Set<string>();
  for (const { label } of columns) {
    if (seen.has(label)) throw validationError(`Duplicate identifiers in select clause: ${label}`);
    seen.add(label);
  }
}

/** AWS looks at the last path first. */
function checkPaths(paths: readonly Path[]): void {
  PathTree.of('Statement', paths.map((path) => ({ path, leaf: true })).reverse());
}

function ordering({ expression, isDescending }: OrderNode): Ordering {
  if (expression.kind === 'identifier') return { attribute: expression.name, isDescending };
  throw validationError(`Argument to ORDER BY must be of type VariableReference. Type: ${typeText(expression)}`);
}

function typeText(node: ExpressionNode): string {
  if (node.kind === 'string') return JSON.stringify(node.text);
  return node.kind === 'number' ? node.text : nodeName(node);
}
