import { defined } from '@tablewright/base';
import type { KeyAttribute, Table, TableIndex } from '../catalog/table.js';
import { type AttributeMap, type AttributeValue, encodeNumberKey, numberHashBytes } from '../value/index.js';
import { base64Bytes, sha256Bytes, uint32Bytes, utf8Bytes } from './byte-string.js';
import { partitionHash } from './partition-hash.js';

// The keys under which items and index entries lie in the store; part of the storage format.
//
//   item:  "Dd" table's storage number (u32be)  hash of the partition key (u32be)  hash component  range component
//   entry: "Dx" index's storage number (u32be)  hash of the partition key (u32be)  hash component
//          ordered components of the index's range key  hash of the item's key (u32be)  the item's key
//
// A hash component needs equality only: per attribute a length byte and the bytes, or LONG_HASH and their SHA-256.
// A range component is the bytes themselves, whose order is DynamoDB's. Where something follows (in an entry), a
// string or binary is terminated so that the order holds. "The item's key" is its hash component and range component;
// for a local index, whose hash key is the table's, the range component alone, without a hash. The hash of the whole key
// is what DynamoDB orders entries of global indexes by whose index keys are equal (see partition-hash.ts).

/** Bytes before the hash component: the prefix, the storage number, the hash. */
export const STORE_KEY_HEAD = 10;
export const LONG_HASH = '\xff';
export const LONG_HASH_BYTES = 32;
const MAX_PLAIN_HASH_BYTES = 64;
/**
 * What an entry keeps of its range components. Longer ones (several attributes of a composite key near their limit
 * of 1,024 bytes, or hundreds of NUL bytes) are cut, and order beyond the cut is unspecified.
 */
export const MAX_ORDERED_BYTES = 1600;
const MAX_ENTRY_KEY_BYTES = 1970;

/** The bytes of a key attribute's value, in DynamoDB's order. The value's type must be the attribute's. */
export function keyValueBytes(value: AttributeValue): string {
  if ('S' in value) return utf8Bytes(value.S);
  if ('N' in value) return encodeNumberKey(value.N);
  return base64Bytes('B' in value ? value.B : '');
}

function hashPart(bytes: string): string {
  if (bytes.length > MAX_PLAIN_HASH_BYTES) return LONG_HASH + sha256Bytes(bytes);
  return String.fromCharCode(bytes.length) + bytes;
}

function keyValue(attribute: KeyAttribute, values: AttributeMap): AttributeValue {
  return defined(values[attribute.name], `key attribute ${attribute.name}`);
}

function rangeComponent(attributes: readonly KeyAttribute[], values: AttributeMap): string {
  const attribute = attributes[0];
  return attribute === undefined ? '' : keyValueBytes(keyValue(attribute, values));
}

/** An unterminated string or binary inside an entry's key: NUL is doubled up so that the terminator sorts first. */
export function orderedPrefix(attribute: KeyAttribute, value: AttributeValue): string {
  const bytes = keyValueBytes(value);
  return attribute.type === 'N' || !bytes.includes('\0') ? bytes : bytes.replaceAll('\0', '\0\xff');
}

/** A range key attribute inside an entry's key. Numbers end by themselves. */
export function orderedComponent(attribute: KeyAttribute, value: AttributeValue): string {
  const bytes = orderedPrefix(attribute, value);
  return attribute.type === 'N' ? bytes : `${bytes}\0\x01`;
}

/** Begins the keys of all the table's items. */
export function itemPrefix(table: Table): string {
  return `Dd${uint32Bytes(table.storageNumber)}`;
}

/** Begins the keys of all the index's entries. */
export function entryPrefix(index: TableIndex): string {
  return `Dx${uint32Bytes(index.storageNumber)}`;
}

/** Begins the keys of all items, or entries, with the hash key in `values`. */
export function collectionPrefix(prefix: string, hash: readonly KeyAttribute[], values: AttributeMap): string {
  let component = '';
  let hashed = '';
  for (const attribute of hash) {
    const bytes = keyValueBytes(keyValue(attribute, values));
    component += hashPart(bytes);
    hashed += hashedBytes(attribute, bytes);
  }
  return prefix + uint32Bytes(partitionHash(hashed)) + component;
}

function hashedBytes(attribute: KeyAttribute, bytes: string): string {
  return attribute.type === 'N' ? numberHashBytes(bytes) : bytes;
}

/** The item's key behind its hash, in an entry of a global index. */
function hashedItemKey({ keys: { hash, range } }: Table, values: AttributeMap): string {
  let component = '';
  let hashed = '';
  for (const attribute of hash) {
    const bytes = keyValueBytes(keyValue(attribute, values));
    component += hashPart(bytes);
    hashed += hashedBytes(attribute, bytes);
  }
  for (const attribute of range) {
    const bytes = keyValueBytes(keyValue(attribute, values));
    component += bytes;
    hashed += hashedBytes(attribute, bytes);
  }
  return uint32Bytes(partitionHash(hashed)) + component;
}

/** The hash of the hash key that a store key of an item or entry holds; 0 for a prefix too short to hold one. */
export function keyHash(key: string): number {
  const high = (key.charCodeAt(6) << 24) | (key.charCodeAt(7) << 16);
  return (high | (key.charCodeAt(8) << 8) | key.charCodeAt(9)) >>> 0;
}

const MAX_HASH = 2 ** 32 - 1;

/** The hash up to which a range of store keys goes; `prefix` begins all of them. */
export function endHash(prefix: string, end: string): number {
  return end.length <= prefix.length ? MAX_HASH : keyHash(end);
}

/** The store key of the item whose key attributes are in `values` (present and of the right types). */
export function itemKey(table: Table, values: AttributeMap): string {
  return collectionPrefix(itemPrefix(table), table.keys.hash, values) + rangeComponent(table.keys.range, values);
}

/** The store key of an index entry; `values` holds the index's key and the table's, present and of the right types. */
export function entryKey(table: Table, index: TableIndex, values: AttributeMap): string {
  const head = collectionPrefix(entryPrefix(index), index.keys.hash, values);
  let ordered = '';
  for (const attribute of index.keys.range) ordered += orderedComponent(attribute, keyValue(attribute, values));
  const tail = index.kind === 'LSI' ? rangeComponent(table.keys.range, values) : hashedItemKey(table, values);
  const length = head.length + ordered.length + tail.length;
  if (ordered.length <= MAX_ORDERED_BYTES && length <= MAX_ENTRY_KEY_BYTES) return head + ordered + tail;
  return head + ordered.slice(0, MAX_ORDERED_BYTES) + sha256Bytes(ordered + tail);
}
