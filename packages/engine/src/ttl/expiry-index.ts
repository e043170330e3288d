import type { Key, KeyRange, Writer } from '@tablewright/store';
import { contentRange } from '../catalog/keys.js';
import type { Table, TableTimeToLive } from '../catalog/table.js';
import { uint32Bytes } from '../data/byte-string.js';
import { ownAttribute } from '../data/own-attribute.js';
import type { AttributeMap } from '../value/index.js';

// Entries of expiry indexes: "De" index's storage number (u32be) expiry second (u64be) the item's key without its head.
// The head is the table's: "Dd" and the storage number.

const TWO_32 = 2 ** 32;
const SECOND_AT = 6;
const SUFFIX_AT = 14;
const ITEM_HEAD_LENGTH = 6;
const EMPTY = Buffer.alloc(0);

/** Docs: TTL, "How it works": what expired more than five years ago is taken for a mistake. */
const IGNORED_AGE_SECONDS = 5 * 365 * 24 * 3600;

/** When an item expires, in epoch seconds; undefined when its attribute is not a number that can be a time. */
export function expirySecond(item: AttributeMap, attributeName: string): number | undefined {
  const value = ownAttribute(item, attributeName);
  if (value === undefined || !('N' in value)) return undefined;
  const second = Math.ceil(Number(value.N));
  return second >= 0 && second <= Number.MAX_SAFE_INTEGER ? second : undefined;
}

/** The same, and undefined for what lies more than five years back. */
export function dueSecond(item: AttributeMap, attributeName: string, nowMs: number): number | undefined {
  const second = expirySecond(item, attributeName);
  return second === undefined || second < nowMs / 1000 - IGNORED_AGE_SECONDS ? undefined : second;
}

export function expiryKey(index: TableTimeToLive, second: number, itemKey: Key): Key {
  const { start } = contentRange('De', index.storageNumber);
  return (
    start + uint32Bytes(Math.floor(second / TWO_32)) + uint32Bytes(second % TWO_32) + itemKey.slice(ITEM_HEAD_LENGTH)
  );
}

/** The key of the item that an entry is for. */
export function itemKeyOf(table: Table, entryKey: Key): Key {
  return contentRange('Dd', table.storageNumber).start + entryKey.slice(SUFFIX_AT);
}

export function secondOf(entryKey: Key): number {
  let second = 0;
  for (let at = SECOND_AT; at < SUFFIX_AT; at++) second = second * 256 + entryKey.charCodeAt(at);
  return second;
}

/** The entries of items that have expired by `nowMs`. */
export function dueRange(index: TableTimeToLive, nowMs: number): KeyRange {
  const { start } = contentRange('De', index.storageNumber);
  return { start, end: expiryKey(index, Math.floor(nowMs / 1000) + 1, '') };
}

export function putEntry(writer: Writer, index: TableTimeToLive, second: number, itemKey: Key): void {
  writer.put(expiryKey(index, second, itemKey), EMPTY);
}
