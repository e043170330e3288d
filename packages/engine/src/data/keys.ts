import type { KeyAttribute } from '../catalog/table.js';
import { validationError } from '../errors.js';
import type { AttributeMap, AttributeType, AttributeValue } from '../value/index.js';
import { ownAttribute } from './own-attribute.js';
import type { IndexLayout, TableLayout } from './table-layout.js';

const INVALID = 'One or more parameter values were invalid: ';
const NOT_VALID = 'One or more parameter values are not valid. ';
const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

/** Docs: Constraints, "Partition keys and sort keys". The message's missing blank is AWS's. */
export const HASH_KEY_TOO_LONG = `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`;
export const RANGE_KEY_TOO_LONG = `${INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`;
export const KEY_MISMATCH = 'The provided key element does not match the schema';

/** Checks the `Key` of a request: exactly the table's key attributes, of its types. */
export function checkKey(layout: TableLayout, key: AttributeMap): void {
  if (Object.keys(key).length !== layout.keyAttributes.length) throw validationError(KEY_MISMATCH);
  for (const attribute of layout.keyAttributes) checkKeyElement(attribute, key);
  checkKeySizes(layout.table.keys.hash, layout.table.keys.range, key);
}

function checkKeyElement(attribute: KeyAttribute, key: AttributeMap): void {
  const value = ownAttribute(key, attribute.name);
  if (value === undefined || !(attribute.type in value)) throw validationError(KEY_MISMATCH);
  checkNotEmpty(attribute, value);
}

/** Checks that an item to be put has the table's key, and that what it has of the indexes' keys fits them. */
export function checkItemKeys(layout: TableLayout, item: AttributeMap): void {
  for (const attribute of layout.keyAttributes) checkItemKey(attribute, item);
  checkIndexKeys(layout, item);
}

/** The same in a batch, where AWS has only one message for a key that is missing or of another type. */
export function checkBatchItemKeys(layout: TableLayout, item: AttributeMap): void {
  for (const attribute of layout.keyAttributes) checkKeyElement(attribute, item);
  checkIndexKeys(layout, item);
}

function checkIndexKeys(layout: TableLayout, item: AttributeMap): void {
  for (const index of layout.indexesByName) checkIndexKey(index, item);
  checkKeySizes(layout.table.keys.hash, layout.table.keys.range, item);
  for (const { index } of layout.indexesByName) checkKeySizes(index.keys.hash, index.keys.range, item);
}

function checkItemKey(attribute: KeyAttribute, item: AttributeMap): void {
  const { name, type } = attribute;
  const value = ownAttribute(item, name);
  if (value === undefined) throw validationError(`${INVALID}Missing the key ${name} in the item`);
  if (!(type in value)) {
    throw validationError(`${INVALID}Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
  }
  checkNotEmpty(attribute, value);
}

function checkIndexKey({ index, keyAttributes }: IndexLayout, item: AttributeMap): void {
  for (const { name, type } of keyAttributes) {
    const value = ownAttribute(item, name);
    if (value === undefined) continue;
    if (!(type in value)) throw indexKeyMismatch(index.name, name, type, typeOf(value));
    const empty = emptyKind(value);
    if (empty === undefined) continue;
    throw validationError(
      `${NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key ` +
        `attribute cannot contain an empty ${empty} value. IndexName: ${index.name}, IndexKey: ${name}`,
    );
  }
}

/** Checks the types that an update gives to index keys, as far as they do not depend on the item. */
export function checkAssignedTypes(layout: TableLayout, types: ReadonlyMap<string, AttributeType>): void {
  for (const { index, keyAttributes } of layout.indexesByName) {
    for (const { name, type } of keyAttributes) {
      const assigned = types.get(name);
      if (assigned !== undefined && assigned !== type) throw indexKeyMismatch(index.name, name, type, assigned);
    }
  }
}

/** Checks the index keys of an updated item, which have messages of their own. */
export function checkUpdatedItemKeys(layout: TableLayout, item: AttributeMap): void {
  for (const { index, keyAttributes } of layout.indexesByName) {
    for (const { name, type } of keyAttributes) {
      const value = ownAttribute(item, name);
      if (value === undefined) continue;
      if (type in value) checkUpdatedIndexKey(value);
      else throw validationError(`${UPDATED_INDEX_KEY} to unsupported type`);
    }
    checkUpdatedKeySizes(index.keys.hash, MAX_HASH_BYTES, item);
    checkUpdatedKeySizes(index.keys.range, MAX_RANGE_BYTES, item);
  }
}

const UPDATED_INDEX_KEY = 'The update expression attempted to update the secondary index key';

function checkUpdatedKeySizes(attributes: readonly KeyAttribute[], limitBytes: number, item: AttributeMap): void {
  for (const { name } of attributes) {
    if (isLonger(item, name, limitBytes)) throw validationError(`${UPDATED_INDEX_KEY} beyond allowed size limits`);
  }
}

function indexKeyMismatch(indexName: string, name: string, type: string, actual: string): Error {
  const types = `Expected: ${type} Actual: ${actual}`;
  return validationError(`${INVALID}Type mismatch for Index Key ${name} ${types} IndexName: ${indexName}`);
}

function checkUpdatedIndexKey(value: AttributeValue): void {
  const empty = emptyKind(value);
  if (empty === undefined) return;
  throw validationError(
    `${NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. ` +
      `The AttributeValue for a key attribute cannot contain an empty ${empty} value.`,
  );
}

/** Checks that no path of an expression reaches into a key attribute, which is a scalar. */
export function checkScalarKeys(layout: TableLayout, nestedAttributes: readonly string[] | undefined): void {
  if (nestedAttributes === undefined || nestedAttributes.length === 0) return;
  const named = new Set(nestedAttributes);
  const refuse = (kind: string, name: string): never => {
    throw validationError(
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`,
    );
  };
  for (const { name } of layout.keyAttributes) if (named.has(name)) refuse('Key', name);
  for (const { keyAttributes } of layout.indexesByName) {
    for (const { name } of keyAttributes) if (named.has(name)) refuse('IndexKey', name);
  }
}

export function checkNotEmpty(attribute: KeyAttribute, value: AttributeValue): void {
  const empty = emptyKind(value);
  if (empty === undefined) return;
  throw validationError(
    `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${attribute.name}`,
  );
}

export function emptyKind(value: AttributeValue): 'string' | 'binary' | undefined {
  if ('S' in value) return value.S === '' ? 'string' : undefined;
  return 'B' in value && value.B === '' ? 'binary' : undefined;
}

export function checkKeySizes(hash: readonly KeyAttribute[], range: readonly KeyAttribute[], item: AttributeMap): void {
  for (const { name } of hash) {
    if (isLonger(item, name, MAX_HASH_BYTES)) throw validationError(HASH_KEY_TOO_LONG);
  }
  for (const { name } of range) {
    if (isLonger(item, name, MAX_RANGE_BYTES)) throw validationError(RANGE_KEY_TOO_LONG);
  }
}

/** Whether the item's values are short enough to be such keys. */
export function fitsKeySizes(
  hash: readonly KeyAttribute[],
  range: readonly KeyAttribute[],
  item: AttributeMap,
): boolean {
  for (const { name } of hash) if (isLonger(item, name, MAX_HASH_BYTES)) return false;
  for (const { name } of range) if (isLonger(item, name, MAX_RANGE_BYTES)) return false;
  return true;
}

function isLonger(item: AttributeMap, name: string, limitBytes: number): boolean {
  const value = ownAttribute(item, name);
  if (value === undefined) return false;
  // No code unit takes more than three bytes: most keys need no counting.
  if ('S' in value) return value.S.length * 3 > limitBytes && Buffer.byteLength(value.S) > limitBytes;
  return 'B' in value && value.B.length > limitBytes && Buffer.byteLength(value.B, 'base64') > limitBytes;
}

/** The member that an attribute value has, e.g. `S`. */
export function typeOf(value: AttributeValue): string {
  return Object.keys(value)[0] ?? '';
}
