import { suffixOf } from '../backup/history-keys.js';
import { contentRange } from '../catalog/keys.js';
import type { KeyAttribute, VectorIndex } from '../catalog/table.js';
import { collectionPrefix, keyValueBytes } from '../data/key-codec.js';
import { emptyKind } from '../data/keys.js';
import { ownAttribute, pickAttributes } from '../data/own-attribute.js';
import { keptMemory, type StoredItem } from '../data/stored-item.js';
import { type AttributeMap, attributeSizeBytes, itemSizeBytes, valueSizeBytes } from '../value/index.js';
import { MAX_FILTER_BYTES } from './check-vectors.js';
import { dotProduct } from './dot-product.js';
import { IndexedItem, vectorBytes } from './indexed-item.js';
import type { TableVectors, VectorLayout } from './vector-layout.js';

// Entries of vector indexes; part of the storage format.
//
//   key:   "Df" index's storage number (u32be)  [hash of the partition key (u32be)  hash component]  the item's suffix
//   value: size of the entry in DynamoDB's arithmetic (u32le)
//          sum of the squares of the vector's elements (f64le)
//          the vector (f32, in the machine's order: little-endian wherever Node runs)
//          length of the item's suffix (u16le)  the suffix
//          for each filter of the index: length (u16le; ABSENT when the item has none)  the value's bytes
//
// The bracketed part is there where the index has a partition key. An item's suffix is its key without "Dd" and the
// table's storage number. What an index projects is not in the entry: a search takes it from the item.

const SQUARES_AT = 4;
export const VECTOR_AT = 12;
const FLOAT_BYTES = 4;
const ABSENT = 0xffff;

export interface VectorEntry {
  readonly key: string;
  readonly value: Buffer;
}

/** Begins the keys of the entries with this partition key, or of all entries where the index has none. */
export function vectorPrefix({ storageNumber, hash }: VectorIndex, values: AttributeMap): string {
  const { start } = contentRange('Df', storageNumber);
  return hash === undefined ? start : collectionPrefix(start, [hash], values);
}

/** The key of the entry of an item; undefined when the item has no partition key for the index, or one that is none. */
export function vectorKey({ index }: VectorLayout, attributes: AttributeMap, itemKey: string): string | undefined {
  if (index.hash !== undefined && !isHash(index.hash, attributes)) return undefined;
  return vectorPrefix(index, attributes) + suffixOf(itemKey);
}

function isHash({ name, type }: KeyAttribute, attributes: AttributeMap): boolean {
  const value = ownAttribute(attributes, name);
  return value !== undefined && type in value && emptyKind(value) === undefined;
}

/**
 * The entry that an item has in an index; undefined when it has no vector, or no partition key. An item that the table
 * would not take, and which is older than the index, stays out of it.
 */
export function vectorEntry(
  table: TableVectors,
  layout: VectorLayout,
  stored: StoredItem,
  itemKey: string,
): VectorEntry | undefined {
  const item = IndexedItem.of(table, stored);
  const { index } = layout;
  const vector = item.vector(index.vectorAttribute, index.dimensions);
  if (!(vector instanceof Float32Array)) return undefined;
  const key = vectorKey(layout, item.attributes, itemKey);
  const filters = index.filters.map((filter) => filterBytes(filter, item.attributes));
  if (key === undefined || filters.includes('unfit')) return undefined;
  const value = encode(entryBytes(layout, item), vector, suffixOf(itemKey), filters);
  return { key, value };
}

/** A filter's value as bytes that are equal where values are; undefined when there is none. */
function filterBytes({ name, type }: KeyAttribute, attributes: AttributeMap): Buffer | 'unfit' | undefined {
  const value = ownAttribute(attributes, name);
  if (value === undefined) return undefined;
  if (!(type in value) || valueSizeBytes(value) > MAX_FILTER_BYTES) return 'unfit';
  return Buffer.from(keyValueBytes(value), 'latin1');
}

/** The size of what the index holds of an item: the vector for four bytes a dimension, the projection for its own. */
function entryBytes({ index, projected }: VectorLayout, { stored, attributes }: IndexedItem): number {
  const { vectorAttribute, dimensions } = index;
  const ofVector = vectorBytes(vectorAttribute, dimensions);
  if (projected !== undefined) {
    return ofVector + itemSizeBytes(pickAttributes(stored.attributes(projected), projected.names));
  }
  const value = ownAttribute(attributes, vectorAttribute);
  return stored.sizeBytes + ofVector - (value === undefined ? 0 : attributeSizeBytes(vectorAttribute, value));
}

function encode(
  sizeBytes: number,
  vector: Float32Array,
  suffix: string,
  filters: readonly (Buffer | 'unfit' | undefined)[],
): Buffer {
  const filterLength = filters.reduce((sum, filter) => sum + 2 + (filter instanceof Buffer ? filter.length : 0), 0);
  const suffixAt = VECTOR_AT + vector.byteLength;
  const value = keptMemory.allocate(suffixAt + 2 + suffix.length + filterLength);
  value.writeUInt32LE(sizeBytes, 0);
  value.writeDoubleLE(dotProduct(vector, vector), SQUARES_AT);
  Buffer.from(vector.buffer).copy(value, VECTOR_AT);
  let at = value.writeUInt16LE(suffix.length, suffixAt);
  at += value.write(suffix, at, 'latin1');
  for (const filter of filters) {
    at = value.writeUInt16LE(filter instanceof Buffer ? filter.length : ABSENT, at);
    if (filter instanceof Buffer) at += filter.copy(value, at);
  }
  return value;
}

export function entrySizeBytes(value: Buffer): number {
  return value.readUInt32LE(0);
}

export function entrySquares(bytes: Buffer, begin: number): number {
  return bytes.readDoubleLE(begin + SQUARES_AT);
}

/** The suffix of the item that an entry stands for. */
export function entrySuffix(bytes: Buffer, begin: number, dimensions: number): string {
  const at = begin + VECTOR_AT + dimensions * FLOAT_BYTES;
  return bytes.toString('latin1', at + 2, at + 2 + bytes.readUInt16LE(at));
}

/** Whether an entry has these values in its filters; undefined stands for any. */
export function matchesFilters(
  bytes: Buffer,
  begin: number,
  dimensions: number,
  wanted: readonly (Buffer | undefined)[],
): boolean {
  let at = begin + VECTOR_AT + dimensions * FLOAT_BYTES;
  at += 2 + bytes.readUInt16LE(at);
  for (const value of wanted) {
    const length = bytes.readUInt16LE(at);
    at += 2;
    if (value !== undefined) {
      if (length !== value.length || bytes.compare(value, 0, length, at, at + length) !== 0) return false;
    }
    if (length !== ABSENT) at += length;
  }
  return true;
}
