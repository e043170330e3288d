import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  EnableKinesisStreamingDestinationCommand,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { CreateStreamCommand, DeleteStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { testEndpoint } from '../../testing/test-endpoint.js';

const TableName = 'orders';

async function start(context: TestContext, capacity?: number) {
  const endpoint = await testEndpoint(context);
  const dynamodb = new DynamoDBClient(endpoint.clientOptions());
  const cloudwatch = new CloudWatchClient(endpoint.clientOptions());
  context.after(() => {
    dynamodb.destroy();
    cloudwatch.destroy();
  });
  const ProvisionedThroughput = capacity && { ReadCapacityUnits: capacity, WriteCapacityUnits: capacity };
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName,
      ...(ProvisionedThroughput ? { ProvisionedThroughput } : { BillingMode: 'PAY_PER_REQUEST' }),
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'state', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-state',
          KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ...(ProvisionedThroughput && { ProvisionedThroughput }),
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  const sum = async (MetricName: string, dimensions: Record<string, string>, periodSeconds = 60) => {
    const nowMs = endpoint.current().clock().nowMs;
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/DynamoDB',
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(nowMs - 3_600_000),
        EndTime: new Date(nowMs + 60_000),
        Period: periodSeconds,
        Statistics: ['Sum', 'SampleCount', 'Average'],
      }),
    );
    return {
      sum: Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0),
      samples: Datapoints.reduce((total, { SampleCount = 0 }) => total + SampleCount, 0),
      averages: Datapoints.map(({ Average }) => Average),
    };
  };
  return { endpoint, dynamodb, cloudwatch, sum, streamArn: TableDescription?.LatestStreamArn };
}

const item = (id: string, size = 10) => ({ id: { S: id }, state: { S: 'new' }, text: { S: 'x'.repeat(size) } });

test('what is consumed, returned and expired adds up to the traffic, minute by minute', async (context) => {
  const { endpoint, dynamodb, sum, streamArn } = await start(context);
  let written = 0;
  let indexed = 0;
  let read = 0;
  for (let minute = 0; minute < 3; minute++) {
    for (let at = 0; at < 5; at++) {
      const { ConsumedCapacity: used } = await dynamodb.send(
        new PutItemCommand({ TableName, Item: item(`${minute}-${at}`, 1500), ReturnConsumedCapacity: 'INDEXES' }),
      );
      written += used?.Table?.CapacityUnits ?? 0;
      indexed += used?.GlobalSecondaryIndexes?.['by-state']?.CapacityUnits ?? 0;
    }
    const query = await dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-state',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': { S: 'new' } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    read += query.ConsumedCapacity?.CapacityUnits ?? 0;
    await endpoint.advance('1m');
  }
  assert.equal(written, 30);
  const index = { TableName, GlobalSecondaryIndexName: 'by-state' };
  assert.deepEqual(await sum('ConsumedWriteCapacityUnits', { TableName }), {
    sum: 30,
    samples: 15,
    averages: [2, 2, 2],
  });
  assert.equal((await sum('ConsumedWriteCapacityUnits', index)).sum, indexed);
  assert.equal((await sum('ConsumedReadCapacityUnits', index)).sum, read);
  assert.equal((await sum('ConsumedReadCapacityUnits', { TableName })).sum, 0);
  assert.equal((await sum('ReturnedItemCount', { TableName, Operation: 'Query' })).sum, 5 + 10 + 15);
  assert.equal((await sum('SuccessfulRequestLatency', { TableName, Operation: 'PutItem' })).samples, 15);

  const streams = new DynamoDBStreamsClient(endpoint.clientOptions());
  context.after(() => streams.destroy());
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  await streams.send(new GetRecordsCommand({ ShardIterator }));
  const stream = { Operation: 'GetRecords', StreamLabel: StreamDescription?.StreamLabel ?? '', TableName };
  assert.equal((await sum('ReturnedRecordsCount', stream)).sum, 15);
  assert.ok((await sum('ReturnedBytes', stream)).sum > 15 * 1500);
});

test('failures are counted by their kind', async (context) => {
  const { dynamodb, sum } = await start(context);
  await dynamodb.send(new PutItemCommand({ TableName, Item: item('a') }));
  const conditional = { TableName, Item: item('a'), ConditionExpression: 'attribute_not_exists(id)' };
  await assert.rejects(dynamodb.send(new PutItemCommand(conditional)));
  await assert.rejects(dynamodb.send(new GetItemCommand({ TableName, Key: { wrong: { S: 'a' } } })));
  await assert.rejects(dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: conditional }] })));
  assert.equal((await sum('ConditionalCheckFailedRequests', { TableName })).sum, 2);
  assert.equal((await sum('UserErrors', {})).sum, 2);
  assert.equal((await sum('SystemErrors', { TableName, Operation: 'GetItem' })).sum, 0);
});

test('requests that fail by a condition consume what they found, as recorded on AWS', async (context) => {
  const { dynamodb, sum } = await start(context);
  const small = { id: { S: 'small' } };
  const large = { id: { S: 'large' }, text: { S: 'x'.repeat(8500) } };
  await dynamodb.send(new PutItemCommand({ TableName, Item: small }));
  await dynamodb.send(new PutItemCommand({ TableName, Item: large }));
  const consumed = async () => {
    const { sum: write } = await sum('ConsumedWriteCapacityUnits', { TableName });
    const { sum: read } = await sum('ConsumedReadCapacityUnits', { TableName });
    return { write, read, failures: (await sum('ConditionalCheckFailedRequests', { TableName })).sum };
  };
  const insert = (id: string) => ({ Statement: `INSERT INTO ${TableName} VALUE {'id': '${id}'}` });
  const update = (id: string) => ({ Statement: `UPDATE ${TableName} SET n = 1 WHERE id = '${id}' AND n = 0` });
  const check = (id: string) => ({ TableName, Key: { id: { S: id } }, ConditionExpression: 'attribute_exists(n)' });
  const transact = (...TransactItems: TransactWriteItem[]) => new TransactWriteItemsCommand({ TransactItems });
  const put = (id: string) => ({ Put: { TableName, Item: { id: { S: id } } } });
  const cases: [string, () => Promise<unknown>, Partial<Awaited<ReturnType<typeof consumed>>>][] = [
    ['insert small', () => dynamodb.send(new ExecuteStatementCommand(insert('small'))), { write: 1 }],
    ['insert large', () => dynamodb.send(new ExecuteStatementCommand(insert('large'))), { write: 9 }],
    ['update small', () => dynamodb.send(new ExecuteStatementCommand(update('small'))), { write: 1, failures: 1 }],
    ['update large', () => dynamodb.send(new ExecuteStatementCommand(update('large'))), { write: 9, failures: 1 }],
    [
      'batch of inserts',
      () => dynamodb.send(new BatchExecuteStatementCommand({ Statements: [insert('small'), insert('large')] })),
      { write: 10 },
    ],
    [
      'batch of updates',
      () => dynamodb.send(new BatchExecuteStatementCommand({ Statements: [update('small'), update('large')] })),
      { write: 10 },
    ],
    [
      'transaction of an insert, small',
      () => dynamodb.send(new ExecuteTransactionCommand({ TransactStatements: [insert('small')] })),
      { write: 2 },
    ],
    [
      'transaction of an insert, large',
      () => dynamodb.send(new ExecuteTransactionCommand({ TransactStatements: [insert('large')] })),
      { write: 18 },
    ],
    [
      'transaction, small and failing before large',
      () => dynamodb.send(transact({ ConditionCheck: check('small') }, put('large'))),
      { write: 20, failures: 1 },
    ],
    [
      'transaction, large and failing after small',
      () => dynamodb.send(transact(put('small'), { ConditionCheck: check('large') })),
      { write: 20, failures: 1 },
    ],
    ['transaction, large', () => dynamodb.send(transact({ Delete: check('large') })), { write: 18, failures: 1 }],
  ];
  for (const [name, run, expected] of cases) {
    const before = await consumed();
    await run().catch(() => undefined);
    const { write, read, failures } = await consumed();
    const change = {
      write: write - before.write,
      read: read - before.read,
      failures: failures - before.failures,
    };
    assert.deepEqual(change, { write: 0, read: 0, failures: 0, ...expected }, name);
  }
});

test('a table that is overdriven shows its throttling by cause and operation', async (context) => {
  const { dynamodb, sum } = await start(context, 1);
  let throttled = 0;
  // The burst is 300 seconds of one unit; each item takes two.
  for (let at = 0; at < 160; at++) {
    try {
      await dynamodb.send(new PutItemCommand({ TableName, Item: item(`${at}`, 1500) }));
    } catch (error) {
      assert.equal(error instanceof Error && error.name, 'ProvisionedThroughputExceededException');
      throttled += 1;
    }
  }
  assert.ok(throttled > 0);
  assert.equal((await sum('ThrottledRequests', { TableName, Operation: 'PutItem' })).sum, throttled);
  assert.equal((await sum('WriteThrottleEvents', { TableName })).sum, throttled);
  assert.equal((await sum('WriteProvisionedThroughputThrottleEvents', { TableName })).sum, throttled);
  assert.equal((await sum('WriteKeyRangeThroughputThrottleEvents', { TableName })).sum, 0);
  // A batch counts as throttled only when nothing of it went through.
  const batch = await dynamodb
    .send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: item('b', 1500) } }] } }))
    .catch((error: Error) => error.name);
  assert.equal(batch, 'ProvisionedThroughputExceededException');
  assert.equal((await sum('ThrottledRequests', { TableName, Operation: 'BatchWriteItem' })).sum, 1);
  assert.equal((await sum('WriteThrottleEvents', { TableName })).sum, throttled + 1);
  // A transaction that throttling cancels counts for its table, a statement by its verb.
  const Statement = `INSERT INTO ${TableName} VALUE {'id': 'c', 'state': 'new'}`;
  const Put = { TableName, Item: item('d') };
  const cancelled = { name: 'TransactionCanceledException' };
  await assert.rejects(dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] })), cancelled);
  const transaction = new ExecuteTransactionCommand({ TransactStatements: [{ Statement }] });
  await assert.rejects(dynamodb.send(transaction), cancelled);
  const write = dynamodb.send(new ExecuteStatementCommand({ Statement }));
  await assert.rejects(write, { name: 'ProvisionedThroughputExceededException' });
  const { Responses } = await dynamodb.send(new BatchExecuteStatementCommand({ Statements: [{ Statement }] }));
  assert.equal(Responses?.[0]?.Error?.Code, 'ProvisionedThroughputExceeded');
  const requests = async (Operation: string, kind = {}) =>
    (await sum('ThrottledRequests', { TableName, Operation, ...kind })).sum;
  assert.equal(await requests('TransactWriteItems'), 1);
  assert.equal(await requests('ExecuteTransaction', { OperationType: 'Write' }), 1);
  assert.equal(await requests('ExecuteStatement', { Verb: 'PartiQLInsert' }), 1);
  assert.equal(await requests('ExecuteStatement'), 0);
  assert.equal(await requests('BatchExecuteStatement', { OperationType: 'Write' }), 0);
  const latency = { TableName, Operation: 'BatchExecuteStatement', OperationType: 'Write' };
  assert.equal((await sum('SuccessfulRequestLatency', latency)).samples, 1);
});

test('capacity is shown every five minutes while a table is provisioned, and follows its changes', async (context) => {
  const { endpoint, dynamodb, cloudwatch, sum } = await start(context, 100);
  await endpoint.advance('10m');
  const ProvisionedThroughput = { ReadCapacityUnits: 200, WriteCapacityUnits: 300 };
  await dynamodb.send(new UpdateTableCommand({ TableName, ProvisionedThroughput }));
  await endpoint.advance('5m');
  assert.deepEqual((await sum('ProvisionedWriteCapacityUnits', { TableName }, 300)).averages, [100, 100, 300]);
  assert.deepEqual((await sum('ProvisionedReadCapacityUnits', { TableName }, 300)).averages, [100, 100, 200]);
  const share = await sum('MaxProvisionedTableWriteCapacityUtilization', {}, 300);
  assert.deepEqual(share.averages, [0.25, 0.25, 0.75]);
  const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ MetricName: 'ProvisionedReadCapacityUnits' }));
  assert.equal(Metrics?.length, 2);
  await dynamodb.send(new UpdateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST' }));
  await endpoint.advance('20m');
  assert.equal((await sum('ProvisionedWriteCapacityUnits', { TableName }, 300)).samples, 3);
});

test('filling a new index shows what it writes and how far it is', async (context) => {
  const { dynamodb, sum, endpoint } = await start(context);
  for (let at = 0; at < 3; at++) await dynamodb.send(new PutItemCommand({ TableName, Item: item(`${at}`, 1500) }));
  await dynamodb.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'text', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'by-text',
            KeySchema: [{ AttributeName: 'text', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    }),
  );
  await endpoint.advance('1m');
  const index = { TableName, GlobalSecondaryIndexName: 'by-text' };
  assert.equal((await sum('OnlineIndexConsumedWriteCapacity', index)).sum, 6);
  assert.deepEqual((await sum('OnlineIndexPercentageProgress', index)).averages, [100]);
});

test('changes that go to Kinesis show what they consume, and those that cannot show their age', async (context) => {
  const { dynamodb, sum, endpoint } = await start(context);
  const kinesis = new KinesisClient(endpoint.clientOptions());
  context.after(() => kinesis.destroy());
  await kinesis.send(new CreateStreamCommand({ StreamName: 'changes', ShardCount: 1 }));
  const StreamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/changes';
  await dynamodb.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
  await dynamodb.send(new PutItemCommand({ TableName, Item: item('a', 1500) }));
  await endpoint.advance('1m');
  const dimensions = { TableName, DelegatedOperation: 'PutRecord' };
  assert.ok((await sum('ConsumedChangeDataCaptureUnits', dimensions)).sum >= 2);
  await kinesis.send(new DeleteStreamCommand({ StreamName: 'changes' }));
  await dynamodb.send(new PutItemCommand({ TableName, Item: item('b', 10) }));
  await endpoint.advance('25h');
  assert.equal((await sum('FailedToReplicateRecordCount', dimensions)).sum, 1);
  assert.ok((await sum('AgeOfOldestUnreplicatedRecord', dimensions)).averages.length > 0);
});

test('what was counted is there after a restart', async (context) => {
  const { endpoint, dynamodb } = await start(context);
  await dynamodb.send(new PutItemCommand({ TableName, Item: item('a') }));
  await endpoint.restart();
  const cloudwatch = new CloudWatchClient(endpoint.clientOptions());
  context.after(() => cloudwatch.destroy());
  const { Metrics } = await cloudwatch.send(
    new ListMetricsCommand({ Namespace: 'AWS/DynamoDB', MetricName: 'ConsumedWriteCapacityUnits' }),
  );
  assert.deepEqual(Metrics?.map(({ Dimensions }) => Dimensions?.map(({ Value }) => Value)).sort(), [
    ['by-state', 'orders'],
    ['orders'],
  ]);
});
