import type { StoredItem } from '../data/index.js';
import { DynamoError } from '../errors.js';

/** Why an action cancelled its transaction, in AWS's form. Code None stands for an action that did not. */
export interface CancellationReason {
  readonly Code:
    | 'None'
    | 'AccessDenied'
    | 'ConditionalCheckFailed'
    | 'DuplicateItem'
    | 'ItemCollectionSizeLimitExceeded'
    | 'ProvisionedThroughputExceeded'
    | 'ResourceNotFound'
    | 'ThrottlingError'
    | 'ValidationError';
  readonly Message?: string;
  readonly Item?: StoredItem;
}

export const NO_REASON: CancellationReason = { Code: 'None' };

/** Throws TransactionCanceledException when an action has a reason to cancel; there is one reason for each action. */
export function assertNotCancelled(reasons: readonly CancellationReason[]): void {
  if (reasons.every(({ Code }) => Code === 'None')) return;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw new DynamoError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

/**
 * The reason that an action's error stands for. What AWS refuses outright, not as a reason, is thrown again: tables
 * that are not there, and empty values of key attributes (recorded on AWS by public conformance suites).
 */
export function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof DynamoError)) throw error;
  const { code, message, details } = error;
  if (code === 'ConditionalCheckFailedException')
    return { ...details, Code: 'ConditionalCheckFailed', Message: message };
  if (code === 'DuplicateItemException') return { Code: 'DuplicateItem', Message: message };
  if (code === 'ItemCollectionSizeLimitExceededException') {
    return { Code: 'ItemCollectionSizeLimitExceeded', Message: message };
  }
  if (code === 'ProvisionedThroughputExceededException') {
    return { Code: 'ProvisionedThroughputExceeded', Message: message };
  }
  if (code === 'ThrottlingException') return { Code: 'ThrottlingError', Message: message };
  if (code !== 'ValidationException' || message.startsWith('One or more parameter values are not valid.')) throw error;
  return { Code: 'ValidationError', Message: message };
}
