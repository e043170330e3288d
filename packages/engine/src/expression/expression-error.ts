import { type DynamoError, validationError } from '../errors.js';

/**
 * The request members that hold expressions; their names stand in the error messages. The messages of PartiQL's
 * statements have the same words without a name.
 */
export type ExpressionKind =
  | 'Statement'
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'SearchConditionExpression'
  | 'UpdateExpression';

/** Details are joined with ", " after the message's semicolon; a message without details keeps the semicolon. */
export function expressionError(kind: ExpressionKind, message: string, details: readonly string[] = []): DynamoError {
  const detail = details.length === 0 ? '' : ` ${details.join(', ')}`;
  if (kind === 'Statement') return validationError(detail === '' ? message : `${message};${detail}`);
  return validationError(`Invalid ${kind}: ${message};${detail}`);
}
