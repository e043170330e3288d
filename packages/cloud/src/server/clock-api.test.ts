import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { send, testEndpoint } from '../testing/test-endpoint.js';

async function clock(url: string, body?: object): Promise<{ status: number; answer: Record<string, unknown> }> {
  const options = body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) };
  const { status, body: text } = await send(url, { ...options, path: '/_tablewright/clock' });
  return { status, answer: JSON.parse(text) };
}

test('advancing the clock lets items expire before it returns', async (context) => {
  const endpoint = await testEndpoint(context);
  const client = new DynamoDBClient(endpoint.clientOptions());
  context.after(() => client.destroy());
  await client.send(
    new CreateTableCommand({
      TableName: 'sessions',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: 'sessions',
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    }),
  );
  const untilMs = endpoint.current().clock().nowMs + 3_600_000;
  const Item = { id: { S: 'a' }, until: { N: String(untilMs / 1000) } };
  await client.send(new PutItemCommand({ TableName: 'sessions', Item }));
  const read = () => client.send(new GetItemCommand({ TableName: 'sessions', Key: { id: { S: 'a' } } }));

  const first = await clock(endpoint.current().url, { advance: '59m' });
  assert.equal(first.status, 200);
  assert.equal(first.answer.aheadMs, 59 * 60_000);
  assert.deepEqual((await read()).Item, Item);
  await clock(endpoint.current().url, { advance: '2m' });
  assert.equal((await read()).Item, undefined);
});

test('the clock goes on after a restart where it was set to; a reset takes it back', async (context) => {
  const endpoint = await testEndpoint(context);
  await clock(endpoint.current().url, { advanceTo: '2027-03-01T00:00:00Z' });
  await clock(endpoint.current().url, { frozen: true });
  await endpoint.restart();
  const { answer } = await clock(endpoint.current().url);
  assert.equal(answer.now, '2027-03-01T00:00:00.000Z');
  assert.equal(answer.frozen, true);
  await endpoint.current().reset();
  assert.equal(endpoint.current().clock().aheadMs, 0);
});

test('requests that make no sense are refused with the value', async (context) => {
  const endpoint = await testEndpoint(context);
  const refusals: [object, RegExp][] = [
    [{}, /give one of .* got none/],
    [{ advance: '1h', frozen: true }, /got advance, frozen/],
    [{ advance: 'soon' }, /"soon" is no duration/],
    [{ advance: '999999999999d' }, /beyond the last date/],
    [{ advanceTo: 'tomorrow' }, /"tomorrow" is no instant/],
    [{ advanceTo: '2001-01-01T00:00:00Z' }, /has passed/],
    [{ speed: 0 }, /speed 0 is not above 0/],
    [{ frozen: 'yes' }, /frozen has no such value/],
  ];
  for (const [body, message] of refusals) {
    const { status, answer } = await clock(endpoint.current().url, body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(String(answer.message), message);
  }
  assert.equal(endpoint.current().clock().aheadMs, 0);
});
