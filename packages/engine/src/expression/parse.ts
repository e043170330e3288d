import { assertStringShape, utf8SizeBytes } from '../value/index.js';
import type { ConditionNode, ProjectionNode, UpdateNode } from './ast.js';
import { ConditionParser } from './condition-parser.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import { checkLimits, MAX_EXPRESSION_SIZE_BYTES } from './limits.js';
import { ParseCache } from './parse-cache.js';
import { ProjectionParser } from './projection-parser.js';
import { UpdateParser } from './update-parser.js';

export type ConditionExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'SearchConditionExpression';

/** Entries per kind of expression. Programs use few texts, each many times; most texts are at most 4 KB. */
const CACHE_CAPACITY = 500;

/** Whose size AWS names when it is too large. */
const SIZED: ReadonlySet<ExpressionKind> = new Set<ExpressionKind>(['ConditionExpression', 'FilterExpression']);

type Node = ConditionNode | UpdateNode | ProjectionNode;

/** The syntax trees of one kind of expression, kept by text. */
class Parses<T extends Node> {
  private readonly given: ParseCache<T>;
  /** Of texts that stand for parameters from before expressions, which do not have the limits of expressions. */
  private readonly translated: ParseCache<T>;

  constructor(
    private readonly kind: ExpressionKind,
    parse: (text: string) => T,
  ) {
    this.given = new ParseCache(CACHE_CAPACITY, (text) => {
      const node = parse(text);
      checkLimits(kind, node);
      return node;
    });
    this.translated = new ParseCache(CACHE_CAPACITY, parse);
  }

  get(text: unknown, isTranslated: boolean): T {
    assertStringShape(text);
    if (typeof text !== 'string' || text === '') throw expressionError(this.kind, 'The expression can not be empty');
    if (isTranslated) return this.translated.get(text);
    // No character takes more than three bytes per UTF-16 unit.
    if (text.length * 3 > MAX_EXPRESSION_SIZE_BYTES && utf8SizeBytes(text) > MAX_EXPRESSION_SIZE_BYTES) {
      const size = SIZED.has(this.kind) ? [`expression size: ${utf8SizeBytes(text)}`] : [];
      throw expressionError(this.kind, 'Expression size has exceeded the maximum allowed size', size);
    }
    return this.given.get(text);
  }
}

const conditions: Readonly<Record<ConditionExpressionKind, Parses<ConditionNode>>> = {
  ConditionExpression: conditionParses('ConditionExpression'),
  FilterExpression: conditionParses('FilterExpression'),
  KeyConditionExpression: conditionParses('KeyConditionExpression'),
  SearchConditionExpression: conditionParses('SearchConditionExpression'),
};

const updates = new Parses('UpdateExpression', (text) => new UpdateParser('UpdateExpression', text).parse());

const projections = new Parses('ProjectionExpression', (text) =>
  new ProjectionParser('ProjectionExpression', text).parse(),
);

function conditionParses(kind: ConditionExpressionKind): Parses<ConditionNode> {
  return new Parses(kind, (text) => new ConditionParser(kind, text).parse());
}

/** The syntax tree of a condition. Throws ValidationException for what is wrong whatever the substitutions are. */
export function parseCondition(kind: ConditionExpressionKind, text: unknown, isTranslated = false): ConditionNode {
  return conditions[kind].get(text, isTranslated);
}

export function parseUpdate(text: unknown, isTranslated = false): UpdateNode {
  return updates.get(text, isTranslated);
}

export function parseProjection(text: unknown, isTranslated = false): ProjectionNode {
  return projections.get(text, isTranslated);
}
