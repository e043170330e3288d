import type {
  DescribeStreamOutput,
  GetRecordsOutput,
  GetShardIteratorOutput,
  _Record as KinesisRecord,
  Shard as KinesisShard,
} from '@aws-sdk/client-kinesis';
import type { StreamKind } from './stream-kind.js';
import { type Place, type Shard, StreamReader, type StreamRecord } from './stream-reader.js';

const HOUR_MS = 3_600_000;
const DEFAULT_RETENTION_HOURS = 24;

class DataStreamReader extends StreamReader {
  protected readonly service = 'kinesis';
  protected readonly demanded = ['ListShards', 'ListStreams'];
  #retentionHours = DEFAULT_RETENTION_HOURS;

  get retentionMs(): number {
    return this.#retentionHours * HOUR_MS;
  }

  async shards(): Promise<Shard[]> {
    const all: Shard[] = [];
    let after: string | undefined;
    for (;;) {
      const { StreamDescription } = await this.run<DescribeStreamOutput>('DescribeStream', {
        StreamARN: this.stream.streamArn,
        ...(after === undefined ? {} : { ExclusiveStartShardId: after }),
      });
      all.push(...(StreamDescription?.Shards ?? []).map(shardOf));
      this.#retentionHours = StreamDescription?.RetentionPeriodHours ?? this.#retentionHours;
      after = all.at(-1)?.id;
      if (StreamDescription?.HasMoreShards !== true || after === undefined) return all;
    }
  }

  protected async iterator({ id }: Shard, place: Place): Promise<string> {
    const input = { StreamARN: this.stream.streamArn, ShardId: id, ...this.#at(place) };
    return (await this.run<GetShardIteratorOutput>('GetShardIterator', input)).ShardIterator ?? '';
  }

  #at(place: Place): object {
    const { startingTimestampMs } = this.stream;
    if (typeof place !== 'string') {
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: place.after };
    }
    return place === 'oldest' || startingTimestampMs === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' }
      : { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(startingTimestampMs) };
  }

  protected async records({ id }: Shard, ShardIterator: string, Limit: number) {
    const { streamArn, resolve } = this.stream;
    const input = { StreamARN: streamArn, ShardIterator, Limit };
    const { Records = [], NextShardIterator } = await this.run<GetRecordsOutput>('GetRecords', input);
    const facts = { shardId: id, streamArn, roleArn: resolve().configuration.Role ?? '' };
    return { records: Records.map((record) => recordOf(record, facts)), next: NextShardIterator };
  }
}

function shardOf({ ShardId = '', ParentShardId, AdjacentParentShardId, SequenceNumberRange }: KinesisShard): Shard {
  const startingSequenceNumber = SequenceNumberRange?.StartingSequenceNumber ?? '0';
  return {
    id: ShardId,
    key: `${ShardId}/${startingSequenceNumber}`,
    parents: [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined),
    startingSequenceNumber,
    endingSequenceNumber: SequenceNumberRange?.EndingSequenceNumber,
  };
}

interface RecordFacts {
  readonly shardId: string;
  readonly streamArn: string;
  /** Of the function. */
  readonly roleArn: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html: the record as functions get it. */
function recordOf(record: KinesisRecord, { shardId, streamArn, roleArn }: RecordFacts): StreamRecord {
  const { SequenceNumber: sequenceNumber = '', PartitionKey: partitionKey = '', Data = new Uint8Array() } = record;
  const createdMs = record.ApproximateArrivalTimestamp?.getTime() ?? 0;
  const data = Buffer.from(Data.buffer, Data.byteOffset, Data.length);
  return {
    sequenceNumber,
    createdMs,
    key: partitionKey,
    event: {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey,
        sequenceNumber,
        data: data.toString('base64'),
        approximateArrivalTimestamp: createdMs / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: roleArn,
      awsRegion: streamArn.split(':')[3],
      eventSourceARN: streamArn,
    },
    filtered: () => dataView(data),
  };
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html: filters look at `data` alone, which must be
 * JSON; what is not is dropped.
 */
function dataView(data: Buffer): object | undefined {
  try {
    return { data: JSON.parse(data.toString('utf8')) as unknown };
  } catch {
    return undefined;
  }
}

/** Kinesis data streams. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export const DATA_STREAM: StreamKind = {
  arnPattern: /^arn:aws[a-zA-Z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[a-zA-Z0-9_.-]+$/,
  neededActions: 'GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams',
  startsAtTimestamp: true,
  batchInfoMember: 'KinesisBatchInfo',
  latest: ({ ports }, streamArn) => ports.kinesis.latest(streamArn),
  subscribe: ({ ports }, streamArn, listener) => ports.kinesis.subscribe(streamArn, listener),
  reader: (stream) => new DataStreamReader(stream),
};
