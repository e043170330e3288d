import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { ConfirmSubscriptionCommand, GetSubscriptionAttributesCommand, PublishBatchCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { policyOf } from '../../testing/iam-fixture.js';
import { send } from '../../testing/test-endpoint.js';
import { envelopeOf, topicFixture } from './testing/topic-fixture.js';

test('a queue gets a message in its envelope, or raw with its attributes', async (t) => {
  const { topic, queue, subscribe, publish, received } = await topicFixture(t);
  const arn = await topic('news');
  const subscription = await subscribe(arn, 'sqs', await queue('wrapped'));
  await subscribe(arn, 'sqs', await queue('raw'), { RawMessageDelivery: 'true' });
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'a' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
  };
  const { MessageId } = await publish(arn, 'hello', { Subject: 'greeting', MessageAttributes });
  const [wrapped] = await received('wrapped');
  assert.match(wrapped?.Body ?? '', /^\{\n {2}"Type" : "Notification",\n/);
  const { Signature, SigningCertURL, UnsubscribeURL, ...envelope } = envelopeOf(wrapped);
  assert.deepEqual(envelope, {
    Type: 'Notification',
    MessageId,
    TopicArn: arn,
    Subject: 'greeting',
    Message: 'hello',
    Timestamp: '2026-01-01T00:00:00.000Z',
    SignatureVersion: '1',
    MessageAttributes: { kind: { Type: 'String', Value: 'a' }, bytes: { Type: 'Binary', Value: 'AQI=' } },
  });
  assert.ok(String(UnsubscribeURL).includes(encodeURIComponent(subscription)));
  const [raw] = await received('raw');
  assert.equal(raw?.Body, 'hello');
  assert.equal(raw?.MessageAttributes?.kind?.StringValue, 'a');
});

test('each protocol gets the text that is meant for it; filters decide who gets any', async (t) => {
  const { sns, topic, queue, subscribe, publish, received } = await topicFixture(t);
  const TopicArn = await topic('news');
  const raw = { RawMessageDelivery: 'true' };
  await subscribe(TopicArn, 'sqs', await queue('all'), raw);
  await subscribe(TopicArn, 'sqs', await queue('some'), { ...raw, FilterPolicy: '{"kind":[{"prefix":"or"}]}' });
  const byBody = {
    ...raw,
    FilterPolicyScope: 'MessageBody',
    FilterPolicy: '{"order":{"total":[{"numeric":[">",10]}]}}',
  };
  await subscribe(TopicArn, 'sqs', await queue('large'), byBody);
  await publish(TopicArn, '{"default":"for others","sqs":"for queues"}', { MessageStructure: 'json' });
  await publish(TopicArn, 'an order', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } } });
  const { Successful, Failed } = await sns().send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: 'small', Message: '{"order":{"total":5}}' },
        { Id: 'large', Message: '{"order":{"total":50}}' },
        { Id: 'none', Message: '' },
      ],
    }),
  );
  assert.equal(Successful?.length, 2);
  assert.deepEqual(Failed?.[0]?.Code, 'InvalidParameter');
  const bodies = async (name: string) => (await received(name)).map(({ Body }) => Body).sort();
  assert.deepEqual(await bodies('all'), ['an order', 'for queues', '{"order":{"total":50}}', '{"order":{"total":5}}']);
  assert.deepEqual(await bodies('some'), ['an order']);
  assert.deepEqual(await bodies('large'), ['{"order":{"total":50}}']);
});

test('a queue whose policy does not let the topic gets nothing; the dead letter queue of the subscription does', async (t) => {
  const { topic, queue, setPolicy, subscribe, publish, received } = await topicFixture(t);
  const arn = await topic('news');
  const closed = await queue('closed');
  const allowing = (topicArn: string) =>
    policyOf({
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: closed,
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    });
  await setPolicy('closed', allowing(`${arn}-other`));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await queue('dead') });
  await subscribe(arn, 'sqs', closed, { RedrivePolicy });
  await publish(arn, 'lost');
  assert.deepEqual(await received('closed'), []);
  assert.equal(envelopeOf((await received('dead'))[0]).Message, 'lost');
  await setPolicy('closed', allowing(arn));
  await publish(arn, 'found');
  assert.equal(envelopeOf((await received('closed'))[0]).Message, 'found');
});

test('a FIFO topic keeps order, groups and deduplication ids', async (t) => {
  const { topic, queue, subscribe, publish, received } = await topicFixture(t);
  const arn = await topic('news.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  await subscribe(arn, 'sqs', await queue('news.fifo', { FifoQueue: 'true' }), { RawMessageDelivery: 'true' });
  const texts = ['1', '2', '3', '4', '5', '5'];
  const sent = await Promise.all(texts.map((text) => publish(arn, text, { MessageGroupId: 'g' })));
  assert.equal(sent[0]?.SequenceNumber?.length, 20);
  const inOrder = sent
    .map(({ SequenceNumber = '' }, index) => [SequenceNumber, texts[index]] as const)
    .sort()
    .map(([, text]) => text);
  const messages = await received('news.fifo');
  assert.deepEqual(
    messages.map(({ Body }) => Body),
    [...new Set(inOrder)],
  );
  assert.equal(messages[0]?.Attributes?.MessageGroupId, 'g');
  await assert.rejects(publish(arn, 'x'), { message: /MessageGroupId parameter is required/ });
});

/** An HTTP endpoint that keeps what it gets, and answers with the statuses given, then with 200. */
async function listener(t: TestContext, ...statuses: number[]) {
  const got: { type: unknown; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      got.push({ type: request.headers['x-amz-sns-message-type'], body });
      response.writeHead(
        request.headers['x-amz-sns-message-type'] === 'Notification' ? (statuses.shift() ?? 200) : 200,
      );
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

test('an HTTP endpoint confirms by the link that it is sent, then gets messages, again where it failed', async (t) => {
  const { endpoint, sns, topic, queue, subscribe, publish, received } = await topicFixture(t);
  const { got, url } = await listener(t, 500, 503, 404);
  const arn = await topic('news');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await queue('dead') });
  const SubscriptionArn = await subscribe(arn, 'http', url, { RedrivePolicy });
  await publish(arn, 'too early');
  await endpoint.advance('1s');
  assert.deepEqual(
    got.map(({ type }) => type),
    ['SubscriptionConfirmation'],
  );
  const { SubscribeURL } = JSON.parse(got[0]?.body ?? '{}') as { SubscribeURL: string };
  const link = new URL(SubscribeURL);
  const confirmed = await send(link.origin, { method: 'GET', path: link.pathname + link.search });
  assert.match(confirmed.body, new RegExp(`<SubscriptionArn>${SubscriptionArn}</SubscriptionArn>`));
  const { Attributes } = await sns().send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  assert.equal(Attributes?.PendingConfirmation, 'false');
  await publish(arn, 'hello');
  await endpoint.advance('1s');
  assert.equal(got.length, 2);
  await endpoint.advance('20s');
  assert.equal(got.length, 3);
  // Refused for good: there is no third attempt.
  await endpoint.advance('1h');
  assert.equal(got.length, 4);
  assert.equal(envelopeOf((await received('dead'))[0]).Message, 'hello');
  await publish(arn, 'again');
  await endpoint.advance('1s');
  assert.equal(got.length, 5);
});

test('the queue of another account is asked to confirm', async (t) => {
  const { endpoint, sns, topic, subscribe, publish } = await topicFixture(t);
  const owner = new SQSClient(endpoint.clientOptions('111111111111'));
  t.after(() => owner.destroy());
  const Resource = 'arn:aws:sqs:us-east-1:111111111111:theirs';
  const Policy = policyOf({
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource,
  });
  const queue = { QueueName: 'theirs', Attributes: { Policy } };
  const { QueueUrl } = await owner.send(new CreateQueueCommand(queue));
  const receive = async () => {
    await endpoint.advance('1s');
    return (await owner.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [];
  };
  const TopicArn = await topic('news');
  const SubscriptionArn = await subscribe(TopicArn, 'sqs', Resource);
  const { Type, Token } = envelopeOf((await receive())[0]);
  assert.equal(Type, 'SubscriptionConfirmation');
  await publish(TopicArn, 'too early');
  assert.deepEqual(await receive(), []);
  await assert.rejects(sns().send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'x' })), {
    message: 'Invalid parameter: Token',
  });
  const confirmed = await sns().send(new ConfirmSubscriptionCommand({ TopicArn, Token: String(Token) }));
  assert.equal(confirmed.SubscriptionArn, SubscriptionArn);
  await publish(TopicArn, 'hello');
  assert.equal(envelopeOf((await receive())[0]).Message, 'hello');
});

test('what waits to be tried again is there after a restart', async (t) => {
  const { endpoint, reconnect, topic, subscribe, publish } = await topicFixture(t);
  const { got, url } = await listener(t, 500);
  const arn = await topic('news');
  await subscribe(arn, 'http', url);
  await endpoint.advance('1s');
  const link = new URL((JSON.parse(got[0]?.body ?? '{}') as { SubscribeURL: string }).SubscribeURL);
  await send(link.origin, { method: 'GET', path: link.pathname + link.search });
  await publish(arn, 'kept');
  await endpoint.advance('1s');
  assert.equal(got.length, 2);
  await endpoint.restart();
  reconnect();
  await endpoint.advance('1s');
  assert.equal(got.length, 2);
  await endpoint.advance('20s');
  assert.equal(got.length, 3);
  assert.equal((JSON.parse(got[2]?.body ?? '{}') as { Message: string }).Message, 'kept');
  await endpoint.advance('1h');
  assert.equal(got.length, 3);
});

test('an alarm tells its topic, and the topic a queue', async (t) => {
  const { endpoint, topic, queue, subscribe, received } = await topicFixture(t);
  const arn = await topic('alarms');
  await subscribe(arn, 'sqs', await queue('pager'));
  const cloudwatch = new CloudWatchClient(endpoint.clientOptions());
  t.after(() => cloudwatch.destroy());
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'busy',
      Namespace: 'App',
      MetricName: 'Requests',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [arn],
    }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'busy', StateValue: 'ALARM', StateReason: 'a test' }));
  const envelope = envelopeOf((await received('pager'))[0]);
  assert.equal(envelope.Subject, 'ALARM: "busy" in US East (N. Virginia)');
  const { NewStateValue, NewStateReason } = JSON.parse(String(envelope.Message)) as Record<string, unknown>;
  assert.deepEqual([NewStateValue, NewStateReason], ['ALARM', 'a test']);
});
