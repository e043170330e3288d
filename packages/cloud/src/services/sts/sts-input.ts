import { ServiceError } from '../../wire/index.js';

export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message, { httpStatus: 400 });
}

export function required<T>(value: T | undefined, member: string): T {
  if (value !== undefined) return value;
  throw validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** Seconds between two bounds, both included. */
export function checkedDuration(seconds: number, least: number, most: number): number {
  if (seconds >= least && seconds <= most) return seconds;
  const bound = seconds < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw validationError(
    `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
  );
}
