import type { Key, KeyRange, Writer } from '@tablewright/store';
import type { Caller } from './table.js';

/**
 * The engine's keys outside of items and index entries (those: `data/key-codec.ts`):
 *
 * - `Da`, `Dk`, `Dq`, `Dv` replication between regions {@link ../global/replication-keys.ts}
 * - `Dc<account>/<region>/<table>` a table's record, JSON
 * - `Db`, `Dj`, `Do`, `Dp`, `Dt`, `Dw` backups and histories {@link ../backup/history-keys.ts}
 * - `De` entries of expiry indexes {@link ../ttl/expiry-index.ts}
 * - `Df` entries of vector indexes {@link ../vectors/vector-entry.ts}
 * - `Dg<storage number>` items or index entries that wait to be removed, JSON {@link ../control/garbage.ts}
 * - `Dh` counts of contributor insights {@link ../insights/stored-tally.ts}
 * - `Di` client request tokens of transactions {@link ../transactions/idempotency.ts}
 * - `Dl` changes of items on their way to Kinesis {@link ../kinesis/outbox-entry.ts}
 * - `Dm<account>/<region>/<table>/<label>` a stream and its shards, JSON
 * - `Dn` the next storage number, decimal
 * - `Dr` records of streams {@link ../streams/stream-keys.ts}
 * - `Du` reports of bulk operations on their way to S3 {@link ../bulk/report-entries.ts}
 * - `Dy` exports, imports and bulk operations, JSON {@link ../jobs/jobs.ts}
 * - `Ds` item counts and sizes as of a clean stop, JSON; there only while no engine is running
 */
export const TABLES: KeyRange = { start: 'Dc', end: 'Dd' };
export const GARBAGE: KeyRange = { start: 'Dg', end: 'Dh' };
export const NEXT_STORAGE_NUMBER: Key = 'Dn';
export const STATISTICS: Key = 'Ds';

export function tableKey(place: Caller, name: string): Key {
  return `Dc${place.accountId}/${place.region}/${name}`;
}

export function garbageKey(storageNumber: number): Key {
  return `Dg${u32(storageNumber)}`;
}

/** What is counted: items, and entries of indexes, whose values begin with their size. */
export type CountedPrefix = 'Dd' | 'Dx' | 'Df';

/**
 * What lies under storage numbers: items, index entries, entries of vector and expiry indexes, records of streams, counts of
 * keys; histories: the journal, pins, the index by time, sweeps; replication: queues, versions of items, keys of deleted items.
 */
export type ContentPrefix = CountedPrefix | 'De' | 'Dr' | 'Dj' | 'Dp' | 'Dt' | 'Dw' | 'Da' | 'Dv' | 'Dk' | 'Dh';

/** Every key of one kind of content under a storage number. */
export function contentRange(prefix: ContentPrefix, storageNumber: number): Required<Pick<KeyRange, 'start' | 'end'>> {
  return { start: prefix + u32(storageNumber), end: prefix + u32(storageNumber + 1) };
}

/** Has what lies under a storage number removed in the background. */
export function putGarbage(writer: Writer, number: number, prefix: ContentPrefix): void {
  writer.put(garbageKey(number), Buffer.from(JSON.stringify({ number, prefix })));
}

/** Four bytes, big-endian. */
function u32(value: number): string {
  return String.fromCharCode((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}
