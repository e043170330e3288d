import type { OperationName } from '../operation-name.js';
import { bulkInputs } from './bulk-inputs.js';
import { checkConstraints } from './check-constraints.js';
import { checkTypes, isObject, serializationError } from './check-types.js';
import { itemInputs } from './item-inputs.js';
import { otherInputs } from './other-inputs.js';
import type { ValidationWords } from './recent-wording.js';
import { refuseUnreadable } from './search-reader.js';
import type { StructureShape } from './shape.js';
import { tableInputs } from './table-inputs.js';

const INPUTS: Readonly<Record<OperationName, StructureShape>> = {
  ...bulkInputs,
  ...itemInputs,
  ...tableInputs,
  ...otherInputs,
};

/**
 * Checks an operation's input against the API model, as AWS does before it looks at anything else: JSON types
 * (SerializationException), then required members, lengths, patterns, enums and ranges (ValidationException, all
 * violations in one message). Items and attribute values are not walked. Members that are null count as absent, and
 * are left out of the input returned; otherwise that is `input` itself.
 */
export function checkInput(operation: OperationName, input: unknown, words?: ValidationWords): Record<string, unknown> {
  const shape = INPUTS[operation];
  if (!isObject(input)) throw serializationError('Unexpected value type in payload');
  if (operation === 'SearchVectors') refuseUnreadable(input);
  const checked = checkTypes(input, shape) as Record<string, unknown>;
  checkConstraints(operation, checked, shape, words);
  return checked;
}

/**
 * Throws SerializationException for a wrong JSON type anywhere in an input, attribute values included. AWS reads all of
 * a request before it validates any of it, so this comes before any other fault; as it costs a walk over all values, it
 * is for requests that have already failed.
 */
export function checkAllTypes(operation: OperationName, input: unknown): void {
  if (isObject(input)) checkTypes(input, INPUTS[operation], 'field', true);
}
