import { createHmac, timingSafeEqual } from 'node:crypto';
import { DynamoError, validationError } from '../errors.js';
import type { Sequence } from './sequence-number.js';
import type { StoredStream } from './stored-stream.js';
import { parseStreamArn, streamArn } from './streams.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
const LIFE_MS = 15 * 60 * 1000;
const PAYLOAD_BYTES = 20;
const SIGNATURE_BYTES = 16;
/** AWS puts a small number of unknown meaning between the ARN and the opaque part. */
const SEPARATOR = '|1|';

/** A place in a shard. The iterator carries all of it, signed: nothing is kept for it. */
export interface Position {
  readonly shardNumber: number;
  /** The first sequence number to read. */
  readonly from: Sequence;
}

export function encodeIterator(stream: StoredStream, position: Position, nowMs: number): string {
  const bytes = Buffer.alloc(PAYLOAD_BYTES + SIGNATURE_BYTES);
  bytes.writeUInt32BE(position.shardNumber, 0);
  bytes.writeBigUInt64BE(BigInt(position.from), 4);
  bytes.writeBigUInt64BE(BigInt(nowMs), 12);
  signature(stream, bytes.subarray(0, PAYLOAD_BYTES)).copy(bytes, PAYLOAD_BYTES);
  return `${streamArn(stream)}${SEPARATOR}${bytes.toString('base64')}`;
}

/** The ARN of the stream that an iterator is for. Throws ValidationException for what is not an iterator. */
export function iteratorArn(iterator: string): string {
  const arn = iterator.slice(0, Math.max(0, iterator.indexOf(SEPARATOR)));
  if (parseStreamArn(arn) === undefined) throw invalidIterator();
  return arn;
}

/** Throws ValidationException, or ExpiredIteratorException 15 minutes after the iterator was given out. */
export function decodeIterator(stream: StoredStream, iterator: string, nowMs: number): Position {
  const text = iterator.slice(iterator.indexOf(SEPARATOR) + SEPARATOR.length);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== PAYLOAD_BYTES + SIGNATURE_BYTES) throw invalidIterator();
  const payload = bytes.subarray(0, PAYLOAD_BYTES);
  if (!timingSafeEqual(signature(stream, payload), bytes.subarray(PAYLOAD_BYTES))) throw invalidIterator();
  if (nowMs - Number(bytes.readBigUInt64BE(12)) > LIFE_MS) {
    throw new DynamoError('ExpiredIteratorException', 'The shard iterator has expired');
  }
  return { shardNumber: bytes.readUInt32BE(0), from: Number(bytes.readBigUInt64BE(4)) };
}

function signature(stream: StoredStream, payload: Buffer): Buffer {
  return createHmac('sha256', stream.secret).update(payload).digest().subarray(0, SIGNATURE_BYTES);
}

function invalidIterator(): DynamoError {
  return validationError('Invalid ShardIterator');
}
