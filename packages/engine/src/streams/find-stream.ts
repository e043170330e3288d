import type { Caller } from '../catalog/table.js';
import { DynamoError, validationError } from '../errors.js';
import type { LiveStream } from './live-stream.js';
import type { StoredShard, StoredStream } from './stored-stream.js';
import { parseStreamArn, type Streams } from './streams.js';

/** The stream of this ARN, in the caller's region (a stream of another account needs that account's leave). */
export function findStream(streams: Streams, caller: Caller, arn: string): LiveStream {
  const place = parseStreamArn(arn);
  if (place === undefined) throw validationError('Invalid StreamArn');
  const stream = place.region === caller.region ? streams.find(arn) : undefined;
  if (stream !== undefined) return stream;
  throw new DynamoError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
}

export function findShard(stream: StoredStream, id: string): StoredShard {
  const shard = stream.shards.find((one) => one.id === id);
  if (shard !== undefined) return shard;
  throw new DynamoError('ResourceNotFoundException', 'Requested resource not found: Shard does not exist');
}

export function trimmed(): DynamoError {
  return new DynamoError('TrimmedDataAccessException', 'The data you are trying to access has been trimmed');
}
