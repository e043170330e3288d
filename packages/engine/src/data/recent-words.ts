import type { EngineContext } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { nestsTooDeepForRecent, recentValueFault } from '../value/index.js';

/**
 * Operations whose values and expressions AWS checks in its newer validation framework, and whether it answers within
 * its envelope there. Recorded on AWS by a public conformance suite (paritysuite/dynamodb-conformance): in all but two
 * Regions by October 2026. Older public suites await the older words, which are the default therefore.
 */
const HAS_ENVELOPE = {
  PutItem: true,
  UpdateItem: true,
  DeleteItem: true,
  GetItem: false,
  BatchGetItem: false,
  Query: false,
};

const ENVELOPE = '1 validation error detected: ';
const OF_VALUE = /^ExpressionAttributeValues contains invalid value: (.*) for key :[A-Za-z0-9_]+$/s;
const WITHOUT_EXPRESSION = /^(ExpressionAttributeValues can only be specified when using expressions): .* null$/;
/** Faults that are told as they were. */
const AS_BEFORE = /^\d+ validation errors? detected: |^Item size has exceeded /;

/** Runs the checks of a request that need no table, and puts what they find into the newer words if they are wanted. */
export function inWordsOf<Request extends object, Checked>(
  context: EngineContext,
  operation: keyof typeof HAS_ENVELOPE,
  request: Request,
  check: (request: Request) => Checked,
): Checked {
  try {
    return check(request);
  } catch (error) {
    if (context.validationWords !== 'newer' || !(error instanceof DynamoError) || error.code !== 'ValidationException')
      throw error;
    if (AS_BEFORE.test(error.message) || nestsTooDeepForRecent(request)) throw error;
    const message = recentValueFault(OF_VALUE.exec(error.message)?.[1] ?? error.message, request);
    if (!HAS_ENVELOPE[operation]) throw validationError(message);
    throw validationError(`${ENVELOPE}${WITHOUT_EXPRESSION.exec(message)?.[1] ?? message}`);
  }
}
