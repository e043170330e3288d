import { Substitutions } from '../expression/index.js';
import type { ExpressionMember, ExpressionMembers } from './request.js';

/** Which members of an operation's request are expressions, and which are their predecessors. */
export interface ExpressionRules {
  readonly expressions: readonly ExpressionMember[];
  /** Parameters from before expressions (docs: LegacyConditionalParameters), in the order of AWS messages. */
  readonly legacy: readonly string[];
}

/**
 * The substitutions of a request that has an expression to compile with them; undefined when it has none. Refuses
 * substitutions without expressions.
 */
export function openExpressions(input: ExpressionMembers, rules: ExpressionRules): Substitutions | undefined {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  const given = rules.expressions.filter((name) => input[name] !== undefined);
  if (given.length === 0 || (values !== undefined && given.every(takesNoValues))) {
    if (names === undefined && values === undefined) return undefined;
    const valued = rules.expressions.filter((name) => !takesNoValues(name));
    Substitutions.assertAbsent(given.length === 0 ? names : undefined, values, valued);
  }
  return new Substitutions(names, values);
}

function takesNoValues(name: ExpressionMember): boolean {
  return name === 'ProjectionExpression';
}
