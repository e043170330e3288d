import type { KeyRange } from '@tablewright/store';
import { uint32Bytes } from '../data/byte-string.js';

export const MINUTE_MS = 60_000;

/**
 * What is tallied of a table or global index: consumption (C) and throttles (T), by hash key (P) and by hash and range
 * key (S).
 */
export type TallyKind = 'PC' | 'SC' | 'PT' | 'ST';

// Tallies lie under "Dh", the storage number, the minute since the epoch (both u32be) and the kind, as JSON.

export function tallyKey(storageNumber: number, minute: number, kind: TallyKind): string {
  return `Dh${uint32Bytes(storageNumber)}${uint32Bytes(minute)}${kind}`;
}

/** The tallies from one minute to another, which is not among them. */
export function tallyRange(storageNumber: number, fromMinute: number, toMinute: number): KeyRange {
  const head = `Dh${uint32Bytes(storageNumber)}`;
  return { start: head + uint32Bytes(fromMinute), end: head + uint32Bytes(toMinute) };
}

export function minuteAndKind(key: string): { minute: number; kind: string } {
  return { minute: Buffer.from(key.slice(6, 10), 'latin1').readUInt32BE(), kind: key.slice(10) };
}
