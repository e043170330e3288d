import { ServiceError } from '../../wire/index.js';

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntityException', message);
}

export function alreadyExists(message: string): ServiceError {
  return new ServiceError('EntityAlreadyExistsException', message);
}

export function deleteConflict(message: string): ServiceError {
  return new ServiceError('DeleteConflictException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

export function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message);
}

export function malformedPolicy(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocumentException', message);
}

export function unmodifiable(roleName: string): ServiceError {
  return new ServiceError(
    'UnmodifiableEntityException',
    `Cannot perform the operation on the protected role '${roleName}' - this role is only modifiable by AWS`,
  );
}

/** What the front end of the API finds wrong with a value. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message, { httpStatus: 400 });
}

/** One value that breaks a constraint of the API's model. */
export function constraintError(member: string, constraint: string): ServiceError {
  const value = constraint === NOT_NULL ? 'Value null' : 'Value';
  return validationError(
    `1 validation error detected: ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

export const NOT_NULL = 'Member must not be null';
