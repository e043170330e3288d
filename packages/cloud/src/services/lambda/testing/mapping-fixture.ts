import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  type CreateFunctionCommandInput,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { type LambdaFixture, lambdaFixture } from './lambda-fixture.js';

interface SeenRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: { readonly SequenceNumber: string; readonly Keys: { readonly id: { readonly S: string } } };
  readonly [member: string]: unknown;
}

/** What a function of the fixture was invoked with. */
export interface SeenEvent<Seen = SeenRecord> {
  readonly Records: readonly Seen[];
  readonly [member: string]: unknown;
}

/** A table with a stream and a function that writes down what it sees. */
export interface MappingFixture extends LambdaFixture {
  readonly dynamodb: DynamoDBClient;
  readonly streamArn: string;
  /** `body` runs with `event`, `context` and `ids` (the keys of its records, or what `id` says) and may return or throw. */
  createWorker(body?: string, settings?: Partial<CreateFunctionCommandInput>, id?: string): Promise<void>;
  map(settings?: Partial<CreateEventSourceMappingCommandInput>): Promise<string>;
  mapping(uuid: string): Promise<EventSourceMappingConfiguration>;
  put(...ids: string[]): Promise<void>;
  /** Every event that the function got, in order. */
  seen<Seen = SeenRecord>(): SeenEvent<Seen>[];
  /** The keys of all records that it got, batch by batch. */
  batches(): string[][];
}

export async function mappingFixture(context: TestContext): Promise<MappingFixture> {
  const fixture = await lambdaFixture(context);
  const { endpoint, lambda } = fixture;
  const dynamodb = new DynamoDBClient(endpoint.clientOptions());
  context.after(() => dynamodb.destroy());
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const streamArn = TableDescription?.LatestStreamArn ?? '';
  const journal = join(endpoint.dataDir, 'seen.jsonl');
  const seen = <Seen = SeenRecord>(): SeenEvent<Seen>[] =>
    existsSync(journal)
      ? readFileSync(journal, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as SeenEvent<Seen>)
      : [];
  return {
    ...fixture,
    dynamodb,
    streamArn,
    async createWorker(body = '', settings = {}, id = 'record.dynamodb.Keys.id.S') {
      const code = `
        import { appendFileSync } from 'node:fs';
        export const handler = async (event, context) => {
          appendFileSync(${JSON.stringify(journal)}, JSON.stringify(event) + '\\n');
          const ids = event.Records.map((record) => ${id});
          ${body}
        };`;
      await fixture.create('worker', code, settings);
    },
    async map(settings = {}) {
      const standard = { FunctionName: 'worker', EventSourceArn: streamArn, StartingPosition: 'TRIM_HORIZON' } as const;
      const { UUID = '' } = await lambda.send(new CreateEventSourceMappingCommand({ ...standard, ...settings }));
      return UUID;
    },
    async mapping(UUID) {
      const { $metadata, ...description } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
      return description;
    },
    async put(...ids) {
      if (ids.length === 1) {
        await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: ids[0] ?? '' } } }));
        return;
      }
      for (let at = 0; at < ids.length; at += 25) {
        const orders = ids.slice(at, at + 25).map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
        await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { orders } }));
      }
    },
    seen,
    batches: () => seen().map(({ Records }) => Records.map((record) => record.dynamodb.Keys.id.S)),
  };
}
