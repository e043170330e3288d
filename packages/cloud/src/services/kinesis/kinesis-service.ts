import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { recordOperations } from './record-operations.js';
import { settingsOperations } from './settings-operations.js';
import { shardOperations } from './shard-operations.js';
import { streamOperations } from './stream-operations.js';
import { StreamStore } from './stream-store.js';

/**
 * Amazon Kinesis Data Streams, in AWS JSON 1.1 and its CBOR form. https://docs.aws.amazon.com/kinesis/latest/APIReference/
 * Records are durable when they are acknowledged, ordered by shard, and live as long as the stream retains them, on the
 * kernel clock. Differs: streams are ACTIVE at once; shards have no limits of throughput, and on-demand streams stay
 * with their shards; no enhanced fan-out (consumers, SubscribeToShard) and no resource policies.
 */
export function kinesisService(kernel: Kernel): Service {
  const store = new StreamStore(kernel, (arn, change) => kernel.ports.kinesis.streamChanged(arn, change));
  const streams = streamOperations(kernel, store);
  const shards = shardOperations(store);
  const records = recordOperations(kernel, store);
  const settings = settingsOperations(kernel, store);
  return defineService<typeof import('@aws-sdk/client-kinesis')>(
    {
      AddTagsToStream: settings.addTags,
      CreateChannel: undefined,
      CreateStream: streams.create,
      DecreaseStreamRetentionPeriod: streams.decreaseRetention,
      DeleteChannel: undefined,
      DeleteResourcePolicy: undefined,
      DeleteStream: streams.remove,
      DeregisterStreamConsumer: undefined,
      DescribeAccountSettings: undefined,
      DescribeChannel: undefined,
      DescribeLimits: streams.limits,
      DescribeStream: streams.describe,
      DescribeStreamConsumer: undefined,
      DescribeStreamSummary: streams.summarize,
      DisableEnhancedMonitoring: settings.unmonitor,
      EnableEnhancedMonitoring: settings.monitor,
      GetRecords: records.get,
      GetResourcePolicy: undefined,
      GetShardIterator: records.iterator,
      IncreaseStreamRetentionPeriod: streams.increaseRetention,
      ListChannels: undefined,
      ListShards: shards.list,
      ListStreamConsumers: undefined,
      ListStreams: streams.list,
      ListTagsForResource: settings.resourceTags,
      ListTagsForStream: settings.listTags,
      MergeShards: shards.merge,
      PutRecord: records.put,
      PutRecords: records.putMany,
      PutResourcePolicy: undefined,
      RegisterStreamConsumer: undefined,
      RemoveTagsFromStream: settings.removeTags,
      SplitShard: shards.split,
      StartStreamEncryption: settings.encrypt,
      StopStreamEncryption: settings.decrypt,
      SubscribeToShard: undefined,
      TagResource: settings.tag,
      UntagResource: settings.untag,
      UpdateAccountSettings: undefined,
      UpdateChannel: undefined,
      UpdateMaxRecordSize: undefined,
      UpdateShardCount: shards.updateCount,
      UpdateStreamMode: streams.updateMode,
      UpdateStreamRecordDistributionStrategy: undefined,
      UpdateStreamWarmThroughput: undefined,
    },
    {
      title: 'Kinesis',
      // PutRecords takes 10 MB of data, which base64 makes a third longer.
      bodyLimitBytes: 16 * 1024 * 1024,
      resourceMember: 'StreamName',
      definition: {
        name: 'kinesis',
        client: () => import('@aws-sdk/client-kinesis'),
        protocols: ['awsJson1_1', 'awsCbor1_1'],
        version: '2013-12-02',
        targetPrefix: 'Kinesis_20131202',
      },
    },
  );
}
