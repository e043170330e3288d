import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BillingMode,
  CreateTableCommand,
  DynamoDBClient,
  type OnDemandThroughput,
  type ProvisionedThroughput,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ThrottlingException,
} from '@aws-sdk/client-dynamodb';
import { SIGNED, send, type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

interface Capacity {
  readonly BillingMode: BillingMode;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly OnDemandThroughput?: OnDemandThroughput;
}

const ONE_UNIT: Capacity = {
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
};
const MAXIMUM: Capacity = { BillingMode: 'PAY_PER_REQUEST', OnDemandThroughput: { MaxWriteRequestUnits: 1 } };

/** Creates the table `orders` and returns what writes an item of 350 KB to it. */
async function writer(endpoint: TestEndpoint, capacity: Capacity): Promise<() => Promise<unknown>> {
  const client = new DynamoDBClient(endpoint.clientOptions());
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      ...capacity,
    }),
  );
  const Item = { pk: { S: 'a' }, v: { S: 'x'.repeat(350 * 1024) } };
  return () => client.send(new PutItemCommand({ TableName: 'orders', Item }));
}

test('a client is told why it is throttled, and what to wait for', async (t) => {
  const endpoint = await testEndpoint(t);
  const write = await writer(endpoint, ONE_UNIT);
  await write();
  await assert.rejects(write, (error) => {
    assert.ok(error instanceof ProvisionedThroughputExceededException);
    const reason = 'TableWriteProvisionedThroughputExceeded';
    assert.deepEqual(error.ThrottlingReasons, [{ reason, resource: ARN }]);
    return true;
  });
  endpoint.clock.advance(60_000);
  await write();
});

test('the maximum of an on-demand table throttles by another error', async (t) => {
  const endpoint = await testEndpoint(t);
  const write = await writer(endpoint, MAXIMUM);
  await write();
  await assert.rejects(write, (error) => {
    assert.ok(error instanceof ThrottlingException);
    const reason = 'TableWriteMaxOnDemandThroughputExceeded';
    assert.deepEqual(error.throttlingReasons, [{ reason, resource: ARN }]);
    return true;
  });
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.PutItem',
    authorization: SIGNED,
  };
  const body = JSON.stringify({ TableName: 'orders', Item: { pk: { S: 'a' } } });
  const answer = await send(endpoint.current().url, { headers, body });
  assert.equal(answer.status, 400);
  assert.match(answer.body, /^\{"__type":"com\.amazon\.coral\.availability#ThrottlingException"/);
});

test('without burst of partitions a hot key is throttled after one second’s units, and its metric tells so', async (t) => {
  const endpoint = await testEndpoint(t, { partitionBurstSeconds: 0 });
  const write = await writer(endpoint, { BillingMode: 'PAY_PER_REQUEST' });
  for (let taken = 0; taken < 1000; taken += 351) await write();
  await assert.rejects(write, (error) => {
    assert.ok(error instanceof ThrottlingException);
    const reason = 'TableWriteKeyRangeThroughputExceeded';
    assert.deepEqual(error.throttlingReasons, [{ reason, resource: ARN }]);
    return true;
  });
  endpoint.clock.advance(1000);
  await write();
});

test('an endpoint that runs free throttles nothing', async (t) => {
  const endpoint = await testEndpoint(t, { throughput: 'free-running' });
  const write = await writer(endpoint, ONE_UNIT);
  await write();
  await write();
});
