import type { Reader } from '@tablewright/store';
import type { Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { findShard, findStream, trimmed } from './find-stream.js';
import type { LiveStream } from './live-stream.js';
import { parseSequence, type Sequence, trimHorizon } from './sequence-number.js';
import { encodeIterator } from './shard-iterator.js';
import type { StoredShard } from './stored-stream.js';
import { recordRange, sequenceOf, shardPrefix } from './stream-keys.js';
import type { StreamContext } from './stream-operations.js';

const INVALID = 'One or more parameter values were invalid: ';

type IteratorType = 'TRIM_HORIZON' | 'LATEST' | 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
export function getShardIterator({ streams, clock, store }: StreamContext): Handler {
  return (caller, input) => {
    const type = input.ShardIteratorType as IteratorType;
    const sequence = givenSequence(type, input.SequenceNumber as string | undefined);
    const stream = findStream(streams, caller, input.StreamArn as string);
    const shard = findShard(stream.stored, input.ShardId as string);
    const nowMs = clock.nowMs();
    const from = firstToRead(stream, shard, type, sequence, nowMs);
    if (sequence !== undefined && hasLostRecords(store, stream, shard, from, nowMs)) throw trimmed();
    return { ShardIterator: encodeIterator(stream.stored, { shardNumber: shard.number, from }, nowMs) };
  };
}

function givenSequence(type: IteratorType, text: string | undefined): Sequence | undefined {
  if (type === 'TRIM_HORIZON' || type === 'LATEST') {
    if (text === undefined) return undefined;
    throw validationError(`${INVALID}SequenceNumber should not be passed for this iterator type`);
  }
  const sequence = text === undefined ? undefined : parseSequence(text);
  if (sequence === undefined) throw validationError(`${INVALID}Invalid SequenceNumber`);
  return sequence;
}

function firstToRead(
  stream: LiveStream,
  shard: StoredShard,
  type: IteratorType,
  sequence: Sequence | undefined,
  nowMs: number,
): Sequence {
  if (type === 'TRIM_HORIZON') return Math.max(shard.startSequence, trimHorizon(nowMs));
  const last = shard.endSequence ?? stream.lastSequence;
  if (sequence === undefined) return last + 1;
  if (sequence < shard.startSequence || sequence > last) throw validationError('Invalid SequenceNumber for the shard');
  return type === 'AT_SEQUENCE_NUMBER' ? sequence : sequence + 1;
}

/** Whether the shard held records from `from` on that have been trimmed, in the store or by the clock alone. */
export function hasLostRecords(
  reader: Reader,
  stream: LiveStream,
  shard: StoredShard,
  from: Sequence,
  nowMs: number,
): boolean {
  if (shard.trimmedTo !== undefined && from <= shard.trimmedTo) return true;
  const horizon = trimHorizon(nowMs);
  if (from >= horizon) return false;
  const prefix = shardPrefix(stream.stored.storageNumber, shard.number);
  for (const { key } of reader.range(recordRange(prefix, from))) return sequenceOf(key) < horizon;
  return false;
}
