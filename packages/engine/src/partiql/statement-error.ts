import { type DynamoError, validationError } from '../errors.js';
import type { Position } from './ast.js';

/** A statement that does not parse. What cannot even be read as tokens has no detail. */
export function notWellFormed(detail: string): DynamoError {
  return validationError(`Statement wasn't well formed, can't be processed: ${detail}`);
}

/** A message that ends with where in the statement the fault is, where that is known. */
export function errorAt(message: string, at: Position | undefined): DynamoError {
  if (at === undefined) return validationError(message);
  return validationError(`${message} at ${at.line}:${at.column}:${at.length}`);
}
