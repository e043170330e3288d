import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as Dynamo from '@aws-sdk/client-dynamodb';
import * as Kinesis from '@aws-sdk/client-kinesis';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const StreamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/changes';
const TableName = 'orders';

interface Bench {
  readonly endpoint: TestEndpoint;
  readonly dynamodb: Dynamo.DynamoDBClient;
  readonly kinesis: Kinesis.KinesisClient;
}

async function bench(t: TestContext, options: Parameters<typeof testEndpoint>[1] = {}): Promise<Bench> {
  const endpoint = await testEndpoint(t, options);
  const dynamodb = new Dynamo.DynamoDBClient(endpoint.clientOptions());
  const kinesis = new Kinesis.KinesisClient(endpoint.clientOptions());
  t.after(() => {
    dynamodb.destroy();
    kinesis.destroy();
  });
  await kinesis.send(new Kinesis.CreateStreamCommand({ StreamName: 'changes', ShardCount: 1 }));
  await dynamodb.send(
    new Dynamo.CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  return { endpoint, dynamodb, kinesis };
}

const enable = (rest = {}) => new Dynamo.EnableKinesisStreamingDestinationCommand({ TableName, StreamArn, ...rest });
const put = (id: string, n: number) =>
  new Dynamo.PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: String(n) } } });

/** What the stream has, once it has `count` records. */
async function records(kinesis: Kinesis.KinesisClient, count: number) {
  const { ShardIterator } = await kinesis.send(
    new Kinesis.GetShardIteratorCommand({
      StreamName: 'changes',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  for (;;) {
    const { Records = [] } = await kinesis.send(new Kinesis.GetRecordsCommand({ ShardIterator }));
    if (Records.length < count) continue;
    return Records.map(({ Data, PartitionKey }) => ({
      PartitionKey,
      record: JSON.parse(Buffer.from(Data ?? []).toString()),
    }));
  }
}

test('every change of an item reaches the stream, in order and in the layout of AWS', async (t) => {
  const { endpoint, dynamodb, kinesis } = await bench(t);
  const enabled = await dynamodb.send(enable());
  assert.equal(enabled.DestinationStatus, 'ENABLING');
  assert.deepEqual(enabled.EnableKinesisStreamingConfiguration, {});
  await dynamodb.send(put('a', 1));
  await dynamodb.send(put('a', 1));
  await dynamodb.send(put('a', 2));
  await dynamodb.send(new Dynamo.DeleteItemCommand({ TableName, Key: { id: { S: 'a' } } }));
  const [first, second, third] = await records(kinesis, 3);
  assert.match(first?.PartitionKey ?? '', /^[0-9A-F]{32}$/);
  const { eventID, ...record } = first?.record ?? {};
  assert.match(eventID, /^[0-9a-f-]{36}$/);
  assert.deepEqual(record, {
    awsRegion: 'us-east-1',
    eventName: 'INSERT',
    userIdentity: null,
    recordFormat: 'application/json',
    tableName: TableName,
    dynamodb: {
      ApproximateCreationDateTime: endpoint.clock.nowMs(),
      Keys: { id: { S: 'a' } },
      NewImage: { id: { S: 'a' }, n: { N: '1' } },
      SizeBytes: 9,
    },
    eventSource: 'aws:dynamodb',
  });
  assert.equal(second?.record.eventName, 'MODIFY');
  assert.deepEqual(second?.record.dynamodb.OldImage, { id: { S: 'a' }, n: { N: '1' } });
  assert.equal(third?.record.eventName, 'REMOVE');
  assert.equal(third?.record.dynamodb.NewImage, undefined);
});

test('what was under way when the endpoint stopped is delivered by the next', async (t) => {
  const { endpoint, dynamodb, kinesis } = await bench(t);
  await dynamodb.send(enable());
  await kinesis.send(new Kinesis.DeleteStreamCommand({ StreamName: 'changes' }));
  for (let n = 0; n < 20; n++) await dynamodb.send(put('a', n));
  await endpoint.restart();
  const again = new Kinesis.KinesisClient(endpoint.clientOptions());
  t.after(() => again.destroy());
  await again.send(new Kinesis.CreateStreamCommand({ StreamName: 'changes', ShardCount: 1 }));
  endpoint.clock.advance(60_000);
  const delivered = await records(again, 20);
  assert.deepEqual(
    delivered.map(({ record }) => Number(record.dynamodb.NewImage.n.N)),
    Array.from({ length: 20 }, (_, n) => n),
  );
});

test('a stream that is not there fails the destination later, and does not stand in the way of another', async (t) => {
  const { dynamodb } = await bench(t);
  const missing = StreamArn.replace('changes', 'missing');
  const enabled = await dynamodb.send(enable({ StreamArn: missing }));
  assert.equal(enabled.DestinationStatus, 'ENABLING');
  const describe = new Dynamo.DescribeKinesisStreamingDestinationCommand({ TableName });
  assert.deepEqual((await dynamodb.send(describe)).KinesisDataStreamDestinations, [
    {
      StreamArn: missing,
      DestinationStatus: 'ENABLE_FAILED',
      DestinationStatusDescription: 'User does not have a permission to use kinesis stream',
    },
  ]);
  await dynamodb.send(enable());
  await assert.rejects(dynamodb.send(enable()), {
    name: 'ValidationException',
    message:
      'Table is not in a valid state to enable Kinesis Streaming Destination: EnableKinesisStreamingDestination must be ' +
      'DISABLED or ENABLE_FAILED to perform ENABLE operation.',
  });
});

test('the precision of times is changed, and after DISABLED nothing more is sent', async (t) => {
  const { dynamodb, kinesis } = await bench(t);
  await dynamodb.send(enable());
  await dynamodb.send(put('a', 0));
  const precise = { ApproximateCreationDateTimePrecision: 'MICROSECOND' } as const;
  const update = new Dynamo.UpdateKinesisStreamingDestinationCommand({
    TableName,
    StreamArn,
    UpdateKinesisStreamingConfiguration: precise,
  });
  assert.equal((await dynamodb.send(update)).DestinationStatus, 'UPDATING');
  const described = async () => {
    const { KinesisDataStreamDestinations: all } = await dynamodb.send(
      new Dynamo.DescribeKinesisStreamingDestinationCommand({ TableName }),
    );
    return all;
  };
  assert.deepEqual(await described(), [{ StreamArn, DestinationStatus: 'ACTIVE', ...precise }]);
  await assert.rejects(dynamodb.send(update), { message: /^Invalid Request: Precision is already set to/ });
  await dynamodb.send(put('a', 1));
  const [before, first] = await records(kinesis, 2);
  assert.equal(String(before?.record.dynamodb.ApproximateCreationDateTime).length, 13);
  assert.equal(before?.record.dynamodb.ApproximateCreationDateTimePrecision, undefined);
  assert.equal(String(first?.record.dynamodb.ApproximateCreationDateTime).length, 16);
  assert.equal(first?.record.dynamodb.ApproximateCreationDateTimePrecision, 'MICROSECOND');
  const disable = new Dynamo.DisableKinesisStreamingDestinationCommand({ TableName, StreamArn });
  assert.equal((await dynamodb.send(disable)).DestinationStatus, 'DISABLING');
  await assert.rejects(dynamodb.send(disable), { message: /must be ACTIVE to perform DISABLE operation\.$/ });
  assert.deepEqual(await described(), [{ StreamArn, DestinationStatus: 'DISABLED' }]);
  await dynamodb.send(put('a', 2));
  await dynamodb.send(enable());
  await dynamodb.send(put('a', 3));
  const all = await records(kinesis, 3);
  assert.deepEqual(
    all.map(({ record }) => record.dynamodb.NewImage.n.N),
    ['0', '1', '3'],
  );
});

test('binary values are in base64 twice, at any depth', async (t) => {
  const { dynamodb, kinesis } = await bench(t);
  await dynamodb.send(enable());
  const Item = {
    id: { S: 'a' },
    bytes: { B: Buffer.from([0, 1, 255]) },
    inside: { M: { list: { L: [{ B: Buffer.from('abc') }, { S: '"B":"' }] } } },
    set: { BS: [Buffer.from([0]), Buffer.from([255])] },
  };
  await dynamodb.send(new Dynamo.PutItemCommand({ TableName, Item }));
  const [told] = await records(kinesis, 1);
  assert.deepEqual(told?.record.dynamodb.NewImage, {
    id: { S: 'a' },
    bytes: { B: Buffer.from('AAH/').toString('base64') },
    inside: { M: { list: { L: [{ B: Buffer.from('YWJj').toString('base64') }, { S: '"B":"' }] } } },
    set: { BS: [Buffer.from('AA==').toString('base64'), Buffer.from('/w==').toString('base64')] },
  });
});

test('a transaction tells of an item that it leaves as it was, other writes do not', async (t) => {
  const { dynamodb, kinesis } = await bench(t);
  await dynamodb.send(enable());
  await dynamodb.send(put('a', 1));
  await dynamodb.send(put('a', 1));
  const Put = { TableName, Item: { id: { S: 'a' }, n: { N: '1' } } };
  await dynamodb.send(new Dynamo.TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
  const Statement = `UPDATE "${TableName}" SET n = 1 WHERE id = 'a'`;
  await dynamodb.send(new Dynamo.ExecuteTransactionCommand({ TransactStatements: [{ Statement }] }));
  await dynamodb.send(put('a', 2));
  const told = await records(kinesis, 4);
  assert.deepEqual(
    told.map(({ record }) => [record.eventName, record.dynamodb.NewImage.n.N, record.dynamodb.SizeBytes]),
    [
      ['INSERT', '1', 9],
      ['MODIFY', '1', 15],
      ['MODIFY', '1', 15],
      ['MODIFY', '2', 15],
    ],
  );
});

test('streams of elsewhere fail the destination in words of their own', async (t) => {
  const { dynamodb } = await bench(t);
  const belongs = 'The kinesis Arn used to enable kinesis replication belongs to a stream which is not in ';
  const denied = 'User does not have a permission to use kinesis stream';
  const faults = {
    [StreamArn.replace('us-east-1', 'eu-west-1')]: `${belongs}the current region`,
    [StreamArn.replace('000000000000', '111122223333')]: `${belongs}Active state`,
    [StreamArn.replace(':stream/', ':consumer/')]: `${belongs}Active state`,
    [StreamArn.replace(':kinesis:', ':dynamodb:')]: `${belongs}Active state`,
    [`arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`]: denied,
    [StreamArn.toUpperCase().replace('ARN:AWS:KINESIS:US-EAST-1', 'arn:aws:kinesis:us-east-1')]: denied,
  };
  for (const arn of Object.keys(faults)) await dynamodb.send(enable({ StreamArn: arn }));
  const describe = new Dynamo.DescribeKinesisStreamingDestinationCommand({ TableName });
  const { KinesisDataStreamDestinations: told = [] } = await dynamodb.send(describe);
  const pairs = told.map(({ StreamArn: arn, DestinationStatusDescription: why }) => [arn, why]);
  assert.deepEqual(Object.fromEntries(pairs), faults);
});

test('a destination that is being switched off may be switched off again, and on', async (t) => {
  const { endpoint, dynamodb } = await bench(t, { transitionDelayMs: 1000 });
  await endpoint.advance('5s');
  await dynamodb.send(enable());
  await endpoint.advance('5s');
  const disable = new Dynamo.DisableKinesisStreamingDestinationCommand({ TableName, StreamArn });
  await dynamodb.send(disable);
  assert.equal((await dynamodb.send(disable)).DestinationStatus, 'DISABLING');
  assert.equal((await dynamodb.send(enable())).DestinationStatus, 'ENABLING');
  await assert.rejects(dynamodb.send(enable()), { message: /must be DISABLED or ENABLE_FAILED to perform ENABLE/ });
});

test('an update looks for its table and its stream first; answers name the table, however it was called', async (t) => {
  const { dynamodb } = await bench(t);
  const update = (rest: Partial<Dynamo.UpdateKinesisStreamingDestinationCommandInput>) =>
    dynamodb.send(new Dynamo.UpdateKinesisStreamingDestinationCommand({ TableName, StreamArn, ...rest }));
  await assert.rejects(update({ TableName: 'nowhere' }), { name: 'ResourceNotFoundException' });
  const UpdateKinesisStreamingConfiguration = { ApproximateCreationDateTimePrecision: 'MICROSECOND' } as const;
  await assert.rejects(update({ UpdateKinesisStreamingConfiguration }), {
    message:
      'Table is not in a valid state to enable Kinesis Streaming Destination: No streaming destination with streamArn: ' +
      `${StreamArn} found for table with tableName: ${TableName}`,
  });
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
  assert.equal((await dynamodb.send(enable({ TableName: arn }))).TableName, TableName);
});
