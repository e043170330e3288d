import type { StreamKind } from './stream-kind.js';
import { type Place, type Shard, StreamReader, type StreamRecord } from './stream-reader.js';

/** A record as GetRecords answers it in AWS JSON. */
interface TableRecord {
  readonly userIdentity?: { readonly PrincipalId: string; readonly Type: string };
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly SequenceNumber: string;
  };
}

interface TableShard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly SequenceNumberRange: { readonly StartingSequenceNumber: string; readonly EndingSequenceNumber?: string };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html: records leave it after a day. */
const RETENTION_MS = 24 * 3_600_000;

class TableStreamReader extends StreamReader {
  protected readonly service = 'dynamodb';
  protected readonly demanded = ['ListStreams'];
  readonly retentionMs = RETENTION_MS;

  async shards(): Promise<Shard[]> {
    const all: TableShard[] = [];
    let after: string | undefined;
    do {
      const { StreamDescription } = await this.run<{
        StreamDescription: { Shards?: TableShard[]; LastEvaluatedShardId?: string };
      }>('DescribeStream', {
        StreamArn: this.stream.streamArn,
        ...(after === undefined ? {} : { ExclusiveStartShardId: after }),
      });
      all.push(...(StreamDescription.Shards ?? []));
      after = StreamDescription.LastEvaluatedShardId;
    } while (after !== undefined);
    return all.map(({ ShardId, ParentShardId, SequenceNumberRange }) => ({
      id: ShardId,
      key: ShardId,
      parents: ParentShardId === undefined ? [] : [ParentShardId],
      startingSequenceNumber: SequenceNumberRange.StartingSequenceNumber,
      endingSequenceNumber: SequenceNumberRange.EndingSequenceNumber,
    }));
  }

  protected async iterator({ id }: Shard, place: Place): Promise<string> {
    const at =
      typeof place === 'string'
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: place.after };
    const input = { StreamArn: this.stream.streamArn, ShardId: id, ...at };
    return (await this.run<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
  }

  protected async records(_shard: Shard, ShardIterator: string, Limit: number) {
    const { Records, NextShardIterator } = await this.run<{ Records: TableRecord[]; NextShardIterator?: string }>(
      'GetRecords',
      { ShardIterator, Limit },
    );
    return { records: Records.map((record) => recordOf(record, this.stream.streamArn)), next: NextShardIterator };
  }
}

function recordOf(record: TableRecord, streamArn: string): StreamRecord {
  const { SequenceNumber, ApproximateCreationDateTime, Keys } = record.dynamodb;
  const event = eventOf(record, streamArn);
  return {
    sequenceNumber: SequenceNumber,
    createdMs: ApproximateCreationDateTime * 1000,
    key: JSON.stringify(Keys),
    event,
    filtered: () => event,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html: the record of the stream, with the stream's ARN. */
function eventOf({ userIdentity, ...rest }: TableRecord, streamArn: string): object {
  return {
    ...rest,
    ...(userIdentity === undefined
      ? {}
      : { userIdentity: { principalId: userIdentity.PrincipalId, type: userIdentity.Type } }),
    eventSourceARN: streamArn,
  };
}

/** Streams of DynamoDB tables. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export const TABLE_STREAM: StreamKind = {
  arnPattern: /^arn:aws[a-zA-Z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[a-zA-Z0-9_.-]+\/stream\/[0-9T:.-]+$/,
  neededActions: 'GetRecords, GetShardIterator, DescribeStream, and ListStreams',
  startsAtTimestamp: false,
  batchInfoMember: 'DDBStreamBatchInfo',
  latest: ({ ports }, streamArn) => ports.tableStreams.lastSequenceNumber(streamArn),
  subscribe: ({ ports }, streamArn, listener) => ports.tableStreams.subscribe(streamArn, () => listener('records')),
  reader: (stream) => new TableStreamReader(stream),
};
