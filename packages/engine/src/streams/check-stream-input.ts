import { checkConstraints } from '../validation/check-constraints.js';
import { checkTypes, isObject, serializationError } from '../validation/check-types.js';
import { type StreamOperationName, streamInputs } from './stream-inputs.js';

/** Checks an operation's input against the API model, as `checkInput` does for the operations on tables. */
export function checkStreamInput(operation: StreamOperationName, input: unknown): Record<string, unknown> {
  const shape = streamInputs[operation];
  if (!isObject(input)) throw serializationError('Unexpected value type in payload');
  const checked = checkTypes(input, shape) as Record<string, unknown>;
  checkConstraints(undefined, checked, shape);
  return checked;
}
