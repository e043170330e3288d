import { gunzipSync } from 'node:zlib';
import { canonicalText } from '../canonical-text.js';
import type { EndpointClient, Json } from '../client.js';
import type { Item } from '../ledger.js';
import { keyText, STREAM_ARN } from '../scenario.js';

/** One change of an item, as a stream tells of it. */
export interface Change {
  readonly key: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly isExpiry: boolean;
  /** Equal for two deliveries of the same change. */
  readonly id: string;
}

interface StreamRecord {
  readonly eventID: string;
  readonly userIdentity?: Json | null;
  readonly dynamodb: { readonly Keys: Item; readonly NewImage?: Item; readonly OldImage?: Item };
}

function change({ eventID, userIdentity, dynamodb }: StreamRecord): Change {
  const { Keys, NewImage, OldImage } = dynamodb;
  return {
    key: keyText(Keys),
    before: OldImage && canonicalText(OldImage),
    after: NewImage && canonicalText(NewImage),
    isExpiry: userIdentity !== undefined && userIdentity !== null,
    id: eventID,
  };
}

/** All records of a table's stream, from the trim horizon of every shard, in order. */
export async function streamChanges(client: EndpointClient, StreamArn: string): Promise<Change[]> {
  const records: { sequence: string; change: Change }[] = [];
  for (const { ShardId } of await streamShards(client, StreamArn)) {
    let { ShardIterator } = await client.streams('GetShardIterator', {
      StreamArn,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    while (ShardIterator !== undefined) {
      const page = await client.streams('GetRecords', { ShardIterator });
      const found = page.Records as (StreamRecord & { dynamodb: { SequenceNumber: string } })[];
      for (const record of found) {
        records.push({ sequence: record.dynamodb.SequenceNumber, change: change(record) });
      }
      ShardIterator = found.length === 0 ? undefined : page.NextShardIterator;
    }
  }
  return records.sort((a, b) => (a.sequence < b.sequence ? -1 : 1)).map((record) => record.change);
}

async function streamShards(client: EndpointClient, StreamArn: string): Promise<Json[]> {
  const shards: Json[] = [];
  let ExclusiveStartShardId: unknown;
  do {
    const { StreamDescription } = await client.streams('DescribeStream', {
      StreamArn,
      ...(ExclusiveStartShardId !== undefined && { ExclusiveStartShardId }),
    });
    const { Shards, LastEvaluatedShardId } = StreamDescription as Json;
    shards.push(...(Shards as Json[]));
    ExclusiveStartShardId = LastEvaluatedShardId;
  } while (ExclusiveStartShardId !== undefined);
  return shards;
}

/** What has arrived in Kinesis, in order; what came twice is there once. */
export async function kinesisChanges(client: EndpointClient): Promise<Change[]> {
  const changes = new Map<string, Change>();
  const { Shards } = await client.kinesis('ListShards', { StreamARN: STREAM_ARN });
  for (const { ShardId } of Shards as Json[]) {
    let { ShardIterator } = await client.kinesis('GetShardIterator', {
      StreamARN: STREAM_ARN,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    while (ShardIterator !== undefined) {
      const page = await client.kinesis('GetRecords', { ShardIterator });
      const found = page.Records as { Data: string }[];
      for (const { Data } of found) {
        const record = change(JSON.parse(Buffer.from(Data, 'base64').toString('utf8')) as StreamRecord);
        if (!changes.has(record.id)) changes.set(record.id, record);
      }
      ShardIterator = found.length === 0 ? undefined : page.NextShardIterator;
    }
  }
  return [...changes.values()];
}

/** The items in the data files of an export. */
export function itemsOfFile(file: Buffer): Item[] {
  return gunzipSync(file)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { Item: Item }).Item);
}
