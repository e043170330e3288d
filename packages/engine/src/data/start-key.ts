import type { KeyAttribute } from '../catalog/table.js';
import { DynamoError, validationError } from '../errors.js';
import { type AttributeMap, checkItem } from '../value/index.js';
import { checkKey, checkKeySizes, checkNotEmpty, KEY_MISMATCH } from './keys.js';
import { ownAttribute, pickAttributes } from './own-attribute.js';
import type { ReadSource } from './read-source.js';

const INVALID_START_KEY = 'The provided starting key is invalid';

/** The values of an ExclusiveStartKey, checked as far as that goes without the table. */
export function startKeyValues(raw: unknown): AttributeMap | undefined {
  return raw === undefined ? undefined : asStartKeyError(() => checkItem(raw).item, UNMARKED);
}

/** Faults of values that AWS does not mark as the start key's. */
const UNMARKED = /contains duplicates|number set|numeric value|significant digits|number with magnitude/;

/**
 * Checks that a start key has as many attributes as it must, and fits the key of the table or index that is read.
 * A Scan of a table has one message for all of this, that of {@link checkTableStartKey}.
 */
export function checkStartKey(source: ReadSource, values: AttributeMap): void {
  checkStartKeyCount(source, values);
  checkStartKeyPart(source.keys.hash, source.keys.range, values);
}

export function checkStartKeyCount(source: ReadSource, values: AttributeMap): void {
  if (Object.keys(values).length !== source.startKeyAttributes.length) throw validationError(INVALID_START_KEY);
}

/** Checks the values of some attributes of the key of the table or index that is read. */
export function checkStartKeyPart(
  hash: readonly KeyAttribute[],
  range: readonly KeyAttribute[],
  values: AttributeMap,
): void {
  for (const attribute of [...hash, ...range]) {
    const value = ownAttribute(values, attribute.name);
    if (value === undefined) throw validationError(INVALID_START_KEY);
    if (!(attribute.type in value)) throw validationError(KEY_MISMATCH);
    asStartKeyError(() => checkNotEmpty(attribute, value));
  }
  checkKeySizes(hash, range, values);
}

/** Checks the part of a start key that is the table's key. */
export function checkTableStartKey({ layout, index }: ReadSource, values: AttributeMap): void {
  const names = layout.keyAttributes.map((attribute) => attribute.name);
  asStartKeyError(() => checkKey(layout, index === undefined ? values : pickAttributes(values, names)));
}

/** Runs a check, and marks its error as one of the start key. */
function asStartKeyError<T>(check: () => T, unmarked?: RegExp): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DynamoError) || error.code !== 'ValidationException') throw error;
    if (unmarked?.test(error.message)) throw error;
    throw validationError(`${INVALID_START_KEY}: ${error.message}`);
  }
}
