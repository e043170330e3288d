import { ServiceError } from '../../wire/index.js';

/** CloudWatch's errors, by the name of the modelled shape. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html */

export function invalidValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, { httpStatus: 400 });
}

export function invalidCombination(message: string): ServiceError {
  return new ServiceError('InvalidParameterCombinationException', message, { httpStatus: 400 });
}

export function missingParameter(name: string): ServiceError {
  const message = `The parameter ${name} is required.`;
  return new ServiceError('MissingRequiredParameterException', message, { httpStatus: 400 });
}

export function notEmulatedYet(what: string): ServiceError {
  const message = `CloudWatch ${what} is not emulated by this endpoint`;
  return new ServiceError('UnknownOperationException', message, { httpStatus: 400, fault: 'client' });
}

export function invalidNextToken(): ServiceError {
  return new ServiceError('InvalidNextToken', 'The next token specified is invalid.', { httpStatus: 400 });
}
