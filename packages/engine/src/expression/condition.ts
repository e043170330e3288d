import { validationError } from '../errors.js';
import type { AttributeMap } from '../value/index.js';
import { bindCondition } from './condition-binder.js';
import type { Predicate } from './condition-predicates.js';
import { parseCondition } from './parse.js';
import type { Path } from './path.js';
import { nestedAttributesOf, topLevelAttribute } from './path.js';
import type { Substitutions } from './substitutions.js';

export type ConditionKind = 'ConditionExpression' | 'FilterExpression';

/** A condition or filter expression bound to the substitutions of one request. */
export interface Condition {
  /** Whether the item meets the condition; undefined stands for no item. */
  evaluate(item: AttributeMap | undefined): boolean;
  /** The top-level attributes that the expression names. */
  attributes(): ReadonlySet<string>;
  /** Those of them that it reaches into. */
  nestedAttributes(): readonly string[];
}

const NO_ITEM: AttributeMap = {};

/** `text` is the raw member of the request. Throws ValidationException with AWS's words. */
export function compileCondition(kind: ConditionKind, text: unknown, substitutions: Substitutions): Condition {
  const node = parseCondition(kind, text, substitutions.isTranslated(kind));
  const paths: Path[] = [];
  const predicate = bindCondition(kind, node, substitutions, paths);
  return new BoundCondition(predicate, paths);
}

class BoundCondition implements Condition {
  constructor(
    private readonly predicate: Predicate,
    private readonly paths: readonly Path[],
  ) {}

  evaluate(item: AttributeMap | undefined): boolean {
    return this.predicate(item ?? NO_ITEM);
  }

  attributes(): ReadonlySet<string> {
    return new Set(this.paths.map(topLevelAttribute));
  }

  nestedAttributes(): readonly string[] {
    return nestedAttributesOf(this.paths);
  }
}

/** Throws when a filter names one of the key attributes, which only a key condition may. */
export function assertNoKeyAttributes(filter: Condition, keyAttributes: readonly string[]): void {
  const attributes = filter.attributes();
  const key = keyAttributes.find((attribute) => attributes.has(attribute));
  if (key === undefined) return;
  throw validationError(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
}
