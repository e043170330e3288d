import { ServiceError } from '../../wire/index.js';

/** CloudWatch Logs' errors in AWS's words. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html */

export function groupNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
}

export function streamNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

export function groupExists(): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
}

export function streamExists(): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', 'The specified log stream already exists');
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

/** What breaks a rule of the API model. */
export function constraint(value: unknown, member: string, rule: string): ServiceError {
  return invalidParameter(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}
