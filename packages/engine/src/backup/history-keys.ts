import type { Key, KeyRange } from '@tablewright/store';
import { contentRange } from '../catalog/keys.js';
import { STAMP_LENGTH, type Stamp } from './stamp.js';

// Keys of histories; part of the storage format.
//
//   journal:    "Dj" table's storage number (u32be)  length of the item's suffix (u16be)  suffix  stamp
//                 -> the item as it was before the change at the stamp; empty when it was not there
//   time index: "Dt" its own storage number (u32be)  stamp  suffix  -> empty; for tables with point-in-time recovery
//   pin:        "Dp" table's storage number (u32be)  name -> stamp (latin1): an instant that something restores from
//   sweep:      "Dw" table's storage number (u32be) -> the last journal key looked at; '' before the first
//   last stamp: "Do" -> stamp
//   backup:     "Db" ARN -> JSON
//
// An item's suffix is its key without "Dd" and the storage number.

export const BACKUPS: KeyRange = { start: 'Db', end: 'Dc' };
export const SWEEPS: KeyRange = { start: 'Dw', end: 'Dx' };
export const LAST_STAMP: Key = 'Do';
const HEAD_LENGTH = 6;
const TAG_AT = HEAD_LENGTH + 2;

export type Range = Required<Pick<KeyRange, 'start' | 'end'>>;

export function suffixOf(itemKey: Key): string {
  return itemKey.slice(HEAD_LENGTH);
}

export function storedItemKey(storageNumber: number, suffix: string): Key {
  return contentRange('Dd', storageNumber).start + suffix;
}

/** Begins the journal entries of one item. */
export function journalPrefix(storageNumber: number, suffix: string): string {
  const length = String.fromCharCode(suffix.length >>> 8, suffix.length & 255);
  return contentRange('Dj', storageNumber).start + length + suffix;
}

/** The entries of one item after `from`. */
export function entriesAfter(prefix: string, from: Stamp): Range {
  return { start: `${prefix + from}\0`, end: prefix + '\xff'.repeat(STAMP_LENGTH + 1) };
}

/** The entries of one item before `to`. */
export function entriesBefore(prefix: string, to: Stamp): Range {
  return { start: prefix, end: prefix + to };
}

/** The parts of a journal entry's key. */
export function journalEntry(key: Key): { prefix: string; suffix: string; stamp: Stamp } {
  const at = key.length - STAMP_LENGTH;
  return { prefix: key.slice(0, at), suffix: key.slice(TAG_AT, at), stamp: key.slice(at) };
}

export function timeIndexKey(indexNumber: number, stamp: Stamp, suffix: string): Key {
  return contentRange('Dt', indexNumber).start + stamp + suffix;
}

export function timeIndexEntry(key: Key): { stamp: Stamp; suffix: string } {
  const at = HEAD_LENGTH + STAMP_LENGTH;
  return { stamp: key.slice(HEAD_LENGTH, at), suffix: key.slice(at) };
}

export function pinKey(storageNumber: number, name: string): Key {
  return contentRange('Dp', storageNumber).start + name;
}

export function sweepKey(storageNumber: number): Key {
  return contentRange('Dw', storageNumber).start;
}

export function sweptNumber(key: Key): number {
  let number = 0;
  for (let at = 2; at < HEAD_LENGTH; at++) number = number * 256 + key.charCodeAt(at);
  return number;
}

export function backupKey(arn: string): Key {
  return `Db${arn}`;
}
