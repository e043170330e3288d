import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { compileCondition } from '../expression/index.js';
import type { AttributeMap } from '../value/index.js';
import { prefixEnd, uint32Bytes } from './byte-string.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { checkScalarKeys } from './keys.js';
import { translateLegacy } from './legacy-parameters.js';
import { runPage } from './page-output.js';
import { type ReadSource, readSource } from './read-source.js';
import type { ScanRequest } from './request.js';
import { checkSelect, compileSelection, needsFetch } from './selection.js';
import { checkStartKey, checkTableStartKey, startKeyValues } from './start-key.js';
import { tableLayout } from './table-layout.js';

const RULES: ExpressionRules = {
  expressions: ['ProjectionExpression', 'FilterExpression'],
  legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
  hasNarrowNumbers: true,
};

export function scan(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as ScanRequest;
    checkExpressionMembers(request, RULES);
    translateLegacy(request, RULES);
    const startKey = startKeyValues(request.ExclusiveStartKey);
    checkSegment(request);
    const { input, substitutions } = openExpressions(request, RULES);
    const select = checkSelect(input, 'Scan');
    const filter =
      substitutions === undefined || input.FilterExpression === undefined
        ? undefined
        : compileCondition('FilterExpression', input.FilterExpression, substitutions);
    const projection = compileSelection(input, substitutions);
    substitutions?.assertAllUsed();
    const source = readSource(tableLayout(context.tables.table(caller, input.TableName)), input);
    if (startKey !== undefined && source.index !== undefined) checkStartKey(source, startKey);
    const isFetching = needsFetch(source, select, projection);
    const segment = segmentRange(source, input);
    const range = startKey === undefined ? segment : after(source, input, segment, startKey);
    checkScalarKeys(source.layout, projection?.nestedAttributes());
    checkScalarKeys(source.layout, filter?.nestedAttributes());
    return runPage(context, {
      source,
      input,
      select,
      projection,
      filter,
      isFetching,
      scope: 'range',
      range: { ...range, reverse: false },
    });
  };
}

function checkSegment({ Segment: segment, TotalSegments: total }: ScanRequest): void {
  if (total === undefined && segment === undefined) return;
  if (segment === undefined) {
    throw validationError(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (total === undefined) {
    throw validationError(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (segment < total) return;
  throw validationError(
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
      `Segment: ${segment} is not less than TotalSegments: ${total}`,
  );
}

/** Segment i of n is the i-th n-th of the values of the 32-bit hash. */
function segmentRange(source: ReadSource, input: ScanRequest): { start: string; end: string } {
  const { Segment: segment = 0, TotalSegments: total = 1 } = input;
  const bound = (part: number): string => source.prefix + uint32Bytes(Math.ceil((part * 2 ** 32) / total));
  return {
    start: segment === 0 ? source.prefix : bound(segment),
    end: segment === total - 1 ? prefixEnd(source.prefix) : bound(segment + 1),
  };
}

function after(
  source: ReadSource,
  input: ScanRequest,
  segment: { start: string; end: string },
  startKey: AttributeMap,
): { start: string; end: string } {
  checkTableStartKey(source, startKey);
  const key = source.storeKey(startKey);
  if (key < segment.start || key >= segment.end) {
    throw validationError(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct ' +
        `Segment. TotalSegments: ${input.TotalSegments} Segment: ${input.Segment}`,
    );
  }
  return { start: `${key}\0`, end: segment.end };
}
