import type * as Kinesis from '@aws-sdk/client-kinesis';
import type { Kernel, KmsPort } from '../../kernel/kernel.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { hashOf, parseHash } from './hash-ranges.js';
import { constraint, invalidArgument } from './kinesis-errors.js';
import { iteratorText, parseIterator, type ShardIterator } from './shard-iterator.js';
import { describeShard, shardNotFound } from './shard-operations.js';
import {
  parseSequence,
  type ShardRecord,
  type StreamRecord,
  sequenceText,
  shardId,
  streamArn,
} from './stream-record.js';
import type { NewRecord, StreamStore } from './stream-store.js';

const MAX_RECORDS = 10_000;
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
const MAX_PUT_RECORDS = 500;
const MAX_PUT_BYTES = 10 * 1024 * 1024;
const MAX_HASH = '2^128-1';

/** Records: put, and read by iterators. Shards take and give as much as is asked: their throughput has no limits. */
export function recordOperations(kernel: Kernel, store: StreamStore) {
  return {
    async put({ caller }: RequestContext, input: Kinesis.PutRecordCommandInput): Promise<Kinesis.PutRecordOutput> {
      const stream = writable(kernel.ports.kms, store.find(caller, input));
      const record = newRecord(stream, input, 'data');
      const [placed] = await store.append(caller, input, [record]);
      if (placed === undefined)
        throw new ServiceError('InternalFailure', 'The record was not put', { httpStatus: 500 });
      return {
        ShardId: shardId(placed.shard.number),
        SequenceNumber: sequenceText(placed.shard, placed.sequence),
        EncryptionType: encryptionType(stream),
      };
    },

    async putMany(
      { caller }: RequestContext,
      input: Kinesis.PutRecordsCommandInput,
    ): Promise<Kinesis.PutRecordsOutput> {
      const given = input.Records ?? [];
      if (given.length < 1) throw constraint('[]', 'records', 'Member must have length greater than or equal to 1');
      if (given.length > MAX_PUT_RECORDS) {
        throw constraint('[...]', 'records', `Member must have length less than or equal to ${MAX_PUT_RECORDS}`);
      }
      const stream = writable(kernel.ports.kms, store.find(caller, input));
      const records = given.map((record, index) => newRecord(stream, record, `records.${index + 1}.member.data`));
      if (records.reduce((sum, { data }) => sum + data.length, 0) > MAX_PUT_BYTES) {
        throw invalidArgument(`Records size exceeds ${MAX_PUT_BYTES / 1024 / 1024} MB limit`);
      }
      const placed = await store.append(caller, input, records);
      return {
        FailedRecordCount: 0,
        Records: placed.map(({ shard, sequence }) => ({
          ShardId: shardId(shard.number),
          SequenceNumber: sequenceText(shard, sequence),
        })),
        EncryptionType: encryptionType(stream),
      };
    },

    iterator({ caller }: RequestContext, input: Kinesis.GetShardIteratorCommandInput): Kinesis.GetShardIteratorOutput {
      const stream = store.find(caller, input);
      const shard = stream.shards.find(({ number }) => shardId(number) === input.ShardId);
      if (shard === undefined) throw shardNotFound(stream, input.ShardId);
      const from = startOf(store, stream, shard, input);
      return { ShardIterator: iteratorText(iteratorAt(kernel, stream, shard.number, from)) };
    },

    get({ caller }: RequestContext, input: Kinesis.GetRecordsCommandInput): Kinesis.GetRecordsOutput {
      const nowMs = kernel.clock.nowMs();
      const iterator = parseIterator(input.ShardIterator ?? '', nowMs);
      const stream = store.find(caller, { StreamARN: streamArn({ ...iterator, name: iterator.stream }) });
      const shard = stream.shards.find(({ number }) => number === iterator.shard);
      if (stream.id !== iterator.streamId || shard === undefined) throw invalidArgument('Invalid ShardIterator.');
      const limit = input.Limit ?? MAX_RECORDS;
      if (limit < 1 || limit > MAX_RECORDS) {
        const rule = limit < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_RECORDS}`;
        throw constraint(limit, 'limit', `Member must have value ${rule}`);
      }
      return answer(kernel, store, { stream, shard, from: iterator.from, limit, nowMs });
    },
  };
}

interface Reading {
  readonly stream: StreamRecord;
  readonly shard: ShardRecord;
  readonly from: number;
  readonly limit: number;
  readonly nowMs: number;
}

function answer(
  kernel: Kernel,
  store: StreamStore,
  { stream, shard, from, limit, nowMs }: Reading,
): Kinesis.GetRecordsOutput {
  const records: Kinesis._Record[] = [];
  let next = from;
  let bytes = 0;
  let behindMs: number | undefined;
  for (const [sequence, { partitionKey, data, arrivedMs }] of store.read(stream, shard.number, from)) {
    const bytesOfData = Buffer.from(data, 'base64');
    if (records.length === limit || (records.length > 0 && bytes + bytesOfData.length > MAX_ANSWER_BYTES)) {
      behindMs = Math.max(0, nowMs - arrivedMs);
      break;
    }
    bytes += bytesOfData.length;
    records.push({
      SequenceNumber: sequenceText(shard, sequence),
      ApproximateArrivalTimestamp: new Date(arrivedMs),
      Data: bytesOfData,
      PartitionKey: partitionKey,
      ...(stream.encryption !== undefined && { EncryptionType: 'KMS' as const }),
    });
    next = sequence + 1;
  }
  // A closed shard has an end, after which its children follow.
  const isAtEnd = shard.endSequence !== undefined && records.length < limit && behindMs === undefined;
  if (isAtEnd) {
    const children = stream.shards.filter(({ parents }) => parents.includes(shard.number));
    return {
      Records: records,
      MillisBehindLatest: 0,
      ChildShards: children.map((child) => ({
        ShardId: shardId(child.number),
        ParentShards: child.parents.map(shardId),
        HashKeyRange: describeShard(child).HashKeyRange,
      })),
    };
  }
  const NextShardIterator = iteratorText(iteratorAt(kernel, stream, shard.number, next));
  return { Records: records, NextShardIterator, MillisBehindLatest: behindMs ?? 0 };
}

function iteratorAt(kernel: Kernel, stream: StreamRecord, shard: number, from: number): ShardIterator {
  const { accountId, region, name, id } = stream;
  return { accountId, region, stream: name, streamId: id, shard, from, madeMs: kernel.clock.nowMs() };
}

function startOf(
  store: StreamStore,
  stream: StreamRecord,
  shard: ShardRecord,
  input: Kinesis.GetShardIteratorCommandInput,
): number {
  const { ShardIteratorType: type, StartingSequenceNumber: text, Timestamp: timestamp } = input;
  if (type === 'TRIM_HORIZON') return 0;
  if (type === 'LATEST') return store.lastSequence(stream) + 1;
  if (type === 'AT_TIMESTAMP') {
    if (timestamp === undefined)
      throw invalidArgument('Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.');
    const nowMs = store.kernel.clock.nowMs();
    if (timestamp.getTime() > nowMs) {
      throw invalidArgument(
        'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ' +
          `${timestamp.getTime()}, currentTimestampInMillis: ${Math.floor(nowMs)}`,
      );
    }
    return firstSince(store, stream, shard, timestamp.getTime());
  }
  if (text === undefined) {
    throw invalidArgument(
      `Must either specify (1) StartingSequenceNumber or (2) Timestamp parameters for iterator of type ${type}.`,
    );
  }
  const sequence = parseSequence(shard, text);
  if (sequence === undefined) {
    throw invalidArgument(
      `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shardId(shard.number)} in stream ${stream.name} ` +
        `under account ${stream.accountId} is invalid.`,
    );
  }
  return type === 'AFTER_SEQUENCE_NUMBER' ? sequence + 1 : sequence;
}

/** Sequence numbers are ahead of the time where many records came within a millisecond. */
function firstSince(store: StreamStore, stream: StreamRecord, shard: ShardRecord, timeMs: number): number {
  const from = timeMs * 1000;
  for (const [sequence, { arrivedMs }] of store.read(stream, shard.number, from)) {
    if (arrivedMs >= timeMs) return sequence;
  }
  return Math.max(from, store.lastSequence(stream) + 1);
}

interface GivenRecord {
  readonly Data?: Uint8Array | undefined;
  readonly PartitionKey?: string | undefined;
  readonly ExplicitHashKey?: string | undefined;
}

function newRecord(stream: StreamRecord, given: GivenRecord, member: string): NewRecord {
  const { Data: data = new Uint8Array(), PartitionKey: partitionKey = '', ExplicitHashKey: explicit } = given;
  if (partitionKey.length < 1 || partitionKey.length > 256) {
    const rule = partitionKey.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 256';
    throw constraint(partitionKey, 'partitionKey', `Member must have length ${rule}`);
  }
  const limit = stream.maxRecordKiB * 1024;
  if (data.length > limit)
    throw constraint('java.nio.HeapByteBuffer', member, `Member must have length less than or equal to ${limit}`);
  const hash = explicit === undefined ? hashOf(partitionKey) : parseHash(explicit);
  if (hash === undefined) {
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, ${MAX_HASH}]. Specified value was ${explicit}`,
    );
  }
  return { partitionKey, hash, data };
}

/** A stream whose key cannot be used takes no record. */
export function writable(kms: KmsPort, stream: StreamRecord): StreamRecord {
  const fault = stream.encryption && kms.fault(stream.encryption.keyArn);
  if (fault === undefined) return stream;
  throw new ServiceError(fault.code.startsWith('KMS') ? fault.code : `KMS${fault.code}`, fault.message);
}

function encryptionType(stream: StreamRecord): 'KMS' | 'NONE' {
  return stream.encryption === undefined ? 'NONE' : 'KMS';
}
