import type { Clock } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { Handler } from '../engine-context.js';
import { describeStream } from './describe-stream.js';
import { getRecords } from './get-records.js';
import { getShardIterator } from './get-shard-iterator.js';
import { listStreams } from './list-streams.js';
import type { StreamOperationName } from './stream-inputs.js';
import type { Streams } from './streams.js';

/** A page of records that was read from a stream. */
export interface StreamRead {
  readonly accountId: string;
  readonly region: string;
  readonly tableName: string;
  readonly label: string;
}

export interface StreamReadListener {
  recordsRead(stream: StreamRead, records: number, sizeBytes: number): void;
}

/** What the operations of DynamoDB Streams may use. */
export interface StreamContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly streams: Streams;
  /** Told of every page with records. */
  readonly reads?: StreamReadListener;
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
