import { ServiceError } from '../../wire/index.js';

/** AWS Backup's errors. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Reference.html */

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, {
    members: { Type: 'Client', Code: 'ERROR_3100' },
  });
}

export function missingParameter(name: string): ServiceError {
  return new ServiceError('MissingParameterValueException', `${name} is required`, {
    members: { Type: 'Client', Code: 'ERROR_3000' },
  });
}

export function invalidRequest(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', message, { members: { Type: 'Client', Code: 'ERROR_3200' } });
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, { members: { Type: 'Client', Code: 'ERROR_2103' } });
}

export function alreadyExists(message: string, members: Readonly<Record<string, unknown>>): ServiceError {
  return new ServiceError('AlreadyExistsException', message, {
    members: { Type: 'Client', Code: 'ERROR_3001', ...members },
  });
}

export function vaultNotFound(name: string): ServiceError {
  return notFound(`Backup vault ${name} does not exist`);
}
