import type * as Kinesis from '@aws-sdk/client-kinesis';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { evenRanges } from './hash-ranges.js';
import { constraint, invalidArgument } from './kinesis-errors.js';
import { describeShard } from './shard-operations.js';
import { openShards, type StreamRecord, streamArn } from './stream-record.js';
import type { StreamStore } from './stream-store.js';

const DAY_HOURS = 24;
const MAX_RETENTION_HOURS = 8760;
/** What an on-demand stream begins with. */
const ON_DEMAND_SHARDS = 4;
export const SHARD_LIMIT = 500;
const ON_DEMAND_LIMIT = 50;
const DEFAULT_RECORD_KIB = 1024;

/** Streams from their creation to their deletion. */
export function streamOperations(kernel: Kernel, store: StreamStore) {
  return {
    async create({ caller }: RequestContext, input: Kinesis.CreateStreamCommandInput): Promise<object> {
      await store.create(newStream(kernel, store, caller, input));
      return {};
    },

    async remove({ caller }: RequestContext, input: Kinesis.DeleteStreamCommandInput): Promise<object> {
      await store.remove(store.find(caller, input));
      return {};
    },

    describe({ caller }: RequestContext, input: Kinesis.DescribeStreamCommandInput): Kinesis.DescribeStreamOutput {
      const stream = store.find(caller, input);
      const limit = input.Limit ?? 100;
      const all = stream.shards.map((shard) => describeShard(shard));
      const start = input.ExclusiveStartShardId ?? '';
      const rest = all.filter(({ ShardId = '' }) => ShardId > start);
      const {
        StreamId: _,
        OpenShardCount: __,
        ConsumerCount: ___,
        MaxRecordSizeInKiB: ____,
        ...shared
      } = summary(stream);
      return {
        StreamDescription: { ...shared, Shards: rest.slice(0, limit), HasMoreShards: rest.length > limit },
      };
    },

    summarize(
      { caller }: RequestContext,
      input: Kinesis.DescribeStreamSummaryCommandInput,
    ): Kinesis.DescribeStreamSummaryOutput {
      return { StreamDescriptionSummary: summary(store.find(caller, input)) };
    },

    list({ caller }: RequestContext, input: Kinesis.ListStreamsCommandInput): Kinesis.ListStreamsOutput {
      const limit = input.Limit ?? 100;
      const after = input.NextToken ?? input.ExclusiveStartStreamName;
      const streams = [...store.streams.list(partitionOf(caller), after === undefined ? {} : { after })];
      const page = streams.slice(0, limit).map(([, stream]) => stream);
      const hasMore = streams.length > limit;
      return {
        StreamNames: page.map(({ name }) => name),
        HasMoreStreams: hasMore,
        ...(hasMore && { NextToken: page.at(-1)?.name }),
        StreamSummaries: page.map((stream) => ({
          StreamName: stream.name,
          StreamARN: streamArn(stream),
          StreamStatus: 'ACTIVE',
          StreamModeDetails: { StreamMode: stream.mode },
          StreamCreationTimestamp: new Date(stream.createdMs),
        })),
      };
    },

    limits({ caller }: RequestContext): Kinesis.DescribeLimitsOutput {
      const streams = [...store.streams.list(partitionOf(caller))].map(([, stream]) => stream);
      const provisioned = streams.filter(({ mode }) => mode === 'PROVISIONED');
      return {
        ShardLimit: SHARD_LIMIT,
        OpenShardCount: provisioned.reduce((sum, stream) => sum + openShards(stream).length, 0),
        OnDemandStreamCount: streams.length - provisioned.length,
        OnDemandStreamCountLimit: ON_DEMAND_LIMIT,
      };
    },

    async increaseRetention(
      { caller }: RequestContext,
      input: Kinesis.IncreaseStreamRetentionPeriodCommandInput,
    ): Promise<object> {
      const hours = checkedHours(input.RetentionPeriodHours);
      await store.update(caller, input, (stream) => {
        if (hours < stream.retentionHours) throw wrongDirection(stream, hours, 'shorter', 'DecreaseRetentionPeriod');
        return { ...stream, retentionHours: hours };
      });
      return {};
    },

    async decreaseRetention(
      { caller }: RequestContext,
      input: Kinesis.DecreaseStreamRetentionPeriodCommandInput,
    ): Promise<object> {
      const hours = checkedHours(input.RetentionPeriodHours);
      await store.update(caller, input, (stream) => {
        if (hours > stream.retentionHours) throw wrongDirection(stream, hours, 'longer', 'IncreaseRetentionPeriod');
        return { ...stream, retentionHours: hours };
      });
      return {};
    },

    async updateMode({ caller }: RequestContext, input: Kinesis.UpdateStreamModeCommandInput): Promise<object> {
      const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
      await store.update(caller, input, (stream) => ({ ...stream, mode }));
      return {};
    },
  };
}

function newStream(
  kernel: Kernel,
  store: StreamStore,
  caller: Caller,
  input: Kinesis.CreateStreamCommandInput,
): StreamRecord {
  const name = input.StreamName ?? '';
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) {
    throw constraint(name, 'streamName', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  }
  const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  if (mode === 'ON_DEMAND' && input.ShardCount !== undefined) {
    throw invalidArgument('ShardCount must not be provided when stream mode is ON_DEMAND.');
  }
  if (mode === 'PROVISIONED' && input.ShardCount === undefined) {
    throw invalidArgument('ShardCount must be provided when stream mode is PROVISIONED.');
  }
  const count = input.ShardCount ?? ON_DEMAND_SHARDS;
  if (count < 1) throw constraint(count, 'shardCount', 'Member must have value greater than or equal to 1');
  checkShardLimit(store, caller, mode === 'PROVISIONED' ? count : 0);
  const nowMs = kernel.clock.nowMs();
  return {
    name,
    accountId: caller.accountId,
    region: caller.region,
    id: kernel.random.uuid(),
    createdMs: nowMs,
    mode,
    retentionHours: DAY_HOURS,
    shards: evenRanges(count).map((range, number) => ({
      number,
      ...range,
      parents: [],
      openedMs: nowMs,
      startSequence: Math.floor(nowMs) * 1000,
    })),
    monitoring: [],
    tags: input.Tags ?? {},
    maxRecordKiB: input.MaxRecordSizeInKiB ?? DEFAULT_RECORD_KIB,
  };
}

export function checkShardLimit(store: StreamStore, caller: Caller, more: number): void {
  const open = [...store.streams.list(partitionOf(caller))].reduce(
    (sum, [, stream]) => sum + (stream.mode === 'PROVISIONED' ? openShards(stream).length : 0),
    0,
  );
  if (open + more > SHARD_LIMIT) {
    throw invalidLimit(caller, open, more);
  }
}

function invalidLimit(caller: Caller, open: number, more: number) {
  return new ServiceError(
    'LimitExceededException',
    `This request would exceed the shard limit for the account ${caller.accountId} in ${caller.region}. ` +
      `Current shard count for the account: ${open}. Limit: ${SHARD_LIMIT}. ` +
      `Number of additional shards that would have resulted from this request: ${more}. ` +
      'Refer to the AWS Service Limits page for current limits and how to request higher limits.',
  );
}

/** Streams are ACTIVE as soon as they are there. */
function summary(stream: StreamRecord) {
  return {
    StreamName: stream.name,
    StreamARN: streamArn(stream),
    StreamId: stream.id,
    StreamStatus: 'ACTIVE' as const,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: new Date(stream.createdMs),
    EnhancedMonitoring: [{ ShardLevelMetrics: [...stream.monitoring] as Kinesis.MetricsName[] }],
    EncryptionType: stream.encryption === undefined ? ('NONE' as const) : ('KMS' as const),
    ...(stream.encryption !== undefined && { KeyId: stream.encryption.keyId }),
    OpenShardCount: openShards(stream).length,
    ConsumerCount: 0,
    MaxRecordSizeInKiB: stream.maxRecordKiB,
  };
}

function checkedHours(hours = 0): number {
  if (hours < DAY_HOURS) {
    throw invalidArgument(
      `Minimum allowed retention period is ${DAY_HOURS} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > MAX_RETENTION_HOURS) {
    throw invalidArgument(
      `Maximum allowed retention period is ${MAX_RETENTION_HOURS} hours. ` +
        `Requested retention period (${hours} hours) is too long.`,
    );
  }
  return hours;
}

function wrongDirection(stream: StreamRecord, hours: number, what: string, api: string) {
  return invalidArgument(
    `Requested retention period (${hours} hours) for stream ${stream.name} can not be ${what} than existing retention ` +
      `period (${stream.retentionHours} hours). Use ${api} API.`,
  );
}
