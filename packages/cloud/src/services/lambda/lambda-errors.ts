import { ServiceError } from '../../wire/index.js';

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export function functionNotFound(arn: string): ServiceError {
  return notFound(`Function not found: ${arn}`);
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, { members: { Type: 'User' } });
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, { members: { Type: 'User' } });
}

export function conflict(message: string): ServiceError {
  return new ServiceError('ResourceConflictException', message, { members: { Type: 'User' } });
}

/**
 * A constraint of the API model that a member breaks, in the words of AWS's validator. `member` is the path in lower
 * camel case, e.g. `functionName`.
 */
export function constraintError(value: unknown, member: string, constraint: string): ServiceError {
  const shown = value === null ? 'null' : `'${String(value)}'`;
  const detail = `Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`;
  return new ServiceError('ValidationException', `1 validation error detected: ${detail}`, { httpStatus: 400 });
}

/** Throws when a number lies outside of what the API model allows. */
export function checkRange(value: number | undefined, member: string, low: number, high: number): void {
  if (value === undefined) return;
  if (value > high) throw constraintError(value, member, `Member must have value less than or equal to ${high}`);
  if (value < low) throw constraintError(value, member, `Member must have value greater than or equal to ${low}`);
}

/** Throws unless a request means the revision that is there, or any. */
export function checkRevision(present: string | undefined, expected: string | undefined): void {
  if (expected === undefined || expected === present) return;
  throw new ServiceError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve ' +
      'the latest Revision Id',
    { members: { Type: 'User' } },
  );
}
