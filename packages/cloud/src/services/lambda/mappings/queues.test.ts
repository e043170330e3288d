import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type MappingFixture, mappingFixture } from '../testing/mapping-fixture.js';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:jobs';

/** Tells which messages the function got, by their bodies. */
const WORKER = "if (ids.includes('bad')) throw new Error('bad');";

async function queueFixture(fixture: MappingFixture, t: { after(done: () => void): void }) {
  const sqs = new SQSClient(fixture.endpoint.clientOptions());
  t.after(() => sqs.destroy());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  const create = (body = WORKER) => fixture.createWorker(body, {}, 'record.body');
  const map = (settings: Partial<CreateEventSourceMappingCommandInput> = {}) =>
    fixture.map({ EventSourceArn: ARN, StartingPosition: undefined, ...settings });
  return {
    sqs,
    QueueUrl,
    create,
    map,
    send: (...bodies: string[]) =>
      bodies.length === 1
        ? sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: bodies[0] }))
        : sqs.send(
            new SendMessageBatchCommand({
              QueueUrl,
              Entries: bodies.map((MessageBody, number) => ({ Id: String(number), MessageBody })),
            }),
          ),
    /** Receivable and in flight. */
    async left() {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
      const { Attributes = {} } = await sqs.send(asked);
      return AttributeNames.map((name) => Number(Attributes[name]));
    },
  };
}

const bodies = ({ seen }: MappingFixture): string[][] =>
  seen().map(({ Records }) => Records.map((record) => String(record.body)));

test('a mapping on a queue takes messages to the function, as AWS words them, and deletes those that are handled', async (t) => {
  const fixture = await mappingFixture(t);
  const { endpoint, seen, mapping } = fixture;
  const { create, map, left, sqs, QueueUrl } = await queueFixture(fixture, t);
  await create();
  const uuid = await map();
  const { LastModified, ...description } = await mapping(uuid);
  assert.deepEqual(description, {
    UUID: uuid,
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    EventSourceArn: ARN,
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    State: 'Enabled',
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: [],
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`,
  });
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', MessageAttributes }));
  await endpoint.advance('1s');
  const [event] = seen();
  const [first] = event?.Records ?? [];
  assert.ok(first !== undefined);
  const { receiptHandle, attributes, ...record } = first;
  assert.deepEqual(record, {
    messageId: sent.MessageId,
    body: 'hello',
    messageAttributes: { kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' } },
    md5OfMessageAttributes: sent.MD5OfMessageAttributes,
    md5OfBody: sent.MD5OfMessageBody,
    eventSource: 'aws:sqs',
    eventSourceARN: ARN,
    awsRegion: 'us-east-1',
  });
  assert.equal((attributes as { ApproximateReceiveCount?: string }).ApproximateReceiveCount, '1');
  assert.deepEqual(await left(), [0, 0]);
});

test('messages that fail come again after their visibility timeout, those of a delay when it is over', async (t) => {
  const fixture = await mappingFixture(t);
  const { endpoint } = fixture;
  const { create, map, send, left, sqs, QueueUrl } = await queueFixture(fixture, t);
  await create();
  await map({ BatchSize: 1 });
  await send('bad');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late', DelaySeconds: 10 }));
  await endpoint.advance('1s');
  assert.deepEqual(bodies(fixture), [['bad']]);
  await endpoint.advance('10s');
  assert.deepEqual(bodies(fixture), [['bad'], ['late']]);
  await endpoint.advance('20s');
  assert.deepEqual(bodies(fixture), [['bad'], ['late'], ['bad']]);
  assert.deepEqual(await left(), [0, 1]);
});

test('of a batch the reported messages come again, and filters take out what nobody wants', async (t) => {
  const fixture = await mappingFixture(t);
  const { endpoint } = fixture;
  const { create, map, send, left } = await queueFixture(fixture, t);
  await create(`
    const failed = event.Records.filter((record) => JSON.parse(record.body).bad);
    return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };`);
  await map({
    MaximumBatchingWindowInSeconds: 5,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] },
  });
  const [fine, bad, other] = ['{"kind":"order"}', '{"kind":"order","bad":true}', '{"kind":"note"}'];
  await send(fine ?? '', bad ?? '', other ?? '');
  await endpoint.advance('10s');
  assert.deepEqual(bodies(fixture), [[fine, bad]]);
  assert.deepEqual(await left(), [0, 1]);
  await endpoint.advance('30s');
  assert.deepEqual(bodies(fixture).slice(1), [[bad]]);
});

test('queues that a function cannot take messages from are refused', async (t) => {
  const fixture = await mappingFixture(t);
  const { endpoint } = fixture;
  const { map } = await queueFixture(fixture, t);
  const iam = new IAMClient(endpoint.clientOptions());
  t.after(() => iam.destroy());
  const Statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateRoleCommand({ RoleName: 'poor', AssumeRolePolicyDocument }));
  await fixture.createWorker('', { Role: 'arn:aws:iam::000000000000:role/poor', Timeout: 60 }, 'record.body');
  const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message });
  await assert.rejects(
    map(),
    invalid('The provided execution role does not have permissions to call ReceiveMessage on SQS'),
  );
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'poor', PolicyArn }));
  await assert.rejects(
    map(),
    invalid('Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds'),
  );
  await assert.rejects(map({ EventSourceArn: `${ARN}2` }), { name: 'InvalidParameterValueException' });
  await assert.rejects(
    map({ StartingPosition: 'LATEST' }),
    invalid('StartingPosition is not valid for SQS event sources.'),
  );
  await assert.rejects(map({ BatchSize: 100 }), { name: 'InvalidParameterValueException' });
});

test('what a stream gives up is told to a topic, and reaches the queues that subscribe to it', async (t) => {
  const fixture = await mappingFixture(t);
  const { endpoint } = fixture;
  const { sqs, QueueUrl } = await queueFixture(fixture, t);
  const sns = new SNSClient(endpoint.clientOptions());
  t.after(() => sns.destroy());
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'failures' }));
  const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Resource: ARN }] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: ARN, Attributes }));
  await fixture.createWorker("throw new Error('never');");
  const DestinationConfig = { OnFailure: { Destination: TopicArn } };
  await fixture.map({ MaximumRetryAttempts: 0, DestinationConfig });
  await fixture.put('a');
  await endpoint.advance('1m');
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const { requestContext } = JSON.parse(Messages[0]?.Body ?? '{}') as { requestContext?: { condition: string } };
  assert.equal(requestContext?.condition, 'RetryAttemptsExhausted');
});
