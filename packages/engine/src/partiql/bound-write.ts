import { validationError } from '../errors.js';
import type { Update } from '../expression/index.js';
import { type AttributeMap, itemSizeBytes } from '../value/index.js';
import type { DeleteNode, InsertNode, ReturnedPart, ReturningNode, UpdateNode } from './ast.js';
import type { BoundCondition } from './bound-condition.js';
import { bindWhere } from './condition-binder.js';
import type { Literals } from './literal.js';
import { insertTargetOf, targetOf } from './source.js';
import { errorAt } from './statement-error.js';
import { bindUpdate } from './update-binder.js';

export type WriteNode = InsertNode | UpdateNode | DeleteNode;

/** A statement that writes, read as far as that goes without its table. */
export type BoundWrite =
  | { readonly kind: 'insert'; readonly tableName: string; readonly item: AttributeMap; readonly sizeBytes: number }
  | {
      readonly kind: 'update' | 'delete';
      readonly tableName: string;
      readonly update: Update | undefined;
      readonly where: BoundCondition | undefined;
      /** What the answer gives back. */
      readonly returning: ReturnedPart | undefined;
    };

/** Throws ValidationException with AWS's words. */
export function translateWrite(node: WriteNode, literals: Literals): BoundWrite {
  if (node.kind === 'insert') return translateInsert(node, literals);
  const tableName = targetOf(node.from);
  const where = node.where && bindWhere(node.where, literals);
  const update = node.kind === 'update' ? bindUpdate(node.actions, literals) : undefined;
  return { kind: node.kind, tableName, update, where, returning: returnedPart(node.kind, node.returning) };
}

function translateInsert(node: InsertNode, literals: Literals): BoundWrite {
  const { unsupportedClause: clause, value } = node;
  const tableName = insertTargetOf(node.into);
  if (clause === 'AT') throw errorAt('AT is not supported in insert statements.', node.at);
  if (clause === 'ON CONFLICT') throw validationError('Unsupported clause: ON CONFLICT');
  if (clause === 'RETURNING') throw validationError('RETURNING is not supported in INSERT');
  if (value.kind !== 'struct') {
    throw errorAt(
      'Unsupported format in item expression. Please use struct format {...} to express item values for insert ' +
        'statement.',
      value.at,
    );
  }
  const item = literals.itemOf(value);
  return { kind: 'insert', tableName, item, sizeBytes: itemSizeBytes(item) };
}

function returnedPart(kind: 'update' | 'delete', returning: ReturningNode | undefined): ReturnedPart | undefined {
  const [element, ...others] = returning?.elements ?? [];
  if (element === undefined) return undefined;
  if (others.length > 0) {
    throw validationError('Invalid syntax with multiple returning elements in RETURNING clause');
  }
  const { part, isAll } = element;
  if (!isAll) throw validationError("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
  if (kind === 'delete' && part !== 'ALL OLD') {
    const allowed = 'Only RETURNING ALL OLD * is allowed in DELETE statements.';
    throw validationError(`Invalid returning clause: RETURNING ${part} *. ${allowed}`);
  }
  return part;
}
