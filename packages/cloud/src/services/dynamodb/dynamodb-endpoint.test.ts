import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SIGNED, send, testEndpoint } from '../../testing/test-endpoint.js';

const JSON_TYPE = 'application/x-amz-json-1.0';

function dynamoHeaders(target: string, authorization = SIGNED): Record<string, string> {
  return { 'content-type': JSON_TYPE, 'x-amz-target': target, authorization };
}

test('an answer carries the request id, checksum and content type of DynamoDB', async (t) => {
  const endpoint = await testEndpoint(t);
  const headers = dynamoHeaders('DynamoDB_20120810.ListTables');
  const answer = await send(endpoint.current().url, { headers, body: '{}' });
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers['x-amzn-requestid']), /^[A-Z0-9]{52}$/);
  assert.equal(answer.headers.server, 'Server');
  assert.equal(answer.headers['x-amz-crc32'], String(crc32(answer.body)));
  assert.equal(answer.headers['content-type'], JSON_TYPE);
  assert.deepEqual(JSON.parse(answer.body), { TableNames: [] });
});

// The order and the words are those of DynamoDB's front end: JSON, then operation, then signature.
const REFUSED: readonly (readonly [what: string, headers: Record<string, string>, body: string, answer: object])[] = [
  [
    'malformed JSON',
    dynamoHeaders('DynamoDB_20120810.GetItem'),
    '{"TableName":',
    { __type: 'com.amazon.coral.service#SerializationException' },
  ],
  [
    'an unknown operation',
    dynamoHeaders('DynamoDB_20120810.Nonsense'),
    '{}',
    { __type: 'com.amazon.coral.service#UnknownOperationException' },
  ],
  [
    'a missing signature',
    { 'content-type': JSON_TYPE, 'x-amz-target': 'DynamoDB_20120810.ListTables' },
    '{}',
    {
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    },
  ],
  [
    'nothing at all, unsigned',
    { 'content-type': JSON_TYPE, 'x-amz-target': 'DynamoDB_20120810.ListTables' },
    '',
    {
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    },
  ],
  [
    'an incomplete signature',
    { ...dynamoHeaders('DynamoDB_20120810.ListTables', 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e'), date: 'today' },
    '{}',
    {
      __type: 'com.amazon.coral.service#IncompleteSignatureException',
      message:
        "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
        'Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e',
    },
  ],
  [
    'an input that breaks a rule',
    dynamoHeaders('DynamoDB_20120810.DescribeTable'),
    '{"TableName":"absent"}',
    {
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'Requested resource not found: Table: absent not found',
    },
  ],
];

for (const [what, headers, body, expected] of REFUSED) {
  test(`${what} is refused in the words of DynamoDB`, async (t) => {
    const endpoint = await testEndpoint(t);
    const answer = await send(endpoint.current().url, { headers, body });
    assert.equal(answer.status, 400);
    assert.deepEqual(JSON.parse(answer.body), expected);
  });
}

test('the message of a failed condition is capitalised beside an item, as AWS sends it', async (t) => {
  const endpoint = await testEndpoint(t);
  const call = async (operation: string, input: object) => {
    const headers = dynamoHeaders(`DynamoDB_20120810.${operation}`);
    return JSON.parse((await send(endpoint.current().url, { headers, body: JSON.stringify(input) })).body) as unknown;
  };
  await call('CreateTable', {
    TableName: 'users',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });
  const Item = { id: { S: 'a' } };
  const write = { TableName: 'users', Item, ConditionExpression: 'attribute_not_exists(id)' };
  await call('PutItem', write);
  const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  const words = 'The conditional request failed';
  assert.deepEqual(await call('PutItem', write), { __type, message: words });
  const telling = { ...write, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
  assert.deepEqual(await call('PutItem', telling), { __type, Item, Message: words });
});

test('a token of another transaction is refused with a capitalised message', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new DynamoDBClient(endpoint.clientOptions());
  t.after(() => client.destroy());
  await client.send(
    new CreateTableCommand({
      TableName: 'users',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  const write = async (id: string) => {
    const Put = { TableName: 'users', Item: { id: { S: id } } };
    const body = JSON.stringify({ ClientRequestToken: 'once', TransactItems: [{ Put }] });
    const headers = dynamoHeaders('DynamoDB_20120810.TransactWriteItems');
    return JSON.parse((await send(endpoint.current().url, { headers, body })).body) as unknown;
  };
  assert.deepEqual(await write('a'), {});
  assert.deepEqual(await write('b'), {
    __type: 'com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException',
    Message: 'Specified idempotent token was used with different request parameters within the idempotency window',
  });
});

test('a request above 16 MB is answered with 413', async (t) => {
  const endpoint = await testEndpoint(t);
  const headers = dynamoHeaders('DynamoDB_20120810.PutItem');
  const limit = 16 * 1024 * 1024;
  const answer = await send(endpoint.current().url, { headers, body: Buffer.alloc(limit + 1, 0x20) });
  assert.equal(answer.status, 413);
  assert.equal(answer.headers['transfer-encoding'], 'chunked');
  const atLimit = await send(endpoint.current().url, { headers, body: Buffer.alloc(limit, 0x20) });
  assert.equal(atLimit.status, 400);
});

test('the health check answers without a signature', async (t) => {
  const endpoint = await testEndpoint(t);
  const answer = await send(endpoint.current().url, { method: 'GET' });
  assert.equal(answer.status, 200);
  assert.match(answer.body, /^healthy: /);
});

test('items written at once over many connections are all there, also after a restart', async (t) => {
  const endpoint = await testEndpoint(t);
  let client = new DynamoDBClient(endpoint.clientOptions());
  await client.send(
    new CreateTableCommand({
      TableName: 'users',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  const ids = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  await Promise.all(
    ids.map((id) => client.send(new PutItemCommand({ TableName: 'users', Item: { id: { S: id }, n: { N: '1.50' } } }))),
  );
  client.destroy();
  await endpoint.restart();
  client = new DynamoDBClient(endpoint.clientOptions());
  const answers = await Promise.all(
    ids.map((id) => client.send(new GetItemCommand({ TableName: 'users', Key: { id: { S: id } } }))),
  );
  assert.deepEqual(
    answers.map(({ Item }) => Item),
    ids.map((id) => ({ id: { S: id }, n: { N: '1.5' } })),
  );
  client.destroy();
});

test('accounts and regions are separate', async (t) => {
  const endpoint = await testEndpoint(t);
  const table = {
    TableName: 'mine',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  } as const;
  const mine = new DynamoDBClient(endpoint.clientOptions('111122223333'));
  const created = await mine.send(
    new CreateTableCommand({
      ...table,
      KeySchema: [...table.KeySchema],
      AttributeDefinitions: [...table.AttributeDefinitions],
    }),
  );
  assert.equal(created.TableDescription?.TableArn, 'arn:aws:dynamodb:us-east-1:111122223333:table/mine');
  const other = new DynamoDBClient(endpoint.clientOptions('444455556666'));
  const elsewhere = new DynamoDBClient({ ...endpoint.clientOptions('111122223333'), region: 'eu-west-1' });
  assert.deepEqual((await mine.send(new ListTablesCommand({}))).TableNames, ['mine']);
  assert.deepEqual((await other.send(new ListTablesCommand({}))).TableNames, []);
  assert.deepEqual((await elsewhere.send(new ListTablesCommand({}))).TableNames, []);
  for (const client of [mine, other, elsewhere]) client.destroy();
});
