import type { AttributeMap } from '../value/index.js';
import type { Condition, ConditionKind } from './condition.js';
import type { KeyTerm } from './key-condition.js';
import type { Path } from './path.js';
import type { Projection } from './projection.js';
import type { Substitutions } from './substitutions.js';
import type { Update } from './update.js';

export type { Condition, ConditionKind } from './condition.js';
export type { KeyOperator, KeyTerm } from './key-condition.js';
export type { Path } from './path.js';
export type { Projection } from './projection.js';
export { Substitutions } from './substitutions.js';
export type { Update, UpdateResult } from './update.js';

/** `text` is the raw member of the request. Throws ValidationException with AWS's words. */
export function compileCondition(_kind: ConditionKind, _text: unknown, _substitutions: Substitutions): Condition {
  throw new Error('not written yet');
}

/** Throws when a filter names one of the key attributes. */
export function assertNoKeyAttributes(_filter: Condition, _keyAttributes: readonly string[]): void {
  throw new Error('not written yet');
}

export function compileUpdate(_text: unknown, _substitutions: Substitutions): Update {
  throw new Error('not written yet');
}

export function compileProjection(_text: unknown, _substitutions: Substitutions): Projection {
  throw new Error('not written yet');
}

export function compileKeyCondition(_text: unknown, _substitutions: Substitutions): readonly KeyTerm[] {
  throw new Error('not written yet');
}

/** The updated paths of an item, before or after, for ReturnValues UPDATED_OLD and UPDATED_NEW; undefined when none exist. */
export function projectUpdatedPaths(
  _item: AttributeMap | undefined,
  _paths: readonly Path[],
): AttributeMap | undefined {
  throw new Error('not written yet');
}
