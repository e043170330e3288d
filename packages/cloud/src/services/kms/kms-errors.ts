import { ServiceError } from '../../wire/index.js';

/** KMS's errors in AWS's words. https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html */

export function notFound(message: string): ServiceError {
  return new ServiceError('NotFoundException', message);
}

export function invalidState(arn: string, what: string): ServiceError {
  return new ServiceError('KMSInvalidStateException', `${arn} ${what}.`);
}

export function disabled(arn: string): ServiceError {
  return new ServiceError('DisabledException', `${arn} is disabled.`);
}

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

/** A number outside its range, as AWS's constraint list says it. */
export function outOfRange(value: number, member: string, least: number, most: number): ServiceError {
  const bound =
    value < least
      ? `Member must have value greater than or equal to ${least}`
      : `Member must have value less than or equal to ${most}`;
  return validation(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${bound}`,
  );
}

export function notEmulated(what: string): ServiceError {
  return new ServiceError('UnsupportedOperationException', `KMS ${what} is not emulated by this endpoint`);
}

/** What AWS's own policy on its managed keys lets nobody do. */
export function managedByAws(accountId: string, action: string, arn: string): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    `User: arn:aws:iam::${accountId}:root is not authorized to perform: kms:${action} on resource: ${arn} ` +
      `because no resource-based policy allows the kms:${action} action`,
  );
}
