import { validationError } from '../errors.js';
import { expressionError, type Path } from '../expression/index.js';
import type { ExpressionNode, PathStep } from './ast.js';
import { errorAt } from './statement-error.js';

/** Docs: Constraints, "Expression parameters". */
const MAX_ELEMENTS = 32;
const MAX_LIST_INDEX = 2 ** 31 - 1;

/** Whether the expression names an attribute or a place within one. */
export function isPathNode(node: ExpressionNode): boolean {
  return node.kind === 'identifier' || node.kind === 'path';
}

/** The document path that an expression names. Throws ValidationException when it is none. */
export function documentPath(node: ExpressionNode): Path {
  if (node.kind === 'identifier') return [named(node.name)];
  if (node.kind !== 'path') throw errorAt('Unexpected path component', node.at);
  const { root, steps } = node;
  if (root.kind === 'list') throw errorAt('A path cannot start with a list index', root.at);
  const path = [...documentPath(root), ...steps.map(element)];
  if (path.length <= MAX_ELEMENTS) return path;
  throw expressionError('Statement', 'The document path has too many nesting levels', [
    `nesting levels: ${path.length}`,
  ]);
}

function element(step: PathStep): string | number {
  switch (step.kind) {
    case 'member':
      return named(step.name);
    case 'element':
      return listElement(step.index);
    case 'unpivot':
      throw errorAt('Unpivot path component like a.*.b are not supported', step.at);
    case 'wildcard':
      throw errorAt('Wildcard path component like a[*].b are not supported', step.at);
  }
}

/** In brackets, a number is an index, and a name or a string is a member. */
function listElement(node: ExpressionNode): string | number {
  if (node.kind === 'identifier') return named(node.name);
  if (node.kind === 'string') return named(node.text);
  if (node.kind !== 'number' || !/^-?[0-9]+$/.test(node.text)) throw errorAt('Unexpected path component', node.at);
  const index = Number(node.text);
  if (index < 0 || index > MAX_LIST_INDEX) {
    const text = node.text.replace(/^(-?)0+(?=\d)/, '$1');
    throw errorAt(`List index is not within the allowable range; index: [${text}]`, node.at);
  }
  return index === 0 ? 0 : index;
}

function named(name: string): string {
  if (name === '') throw validationError('Path component cannot be an empty string');
  return name;
}
