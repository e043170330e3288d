import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import {
  assertNoKeyAttributes,
  type Condition,
  compileCondition,
  type KeyTerm,
  keyTerms,
  parseKeyCondition,
} from '../expression/index.js';
import { type AttributeMap, type AttributeValue, valuesEqual } from '../value/index.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { type KeyCondition, type KeyStretch, keyStretch, matchKeyCondition, meetsRangeTerms } from './key-range.js';
import { checkScalarKeys } from './keys.js';
import { keyConditionsCount } from './legacy-conditions.js';
import { translateLegacy } from './legacy-parameters.js';
import { runPage } from './page-output.js';
import { type ReadSource, readSource } from './read-source.js';
import { inWordsOf } from './recent-words.js';
import type { QueryRequest } from './request.js';
import { checkFilterProjected, checkSelect, compileSelection, needsFetch } from './selection.js';
import { checkStartKeyCount, checkTableStartKey, startKeyValues } from './start-key.js';
import { tableLayout } from './table-layout.js';

const RULES: ExpressionRules = {
  expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
};

export function query(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as QueryRequest;
    const checked = inWordsOf(context, 'Query', request, checkQuery);
    const { input, startKey, select, terms, filter, projection } = checked;
    const source = readSource(tableLayout(context.tables.table(caller, input.TableName)), input, 'Query');
    if (startKey !== undefined) checkStartKeyCount(source, startKey);
    if (input.KeyConditions !== undefined) checkKeyConditionsCount(source, terms);
    const condition = matchKeyCondition(source, terms, startKey);
    const stretch = keyStretch(source, condition);
    const reverse = input.ScanIndexForward === false;
    const range = startKey === undefined ? stretch : after(source, condition, stretch, startKey, reverse);
    checkScalarKeys(source.layout, projection?.nestedAttributes());
    if (filter !== undefined) checkFilter(input, filter, keyNames(source));
    const isFetching = needsFetch(source, select, projection);
    if (filter !== undefined) checkFilterProjected(source, filter);
    checkScalarKeys(source.layout, filter?.nestedAttributes());
    return runPage(context, {
      source,
      input,
      select,
      projection,
      filter,
      isFetching,
      range: { start: range.start, end: range.end, reverse },
      scope: 'collection',
      isOneItem: source.index === undefined && source.keys.range.length === 0,
      accepts: stretch.accepts,
    });
  };
}

/** What can be told from the request alone, which comes before whether there is the table. */
function checkQuery(request: QueryRequest) {
  checkExpressionMembers(request, RULES);
  translateLegacy(withoutKeyConditions(request), RULES);
  const startKey = startKeyValues(request.ExclusiveStartKey);
  const { input, substitutions } = openExpressions(request, RULES);
  const select = checkSelect(input, 'Query');
  if (substitutions === undefined || input.KeyConditionExpression === undefined) {
    throw validationError(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const keyCondition = parseKeyCondition(input.KeyConditionExpression, substitutions);
  const filter =
    input.FilterExpression === undefined
      ? undefined
      : compileCondition('FilterExpression', input.FilterExpression, substitutions);
  const projection = compileSelection(input, substitutions);
  substitutions.assertAllUsed();
  const terms = keyTerms(keyCondition, substitutions);
  return { input, startKey, select, terms, filter, projection };
}

/** Key conditions from before expressions are looked at after the start key, filters before it. */
function withoutKeyConditions(request: QueryRequest): QueryRequest {
  if (request.KeyConditions === undefined) return request;
  const { KeyConditions: _, ...others } = request;
  return others;
}

/** More than two KeyConditions are for indexes with keys of several attributes (recorded on AWS by a public suite). */
function checkKeyConditionsCount({ keys: { hash, range } }: ReadSource, terms: readonly KeyTerm[]): void {
  if (terms.length > 2 && hash.length <= 1 && range.length <= 1) throw keyConditionsCount();
}

/** What a filter names of the key has a message of its own in QueryFilter. */
function checkFilter(input: QueryRequest, filter: Condition, keyNames: readonly string[]): void {
  if (input.QueryFilter === undefined) {
    assertNoKeyAttributes(filter, keyNames);
    return;
  }
  const named = filter.attributes();
  const key = keyNames.find((name) => named.has(name));
  if (key === undefined) return;
  throw validationError(`QueryFilter can only contain non-primary key attributes: Primary key attribute: ${key}`);
}

function keyNames({ keys }: ReadSource): string[] {
  return [...keys.hash, ...keys.range].map((attribute) => attribute.name);
}

/** What is left of the stretch behind the start key. */
function after(
  source: ReadSource,
  condition: KeyCondition,
  stretch: KeyStretch,
  startKey: AttributeMap,
  reverse: boolean,
): { start: string; end: string } {
  checkTableStartKey(source, startKey);
  const isPastHash = !source.keys.hash.every(({ name }) => isSame(startKey[name], condition.values[name]));
  const hasRangeTerms = condition.equal.length > 0 || condition.last !== undefined;
  if (hasRangeTerms && !meetsRangeTerms(startKey, condition)) {
    throw validationError('The provided starting key does not match the range key predicate');
  }
  if (isPastHash) {
    throw validationError(
      hasRangeTerms
        ? 'The query can return at most one row and cannot be restarted'
        : 'The provided starting key is outside query boundaries based on provided conditions',
    );
  }
  const key = source.storeKey(startKey);
  return reverse ? { start: stretch.start, end: key } : { start: `${key}\0`, end: stretch.end };
}

function isSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && valuesEqual(a, b);
}
