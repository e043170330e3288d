import { type DynamoError, validationError } from '../errors.js';

/** The request members that hold expressions; their names stand in the error messages. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** Details are joined with ", " after the message's semicolon; a message without details keeps the semicolon. */
export function expressionError(kind: ExpressionKind, message: string, details: readonly string[] = []): DynamoError {
  const detail = details.length === 0 ? '' : ` ${details.join(', ')}`;
  return validationError(`Invalid ${kind}: ${message};${detail}`);
}
