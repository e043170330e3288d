import type { Key, KeyRange } from '@tablewright/store';
import type { Sequence } from './sequence-number.js';
import type { StoredStream } from './stored-stream.js';

// Records of streams: "Dr" stream's storage number (u32be) shard number (u32be) sequence number (u64be).

const TWO_32 = 2 ** 32;
const SEQUENCE_AT = 10;

/** The streams themselves. */
export const STREAMS: KeyRange = { start: 'Dm', end: 'Dn' };

export function streamKey(stream: Pick<StoredStream, 'accountId' | 'region' | 'tableName' | 'label'>): Key {
  return `Dm${stream.accountId}/${stream.region}/${stream.tableName}/${stream.label}`;
}

/** What the keys of all records of a shard begin with. */
export function shardPrefix(storageNumber: number, shardNumber: number): Key {
  return `Dr${u32(storageNumber)}${u32(shardNumber)}`;
}

export function recordKey(prefix: Key, sequence: Sequence): Key {
  return prefix + u32(Math.floor(sequence / TWO_32)) + u32(sequence % TWO_32);
}

export function sequenceOf(key: Key): Sequence {
  return readU32(key, SEQUENCE_AT) * TWO_32 + readU32(key, SEQUENCE_AT + 4);
}

/** The records of a shard from `from` (included) to `to` (excluded). */
export function recordRange(prefix: Key, from: Sequence, to: Sequence = Number.MAX_SAFE_INTEGER): KeyRange {
  return { start: recordKey(prefix, from), end: recordKey(prefix, to) };
}

function u32(value: number): string {
  return String.fromCharCode((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function readU32(key: Key, at: number): number {
  const [a, b, c, d] = [key.charCodeAt(at), key.charCodeAt(at + 1), key.charCodeAt(at + 2), key.charCodeAt(at + 3)];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
