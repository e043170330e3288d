import type { AttributeMap } from '../value/index.js';

export type ConditionKind = 'ConditionExpression' | 'FilterExpression';

/** A condition or filter expression bound to the substitutions of one request. */
export interface Condition {
  /** Whether the item meets the condition; undefined stands for no item. */
  evaluate(item: AttributeMap | undefined): boolean;
  /** The top-level attributes that the expression names. */
  attributes(): ReadonlySet<string>;
}
