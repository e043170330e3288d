import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { assertNoKeyAttributes, compileCondition, compileKeyCondition } from '../expression/index.js';
import type { AttributeMap } from '../value/index.js';
import { type ExpressionRules, openExpressions } from './expression-members.js';
import { type KeyCondition, type KeyStretch, keyStretch, matchKeyCondition } from './key-range.js';
import { runPage } from './page-output.js';
import { type ReadSource, readSource } from './read-source.js';
import type { QueryRequest } from './request.js';
import { checkSelect, compileSelection, needsFetch } from './selection.js';
import { checkStartKey, startKeyValues } from './start-key.js';
import { tableLayout } from './table-layout.js';

const RULES: ExpressionRules = {
  expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
};

export function query(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const input = rawInput as QueryRequest;
    const substitutions = openExpressions(input, RULES);
    const startKey = startKeyValues(input.ExclusiveStartKey);
    const select = checkSelect(input);
    if (substitutions === undefined || input.KeyConditionExpression === undefined) {
      throw validationError(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    }
    const projection = compileSelection(input, substitutions);
    const filter =
      input.FilterExpression === undefined
        ? undefined
        : compileCondition('FilterExpression', input.FilterExpression, substitutions);
    const terms = compileKeyCondition(input.KeyConditionExpression, substitutions);
    substitutions.assertAllUsed();
    const source = readSource(tableLayout(context.tables.table(caller, input.TableName)), input);
    const isFetching = needsFetch(source, select, projection, filter);
    const condition = matchKeyCondition(source, terms);
    if (filter !== undefined) assertNoKeyAttributes(filter, keyNames(source));
    const stretch = keyStretch(source, condition);
    const reverse = input.ScanIndexForward === false;
    const range = startKey === undefined ? stretch : after(source, condition, stretch, startKey, reverse);
    return runPage(context, {
      source,
      input,
      select,
      projection,
      filter,
      isFetching,
      range: { start: range.start, end: range.end, reverse },
      accepts: stretch.accepts,
    });
  };
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
  checkStartKey(source, startKey);
  const isOneRow = source.index === undefined && condition.equal.length === source.keys.range.length;
  if (isOneRow) throw validationError('The query can return at most one row and cannot be restarted');
  const key = source.storeKey(startKey);
  if (key < stretch.start || key >= stretch.end) {
    throw validationError('The provided starting key is outside query boundaries based on provided conditions');
  }
  return reverse ? { start: stretch.start, end: key } : { start: `${key}\0`, end: stretch.end };
}
