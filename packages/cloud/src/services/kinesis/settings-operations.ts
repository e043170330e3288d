import type * as Kinesis from '@aws-sdk/client-kinesis';
import type { Kernel } from '../../kernel/kernel.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { invalidArgument } from './kinesis-errors.js';
import { type StreamRecord, streamArn } from './stream-record.js';
import type { StreamName, StreamStore } from './stream-store.js';

const MAX_TAGS = 50;
const METRICS: readonly string[] = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
];

/** Tags, encryption and shard-level metrics of streams. */
export function settingsOperations(kernel: Kernel, store: StreamStore) {
  async function addTags(context: RequestContext, name: StreamName, tags: Record<string, string>): Promise<object> {
    await store.update(context.caller, name, (stream) => {
      const merged = { ...stream.tags, ...tags };
      if (Object.keys(merged).length > MAX_TAGS) {
        throw invalidArgument(`Failed to add tags to stream ${stream.name}: it would have more than ${MAX_TAGS} tags.`);
      }
      return { ...stream, tags: merged };
    });
    return {};
  }
  async function removeTags(context: RequestContext, name: StreamName, keys: readonly string[]): Promise<object> {
    await store.update(context.caller, name, (stream) => ({
      ...stream,
      tags: Object.fromEntries(Object.entries(stream.tags).filter(([key]) => !keys.includes(key))),
    }));
    return {};
  }
  async function monitor(context: RequestContext, name: StreamName, change: (current: readonly string[]) => string[]) {
    let before: readonly string[] = [];
    const stream = await store.update(context.caller, name, (one) => {
      before = one.monitoring;
      return { ...one, monitoring: change(one.monitoring) };
    });
    return {
      StreamName: stream.name,
      CurrentShardLevelMetrics: [...before] as Kinesis.MetricsName[],
      DesiredShardLevelMetrics: [...stream.monitoring] as Kinesis.MetricsName[],
      StreamARN: streamArn(stream),
    };
  }

  return {
    addTags: (context: RequestContext, input: Kinesis.AddTagsToStreamCommandInput) =>
      addTags(context, input, input.Tags ?? {}),
    removeTags: (context: RequestContext, input: Kinesis.RemoveTagsFromStreamCommandInput) =>
      removeTags(context, input, input.TagKeys ?? []),
    tag: (context: RequestContext, input: Kinesis.TagResourceCommandInput) =>
      addTags(context, { StreamARN: input.ResourceARN }, input.Tags ?? {}),
    untag: (context: RequestContext, input: Kinesis.UntagResourceCommandInput) =>
      removeTags(context, { StreamARN: input.ResourceARN }, input.TagKeys ?? []),
    listTags(
      { caller }: RequestContext,
      input: Kinesis.ListTagsForStreamCommandInput,
    ): Kinesis.ListTagsForStreamOutput {
      const all = tagsOf(store.find(caller, input));
      const start = all.findIndex(({ Key }) => Key === input.ExclusiveStartTagKey) + 1;
      const limit = input.Limit ?? MAX_TAGS;
      return { Tags: all.slice(start, start + limit), HasMoreTags: all.length > start + limit };
    },
    resourceTags(
      { caller }: RequestContext,
      input: Kinesis.ListTagsForResourceCommandInput,
    ): Kinesis.ListTagsForResourceOutput {
      return { Tags: tagsOf(store.find(caller, { StreamARN: input.ResourceARN })) };
    },

    async encrypt({ caller }: RequestContext, input: Kinesis.StartStreamEncryptionCommandInput): Promise<object> {
      store.find(caller, input);
      const keyId = input.KeyId ?? '';
      const keyArn = await openKey(kernel, caller, keyId);
      await store.update(caller, input, (stream) => ({ ...stream, encryption: { keyId, keyArn } }));
      return {};
    },
    async decrypt({ caller }: RequestContext, input: Kinesis.StopStreamEncryptionCommandInput): Promise<object> {
      await store.update(caller, input, ({ encryption: _, ...stream }) => stream);
      return {};
    },

    monitor: (context: RequestContext, input: Kinesis.EnableEnhancedMonitoringCommandInput) =>
      monitor(context, input, (current) => [...new Set([...current, ...named(input.ShardLevelMetrics)])].sort()),
    unmonitor: (context: RequestContext, input: Kinesis.DisableEnhancedMonitoringCommandInput) =>
      monitor(context, input, (current) =>
        current.filter((metric) => !named(input.ShardLevelMetrics).includes(metric)),
      ),
  };
}

function tagsOf(stream: StreamRecord): { Key: string; Value: string }[] {
  return Object.entries(stream.tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((one, other) => (one.Key < other.Key ? -1 : 1));
}

function named(metrics: readonly string[] | undefined): readonly string[] {
  return (metrics ?? []).includes('ALL') ? METRICS : (metrics ?? []);
}

/** KMS's errors have names of their own here. */
async function openKey(kernel: Kernel, caller: RequestContext['caller'], keyId: string): Promise<string> {
  try {
    return await kernel.ports.kms.openKey(caller, keyId);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(error.code.startsWith('KMS') ? error.code : `KMS${error.code}`, error.message);
  }
}
