import { suffixOf } from '../backup/history-keys.js';
import type { SuffixRange } from '../backup/past-walk.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from '../data/expression-members.js';
import { keyStretch, matchKeyCondition } from '../data/key-range.js';
import { checkScalarKeys } from '../data/keys.js';
import { readSource } from '../data/read-source.js';
import type { TableLayout } from '../data/table-layout.js';
import { DynamoError, validationError } from '../errors.js';
import {
  assertNoKeyAttributes,
  compileCondition,
  compileKeyCondition,
  compileProjection,
  type Projection,
} from '../expression/index.js';
import type { AttributeMap } from '../value/index.js';
import type { FilterSpecification } from './export-record.js';

const RULES: ExpressionRules = {
  expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  legacy: [],
};

/** What an export takes of a table. */
export interface ExportFilter {
  /** The stretch of keys that the key condition means, of items' suffixes. */
  readonly range: SuffixRange | undefined;
  /** Takes whole items, and every one of them. */
  readonly isEverything: boolean;
  accepts(item: AttributeMap): boolean;
  project(item: AttributeMap): AttributeMap;
}

const EVERYTHING: ExportFilter = { range: undefined, isEverything: true, accepts: () => true, project: (item) => item };

/**
 * FilterSpecification, by the rules of Query and Scan, whose words its errors carry after a beginning of their own
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_FilterSpecification.html).
 */
export function exportFilter(layout: TableLayout, given: FilterSpecification | undefined): ExportFilter {
  if (given === undefined) return EVERYTHING;
  try {
    return compileFilter(layout, given);
  } catch (error) {
    if (!(error instanceof DynamoError) || error.code !== 'ValidationException') throw error;
    throw validationError(`Invalid Request: Invalid FilterSpecification: ${error.message}`);
  }
}

function compileFilter(layout: TableLayout, given: FilterSpecification): ExportFilter {
  if (Object.values(given).every((member) => member === undefined)) {
    throw validationError('The specification can not be empty');
  }
  checkExpressionMembers(given, RULES);
  const { input, substitutions } = openExpressions(given, RULES);
  if (substitutions === undefined) return EVERYTHING;
  const source = readSource(layout, { TableName: layout.table.name });
  const terms =
    input.KeyConditionExpression === undefined
      ? undefined
      : compileKeyCondition(input.KeyConditionExpression, substitutions);
  const filter =
    input.FilterExpression === undefined
      ? undefined
      : compileCondition('FilterExpression', input.FilterExpression, substitutions);
  const projection: Projection | undefined =
    input.ProjectionExpression === undefined ? undefined : compileProjection(input.ProjectionExpression, substitutions);
  substitutions.assertAllUsed();
  const stretch = terms && keyStretch(source, matchKeyCondition(source, terms));
  if (terms !== undefined && filter !== undefined) assertNoKeyAttributes(filter, [...layout.keyNames]);
  checkScalarKeys(layout, projection?.nestedAttributes());
  checkScalarKeys(layout, filter?.nestedAttributes());
  return {
    range: stretch && {
      start: suffixOf(stretch.start),
      // Behind the last key of all there is no suffix.
      ...(stretch.end.startsWith(source.prefix) && { end: suffixOf(stretch.end) }),
    },
    isEverything: false,
    accepts: (item) => filter === undefined || filter.evaluate(item),
    project: (item) => projection?.project(item) ?? item,
  };
}
