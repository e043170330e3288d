import { ServiceError } from '../wire/index.js';

/** What an operation answers that AWS has and this endpoint has not. */
export function notEmulated(title: string, operation: string): ServiceError {
  const message = `${title} ${operation} is not emulated by this endpoint`;
  return new ServiceError('UnknownOperationException', message, { httpStatus: 400, fault: 'client' });
}
