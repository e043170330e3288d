import { ServiceError } from '../../wire/index.js';

/** SNS's errors in AWS's words. https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html */

export function invalidParameter(what: string): ServiceError {
  return new ServiceError('InvalidParameterException', `Invalid parameter: ${what}`);
}

/** A value within a message that does not do. */
export function invalidValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}

export function notFound(what: string): ServiceError {
  return new ServiceError('NotFoundException', `${what} does not exist`);
}
