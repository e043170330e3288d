import { type DynamoError, validationError } from '../errors.js';

/** The commonest of AWS's prefixes for a rule among the members of a request. */
export function invalidParameter(message: string): DynamoError {
  return validationError(`One or more parameter values were invalid: ${message}`);
}
