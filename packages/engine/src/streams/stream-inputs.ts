// Facts of the API model (DynamoDB Streams, 2012-08-10): names, types, lengths, enums.
import { enumeration, integer, type StructureShape, string, structure } from '../validation/shape.js';

/** Every operation of the API model. */
export type StreamOperationName = 'DescribeStream' | 'GetRecords' | 'GetShardIterator' | 'ListStreams';

const streamArn = string({ min: 37, max: 1024 });
const shardId = string({ min: 28, max: 65 });
const limit = integer({ min: 1 });
const tableName = string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' });

export const streamInputs: Readonly<Record<StreamOperationName, StructureShape>> = {
  DescribeStream: structure('DescribeStreamInput', {
    'StreamArn!': streamArn,
    Limit: limit,
    ExclusiveStartShardId: shardId,
    ShardFilter: structure('ShardFilter', { Type: enumeration('CHILD_SHARDS'), ShardId: shardId }),
  }),
  GetRecords: structure('GetRecordsInput', { 'ShardIterator!': string({ min: 1, max: 2048 }), Limit: limit }),
  GetShardIterator: structure('GetShardIteratorInput', {
    'StreamArn!': streamArn,
    'ShardId!': shardId,
    'ShardIteratorType!': enumeration('TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'),
    SequenceNumber: string({ min: 21, max: 40 }),
  }),
  ListStreams: structure('ListStreamsInput', {
    TableName: tableName,
    Limit: limit,
    ExclusiveStartStreamArn: streamArn,
  }),
};

export const streamOperationNames: readonly StreamOperationName[] = [
  'DescribeStream',
  'GetRecords',
  'GetShardIterator',
  'ListStreams',
];
