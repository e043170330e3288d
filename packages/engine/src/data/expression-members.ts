import { validationError } from '../errors.js';
import { Substitutions } from '../expression/index.js';
import type { ExpressionMember, ExpressionMembers } from './request.js';

/** Which members of an operation's request are expressions, and which are their predecessors. */
export interface ExpressionRules {
  readonly expressions: readonly ExpressionMember[];
  /** Parameters from before expressions (docs: LegacyConditionalParameters). */
  readonly legacy: readonly string[];
}

/**
 * Refuses requests that mix expressions with legacy parameters, or that bring substitutions without expressions.
 * Returns the substitutions when there is an expression to compile with them.
 */
export function openExpressions(input: ExpressionMembers, rules: ExpressionRules): Substitutions | undefined {
  const isGiven = (name: string): boolean => input[name as keyof ExpressionMembers] !== undefined;
  const given = rules.expressions.filter(isGiven);
  const legacy = rules.legacy.filter(isGiven);
  if (legacy.length > 0) refuseLegacy(legacy, given);
  if (given.length > 0) return new Substitutions(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  if (names !== undefined || values !== undefined) {
    const valued = rules.expressions.filter((name) => name !== 'ProjectionExpression');
    Substitutions.assertAbsent(names, values, valued);
  }
  return undefined;
}

function refuseLegacy(legacy: readonly string[], given: readonly string[]): never {
  if (given.length > 0) {
    throw validationError(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${given.join(', ')}}`,
    );
  }
  throw validationError(`The legacy parameter ${legacy[0]} is not emulated; use expressions instead.`);
}
