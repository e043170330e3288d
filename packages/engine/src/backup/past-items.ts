import type { Entry, Reader } from '@tablewright/store';
import { contentRange } from '../catalog/keys.js';
import { entriesAfter, journalEntry, journalPrefix, storedItemKey, suffixOf } from './history-keys.js';
import { STAMP_LENGTH, type Stamp } from './stamp.js';

/** A table's items as they were at a stamp. The history must be pinned, or within the window of recovery. */
export interface PastTable {
  readonly storageNumber: number;
  readonly stamp: Stamp;
}

/** How far reading has got: through the items that are there now, then through the journal for
 * those that are gone. */
export interface PastPosition {
  readonly phase: 'items' | 'journal';
  /** The last key looked at; '' before the first. */
  readonly after: string;
}

export interface PastChunk {
  /** Suffix of the item's key, and the stored item. */
  readonly items: readonly (readonly [suffix: string, value: Buffer])[];
  /** Undefined when nothing is left. */
  readonly next: PastPosition | undefined;
}

export const FIRST_POSITION: PastPosition = { phase: 'items', after: '' };

/**
 * The item as it was at a stamp: what the first change after it found, or what is there now.
 * Undefined when it was not there.
 */
export function pastItem(reader: Reader, table: PastTable, suffix: string): Buffer | undefined {
  const found = changedItem(reader, table, suffix);
  if (found === undefined) return reader.get(storedItemKey(table.storageNumber, suffix));
  return found.length === 0 ? undefined : found;
}

/**
 * Reads a chunk. Items change while a table is read chunk by chunk, and each is still found as it was; one that has
 * changed since the stamp may be found twice, the same both times.
 *
 * @param maxKeys looked at; and about a MiB of items at most
 */
export function pastItems(reader: Reader, table: PastTable, from: PastPosition, maxKeys: number): PastChunk {
  return from.phase === 'items' ? presentItems(reader, table, from, maxKeys) : goneItems(reader, table, from, maxKeys);
}

const MAX_CHUNK_BYTES = 1024 * 1024;

function presentItems(reader: Reader, table: PastTable, from: PastPosition, maxKeys: number): PastChunk {
  const { start, end } = contentRange('Dd', table.storageNumber);
  const items: [string, Buffer][] = [];
  let bytes = 0;
  let keys = 0;
  for (const { key, value } of reader.range({ start: from.after === '' ? start : `${from.after}\0`, end })) {
    const suffix = suffixOf(key);
    const item = changedItem(reader, table, suffix) ?? value;
    if (item.length > 0) items.push([suffix, item]);
    bytes += value.length + item.length;
    if (++keys === maxKeys || bytes >= MAX_CHUNK_BYTES) return { items, next: { phase: 'items', after: key } };
  }
  return { items, next: { phase: 'journal', after: '' } };
}

/** Jumps from item to item, whatever the length of their histories. */
function goneItems(reader: Reader, table: PastTable, from: PastPosition, maxKeys: number): PastChunk {
  const { start, end } = contentRange('Dj', table.storageNumber);
  const items: [string, Buffer][] = [];
  let bytes = 0;
  let next = from.after === '' ? start : pastEntries(from.after);
  for (let keys = 0; keys < maxKeys && bytes < MAX_CHUNK_BYTES; keys++) {
    const entry = firstOf(reader.range({ start: next, end }));
    if (entry === undefined) return { items, next: undefined };
    const { prefix, suffix } = journalEntry(entry.key);
    // Also when it is there now: it may have come back since the items were read.
    const item = changedItem(reader, table, suffix);
    if (item !== undefined && item.length > 0) items.push([suffix, item]);
    bytes += item?.length ?? 0;
    next = pastEntries(prefix);
    from = { phase: 'journal', after: prefix };
  }
  return { items, next: from };
}

function pastEntries(prefix: string): string {
  return prefix + '\xff'.repeat(STAMP_LENGTH + 1);
}

/** What the first change after the stamp found; empty for no item, undefined when there was no such change. */
function changedItem(reader: Reader, { storageNumber, stamp }: PastTable, suffix: string): Buffer | undefined {
  return firstOf(reader.range(entriesAfter(journalPrefix(storageNumber, suffix), stamp)))?.value;
}

export function firstOf(entries: Iterable<Entry>): Entry | undefined {
  for (const entry of entries) return entry;
  return undefined;
}
