import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateTableCommand,
  EnableKinesisStreamingDestinationCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteStreamCommand,
  IncreaseStreamRetentionPeriodCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  type DataStreamFixture,
  dataStreamFixture,
  keyOf,
  type SeenDataRecord,
} from '../testing/data-stream-fixture.js';
import { WORKER_ROLE } from '../testing/lambda-fixture.js';

const StreamName = 'changes';
/** Of both halves of the hash keys. */
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const numbered = (key: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, number) => `${key}-${String(from + number).padStart(4, '0')}`);

/** `count` records of each key, the keys in turn. */
const ofAll = (count: number, from = 0): string[] =>
  numbered('', count, from).flatMap((tail) => KEYS.map((key) => `${key}${tail}`));

/** Each was handled once, and those of a key in order. */
function assertOnceInOrder(batches: readonly string[][], texts: readonly string[]): void {
  const seen = batches.flat();
  assert.deepEqual([...seen].sort(), [...texts].sort());
  for (const key of KEYS) {
    const wanted = texts.filter((text) => keyOf(text) === key);
    assert.deepEqual(
      seen.filter((text) => keyOf(text) === key),
      wanted,
    );
  }
}

async function failureQueue({ endpoint }: DataStreamFixture, t: { after(done: () => void): void }) {
  const sqs = new SQSClient(endpoint.clientOptions());
  t.after(() => sqs.destroy());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'failures' }));
  return {
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:failures' } },
    async failures() {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body = '' }) => JSON.parse(Body));
    },
  };
}

test('a mapping takes the records of a Kinesis stream to a function, as AWS words them', async (t) => {
  const { createWorker, map, mapping, put, seen, endpoint, streamArn } = await dataStreamFixture(t);
  await createWorker();
  await put('a-early');
  const uuid = await map();
  await endpoint.advance('1500ms');
  await put('a-late');
  await endpoint.advance('1s');
  const { LastModified, UUID, EventSourceMappingArn, FunctionArn, ...description } = await mapping(uuid);
  assert.deepEqual(description, {
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 1,
    EventSourceArn: streamArn,
    LastProcessingResult: 'OK',
    State: 'Enabled',
    StateTransitionReason: 'User action',
    DestinationConfig: { OnFailure: {} },
    MaximumRecordAgeInSeconds: -1,
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: -1,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: [],
  });
  const [first, second] = seen<SeenDataRecord>().map(({ Records }) => Records[0]);
  const sequenceNumber = first?.kinesis.sequenceNumber ?? '';
  assert.match(sequenceNumber, /^49\d{54}$/);
  assert.deepEqual(first, {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'a',
      sequenceNumber,
      data: Buffer.from('a-early').toString('base64'),
      approximateArrivalTimestamp: Date.UTC(2026, 0, 1) / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: WORKER_ROLE,
    awsRegion: 'us-east-1',
    eventSourceARN: streamArn,
  });
  assert.equal(Reflect.get(second?.kinesis ?? {}, 'approximateArrivalTimestamp'), Date.UTC(2026, 0, 1) / 1000 + 1.5);
});

test('what changes in a table reaches a function by its Kinesis destination', async (t) => {
  const { createWorker, map, batches, endpoint, dynamodb, streamArn } = await dataStreamFixture(t, 2);
  const TableName = 'accounts';
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await dynamodb.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn: streamArn }));
  await endpoint.advance('1m');
  await createWorker();
  const Pattern = JSON.stringify({ data: { tableName: [TableName], eventName: ['INSERT', 'MODIFY'] } });
  await map({ StartingPosition: 'LATEST', FilterCriteria: { Filters: [{ Pattern }] } });
  await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, n: { N: '1' } } }));
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: 'a' } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  await endpoint.advance('5s');
  const changes = batches()
    .flat()
    .map((text) => JSON.parse(text) as { eventName: string; dynamodb: { NewImage: object } });
  assert.deepEqual(
    changes.map(({ eventName, dynamodb: { NewImage } }) => [eventName, NewImage]),
    [
      ['INSERT', { id: { S: 'a' }, n: { N: '1' } }],
      ['MODIFY', { id: { S: 'a' }, n: { N: '2' } }],
    ],
  );
});

test('LATEST begins with what comes after the mapping, in shards that are made later, too', async (t) => {
  const { createWorker, map, put, batches, endpoint, kinesis, lambda } = await dataStreamFixture(t);
  await createWorker();
  await put(...ofAll(1));
  await kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }));
  await put(...ofAll(1, 1));
  const UUID = await map({ StartingPosition: 'LATEST', Enabled: false });
  await put(...ofAll(1, 2));
  await kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }));
  await put(...ofAll(1, 3));
  await endpoint.advance('1s');
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await endpoint.advance('1s');
  assertOnceInOrder(batches(), ofAll(2, 2));
});

test('AT_TIMESTAMP begins with what came at the time', async (t) => {
  const { createWorker, map, mapping, put, batches, endpoint } = await dataStreamFixture(t);
  await createWorker();
  await put('a-0');
  await endpoint.advance('10m');
  await put('a-1');
  await endpoint.advance('10m');
  await put('a-2');
  const StartingPositionTimestamp = new Date(Date.UTC(2026, 0, 1, 0, 10));
  const uuid = await map({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp });
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [['a-1', 'a-2']]);
  const description = await mapping(uuid);
  assert.deepEqual(
    [description.StartingPosition, description.StartingPositionTimestamp],
    ['AT_TIMESTAMP', StartingPositionTimestamp],
  );
});

test('a stream is followed through splits and merges, parents before children, over a restart, too', async (t) => {
  const fixture = await dataStreamFixture(t, 2);
  const { createWorker, map, put, shards, batches, endpoint } = fixture;
  await createWorker();
  await map({ BatchSize: 10, ParallelizationFactor: 2 });
  const texts = ofAll(5);
  const go = async (count: number): Promise<void> => {
    const more = ofAll(count, texts.length / KEYS.length);
    texts.push(...more);
    await put(...more);
  };
  await put(...texts);
  await fixture.kinesis.send(
    new SplitShardCommand({
      StreamName,
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: String(2n ** 126n),
    }),
  );
  await go(5);
  await endpoint.advance('1s');
  await fixture.restart();
  await go(5);
  const open = (await shards()).filter(
    ({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined,
  );
  const [low, high] = open.sort((one, other) =>
    Number(BigInt(one.HashKeyRange?.StartingHashKey ?? 0) - BigInt(other.HashKeyRange?.StartingHashKey ?? 0)),
  );
  await fixture.kinesis.send(
    new MergeShardsCommand({ StreamName, ShardToMerge: low?.ShardId, AdjacentShardToMerge: high?.ShardId }),
  );
  await go(5);
  await endpoint.advance('1m');
  await go(1);
  await endpoint.advance('1m');
  assertOnceInOrder(batches(), texts);
});

test('children wait while a record of their parent is not dealt with', async (t) => {
  const fixture = await dataStreamFixture(t);
  const { createWorker, map, put, batches, endpoint, kinesis } = fixture;
  const { DestinationConfig, failures } = await failureQueue(fixture, t);
  await createWorker("if (ids.includes('a-bad')) throw new Error('bad');");
  await map({ MaximumRetryAttempts: 3, DestinationConfig });
  await put('a-bad');
  await kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }));
  await put('a-good');
  await endpoint.advance('1s');
  assert.ok(!batches().flat().includes('a-good'));
  await endpoint.advance('1m');
  assert.deepEqual(batches().flat(), ['a-bad', 'a-bad', 'a-bad', 'a-bad', 'a-good']);
  assert.equal((await failures()).length, 1);
});

test('failures are split, reported and told as for table streams', async (t) => {
  const fixture = await dataStreamFixture(t);
  const { createWorker, map, put, batches, seen, endpoint, streamArn } = fixture;
  const { DestinationConfig, failures } = await failureQueue(fixture, t);
  await createWorker(`
    if (ids.includes('a-0002')) throw new Error('poison');
    const failed = event.Records.filter((record, number) => ids[number] === 'a-0006');
    return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.kinesis.sequenceNumber })) };`);
  await map({
    BatchSize: 4,
    MaximumRetryAttempts: 1,
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig,
  });
  await put(...numbered('a', 8));
  await endpoint.advance('1m');
  assert.deepEqual(
    batches().map((batch) => batch.map((text) => Number(text.slice(2)))),
    [[0, 1, 2, 3], [0, 1], [2, 3], [2], [2], [3], [4, 5, 6, 7], [6, 7], [6], [6], [7]],
  );
  const numberOf = (text: string): string | undefined =>
    seen<SeenDataRecord>()
      .flatMap(({ Records }) => Records)
      .find(({ kinesis }) => kinesis.data === Buffer.from(text).toString('base64'))?.kinesis.sequenceNumber;
  const told = (await failures()).map(({ requestContext, responseContext, version, KinesisBatchInfo }) => {
    const { requestId, ...context } = requestContext;
    return { requestContext: context, responseContext, version, KinesisBatchInfo };
  });
  const expected = (text: string, functionError: string | null) => ({
    requestContext: {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 2,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError },
    version: '1.0',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000000',
      startSequenceNumber: numberOf(text),
      endSequenceNumber: numberOf(text),
      approximateArrivalOfFirstRecord: '2026-01-01T00:00:00Z',
      approximateArrivalOfLastRecord: '2026-01-01T00:00:00Z',
      batchSize: 1,
      streamArn,
    },
  });
  assert.deepEqual(told, [expected('a-0002', 'Unhandled'), expected('a-0006', null)]);
});

test('filters look at the decoded data, and drop what is not JSON', async (t) => {
  const { createWorker, map, put, kinesis, batches, endpoint } = await dataStreamFixture(t);
  await createWorker();
  await map({ FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["order"]}}' }] } });
  const order = JSON.stringify({ kind: 'order', id: 1 });
  await put('a-plain');
  await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from(order) }));
  await put(JSON.stringify({ kind: 'other' }), '"order"');
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [[order]]);
});

test('windows of a data stream carry their state', async (t) => {
  const { createWorker, map, put, seen, endpoint, streamArn } = await dataStreamFixture(t);
  await createWorker('return { state: { count: (event.state.count ?? 0) + event.Records.length } };');
  await map({ TumblingWindowInSeconds: 60, BatchSize: 2 });
  await put(...numbered('a', 3));
  await endpoint.advance('2m');
  const facts = seen().map(({ Records, ...rest }) => ({ records: Records.length, ...rest }));
  const common = {
    shardId: 'shardId-000000000000',
    eventSourceARN: streamArn,
    window: { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:01:00Z' },
    isWindowTerminatedEarly: false,
  };
  assert.deepEqual(facts, [
    { records: 2, ...common, state: {}, isFinalInvokeForWindow: false },
    { records: 1, ...common, state: { count: 2 }, isFinalInvokeForWindow: false },
    { records: 0, ...common, state: { count: 3 }, isFinalInvokeForWindow: true },
  ]);
});

test('what fails is tried as long as the stream keeps it, also when that becomes longer', async (t) => {
  const fixture = await dataStreamFixture(t);
  const { createWorker, map, put, endpoint, kinesis, lambda } = fixture;
  const { DestinationConfig, failures } = await failureQueue(fixture, t);
  const keep = (RetentionPeriodHours: number) =>
    kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
  await keep(26);
  await createWorker('', { Runtime: 'java21' });
  const UUID = await map({ DestinationConfig, Enabled: false });
  await put('a-0');
  await endpoint.advance('25h');
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await endpoint.advance('30m');
  await keep(27);
  await endpoint.advance('1h');
  assert.deepEqual(await failures(), []);
  await endpoint.advance('1h');
  const [failure] = await failures();
  assert.equal(failure.requestContext.condition, 'RecordAgeExceeded');
});

test('a mapping outlives its stream, and goes on with another of the same name', async (t) => {
  const { createWorker, map, mapping, put, batches, endpoint, kinesis, createStream, lambda } =
    await dataStreamFixture(t);
  await createWorker();
  const UUID = await map();
  await put('a-0');
  await endpoint.advance('1s');
  await kinesis.send(new DeleteStreamCommand({ StreamName }));
  await endpoint.advance('1m');
  const { State, LastProcessingResult } = await mapping(UUID);
  assert.deepEqual(
    [State, LastProcessingResult],
    ['Enabled', 'PROBLEM: internal Lambda error. Please contact Lambda customer support.'],
  );
  await createStream();
  await put('a-1');
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [['a-0'], ['a-1']]);
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await endpoint.advance('1s');
  await put('a-2');
  await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await endpoint.advance('1s');
  await assert.rejects(mapping(UUID), { name: 'ResourceNotFoundException' });
  assert.deepEqual(batches(), [['a-0'], ['a-1']]);
});

test('a mapping whose function is gone does nothing until records come when there is one of the name', async (t) => {
  const { createWorker, map, mapping, put, batches, endpoint, lambda } = await dataStreamFixture(t);
  await createWorker();
  const uuid = await map();
  await endpoint.advance('1s');
  await lambda.send(new DeleteFunctionCommand({ FunctionName: 'worker' }));
  await put('a-0');
  await endpoint.advance('1m');
  assert.match((await mapping(uuid)).LastProcessingResult ?? '', /^PROBLEM: /);
  await createWorker();
  await endpoint.advance('1m');
  assert.deepEqual(batches(), []);
  await put('a-1');
  await endpoint.advance('1s');
  assert.deepEqual(batches().flat(), ['a-0', 'a-1']);
});

test('what cannot be a mapping on a Kinesis stream is refused', async (t) => {
  const { createWorker, map, streamArn } = await dataStreamFixture(t);
  await createWorker();
  const refused = (input: Parameters<typeof map>[0], message: string, name = 'InvalidParameterValueException') =>
    assert.rejects(map(input), { name, message });
  const missing = streamArn.replace('changes', 'others');
  await refused({ EventSourceArn: missing }, `Stream not found: ${missing}`);
  await refused(
    { StartingPosition: undefined },
    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
  );
  const StartingPositionTimestamp = new Date(Date.UTC(2026, 0, 2));
  await refused(
    { StartingPosition: 'LATEST', StartingPositionTimestamp },
    'Timestamp only valid with StartingPosition AT_TIMESTAMP',
  );
  const relayed = 'Received Exception while reading from provided stream. ';
  await refused(
    { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date(-1000) },
    `${relayed}class java.lang.Long can not be converted to a Timestamp`,
  );
  await refused(
    { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp },
    `${relayed}The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ` +
      `timestampInMillis: ${Date.UTC(2026, 0, 2)}, currentTimestampInMillis: ${Date.UTC(2026, 0, 1)}`,
  );
  await refused(
    { BatchSize: 10_001 },
    "1 validation error detected: Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value " +
      'less than or equal to 10000',
    'ValidationException',
  );
  await refused(
    { EventSourceArn: `${streamArn}/consumer/fast:1700000000` },
    'Event source mappings on consumers of Kinesis streams are not emulated by this endpoint; those on DynamoDB ' +
      'streams, Kinesis data streams and SQS queues are',
    'UnknownOperationException',
  );
});
