import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { testEndpoint } from '../../testing/test-endpoint.js';

test('with a delay, a table is CREATING until the clock has passed it', async (t) => {
  const endpoint = await testEndpoint(t, { transitionDelayMs: 5000 });
  const client = new DynamoDBClient(endpoint.clientOptions());
  t.after(() => client.destroy());
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  const status = async () => (await client.send(new DescribeTableCommand({ TableName: 'orders' }))).Table?.TableStatus;
  endpoint.clock.advance(4999);
  assert.equal(await status(), 'CREATING');
  endpoint.clock.advance(1);
  assert.equal(await status(), 'ACTIVE');
});
