import type { Key, KeyRange } from '@tablewright/store';

/**
 * Records on their way to Kinesis. Key: `Dl` + the destination's storage number (4 bytes) + a sequence number (8 bytes),
 * which is the time in microseconds. Value: stream ARN, line end, partition key, line end, record.
 */
export interface OutboxEntry {
  readonly streamArn: string;
  readonly partitionKey: string;
  readonly data: Buffer;
}

export const OUTBOX: Required<Pick<KeyRange, 'start' | 'end'>> = { start: 'Dl', end: 'Dm' };
const LINE_END = 0x0a;
const NUMBER_AT = 2;
const SEQUENCE_AT = 6;

export function entryKey(storageNumber: number, sequence: number): Key {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(storageNumber, 0);
  bytes.writeBigUInt64BE(BigInt(sequence), 4);
  return `Dl${bytes.toString('latin1')}`;
}

export function queueRange(storageNumber: number): Required<Pick<KeyRange, 'start' | 'end'>> {
  return { start: entryKey(storageNumber, 0), end: entryKey(storageNumber + 1, 0) };
}

export function numberOf(key: Key): number {
  return Buffer.from(key, 'latin1').readUInt32BE(NUMBER_AT);
}

export function sequenceOf(key: Key): number {
  return Number(Buffer.from(key, 'latin1').readBigUInt64BE(SEQUENCE_AT));
}

export function encodeEntry({ streamArn, partitionKey, data }: OutboxEntry): Buffer {
  return Buffer.concat([Buffer.from(`${streamArn}\n${partitionKey}\n`), data]);
}

export function decodeEntry(value: Buffer): OutboxEntry {
  const first = value.indexOf(LINE_END);
  const second = value.indexOf(LINE_END, first + 1);
  return {
    streamArn: value.toString('utf8', 0, first),
    partitionKey: value.toString('utf8', first + 1, second),
    data: value.subarray(second + 1),
  };
}
