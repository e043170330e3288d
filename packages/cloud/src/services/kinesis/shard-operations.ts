import type * as Kinesis from '@aws-sdk/client-kinesis';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { areAdjacent, covers, parseHash } from './hash-ranges.js';
import { invalidArgument } from './kinesis-errors.js';
import { replaced, rescaled } from './resharding.js';
import { checkShardLimit } from './stream-operations.js';
import { openShards, type ShardRecord, type StreamRecord, sequenceText, shardId, streamArn } from './stream-record.js';
import type { StreamStore } from './stream-store.js';

const LIST_LIMIT = 1000;

/** Shards: listed, split, merged, and shared out anew. Children are open as soon as their parents are closed. */
export function shardOperations(store: StreamStore) {
  return {
    list({ caller }: RequestContext, input: Kinesis.ListShardsCommandInput): Kinesis.ListShardsOutput {
      const token = input.NextToken === undefined ? undefined : parseToken(input.NextToken);
      const stream = store.find(caller, token ?? input);
      const after = token?.after ?? input.ExclusiveStartShardId ?? '';
      const wanted = stream.shards
        .filter((shard) => shardId(shard.number) > after && isWanted(store, stream, shard, input.ShardFilter))
        .map((shard) => describeShard(shard));
      const limit = input.MaxResults ?? LIST_LIMIT;
      const page = wanted.slice(0, limit);
      if (wanted.length <= limit) return { Shards: page };
      return { Shards: page, NextToken: tokenOf(stream, page.at(-1)?.ShardId ?? '') };
    },

    async split({ caller }: RequestContext, input: Kinesis.SplitShardCommandInput): Promise<object> {
      await store.update(caller, input, (stream, writer) => {
        const parent = openShard(stream, input.ShardToSplit);
        const start = parseHash(input.NewStartingHashKey ?? '');
        if (start === undefined || !covers(parent, start) || start === BigInt(parent.firstHash)) {
          throw invalidArgument(
            `NewStartingHashKey ${input.NewStartingHashKey} used in SplitShard() on shard ${input.ShardToSplit} in ` +
              `stream ${stream.name} under account ${stream.accountId} is not both greater than one plus the shard's ` +
              `StartingHashKey ${parent.firstHash} and less than the shard's EndingHashKey ${BigInt(parent.lastHash) - 1n}.`,
          );
        }
        checkShardLimit(store, stream, 1);
        return replaced(store, writer, stream, [
          { firstHash: parent.firstHash, lastHash: String(start - 1n), parents: [parent] },
          { firstHash: String(start), lastHash: parent.lastHash, parents: [parent] },
        ]);
      });
      return {};
    },

    async merge({ caller }: RequestContext, input: Kinesis.MergeShardsCommandInput): Promise<object> {
      await store.update(caller, input, (stream, writer) => {
        const one = openShard(stream, input.ShardToMerge);
        const other = openShard(stream, input.AdjacentShardToMerge);
        if (!areAdjacent(one, other)) {
          throw invalidArgument(
            `Shards ${input.ShardToMerge} and ${input.AdjacentShardToMerge} in stream ${stream.name} under account ` +
              `${stream.accountId} are not an adjacent pair of shards eligible for merging`,
          );
        }
        const [low, high] = BigInt(one.firstHash) < BigInt(other.firstHash) ? [one, other] : [other, one];
        const merged = { firstHash: low.firstHash, lastHash: high.lastHash, parents: [one, other] };
        return replaced(store, writer, stream, [merged]);
      });
      return {};
    },

    async updateCount(
      { caller }: RequestContext,
      input: Kinesis.UpdateShardCountCommandInput,
    ): Promise<Kinesis.UpdateShardCountOutput> {
      const target = input.TargetShardCount ?? 0;
      let current = 0;
      const stream = await store.update(caller, input, (before, writer) => {
        current = openShards(before).length;
        checkTarget(before, current, target);
        checkShardLimit(store, before, Math.max(0, target - current));
        return target === current ? before : rescaled(store, writer, before, target);
      });
      return {
        StreamName: stream.name,
        CurrentShardCount: current,
        TargetShardCount: target,
        StreamARN: streamArn(stream),
      };
    },
  };
}

export function describeShard(shard: ShardRecord): Kinesis.Shard {
  const [parent, adjacent] = shard.parents;
  return {
    ShardId: shardId(shard.number),
    ...(parent !== undefined && { ParentShardId: shardId(parent) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: shardId(adjacent) }),
    HashKeyRange: { StartingHashKey: shard.firstHash, EndingHashKey: shard.lastHash },
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceText(shard, shard.startSequence),
      ...(shard.endSequence !== undefined && { EndingSequenceNumber: sequenceText(shard, shard.endSequence) }),
    },
  };
}

export function shardNotFound(stream: StreamRecord, id: string | undefined): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Could not find shard ${id} in stream ${stream.name} under account ${stream.accountId}.`,
  );
}

function openShard(stream: StreamRecord, id: string | undefined): ShardRecord {
  const shard = stream.shards.find(({ number }) => shardId(number) === id);
  if (shard === undefined) throw shardNotFound(stream, id);
  if (shard.closedMs !== undefined) {
    throw invalidArgument(
      `Shard ${id} in stream ${stream.name} under account ${stream.accountId} has already been merged or split, and ` +
        'thus is not eligible for merging or splitting.',
    );
  }
  return shard;
}

function checkTarget(stream: StreamRecord, current: number, target: number): void {
  if (stream.mode === 'ON_DEMAND') {
    throw new ServiceError(
      'ValidationException',
      'UpdateShardCount can not be used on streams with ON_DEMAND stream mode.',
    );
  }
  if (target > current * 2) {
    throw invalidArgument(
      `UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: ${current}. ` +
        `Target shard count: ${target}`,
    );
  }
  if (target < current / 2) {
    throw invalidArgument(
      `UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: ${current}. ` +
        `Target shard count: ${target}`,
    );
  }
}

function isWanted(
  store: StreamStore,
  stream: StreamRecord,
  { closedMs = Number.POSITIVE_INFINITY, openedMs, number }: ShardRecord,
  filter: Kinesis.ShardFilter | undefined,
): boolean {
  const horizonMs = store.horizonMs(stream);
  const atMs = filter?.Timestamp?.getTime() ?? 0;
  switch (filter?.Type) {
    case 'AFTER_SHARD_ID':
      return shardId(number) > (filter.ShardId ?? '');
    case 'AT_LATEST':
      return closedMs === Number.POSITIVE_INFINITY;
    case 'AT_TRIM_HORIZON':
      return openedMs <= Math.max(horizonMs, stream.createdMs) && closedMs >= horizonMs;
    case 'AT_TIMESTAMP':
      return openedMs <= atMs && closedMs >= atMs;
    case 'FROM_TIMESTAMP':
      return closedMs >= atMs;
    default:
      return closedMs >= horizonMs;
  }
}

interface ListToken {
  readonly StreamARN: string;
  readonly after: string;
}

function tokenOf(stream: StreamRecord, after: string): string {
  return Buffer.from(JSON.stringify({ StreamARN: streamArn(stream), after })).toString('base64');
}

function parseToken(text: string): ListToken {
  try {
    const { StreamARN, after } = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Record<string, unknown>;
    if (typeof StreamARN === 'string' && typeof after === 'string') return { StreamARN, after };
  } catch {
    // Not one of ours, as below.
  }
  throw invalidArgument('Invalid NextToken');
}
