import { type SubstitutionOptions, Substitutions } from '../expression/index.js';
import { expressionMixture, translateLegacy } from './legacy-parameters.js';
import type { ExpressionMember, ExpressionMembers } from './request.js';

/** Which members of an operation's request are expressions, and which are their predecessors. */
export interface ExpressionRules {
  readonly expressions: readonly ExpressionMember[];
  /** Parameters from before expressions (docs: LegacyConditionalParameters), in the order of AWS messages. */
  readonly legacy: readonly string[];
  /** Values of expressions nest no deeper than those of items: known of UpdateItem and its likes, not of others. */
  readonly valuesNestAsStored?: boolean;
  /** Numbers of values are read in 32 bits. */
  readonly hasNarrowNumbers?: boolean;
}

/** A request whose expressions can be compiled. */
export interface OpenRequest<Request> {
  /** With expressions in place of their predecessors, which stay in it to tell. */
  readonly input: Request;
  /** Undefined when there is no expression to compile. */
  readonly substitutions: Substitutions | undefined;
}

/**
 * The first of two steps, which comes before AWS looks at any value: refuses expressions together with their
 * predecessors, and substitutions without expressions.
 */
export function checkExpressionMembers(input: ExpressionMembers, rules: ExpressionRules): void {
  const members: Readonly<Record<string, unknown>> = input;
  const given = rules.expressions.filter((name) => members[name] !== undefined);
  if (rules.legacy.length > 0 && given.length > 0) {
    // KeyConditions may go with other expressions, as long as these are not the key condition.
    const hasKeyExpression = given.includes('KeyConditionExpression');
    const refused = rules.legacy.filter(
      (name) => members[name] !== undefined && (name !== 'KeyConditions' || hasKeyExpression),
    );
    if (refused.length > 0) throw expressionMixture(refused, given);
  }
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  if (names === undefined && values === undefined) return;
  if (!given.every(takesNoValues)) return;
  const valued = rules.expressions.filter((name) => !takesNoValues(name));
  Substitutions.assertAbsent(given.length === 0 ? names : undefined, values, valued);
}

/** The second step: translates what is older than expressions, and reads the substitutions. */
export function openExpressions<Request extends ExpressionMembers>(
  request: Request,
  rules: ExpressionRules,
): OpenRequest<Request> {
  const input = translateLegacy(request, rules);
  if (rules.expressions.every((name) => input[name] === undefined)) return { input, substitutions: undefined };
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  return { input, substitutions: new Substitutions(names, values, optionsOf(request, input, rules)) };
}

function optionsOf(
  request: ExpressionMembers,
  input: ExpressionMembers,
  { expressions, valuesNestAsStored: nestsAsStored = false, hasNarrowNumbers = false }: ExpressionRules,
): SubstitutionOptions {
  if (input === request) return { nestsAsStored, hasNarrowNumbers };
  // How deeply the values of predecessors nest has been looked at, where they are stored.
  return { hasNarrowNumbers, translated: expressions.filter((name) => request[name] === undefined) };
}

function takesNoValues(name: ExpressionMember): boolean {
  return name === 'ProjectionExpression';
}
