import type { Key, Reader } from '@tablewright/store';
import { contentRange } from '../catalog/keys.js';
import { entriesAfter, journalEntry, journalPrefix, storedItemKey, suffixOf, timeIndexEntry } from './history-keys.js';
import { firstOf, type PastTable, pastItem } from './past-items.js';
import { STAMP_LENGTH, type Stamp } from './stamp.js';

// Items of the past in the order of their keys, each once, as exports need them. What an item was at a stamp does not
// change, so chunks that are read in different turns fit together: at every key, what is there now and what the journal
// knows are looked at in the same turn. The journal sorts the keys of items by their length first; it is read as one
// run per length, and the runs are merged.

/** A stretch of a table's keys, by suffix. */
export interface SuffixRange {
  /** Included. */
  readonly start: string;
  /** Excluded; undefined: to the last. */
  readonly end?: string;
}

export interface PastWalkChunk {
  /** Suffix of the item's key, and the stored item. */
  readonly items: readonly (readonly [suffix: string, value: Buffer])[];
  /** Where the next chunk begins; undefined when nothing is left. */
  readonly next: string | undefined;
}

const MAX_CHUNK_BYTES = 1024 * 1024;

/** @param maxKeys looked at; and about a MiB of items at most */
export function walkPast(reader: Reader, table: PastTable, range: SuffixRange, maxKeys: number): PastWalkChunk {
  const items: [string, Buffer][] = [];
  let bytes = 0;
  let keys = 0;
  for (const suffix of mergedSuffixes(reader, table.storageNumber, range)) {
    if (keys >= maxKeys || bytes >= MAX_CHUNK_BYTES) return { items, next: suffix };
    const item = pastItem(reader, table, suffix);
    if (item !== undefined) items.push([suffix, item]);
    bytes += item?.length ?? 0;
    keys++;
  }
  return { items, next: undefined };
}

/** Every suffix that has an item or a journal entry, in order, once. */
function* mergedSuffixes(reader: Reader, storageNumber: number, range: SuffixRange): Generator<string> {
  const runs = [
    presentSuffixes(reader, storageNumber, range),
    ...journalLengths(reader, storageNumber).map((length) => goneSuffixes(reader, storageNumber, range, length)),
  ];
  const heads = runs.map((run) => ({ run, suffix: nextOf(run) }));
  for (;;) {
    let least: string | undefined;
    for (const { suffix } of heads) {
      if (suffix !== undefined && (least === undefined || suffix < least)) least = suffix;
    }
    if (least === undefined) return;
    yield least;
    for (const head of heads) if (head.suffix === least) head.suffix = nextOf(head.run);
  }
}

function nextOf(run: Iterator<string>): string | undefined {
  const { done, value } = run.next();
  return done === true ? undefined : value;
}

function* presentSuffixes(reader: Reader, storageNumber: number, { start, end }: SuffixRange): Generator<string> {
  const all = contentRange('Dd', storageNumber);
  const to = end === undefined ? all.end : storedItemKey(storageNumber, end);
  for (const { key } of reader.range({ start: storedItemKey(storageNumber, start), end: to })) yield suffixOf(key);
}

/** Jumps from item to item, whatever the length of their histories. */
function* goneSuffixes(reader: Reader, number: number, range: SuffixRange, length: number): Generator<string> {
  const sameLength = journalPrefix(number, '\0'.repeat(length));
  const head = sameLength.slice(0, sameLength.length - length);
  const afterLength = head + '\xff'.repeat(length + STAMP_LENGTH + 1);
  let at: Key = head + range.start.slice(0, length);
  for (;;) {
    const entry = firstOf(reader.range({ start: at, end: afterLength }));
    if (entry === undefined) return;
    const { prefix, suffix } = journalEntry(entry.key);
    if (range.end !== undefined && suffix >= range.end) return;
    if (suffix >= range.start) yield suffix;
    at = prefix + '\xff'.repeat(STAMP_LENGTH + 1);
  }
}

/** The lengths of the suffixes that the journal has. */
function journalLengths(reader: Reader, storageNumber: number): number[] {
  const { start, end } = contentRange('Dj', storageNumber);
  const lengths: number[] = [];
  let at = start;
  for (;;) {
    const entry = firstOf(reader.range({ start: at, end }));
    if (entry === undefined) return lengths;
    const { length } = journalEntry(entry.key).suffix;
    lengths.push(length);
    at = start + String.fromCharCode((length + 1) >>> 8, (length + 1) & 255);
  }
}

/** An item that changed in a period. */
export interface ItemChangeWithin {
  readonly suffix: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
  /** Of its last change in the period. */
  readonly changedAt: Stamp;
}

export interface ChangesChunk {
  readonly changes: readonly ItemChangeWithin[];
  /** The last stamp and suffix looked at, where the next chunk goes on; undefined when nothing is left. */
  readonly next: string | undefined;
}

/** A table with point-in-time recovery, and a period: what changed after `from` and not after `to`. */
export interface ChangedTable {
  readonly storageNumber: number;
  /** Of the index of changes by time. */
  readonly timeIndex: number;
  readonly from: Stamp;
  readonly to: Stamp;
}

/** The items that changed in the period, each once, in the order of their last changes in it. */
export function walkChanges(reader: Reader, table: ChangedTable, after: string, maxKeys: number): ChangesChunk {
  const { start: head } = contentRange('Dt', table.timeIndex);
  const start = after === '' ? `${head}${table.from}\xff` : `${head}${after}\0`;
  const changes: ItemChangeWithin[] = [];
  let bytes = 0;
  let keys = 0;
  for (const { key } of reader.range({ start, end: `${head}${table.to}\xff` })) {
    const { stamp, suffix } = timeIndexEntry(key);
    if (stamp <= table.from) continue;
    const change = lastChange(reader, table, stamp, suffix);
    if (change !== undefined) changes.push(change);
    bytes += (change?.before?.length ?? 0) + (change?.after?.length ?? 0);
    if (++keys >= maxKeys || bytes >= MAX_CHUNK_BYTES) return { changes, next: stamp + suffix };
  }
  return { changes, next: undefined };
}

/** What became of the item over the period, when its change at `stamp` is the last in it. */
function lastChange(reader: Reader, table: ChangedTable, stamp: Stamp, suffix: string): ItemChangeWithin | undefined {
  const { storageNumber, from, to } = table;
  const later = firstOf(reader.range(entriesAfter(journalPrefix(storageNumber, suffix), stamp)));
  if (later !== undefined && journalEntry(later.key).stamp <= to) return undefined;
  const before = pastItem(reader, { storageNumber, stamp: from }, suffix);
  const after = pastItem(reader, { storageNumber, stamp: to }, suffix);
  // What was made and deleted within the period leaves nothing to tell.
  if (before === undefined && after === undefined) return undefined;
  return { suffix, before, after, changedAt: stamp };
}
