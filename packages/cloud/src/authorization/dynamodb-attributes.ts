import { isObject, listOf, objectOf, objectsOf, textOf } from './input-reader.js';

/** Words of expressions that are no attributes. */
const WORDS = new Set(
  'and or not between in set remove add delete if_not_exists list_append attribute_exists attribute_not_exists attribute_type begins_with contains size'.split(
    ' ',
  ),
);
const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];
/** Values, names, and the rest of a path behind its first element, which does not count. */
const TOKEN = /:[A-Za-z0-9_]+|#[A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_-]*|\.\s*#?[A-Za-z0-9_-]+|\[\s*\d+\s*\]|\d+/g;
const LEGACY_MAPS = ['Item', 'Key', 'Expected', 'AttributeUpdates', 'KeyConditions', 'QueryFilter', 'ScanFilter'];

/**
 * The top-level attributes that a request names, anywhere in it: `dynamodb:Attributes`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function attributesOf(input: object): string[] {
  const names = new Set<string>();
  for (const member of LEGACY_MAPS) for (const name of Object.keys(objectOf(input, member))) names.add(name);
  for (const name of listOf(input, 'AttributesToGet')) if (typeof name === 'string') names.add(topLevel(name));
  for (const key of objectsOf(input, 'Keys')) for (const name of Object.keys(key)) names.add(name);
  const substitutes = objectOf(input, 'ExpressionAttributeNames');
  for (const member of EXPRESSIONS) {
    for (const name of namesIn(textOf(input, member) ?? '', substitutes)) names.add(name);
  }
  return [...names];
}

/** The value of the partition key in a query's conditions; undefined when it gives none. */
export function queriedKey(input: object, hashKey: string): unknown {
  const condition = objectOf(input, 'KeyConditions')[hashKey];
  if (isObject(condition)) return listOf(condition, 'AttributeValueList')[0];
  const expression = textOf(input, 'KeyConditionExpression') ?? '';
  const substitutes = objectOf(input, 'ExpressionAttributeNames');
  for (const [, left = '', right = ''] of expression.matchAll(/([#:]?[A-Za-z0-9_.-]+)\s*=\s*([#:]?[A-Za-z0-9_.-]+)/g)) {
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right];
    if ((substitutes[name] ?? name) === hashKey) return objectOf(input, 'ExpressionAttributeValues')[value];
  }
  return undefined;
}

/** A key's value as policies write it; undefined for what is no key value. */
export function keyText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { S, N, B } = value;
  return [S, N, B].find((text) => typeof text === 'string');
}

function namesIn(expression: string, substitutes: Record<string, unknown>): string[] {
  const names: string[] = [];
  for (const [token] of expression.matchAll(TOKEN)) {
    if (token.startsWith('#')) names.push(String(substitutes[token] ?? token));
    else if (/^[A-Za-z_]/.test(token) && !WORDS.has(token.toLowerCase())) names.push(token);
  }
  return names;
}

function topLevel(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}
