import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { metricSum } from '../testing/lambda-fixture.js';
import { type MappingFixture, mappingFixture } from '../testing/mapping-fixture.js';

const numbered = (count: number, prefix = 'item'): string[] =>
  Array.from({ length: count }, (_, number) => `${prefix}-${String(number).padStart(4, '0')}`);

const Destination = 'arn:aws:s3:::failures';

interface Failure {
  readonly requestContext: { readonly condition: string; readonly approximateInvokeCount: number };
  readonly responseContext: object;
  readonly DDBStreamBatchInfo: { readonly batchSize: number; readonly shardId: string };
  readonly timeWindowInfo?: object;
  readonly payload: string;
}

async function failuresOf({ endpoint }: MappingFixture, t: { after(done: () => void): void }) {
  const s3 = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  t.after(() => s3.destroy());
  await s3.send(new CreateBucketCommand({ Bucket: 'failures' }));
  return async (): Promise<{ key: string; record: Failure; ids: string[] }[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'failures' }));
    return Promise.all(
      Contents.map(async ({ Key = '' }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'failures', Key }));
        const record = JSON.parse((await Body?.transformToString()) ?? '') as Failure;
        const { Records } = JSON.parse(record.payload) as { Records: { dynamodb: { Keys: { id: { S: string } } } }[] };
        return { key: Key, record, ids: Records.map((one) => one.dynamodb.Keys.id.S) };
      }),
    );
  };
}

test('of a thousand records each is handled, filtered or given up, and the poisoned one alone is given up', async (t) => {
  const fixture = await mappingFixture(t);
  const { createWorker, map, put, seen, batches, endpoint, streamArn } = fixture;
  const sqs = new SQSClient(endpoint.clientOptions());
  t.after(() => sqs.destroy());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'failures' }));
  await createWorker("if (ids.includes('item-0437')) throw new Error('poison');", { Timeout: 30 });
  const uuid = await map({
    MetricsConfig: { Metrics: ['EventCount'] },
    BatchSize: 100,
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:failures' } },
    FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"id":{"S":[{"prefix":"item-"}]}}}}' }] },
  });
  const items = numbered(800);
  const filtered = numbered(200, 'other');
  const mixed = items.flatMap((id, number) => (number % 4 === 0 ? [id, filtered[number / 4] ?? ''] : [id]));
  await put(...mixed);
  await endpoint.advance('10m');

  const handled = new Map<string, number>();
  for (const batch of batches()) {
    if (batch.includes('item-0437')) continue;
    for (const id of batch) handled.set(id, (handled.get(id) ?? 0) + 1);
  }
  const expected = items.filter((id) => id !== 'item-0437');
  assert.deepEqual([...handled.keys()], expected, 'each once, in order');
  assert.ok([...handled.values()].every((times) => times === 1));
  const alone = batches().filter((batch) => batch.length === 1 && batch[0] === 'item-0437');
  assert.equal(alone.length, 3, 'the first time and two retries');

  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  assert.equal(Messages.length, 1);
  const { timestamp, requestContext, DDBStreamBatchInfo, ...rest } = JSON.parse(Messages[0]?.Body ?? '');
  const poisoned = seen().find(({ Records }) => Records.length === 1 && Records[0]?.dynamodb.Keys.id.S === 'item-0437');
  const SequenceNumber = poisoned?.Records[0]?.dynamodb.SequenceNumber;
  const { requestId, ...context } = requestContext;
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  assert.match(timestamp, /^2026-01-01T00:0\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(rest, {
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
  });
  assert.deepEqual(context, {
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 3,
  });
  const { shardId, ...batch } = DDBStreamBatchInfo;
  assert.match(shardId, /^shardId-/);
  assert.deepEqual(batch, {
    startSequenceNumber: SequenceNumber,
    endSequenceNumber: SequenceNumber,
    approximateArrivalOfFirstRecord: '2026-01-01T00:00:00Z',
    approximateArrivalOfLastRecord: '2026-01-01T00:00:00Z',
    batchSize: 1,
    streamArn,
  });

  const sum = (metric: string) => metricSum(endpoint, metric, 'EventSourceMappingUUID', uuid);
  assert.equal(await sum('PolledEventCount'), 1000);
  assert.equal(await sum('FilteredOutEventCount'), 200);
  assert.equal(await sum('InvokedEventCount'), batches().flat().length);
  const failed = batches().filter((batch) => batch.includes('item-0437'));
  assert.equal(await sum('FailedInvokeEventCount'), failed.flat().length);
  assert.equal(await sum('DroppedEventCount'), 0, 'what reaches a destination is not dropped');
  assert.equal(await sum('OnFailureDestinationDeliveredEventCount'), 1);
});

test('reported failures are where it goes on', async (t) => {
  const fixture = await mappingFixture(t);
  const { createWorker, map, put, batches, endpoint } = fixture;
  const failures = await failuresOf(fixture, t);
  await createWorker(`
    const failed = event.Records.filter((record) => record.dynamodb.Keys.id.S === 'item-0005');
    return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) };`);
  await map({
    Enabled: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination } },
    MaximumBatchingWindowInSeconds: 5,
  });
  await put(...numbered(10));
  await endpoint.advance('1m');
  assert.deepEqual(
    batches().map((batch) => [batch[0], batch.length]),
    [
      ['item-0000', 10],
      ['item-0005', 5],
      ['item-0005', 5],
    ],
    'what is left of a batch has all attempts',
  );
  const [failure] = await failures();
  assert.deepEqual(failure?.ids, numbered(10).slice(5));
  assert.equal(failure?.record.requestContext.approximateInvokeCount, 2);
  assert.deepEqual(failure?.record.responseContext, {
    statusCode: 200,
    executedVersion: '$LATEST',
    functionError: null,
  });
});

test('with bisect, what is reported is where the batch is split, until the one that fails is alone', async (t) => {
  const fixture = await mappingFixture(t);
  const { createWorker, map, put, endpoint } = fixture;
  const failures = await failuresOf(fixture, t);
  await createWorker(`
    const failed = event.Records.filter((record) => record.dynamodb.Keys.id.S === 'item-0005');
    return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) };`);
  await map({
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination } },
    MaximumBatchingWindowInSeconds: 5,
  });
  await put(...numbered(10));
  await endpoint.advance('1m');
  assert.deepEqual(
    (await failures()).map(({ ids }) => ids),
    [['item-0005']],
  );
});

test('the first half of an odd number is the smaller one, and attempts with the same records have one request id', async (t) => {
  const { createWorker, map, put, batches, endpoint } = await mappingFixture(t);
  const journal = join(endpoint.dataDir, 'request-ids');
  await createWorker(
    `appendFileSync(process.env.JOURNAL, context.awsRequestId + '\\n');
     if (ids.includes('item-0000')) throw new Error('poison');`,
    { Environment: { Variables: { JOURNAL: journal } } },
  );
  const uuid = await map({
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 1,
    MaximumBatchingWindowInSeconds: 5,
    MetricsConfig: { Metrics: ['EventCount'] },
  });
  await put(...numbered(3));
  await endpoint.advance('1m');
  const [all, first, rest] = [numbered(3), numbered(1), numbered(3).slice(1)];
  assert.deepEqual(batches(), [all, first, first, rest]);
  const ids = readFileSync(journal, 'utf8').trim().split('\n');
  assert.equal(ids[1], ids[2]);
  assert.equal(new Set(ids).size, 3);
  const dropped = await metricSum(endpoint, 'DroppedEventCount', 'EventSourceMappingUUID', uuid);
  assert.equal(dropped, 1, 'without a destination');
});

test('a batch is taken when it is full, or when its window is over', async (t) => {
  const { createWorker, map, put, batches, endpoint } = await mappingFixture(t);
  await createWorker();
  await map({ BatchSize: 4, MaximumBatchingWindowInSeconds: 60 });
  await endpoint.advance('1s');
  await put(...numbered(6));
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [numbered(4)]);
  await endpoint.advance('58s');
  assert.deepEqual(batches().length, 1);
  await endpoint.advance('2s');
  assert.deepEqual(batches(), [numbered(4), numbered(6).slice(4)]);
});

test('an event stays under six megabytes', async (t) => {
  const { createWorker, map, seen, dynamodb, endpoint } = await mappingFixture(t);
  await createWorker('', { Timeout: 30, MemorySize: 512 });
  const data = { S: 'x'.repeat(390_000) };
  for (const id of numbered(20)) {
    await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: id }, data } }));
  }
  await map({ BatchSize: 100 });
  await endpoint.advance('1s');
  const sizes = seen().map((event) => JSON.stringify(event).length);
  assert.ok(sizes.length > 1 && sizes.every((size) => size < 6_291_456), sizes.join(', '));
  assert.deepEqual(
    seen().flatMap(({ Records }) => Records.map((record) => record.dynamodb.Keys.id.S)),
    numbered(20),
  );
});

test('lanes run side by side, and keep the order of each item', async (t) => {
  const { createWorker, map, put, batches, endpoint } = await mappingFixture(t);
  await createWorker();
  await map({ ParallelizationFactor: 4, BatchSize: 10, MaximumBatchingWindowInSeconds: 1 });
  const ids = numbered(40);
  await put(...ids);
  await endpoint.advance('10s');
  const seen = batches();
  assert.ok(seen.length >= 4);
  assert.deepEqual(seen.flat().sort(), ids);
  for (const batch of seen) assert.deepEqual(batch, [...batch].sort());
});

test('what is too old is given up without being tried', async (t) => {
  const fixture = await mappingFixture(t);
  const { createWorker, map, put, batches, endpoint, mapping } = fixture;
  const failures = await failuresOf(fixture, t);
  await createWorker("throw new Error('never');");
  const uuid = await map({ MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination } } });
  await put('a');
  await endpoint.advance('30s');
  assert.equal((await mapping(uuid)).LastProcessingResult, 'PROBLEM: Function call failed');
  const tries = batches().length;
  assert.ok(tries > 1 && tries < 10, `${tries}`);
  await endpoint.advance('5m');
  const [failure] = await failures();
  assert.equal(failure?.record.requestContext.condition, 'RecordAgeExceeded');
  // Each try was made with a record some seconds old.
  assert.ok((await metricSum(endpoint, 'IteratorAge', 'FunctionName', 'worker')) >= 30_000);
  assert.deepEqual(failure.ids, ['a']);
  const folder = `aws/lambda/${uuid}/${failure.record.DDBStreamBatchInfo.shardId}/2026/01/01/`;
  assert.ok(failure.key.startsWith(folder), failure.key);
  assert.match(failure.key.slice(folder.length), /^2026-01-01T\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/);
});

test('windows carry their state, and end with the clock', async (t) => {
  const { createWorker, map, put, seen, endpoint } = await mappingFixture(t);
  await createWorker('return { state: { count: (event.state.count ?? 0) + event.Records.length } };');
  await put(...numbered(3));
  await map({ TumblingWindowInSeconds: 60, BatchSize: 2 });
  await endpoint.advance('1s');
  await endpoint.advance('2m');
  const facts = seen().map(({ Records, state, isFinalInvokeForWindow, isWindowTerminatedEarly, window }) => ({
    records: Records.length,
    state,
    isFinalInvokeForWindow,
    isWindowTerminatedEarly,
    window,
  }));
  const window = { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:01:00Z' };
  const common = { isWindowTerminatedEarly: false, window };
  assert.deepEqual(facts, [
    { records: 2, state: {}, isFinalInvokeForWindow: false, ...common },
    { records: 1, state: { count: 2 }, isFinalInvokeForWindow: false, ...common },
    { records: 0, state: { count: 3 }, isFinalInvokeForWindow: true, ...common },
  ]);
});

test('what was never tried counts as one invocation, without a response', async (t) => {
  const fixture = await mappingFixture(t);
  const { createWorker, map, put, seen, lambda, endpoint } = fixture;
  const failures = await failuresOf(fixture, t);
  await createWorker();
  const UUID = await map({
    Enabled: false,
    MaximumRecordAgeInSeconds: 60,
    DestinationConfig: { OnFailure: { Destination } },
  });
  await put('a');
  await endpoint.advance('5m');
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await endpoint.advance('1m');
  const [failure] = await failures();
  assert.equal(seen().length, 0);
  const { condition, approximateInvokeCount } = failure?.record.requestContext ?? {};
  assert.deepEqual([condition, approximateInvokeCount], ['RecordAgeExceeded', 1]);
  assert.equal(failure?.record.responseContext, undefined);
});

test('of a window whose last invocation fails, the destination is told of the window, and the next one begins anew', async (t) => {
  const fixture = await mappingFixture(t);
  const { createWorker, map, put, seen, endpoint, streamArn } = fixture;
  const failures = await failuresOf(fixture, t);
  await createWorker(`
    if (event.isFinalInvokeForWindow && event.state.count === 2) throw new Error('no end');
    return { state: { count: (event.state.count ?? 0) + event.Records.length } };`);
  const OnFailure = { Destination };
  await map({ TumblingWindowInSeconds: 10, MaximumRetryAttempts: 0, DestinationConfig: { OnFailure } });
  await put(...numbered(2));
  await endpoint.advance('1m');
  await put('later');
  await endpoint.advance('1m');
  const [failure, ...others] = await failures();
  assert.equal(others.length, 0);
  const window = { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:00:10Z' };
  const { shardId = '' } = failure?.record.DDBStreamBatchInfo ?? {};
  assert.deepEqual(failure?.record.DDBStreamBatchInfo, { shardId, streamArn });
  const flags = { isFinalInvokeForWindow: true, isWindowTerminatedEarly: false };
  assert.deepEqual(failure?.record.timeWindowInfo, { window, ...flags });
  assert.deepEqual(JSON.parse(failure?.record.payload ?? ''), {
    Records: [],
    shardId,
    eventSourceARN: streamArn,
    window,
    state: { count: 2 },
    ...flags,
  });
  const later = seen().find(({ Records }) => Records[0]?.dynamodb.Keys.id.S === 'later');
  assert.deepEqual(later?.state, {});
});
