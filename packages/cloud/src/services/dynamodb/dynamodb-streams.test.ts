import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as Record,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { SIGNED, send, type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const HOUR_MS = 3600 * 1000;

/** SDK clients of an endpoint that holds the table `users` with a stream of both images. */
class StreamClients {
  readonly streams: DynamoDBStreamsClient;
  readonly tables: DynamoDBClient;

  constructor(endpoint: TestEndpoint) {
    this.streams = new DynamoDBStreamsClient(endpoint.clientOptions());
    this.tables = new DynamoDBClient(endpoint.clientOptions());
  }

  async createTable(): Promise<string> {
    const { TableDescription } = await this.tables.send(
      new CreateTableCommand({
        TableName: 'users',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    return TableDescription?.LatestStreamArn ?? '';
  }

  put(id: string, attributes = {}): Promise<unknown> {
    return this.tables.send(new PutItemCommand({ TableName: 'users', Item: { id: { S: id }, ...attributes } }));
  }

  async iterator(StreamArn: string): Promise<string> {
    const { StreamDescription } = await this.streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const input = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await this.streams.send(new GetShardIteratorCommand(input));
    return ShardIterator ?? '';
  }

  async records(arn: string): Promise<Record[]> {
    const { Records } = await this.streams.send(new GetRecordsCommand({ ShardIterator: await this.iterator(arn) }));
    return Records ?? [];
  }

  destroy(): void {
    this.streams.destroy();
    this.tables.destroy();
  }
}

function clientsOf(t: TestContext, endpoint: TestEndpoint): StreamClients {
  const clients = new StreamClients(endpoint);
  t.after(() => clients.destroy());
  return clients;
}

test("a stream is found, described and read with the SDK's client, also after a restart", async (t) => {
  const endpoint = await testEndpoint(t);
  const before = clientsOf(t, endpoint);
  const arn = await before.createTable();
  await before.put('ann', { picture: { B: new Uint8Array([0, 1, 255]) } });
  await before.tables.send(new DeleteItemCommand({ TableName: 'users', Key: { id: { S: 'ann' } } }));
  const { Streams } = await before.streams.send(new ListStreamsCommand({ TableName: 'users' }));
  assert.deepEqual(Streams, [{ StreamArn: arn, TableName: 'users', StreamLabel: arn.split('/').at(-1) }]);
  const { StreamDescription } = await before.streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  assert.equal(StreamDescription?.StreamStatus, 'ENABLED');
  assert.deepEqual(StreamDescription.CreationRequestDateTime, new Date(endpoint.clock.nowMs()));
  await endpoint.restart();
  const [put, removed] = await clientsOf(t, endpoint).records(arn);
  assert.equal(put?.eventName, 'INSERT');
  assert.deepEqual(put.dynamodb?.NewImage, { id: { S: 'ann' }, picture: { B: new Uint8Array([0, 1, 255]) } });
  assert.deepEqual(put.dynamodb.ApproximateCreationDateTime, new Date(endpoint.clock.nowMs()));
  assert.equal(removed?.eventName, 'REMOVE');
  assert.deepEqual(removed.dynamodb?.Keys, { id: { S: 'ann' } });
  assert.equal(removed.userIdentity, undefined);
});

test('an item that expired leaves a record that names DynamoDB as the one who removed it', async (t) => {
  const endpoint = await testEndpoint(t);
  const clients = clientsOf(t, endpoint);
  const arn = await clients.createTable();
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
  await clients.tables.send(new UpdateTimeToLiveCommand({ TableName: 'users', TimeToLiveSpecification }));
  await clients.put('ann', { expires: { N: String(endpoint.clock.nowMs() / 1000 + 60) } });
  assert.equal((await clients.records(arn)).length, 1);
  endpoint.clock.advance(60_000);
  const [, removed] = await clients.records(arn);
  assert.equal(removed?.eventName, 'REMOVE');
  assert.deepEqual(removed.userIdentity, { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' });
});

test('the errors of streams are those that the SDK knows', async (t) => {
  const endpoint = await testEndpoint(t);
  const clients = clientsOf(t, endpoint);
  const arn = await clients.createTable();
  await clients.put('ann');
  const iterator = await clients.iterator(arn);
  const missing = new DescribeStreamCommand({ StreamArn: arn.replace('users', 'nobody') });
  await assert.rejects(clients.streams.send(missing), ResourceNotFoundException);
  endpoint.clock.advance(HOUR_MS);
  const expired = new GetRecordsCommand({ ShardIterator: iterator });
  await assert.rejects(clients.streams.send(expired), ExpiredIteratorException);
  endpoint.clock.advance(22.9 * HOUR_MS);
  const early = new GetRecordsCommand({ ShardIterator: await clients.iterator(arn) });
  endpoint.clock.advance(0.2 * HOUR_MS);
  await assert.rejects(clients.streams.send(early), TrimmedDataAccessException);
});

test('an operation that DynamoDB Streams does not have is unknown', async (t) => {
  const endpoint = await testEndpoint(t);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDBStreams_20120810.GetItem',
    authorization: SIGNED,
  };
  const answer = await send(endpoint.current().url, { headers, body: '{}' });
  assert.equal(answer.status, 400);
  assert.deepEqual(JSON.parse(answer.body), { __type: 'com.amazon.coral.service#UnknownOperationException' });
});

test('a stream has as many open shards as the endpoint was told, and an item is always in the same', async (t) => {
  const endpoint = await testEndpoint(t, { streamShards: 4 });
  const clients = new StreamClients(endpoint);
  t.after(() => {
    for (const client of [clients.streams, clients.tables]) client.destroy();
  });
  const StreamArn = await clients.createTable();
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 40; n++) {
      const Item = { id: { S: `user-${n}` }, round: { N: String(round) } };
      await clients.tables.send(new PutItemCommand({ TableName: 'users', Item }));
    }
  }
  const { StreamDescription } = await clients.streams.send(new DescribeStreamCommand({ StreamArn }));
  const shards = StreamDescription?.Shards ?? [];
  assert.equal(shards.length, 4);
  const shardsOf = new Map<string, Set<string>>();
  for (const { ShardId } of shards) {
    const { ShardIterator } = await clients.streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await clients.streams.send(new GetRecordsCommand({ ShardIterator }));
    assert.ok(Records.length > 0);
    for (const { dynamodb } of Records) {
      const id = dynamodb?.Keys?.id?.S ?? '';
      shardsOf.set(id, (shardsOf.get(id) ?? new Set()).add(ShardId ?? ''));
    }
  }
  assert.equal(shardsOf.size, 40);
  assert.ok([...shardsOf.values()].every(({ size }) => size === 1));
});
