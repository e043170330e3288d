import type { KeyOperator, Path, Predicate } from '../expression/index.js';
import type { AttributeValue } from '../value/index.js';

/** A test of one top-level attribute against values, as a key condition could make it. */
export interface AttributeTest {
  readonly attribute: string;
  /** IN with one value is an equality. */
  readonly operator: KeyOperator | 'IN';
  /** Whether it is written as IN. */
  readonly isList: boolean;
  readonly values: readonly AttributeValue[];
}

/** A WHERE clause bound to the parameters of one request. */
export type BoundCondition =
  | { readonly kind: 'and' | 'or'; readonly left: BoundCondition; readonly right: BoundCondition }
  | { readonly kind: 'not'; readonly operand: BoundCondition }
  | {
      readonly kind: 'test';
      readonly predicate: Predicate;
      readonly paths: readonly Path[];
      /** Undefined when no key condition could say the same. */
      readonly test: AttributeTest | undefined;
    };

export function predicateOf(condition: BoundCondition): Predicate {
  switch (condition.kind) {
    case 'and': {
      const [left, right] = [predicateOf(condition.left), predicateOf(condition.right)];
      return (item) => left(item) && right(item);
    }
    case 'or': {
      const [left, right] = [predicateOf(condition.left), predicateOf(condition.right)];
      return (item) => left(item) || right(item);
    }
    case 'not': {
      const operand = predicateOf(condition.operand);
      return (item) => !operand(item);
    }
    case 'test':
      return condition.predicate;
  }
}

/** Whether all conditions hold. */
export function allOf(conditions: readonly BoundCondition[]): Predicate {
  const predicates = conditions.map(predicateOf);
  return (item) => predicates.every((predicate) => predicate(item));
}

/** Every path that the condition names, in the order of the statement. */
export function pathsOf(condition: BoundCondition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case 'not':
      return pathsOf(condition.operand);
    case 'test':
      return condition.paths;
  }
}

/** The conditions that the condition joins with AND. */
export function conjunctsOf(condition: BoundCondition | undefined): readonly BoundCondition[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'and') return [condition];
  return [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)];
}
