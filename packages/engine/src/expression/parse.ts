import { assertStringShape, utf8SizeBytes } from '../value/index.js';
import type { ConditionNode, ProjectionNode, UpdateNode } from './ast.js';
import { ConditionParser } from './condition-parser.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import { checkLimits, MAX_EXPRESSION_SIZE_BYTES } from './limits.js';
import { ParseCache } from './parse-cache.js';
import { ProjectionParser } from './projection-parser.js';
import { UpdateParser } from './update-parser.js';

export type ConditionExpressionKind = 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression';

/** Entries per kind of expression. Programs use few texts, each many times; texts are at most 4 KB. */
const CACHE_CAPACITY = 500;

const conditions: Readonly<Record<ConditionExpressionKind, ParseCache<ConditionNode>>> = {
  ConditionExpression: conditionCache('ConditionExpression'),
  FilterExpression: conditionCache('FilterExpression'),
  KeyConditionExpression: conditionCache('KeyConditionExpression'),
};

const updates = new ParseCache(CACHE_CAPACITY, (text) =>
  withinLimits('UpdateExpression', new UpdateParser('UpdateExpression', text).parse()),
);

const projections = new ParseCache(CACHE_CAPACITY, (text) =>
  withinLimits('ProjectionExpression', new ProjectionParser('ProjectionExpression', text).parse()),
);

function conditionCache(kind: ConditionExpressionKind): ParseCache<ConditionNode> {
  return new ParseCache(CACHE_CAPACITY, (text) => withinLimits(kind, new ConditionParser(kind, text).parse()));
}

function withinLimits<T extends ConditionNode | UpdateNode | ProjectionNode>(kind: ExpressionKind, node: T): T {
  checkLimits(kind, node);
  return node;
}

/** The syntax tree of a condition. Throws ValidationException for what is wrong whatever the substitutions are. */
export function parseCondition(kind: ConditionExpressionKind, text: unknown): ConditionNode {
  return conditions[kind].get(checkedText(kind, text));
}

export function parseUpdate(text: unknown): UpdateNode {
  return updates.get(checkedText('UpdateExpression', text));
}

export function parseProjection(text: unknown): ProjectionNode {
  return projections.get(checkedText('ProjectionExpression', text));
}

function checkedText(kind: ExpressionKind, text: unknown): string {
  assertStringShape(text);
  if (typeof text !== 'string' || text === '') throw expressionError(kind, 'The expression can not be empty');
  // No character takes more than three bytes per UTF-16 unit.
  if (text.length * 3 > MAX_EXPRESSION_SIZE_BYTES && utf8SizeBytes(text) > MAX_EXPRESSION_SIZE_BYTES) {
    throw expressionError(kind, 'Expression size has exceeded the maximum allowed size', [
      `expression size: ${utf8SizeBytes(text)}`,
    ]);
  }
  return text;
}
