import type { Clock } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { Handler } from '../engine-context.js';
import { describeStream } from './describe-stream.js';
import { getRecords } from './get-records.js';
import { getShardIterator } from './get-shard-iterator.js';
import { listStreams } from './list-streams.js';
import type { StreamOperationName } from './stream-inputs.js';
import type { Streams } from './streams.js';

/** What the operations of DynamoDB Streams may use. */
export interface StreamContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly streams: Streams;
}

/** Every operation of the Streams API. */
export function streamOperations(context: StreamContext): Readonly<Record<StreamOperationName, Handler>> {
  return {
    DescribeStream: describeStream(context),
    GetRecords: getRecords(context),
    GetShardIterator: getShardIterator(context),
    ListStreams: listStreams(context),
  };
}
