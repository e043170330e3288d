import type { Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { findStream } from './find-stream.js';
import { sequenceText } from './sequence-number.js';
import { isShardExpired } from './shards.js';
import type { StoredShard, StoredStream } from './stored-stream.js';
import type { StreamContext } from './stream-operations.js';
import { streamArn } from './streams.js';

const MAX_LIMIT = 100;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html */
export function describeStream({ streams, clock }: StreamContext): Handler {
  return (caller, input) => {
    const limit = (input.Limit as number | undefined) ?? MAX_LIMIT;
    if (limit > MAX_LIMIT) {
      throw validationError(
        `One or more parameter values were invalid: Limit cannot be greater than the maximum: ${MAX_LIMIT}`,
      );
    }
    const { stored } = findStream(streams, caller, input.StreamArn as string);
    const after = (input.ExclusiveStartShardId as string | undefined) ?? '';
    const nowMs = clock.nowMs();
    const found = filtered(stored, input.ShardFilter as ShardFilter | undefined).filter(
      (shard) => shard.id > after && !isShardExpired(shard, nowMs),
    );
    const page = found.slice(0, limit);
    return {
      StreamDescription: {
        StreamArn: streamArn(stored),
        StreamLabel: stored.label,
        StreamStatus: streamStatus(stored, nowMs),
        StreamViewType: stored.viewType,
        CreationRequestDateTime: stored.createdMs / 1000,
        TableName: stored.tableName,
        KeySchema: stored.keySchema,
        Shards: page.map(describeShard),
        ...(found.length > limit && { LastEvaluatedShardId: page.at(-1)?.id }),
      },
    };
  };
}

interface ShardFilter {
  readonly Type?: 'CHILD_SHARDS';
  readonly ShardId?: string;
}

function filtered(stream: StoredStream, filter: ShardFilter | undefined): readonly StoredShard[] {
  if (filter?.Type === undefined) return stream.shards;
  if (filter.ShardId === undefined) {
    throw validationError("The parameter 'ShardId' is required but was not present in the request");
  }
  return stream.shards.filter((shard) => shard.parentId === filter.ShardId);
}

export function streamStatus({ disabledMs, settlesMs }: StoredStream, nowMs: number): string {
  const isSettled = settlesMs === undefined || nowMs >= settlesMs;
  if (disabledMs === undefined) return isSettled ? 'ENABLED' : 'ENABLING';
  return isSettled ? 'DISABLED' : 'DISABLING';
}

function describeShard({ id, parentId, startSequence, endSequence }: StoredShard): Record<string, unknown> {
  return {
    ShardId: id,
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceText(startSequence),
      ...(endSequence !== undefined && { EndingSequenceNumber: sequenceText(endSequence) }),
    },
    ...(parentId !== undefined && { ParentShardId: parentId }),
  };
}
