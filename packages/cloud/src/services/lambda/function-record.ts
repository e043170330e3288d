import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { ServiceError } from '../../wire/index.js';

/** A function as it is kept. Its code is a file beside the store. */
export interface FunctionRecord {
  /** All that describes the function, as GetFunctionConfiguration answers it. */
  readonly configuration: FunctionConfiguration;
  readonly tags: Readonly<Record<string, string>>;
  /** File of the zip under the data folder's `lambda`. */
  readonly codeFile: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export function functionNotFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, { members: { Type: 'User' } });
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, { members: { Type: 'User' } });
}

/**
 * A constraint of the API model that a member breaks, in the words of AWS's validator. `member` is the path in lower
 * camel case, e.g. `functionName`.
 */
export function constraintError(value: unknown, member: string, constraint: string): ServiceError {
  const detail = `Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`;
  return new ServiceError('ValidationException', `1 validation error detected: ${detail}`, { httpStatus: 400 });
}
