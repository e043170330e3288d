import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { send, testEndpoint } from '../testing/test-endpoint.js';

async function start(context: TestContext) {
  const endpoint = await testEndpoint(context);
  const options = endpoint.clientOptions();
  const clients = {
    dynamodb: new DynamoDBClient(options),
    iam: new IAMClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    trail: new CloudTrailClient(options),
  };
  context.after(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  const table = (TableName: string) =>
    clients.dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
  return {
    ...clients,
    endpoint,
    table,
    put: (TableName: string, id: string) =>
      clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id } } })),
    has: async (TableName: string, id: string) =>
      (await clients.dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item !== undefined,
    async call(method: string, path: string, body?: object) {
      const given = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await send(endpoint.current().url, { method, path: `/_tablewright/${path}`, ...given });
      return { status: answer.status, ...JSON.parse(answer.body) };
    },
  };
}

test('faults: an error for one operation of one table, as often as was said, then everything is as before', async (context) => {
  const { table, put, has, call } = await start(context);
  await table('orders');
  await table('users');
  const rule = { service: 'dynamodb', operation: 'Put*', resource: 'orders', error: 'InternalServerError', count: 2 };
  assert.equal((await call('POST', 'faults', rule)).id, '1');
  for (let time = 0; time < 2; time++) {
    await assert.rejects(put('orders', 'a'), { name: 'InternalServerError' });
  }
  assert.equal(await has('orders', 'a'), false);
  await put('users', 'a');
  await put('orders', 'a');
  assert.equal(await has('orders', 'a'), true);
  assert.deepEqual((await call('GET', 'faults')).faults, []);
});

test('faults: throttling for a time on the clock, with a probability, kept over a restart', async (context) => {
  const { table, put, call, endpoint, dynamodb } = await start(context);
  await table('orders');
  await call('POST', 'faults', { service: 'dynamodb', throttle: true, operation: 'PutItem', duration: '10m' });
  await assert.rejects(put('orders', 'a'), { name: 'ProvisionedThroughputExceededException' });
  dynamodb.destroy();
  await endpoint.restart();
  const [kept] = (await call('GET', 'faults')).faults;
  assert.equal(kept.error, 'ProvisionedThroughputExceededException');
  await endpoint.advance('10m');
  assert.deepEqual((await call('GET', 'faults')).faults, []);
  await call('POST', 'faults', { service: 'sts', error: 'ServiceUnavailable', probability: 0.5 });
  const again = new IAMClient(endpoint.clientOptions());
  context.after(() => again.destroy());
  await again.send(new CreateUserCommand({ UserName: 'ann' }));
  assert.equal((await call('DELETE', 'faults/2')).removed, 1);
});

test('faults that make no sense are refused with the value', async (context) => {
  const { call } = await start(context);
  const refusals: [object, RegExp][] = [
    [{}, /service is missing; it is one of dynamodb/],
    [{ service: 'dynamo', error: 'X' }, /service dynamo; it is one of/],
    [{ service: 'dynamodb' }, /give error, throttle or latency/],
    [{ service: 'dynamodb', error: 'X', throttle: true }, /either error or throttle/],
    [{ service: 'dynamodb', error: 'a b' }, /"a b" is no error code/],
    [{ service: 'dynamodb', error: 'X', probability: 2 }, /probability 2 is not/],
    [{ service: 'dynamodb', error: 'X', count: 0 }, /count 0 is not/],
    [{ service: 'dynamodb', latency: 'long' }, /latency "long" is no duration/],
    [{ service: 'dynamodb', error: 'X', table: 'orders' }, /a fault has no "table"/],
  ];
  for (const [body, message] of refusals) {
    const answer = await call('POST', 'faults', body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.message, message);
  }
  assert.match((await call('DELETE', 'faults/7')).message, /there is no fault 7/);
  assert.match((await call('POST', 'regions', { cutOff: 'Europe' })).message, /give either/);
});

test('regions are cut off and rejoin', async (context) => {
  const { call } = await start(context);
  assert.deepEqual((await call('POST', 'regions', { cutOff: 'eu-west-1' })).cutOff, ['eu-west-1']);
  assert.deepEqual((await call('GET', 'regions')).cutOff, ['eu-west-1']);
  assert.deepEqual((await call('POST', 'regions', { rejoin: 'eu-west-1' })).cutOff, []);
});

test('a snapshot brings everything back: items, objects, users, the clock', async (context) => {
  const { table, put, has, call, endpoint, s3, dynamodb, iam } = await start(context);
  await table('orders');
  await put('orders', 'a');
  await s3.send(new CreateBucketCommand({ Bucket: 'files' }));
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'k', Body: 'before' }));
  await endpoint.advance('1d');
  const { nowMs } = endpoint.current().clock();
  const saved = await call('POST', 'snapshots', { action: 'save', name: 'one' });
  assert.equal(saved.name, 'one');
  assert.ok(saved.sizeBytes > 0);

  await put('orders', 'b');
  await dynamodb.send(new DeleteTableCommand({ TableName: 'orders' }));
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'k', Body: 'after' }));
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  await endpoint.advance('5d');
  await call('POST', 'snapshots', { action: 'load', name: 'one' });
  assert.equal(await has('orders', 'a'), true);
  assert.equal(await has('orders', 'b'), false);
  const object = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'k' }));
  assert.equal(await object.Body?.transformToString(), 'before');
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  assert.equal(endpoint.current().clock().nowMs, nowMs);
  // The snapshot itself is as it was.
  await put('orders', 'c');
  await call('POST', 'snapshots', { action: 'load', name: 'one' });
  assert.equal(await has('orders', 'c'), false);
  assert.deepEqual(
    (await call('GET', 'snapshots')).snapshots.map(({ name }: { name: string }) => name),
    ['one'],
  );
  await call('POST', 'snapshots', { action: 'delete', name: 'one' });
  assert.match(
    (await call('POST', 'snapshots', { action: 'load', name: 'one' })).message,
    /there is no snapshot "one"/,
  );
  assert.match((await call('POST', 'snapshots', { action: 'save', name: '../x' })).message, /is no name of a snapshot/);
});

test('a snapshot while clients write loses nothing that was acknowledged', async (context) => {
  const { table, call, endpoint } = await start(context);
  await table('orders');
  const client = new DynamoDBClient({ ...endpoint.clientOptions(), maxAttempts: 10 });
  context.after(() => client.destroy());
  const acknowledged: string[] = [];
  let isOver = false;
  const write = async (writer: number): Promise<void> => {
    for (let at = 0; !isOver; at++) {
      const id = `${writer}-${at}`;
      await client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } }));
      acknowledged.push(id);
    }
  };
  const writers = [0, 1, 2, 3].map(write);
  while (acknowledged.length < 20) await new Promise((resolve) => setImmediate(resolve));
  const before = [...acknowledged];
  await call('POST', 'snapshots', { action: 'save', name: 'busy' });
  isOver = true;
  await Promise.all(writers);
  const check = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      const { Item } = await client.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: id } } }));
      assert.ok(Item !== undefined, id);
    }
  };
  await check(acknowledged);
  await call('POST', 'snapshots', { action: 'load', name: 'busy' });
  await check(before);
});

test('coverage tells of every service what is emulated and what is not', async (context) => {
  const { call } = await start(context);
  const { services } = await call('GET', 'coverage');
  const of = (name: string) => services.find((service: { name: string }) => service.name === name);
  assert.ok(of('dynamodb').emulated.includes('TransactWriteItems'));
  assert.ok(of('dynamodb').emulated.includes('GetRecords'));
  assert.ok(of('logs').emulated.includes('FilterLogEvents'));
  assert.ok(of('logs').missing.includes('StartQuery'));
  assert.equal(of('logs').title, 'CloudWatch Logs');
});

test('CloudTrail tells who called what, refused calls included, and shows no secrets', async (context) => {
  const { table, put, iam, trail, dynamodb, endpoint } = await start(context);
  await table('orders');
  await put('orders', 'a');
  await dynamodb.send(new ListTablesCommand({}));
  await assert.rejects(dynamodb.send(new DescribeTableCommand({ TableName: 'none' })));
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  const look = async (AttributeKey: 'EventName' | 'ResourceName' | 'ReadOnly', AttributeValue: string) => {
    const { Events = [] } = await trail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey, AttributeValue }] }),
    );
    return Events;
  };
  const [created] = await look('EventName', 'CreateTable');
  assert.deepEqual(created?.Resources, [{ ResourceType: 'AWS::DynamoDB::Table', ResourceName: 'orders' }]);
  const event = JSON.parse(created?.CloudTrailEvent ?? '');
  assert.equal(event.eventSource, 'dynamodb.amazonaws.com');
  assert.equal(event.userIdentity.type, 'Root');
  assert.equal(event.requestParameters.tableName, 'orders');
  assert.equal(event.readOnly, false);
  const [refused] = await look('EventName', 'DescribeTable');
  assert.equal(JSON.parse(refused?.CloudTrailEvent ?? '').errorCode, 'ResourceNotFoundException');
  assert.deepEqual(await look('EventName', 'PutItem'), []);
  assert.deepEqual(
    (await look('ReadOnly', 'true')).map(({ EventName }) => EventName),
    ['DescribeTable', 'ListTables'],
  );
  const { Events } = await trail.send(new LookupEventsCommand({ MaxResults: 1 }));
  assert.equal(Events?.[0]?.EventName, 'CreateUser');
  await endpoint.advance('91d');
  assert.deepEqual(await look('EventName', 'CreateTable'), []);
});
