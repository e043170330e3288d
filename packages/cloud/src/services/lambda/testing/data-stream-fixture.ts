import type { TestContext } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import type { CreateEventSourceMappingCommandInput, CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { type MappingFixture, mappingFixture } from './mapping-fixture.js';

/** A record of a Kinesis stream as a function sees it. */
export interface SeenDataRecord {
  readonly eventID: string;
  readonly kinesis: { readonly partitionKey: string; readonly sequenceNumber: string; readonly data: string };
  readonly [member: string]: unknown;
}

/** What a record's data says, and the partition key that it is put with: the text before the first dash. */
export const keyOf = (text: string): string => text.split('-')[0] ?? '';

/** A Kinesis data stream, and a function that writes down what it sees of it. */
export interface DataStreamFixture
  extends Pick<MappingFixture, 'endpoint' | 'lambda' | 'mapping' | 'seen' | 'dynamodb'> {
  /** Another after a restart. */
  readonly kinesis: KinesisClient;
  readonly streamArn: string;
  /** `body` runs with `event` and `ids` (the data of its records, as text) and may return or throw. */
  createWorker(body?: string, settings?: Partial<CreateFunctionCommandInput>): Promise<void>;
  map(settings?: Partial<CreateEventSourceMappingCommandInput>): Promise<string>;
  put(...texts: string[]): Promise<void>;
  shards(): Promise<Shard[]>;
  /** The data of all records that the function got, as text, batch by batch. */
  batches(): string[][];
  createStream(shardCount?: number): Promise<void>;
  /** Of the endpoint; the clients of the fixture but for `kinesis` are of no use afterwards. */
  restart(): Promise<void>;
}

const StreamName = 'changes';

export async function dataStreamFixture(context: TestContext, shardCount = 1): Promise<DataStreamFixture> {
  const fixture = await mappingFixture(context);
  const { endpoint } = fixture;
  let kinesis = new KinesisClient(endpoint.clientOptions());
  context.after(() => kinesis.destroy());
  const streamArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  const createStream = async (ShardCount = 1): Promise<void> => {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
  };
  await createStream(shardCount);
  return {
    ...fixture,
    get kinesis() {
      return kinesis;
    },
    streamArn,
    createStream,
    createWorker: (body = '', settings = {}) =>
      fixture.createWorker(body, settings, "Buffer.from(record.kinesis.data, 'base64').toString()"),
    map: (settings = {}) => fixture.map({ EventSourceArn: streamArn, ...settings }),
    async put(...texts) {
      const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: keyOf(text) }));
      await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    },
    async shards() {
      const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName }));
      return StreamDescription?.Shards ?? [];
    },
    async restart() {
      await endpoint.restart();
      kinesis.destroy();
      kinesis = new KinesisClient(endpoint.clientOptions());
    },
    batches: () =>
      fixture
        .seen<SeenDataRecord>()
        .map(({ Records }) => Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString('utf8'))),
  };
}
