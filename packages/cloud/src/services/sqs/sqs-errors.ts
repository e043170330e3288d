import { ServiceError } from '../../wire/index.js';

/** SQS's errors in AWS's words. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */

export function noSuchQueue(): ServiceError {
  return new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function missingParameter(name: string): ServiceError {
  return new ServiceError('MissingParameter', `The request must contain the parameter ${name}.`);
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message);
}

/** A parameter whose value does not do, and why. */
export function badValue(value: unknown, parameter: string, reason: string): ServiceError {
  return invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function badAttribute(name: string): ServiceError {
  return new ServiceError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

export function unknownAttribute(name: string): ServiceError {
  return new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
}
