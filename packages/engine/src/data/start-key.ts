import { DynamoError, validationError } from '../errors.js';
import { type AttributeMap, checkItem } from '../value/index.js';
import { emptyKind } from './keys.js';
import { ownAttribute } from './own-attribute.js';
import type { ReadSource } from './read-source.js';

const INVALID_START_KEY = 'The provided starting key is invalid';

/** The values of an ExclusiveStartKey, checked as far as that goes without the table. */
export function startKeyValues(raw: unknown): AttributeMap | undefined {
  if (raw === undefined) return undefined;
  try {
    return checkItem(raw).item;
  } catch (error) {
    if (!(error instanceof DynamoError) || error.code !== 'ValidationException') throw error;
    throw validationError(`${INVALID_START_KEY}: ${error.message}`);
  }
}

/** Checks that a start key has exactly the key attributes of the source. */
export function checkStartKey(source: ReadSource, values: AttributeMap): void {
  const expected = source.startKeyAttributes;
  if (Object.keys(values).length !== expected.length) {
    throw validationError("Exclusive Start Key must have same size as table's key schema");
  }
  for (const { name, type } of expected) {
    const value = ownAttribute(values, name);
    if (value === undefined) throw validationError(INVALID_START_KEY);
    if (!(type in value)) {
      throw validationError(`${INVALID_START_KEY}: The provided key element does not match the schema`);
    }
    const empty = emptyKind(value);
    if (empty === undefined) continue;
    throw validationError(
      `${INVALID_START_KEY}: One or more parameter values are not valid. The AttributeValue for a key attribute ` +
        `cannot contain an empty ${empty} value. Key: ${name}`,
    );
  }
}
