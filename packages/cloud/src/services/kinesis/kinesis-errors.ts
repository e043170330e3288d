import { ServiceError } from '../../wire/index.js';

/** Kinesis's errors in AWS's words. https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html */

export function streamNotFound(name: string, accountId: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Stream ${name} under account ${accountId} not found.`);
}

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

export function inUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseException', message);
}

/** What breaks a rule of the API model. */
export function constraint(value: unknown, member: string, rule: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}
