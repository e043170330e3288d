/**
 * A sequence number as streams count: the time in microseconds since the epoch, or one more than the number before
 * where that is later. It grows with every record of a stream, and tells how old a record is.
 */
export type Sequence = number;

const PREFIX = '1';
const DIGITS = 20;
const TEXT = /^[0-9]{21,40}$/;

/** Records can be read for 24 hours (docs: Streams, "Data retention limit for DynamoDB Streams"). */
export const RETENTION_MS = 24 * 3600 * 1000;

/** 21 digits, which the API demands at least; texts of one length are ordered as their numbers are. */
export function sequenceText(sequence: Sequence): string {
  return PREFIX + String(sequence).padStart(DIGITS, '0');
}

/** Undefined for a text that is not made of 21 to 40 digits; what no stream hands out becomes a number out of range. */
export function parseSequence(text: string): Sequence | undefined {
  if (!TEXT.test(text)) return undefined;
  const value = BigInt(text) - BigInt(PREFIX.padEnd(DIGITS + 1, '0'));
  if (value < 0n) return -1;
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}

export function sequenceAt(atMs: number): Sequence {
  return Math.floor(atMs) * 1000;
}

/** Records before it can no longer be read. */
export function trimHorizon(nowMs: number): Sequence {
  return sequenceAt(nowMs - RETENTION_MS);
}
