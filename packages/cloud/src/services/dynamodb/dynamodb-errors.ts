import { DynamoError } from '@tablewright/engine';
import { ServiceError } from '../../wire/index.js';

/**
 * DynamoDB's errors as JSON. The namespace of `__type` tells which part of AWS's stack refused the request: its
 * front end (`com.amazon.coral.service`), its validator (`com.amazon.coral.validate`), or DynamoDB itself.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */

const FRONT_END = 'com.amazon.coral.service#';
const VALIDATOR = 'com.amazon.coral.validate#';
const AVAILABILITY = 'com.amazon.coral.availability#';
const DYNAMODB = 'com.amazonaws.dynamodb.v20120810#';

const NAMESPACES: Readonly<Record<string, string>> = {
  ValidationException: VALIDATOR,
  ThrottlingException: AVAILABILITY,
  SerializationException: FRONT_END,
  UnknownOperationException: FRONT_END,
  MissingAuthenticationTokenException: FRONT_END,
  IncompleteSignatureException: FRONT_END,
  InvalidSignatureException: FRONT_END,
  UnrecognizedClientException: FRONT_END,
  ExpiredTokenException: FRONT_END,
  AccessDeniedException: FRONT_END,
};

/** Their message is a member `Message`, as AWS sends it; that of all others is `message`. */
const CAPITALISED = new Set([
  'AccessDeniedException',
  'IdempotentParameterMismatchException',
  'SerializationException',
  'TransactionCanceledException',
]);

/** A failed condition is told in `Message` beside the item, in `message` without one (recorded on AWS). */
function messageMember(code: string, details: Readonly<Record<string, unknown>>): 'Message' | 'message' {
  const tellsItem = code === 'ConditionalCheckFailedException' && details.Item !== undefined;
  return tellsItem || CAPITALISED.has(code) ? 'Message' : 'message';
}

export interface DynamoDbFailure {
  readonly status: number;
  readonly code: string;
  readonly body: string;
}

export function dynamoDbFailure(
  code: string,
  message: string | undefined,
  details: Readonly<Record<string, unknown>> = {},
): DynamoDbFailure {
  const members: Record<string, unknown> = { __type: `${NAMESPACES[code] ?? DYNAMODB}${code}`, ...details };
  if (message !== undefined && message !== '') members[messageMember(code, details)] = message;
  return { status: code === 'InternalServerError' ? 500 : 400, code, body: JSON.stringify(members) };
}

/** The failure that `error` stands for; undefined when it is none that DynamoDB knows, so a defect of ours. */
export function failureOf(error: unknown): DynamoDbFailure | undefined {
  if (isTooDeep(error)) return dynamoDbFailure('SerializationException', undefined);
  if (error instanceof ServiceError) return dynamoDbFailure(error.code, error.message, error.options.members);
  if (!(error instanceof DynamoError)) return undefined;
  return dynamoDbFailure(error.code, error.message, error.details);
}

/** Further members of the error, e.g. the reasons why a transaction was cancelled. */
export function detailsOf(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof DynamoError ? error.details : {};
}

/** The same error for another service of the endpoint. */
export function serviceErrorOf(error: DynamoError): ServiceError {
  return new ServiceError(error.code, error.message, { httpStatus: 400, fault: 'client', members: error.details });
}

/**
 * Whether a body nests so deep, some thousand levels, that its checks run out of stack, as JSON.stringify does for a
 * message that shows it. No change of the store is half made then: one that throws leaves nothing.
 */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}
