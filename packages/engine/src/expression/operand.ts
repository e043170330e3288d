import type { AttributeMap, AttributeType, AttributeValue } from '../value/index.js';
import { typeOf } from '../value/index.js';
import type { PathNode, ValueNode } from './ast.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import { memberOf, type Path, topLevelAttribute, valueAt } from './path.js';
import type { Substitutions } from './substitutions.js';

/** An operand with its placeholders resolved. */
export interface Operand {
  /** The type of its value, where that is known beforehand. */
  readonly type: AttributeType | undefined;
  /** The path, when it is one. */
  readonly path: Path | undefined;
  /** The value, when it is the same for all items. */
  readonly literal: AttributeValue | undefined;
  /** The value in an item; undefined when the item has none. */
  valueIn(item: AttributeMap): AttributeValue | undefined;
}

export function bindPath(kind: ExpressionKind, node: PathNode, substitutions: Substitutions): Path {
  return node.elements.map((element) => {
    if (element.kind === 'name') return element.name;
    if (element.kind === 'index') return element.index;
    const name = substitutions.name(element.placeholder);
    if (name !== undefined) return name;
    throw expressionError(kind, 'An expression attribute name used in the document path is not defined', [
      `attribute name: ${element.placeholder}`,
    ]);
  });
}

export function bindValue(kind: ExpressionKind, node: ValueNode, substitutions: Substitutions): AttributeValue {
  const value = substitutions.value(node.placeholder);
  if (value !== undefined) return value;
  throw expressionError(kind, 'An expression attribute value used in expression is not defined', [
    `attribute value: ${node.placeholder}`,
  ]);
}

export function pathOperand(path: Path): Operand {
  if (path.length > 1) return { type: undefined, path, literal: undefined, valueIn: (item) => valueAt(item, path) };
  const name = topLevelAttribute(path);
  return { type: undefined, path, literal: undefined, valueIn: (item) => memberOf(item, name) };
}

export function literalOperand(value: AttributeValue): Operand {
  return { type: typeOf(value), path: undefined, literal: value, valueIn: () => value };
}

/** An operand computed from others, such as a function call. */
export function computedOperand(type: AttributeType | undefined, valueIn: Operand['valueIn']): Operand {
  return { type, path: undefined, literal: undefined, valueIn };
}
