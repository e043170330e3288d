/** Every error the engine answers with; the names are those of DynamoDB's API (docs: CommonErrors, Programming.Errors). */
export type DynamoErrorCode =
  | 'ValidationException'
  | 'SerializationException'
  | 'ResourceNotFoundException'
  | 'ResourceInUseException'
  | 'TableNotFoundException'
  | 'GlobalTableNotFoundException'
  | 'LimitExceededException'
  | 'ConditionalCheckFailedException'
  | 'DuplicateItemException'
  | 'ItemCollectionSizeLimitExceededException'
  | 'ProvisionedThroughputExceededException'
  | 'RequestLimitExceeded'
  | 'ThrottlingException'
  | 'TransactionCanceledException'
  | 'TransactionConflictException'
  | 'TransactionInProgressException'
  | 'IdempotentParameterMismatchException'
  | 'PolicyNotFoundException'
  | 'BackupInUseException'
  | 'BackupNotFoundException'
  | 'ContinuousBackupsUnavailableException'
  | 'InvalidRestoreTimeException'
  | 'ExportConflictException'
  | 'ExportNotFoundException'
  | 'ImportConflictException'
  | 'ImportNotFoundException'
  | 'InvalidExportTimeException'
  | 'PointInTimeRecoveryUnavailableException'
  | 'TableAlreadyExistsException'
  | 'TableInUseException'
  | 'UnknownOperationException'
  | 'AccessDeniedException'
  | 'TrimmedDataAccessException'
  | 'ExpiredIteratorException'
  | 'InternalServerError';

/** An error answered to the client with DynamoDB's own code and words. `details` are extra members, e.g. `Item`. */
export class DynamoError extends Error {
  constructor(
    readonly code: DynamoErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** What IAM answers for a resource the caller may not reach, whether or not it exists. The engine knows callers as roots. */
export function notAuthorized(accountId: string, operation: string, resourceArn: string): DynamoError {
  return new DynamoError(
    'AccessDeniedException',
    `User: arn:aws:iam::${accountId}:root is not authorized to perform: dynamodb:${operation} ` +
      `on resource: ${resourceArn || '*'}`,
  );
}

export function validationError(message: string): DynamoError {
  return new DynamoError('ValidationException', message);
}
