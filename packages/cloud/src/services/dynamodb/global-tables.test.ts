import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const TABLE = { TableName: 'orders' };

/** A client for each region; the table is in the first, with a replica in each of the others. */
async function globalTable(endpoint: TestEndpoint, regions: readonly string[]): Promise<DynamoDBClient[]> {
  const clients = regions.map((region) => new DynamoDBClient({ ...endpoint.clientOptions(), region }));
  const home = clients[0] as DynamoDBClient;
  await home.send(
    new CreateTableCommand({
      ...TABLE,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  for (const RegionName of regions.slice(1)) {
    await home.send(new UpdateTableCommand({ ...TABLE, ReplicaUpdates: [{ Create: { RegionName } }] }));
  }
  return clients;
}

async function itemValue(client: DynamoDBClient, pk: string): Promise<string | undefined> {
  return (await client.send(new GetItemCommand({ ...TABLE, Key: { pk: { S: pk } } }))).Item?.v?.S;
}

test('an item written in one region is read in another, also after a restart', async (t) => {
  const endpoint = await testEndpoint(t);
  const [virginia, ireland] = await globalTable(endpoint, ['us-east-1', 'eu-west-1']);
  assert.ok(virginia !== undefined && ireland !== undefined);
  await virginia.send(new PutItemCommand({ ...TABLE, Item: { pk: { S: 'a' }, v: { S: '1' } } }));
  // Replication takes no time on the clock, but an advance waits for it.
  await endpoint.advance('1s');
  assert.equal(await itemValue(ireland, 'a'), '1');
  await endpoint.restart();
  const [east, west] = ['us-east-1', 'eu-west-1'].map(
    (region) => new DynamoDBClient({ ...endpoint.clientOptions(), region }),
  );
  assert.ok(east !== undefined && west !== undefined);
  await west.send(new PutItemCommand({ ...TABLE, Item: { pk: { S: 'b' }, v: { S: '2' } } }));
  await endpoint.advance('1s');
  assert.equal(await itemValue(east, 'b'), '2');
});

test('a client sees the replicas, and that one is gone', async (t) => {
  const endpoint = await testEndpoint(t);
  const [virginia, ireland, tokyo] = await globalTable(endpoint, ['us-east-1', 'eu-west-1', 'ap-northeast-1']);
  assert.ok(virginia !== undefined && ireland !== undefined && tokyo !== undefined);
  const { Table } = await ireland.send(new DescribeTableCommand(TABLE));
  assert.deepEqual(
    Table?.Replicas?.map(({ RegionName, ReplicaStatus }) => [RegionName, ReplicaStatus]),
    [
      ['us-east-1', 'ACTIVE'],
      ['ap-northeast-1', 'ACTIVE'],
    ],
  );
  await virginia.send(new UpdateTableCommand({ ...TABLE, ReplicaUpdates: [{ Delete: { RegionName: 'eu-west-1' } }] }));
  await assert.rejects(ireland.send(new DescribeTableCommand(TABLE)), { name: 'ResourceNotFoundException' });
  const left = await virginia.send(new DescribeTableCommand(TABLE));
  assert.deepEqual(
    left.Table?.Replicas?.map(({ RegionName }) => RegionName),
    ['ap-northeast-1'],
  );
});
