import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LambdaFixture, lambdaFixture, metricSum } from '../testing/lambda-fixture.js';

const FunctionName = 'worker';
const CODE = `export const handler = async (event) => {
  console.log('run ' + event.n);
  if (event.fail) throw new Error('boom');
  return { done: event.n };
};`;

async function bucketOf({ endpoint }: LambdaFixture, t: { after(done: () => void): void }) {
  const s3 = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  t.after(() => s3.destroy());
  await s3.send(new CreateBucketCommand({ Bucket: 'records' }));
  return async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'records' }));
    const records: { key: string; record: Record<string, unknown> }[] = [];
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'records', Key }));
      records.push({ key: Key, record: JSON.parse((await Body?.transformToString()) ?? '') });
    }
    return records;
  };
}

const send = ({ lambda }: LambdaFixture, event: unknown) =>
  lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(event) }));

test('an event that fails is tried again after one and two minutes, then its record goes to the destination', async (t) => {
  const fixture = await lambdaFixture(t);
  const { endpoint, lambda, create } = fixture;
  const records = await bucketOf(fixture, t);
  await create(FunctionName, CODE);
  const Destination = 'arn:aws:s3:::records';
  const DestinationConfig = { OnFailure: { Destination }, OnSuccess: { Destination } };
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig }));
  const accepted = await send(fixture, { n: 1, fail: true });
  assert.equal(accepted.StatusCode, 202);
  const logs = new CloudWatchLogsClient(endpoint.clientOptions());
  t.after(() => logs.destroy());
  const runs = async () => {
    const logGroupName = `/aws/lambda/${FunctionName}`;
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: '"run 1"' }));
    return events.length;
  };
  await endpoint.advance('1s');
  assert.equal(await runs(), 1);
  await endpoint.advance('58s');
  assert.equal(await runs(), 1);
  await endpoint.advance('2s');
  assert.equal(await runs(), 2);
  assert.deepEqual(await records(), []);
  await endpoint.advance('2m');
  assert.equal(await runs(), 3);
  const [failed] = await records();
  assert.match(failed?.key ?? '', /^aws\/lambda\/async\/worker\/2026\/01\/01\/2026-01-01T00\.03\.\d\d-[0-9a-f-]{36}$/);
  const { timestamp: _, responsePayload, ...rest } = failed?.record ?? {};
  assert.deepEqual(rest, {
    version: '1.0',
    requestContext: {
      requestId: accepted.$metadata.requestId,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { n: 1, fail: true },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  });
  assert.equal((responsePayload as { errorMessage: string }).errorMessage, 'boom');

  await send(fixture, { n: 2 });
  await endpoint.advance('1s');
  const succeeded = (await records()).find(({ record }) => JSON.stringify(record).includes('"Success"'))?.record;
  assert.deepEqual(succeeded?.responsePayload, { done: 2 });
});

test('events outlive a restart, and the old ones are given up', async (t) => {
  const fixture = await lambdaFixture(t);
  const { endpoint, lambda, create } = fixture;
  await bucketOf(fixture, t);
  await create(FunctionName, CODE);
  const DestinationConfig = { OnFailure: { Destination: 'arn:aws:s3:::records' } };
  const config = { FunctionName, DestinationConfig, MaximumEventAgeInSeconds: 100 };
  await lambda.send(new PutFunctionEventInvokeConfigCommand(config));
  await send(fixture, { n: 1, fail: true });
  await endpoint.advance('1s');
  await endpoint.restart();
  // The clients of before do not know the new port; the events need none.
  await endpoint.advance('60s');
  await endpoint.advance('120s');
  const s3 = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'records' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'records', Key: Contents[0]?.Key }));
  const { requestContext } = JSON.parse((await Body?.transformToString()) ?? '');
  s3.destroy();
  assert.equal(requestContext.condition, 'EventAgeExceeded');
  assert.equal(requestContext.approximateInvokeCount, 2);
});

test('an event that is given up goes to the dead letter queue as it came', async (t) => {
  const fixture = await lambdaFixture(t);
  const { endpoint, create } = fixture;
  const sqs = new SQSClient(endpoint.clientOptions());
  t.after(() => sqs.destroy());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const TargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  await create(FunctionName, CODE, { DeadLetterConfig: { TargetArn } });
  const { $metadata } = await send(fixture, { n: 1, fail: true });
  await endpoint.advance('5m');
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
  assert.deepEqual(
    Messages.map(({ Body }) => Body),
    ['{"n":1,"fail":true}'],
  );
  assert.deepEqual(Messages[0]?.MessageAttributes, {
    RequestID: { DataType: 'String', StringValue: $metadata.requestId },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ErrorMessage: { DataType: 'String', StringValue: 'boom' },
  });
});

test('metrics count what ran and what failed', async (t) => {
  const fixture = await lambdaFixture(t);
  const { endpoint, create, invoke } = fixture;
  await create(FunctionName, CODE);
  await invoke(FunctionName, { n: 1 });
  await invoke(FunctionName, { n: 2, fail: true });
  await endpoint.advance('1m');
  const sum = (metric: string) => metricSum(endpoint, metric, 'FunctionName', FunctionName);
  assert.equal(await sum('Invocations'), 2);
  assert.equal(await sum('Errors'), 1);
  assert.ok((await sum('Duration')) > 0);
});
