import { validationError } from '../errors.js';
import type { ExpressionRules } from './expression-members.js';
import { conditionsExpression, keyConditionsExpression } from './legacy-conditions.js';
import { LegacyPlaceholders } from './legacy-placeholders.js';
import { updatesExpression } from './legacy-updates.js';
import type { ExpressionMembers } from './request.js';

type LegacyMembers = ExpressionMembers & {
  readonly AttributesToGet?: readonly string[];
  readonly AttributeUpdates?: unknown;
  readonly Expected?: unknown;
  readonly QueryFilter?: unknown;
  readonly ScanFilter?: unknown;
  readonly KeyConditions?: unknown;
  readonly IndexName?: string;
  readonly ConditionalOperator?: string;
};

type Expressions = { -readonly [Name in keyof ExpressionMembers]: ExpressionMembers[Name] };

/**
 * The request with expressions in place of the parameters from before expressions (docs:
 * LegacyConditionalParameters), which stay in it to tell. The request itself when it has none, which is the rule.
 */
export function translateLegacy<Request extends ExpressionMembers>(input: Request, rules: ExpressionRules): Request {
  const members: Readonly<Record<string, unknown>> = input;
  if (rules.legacy.every((name) => members[name] === undefined)) return input;
  return { ...input, ...expressionsFor(input) };
}

export function expressionMixture(legacy: readonly string[], expressions: readonly string[]): Error {
  return validationError(
    'Can not use both expression and non-expression parameters in the same request: ' +
      `Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
  );
}

function expressionsFor(input: LegacyMembers): ExpressionMembers {
  const placeholders = new LegacyPlaceholders();
  const filter = input.QueryFilter ?? input.ScanFilter;
  const { Expected: expected, ConditionalOperator: operator } = input;
  const expressions: Expressions = {};
  // In AWS's order of validation: only a Query looks at its filter first.
  const update = updatesExpression(input.AttributeUpdates, placeholders);
  if (input.QueryFilter === undefined) addProjection(input, expressions, placeholders);
  const condition = conditionsExpression(expected ?? filter, operator, expected !== undefined, placeholders);
  if (input.QueryFilter !== undefined) addProjection(input, expressions, placeholders);
  if (condition !== undefined && filter !== undefined) expressions.FilterExpression = condition;
  else if (condition !== undefined) expressions.ConditionExpression = condition;
  if (update !== undefined) expressions.UpdateExpression = update;
  if (input.KeyConditions !== undefined) {
    expressions.KeyConditionExpression = keyConditionsExpression(
      input.KeyConditions,
      input.IndexName !== undefined,
      placeholders,
    );
  }
  const names = { ...(input.ExpressionAttributeNames as object), ...placeholders.names };
  const values = { ...(input.ExpressionAttributeValues as object), ...placeholders.values };
  if (Object.keys(names).length > 0) expressions.ExpressionAttributeNames = names;
  if (Object.keys(values).length > 0) expressions.ExpressionAttributeValues = values;
  return expressions;
}

function addProjection(input: LegacyMembers, expressions: Expressions, placeholders: LegacyPlaceholders): void {
  if (input.AttributesToGet === undefined) return;
  expressions.ProjectionExpression = projectionExpression(input.AttributesToGet, placeholders);
}

function projectionExpression(attributes: readonly string[], placeholders: LegacyPlaceholders): string {
  const repeated = attributes.find((attribute, at) => attributes.indexOf(attribute) < at);
  if (repeated !== undefined) {
    throw validationError(`One or more parameter values were invalid: Duplicate value in attribute name: ${repeated}`);
  }
  return attributes.map((attribute) => placeholders.name(attribute)).join(', ');
}
