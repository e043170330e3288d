import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { SIGNED } from '../../testing/test-endpoint.js';
import { bodies, queueFixture } from './testing/queue-fixture.js';

test('a message comes with its attributes and digests, which the SDK verifies', async (t) => {
  const { queue, send, receive } = await queueFixture(t);
  const url = await queue('jobs');
  const MessageAttributes = {
    when: { DataType: 'Number.int', StringValue: '12' },
    who: { DataType: 'String', StringValue: 'Ann' },
    what: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
  };
  const sent = await send(url, 'hello', { MessageAttributes });
  assert.equal(sent.MD5OfMessageBody, '5d41402abc4b2a76b9719d911017c592');
  // Computed elsewhere, by the algorithm that AWS publishes.
  assert.equal(sent.MD5OfMessageAttributes, 'e126fcac4cf8f8d61fe8c297e3b40920');
  const [message] = await receive(url);
  assert.equal(message?.MessageId, sent.MessageId);
  assert.equal(message?.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.deepEqual(
    { ...message?.MessageAttributes, what: [...(message?.MessageAttributes?.what?.BinaryValue ?? [])] },
    { ...MessageAttributes, what: [1, 2, 255] },
  );
  assert.equal(message?.Attributes?.ApproximateReceiveCount, '1');
  assert.equal(message?.Attributes?.SentTimestamp, String(Date.UTC(2026, 0, 1)));
  assert.equal(message?.Attributes?.SenderId, '000000000000');
});

test('a received message is hidden for the visibility timeout, then comes again until it is deleted', async (t) => {
  const { endpoint, sqs, queue, send, receive, attributes } = await queueFixture(t);
  const QueueUrl = await queue('jobs');
  await send(QueueUrl, 'a');
  const [first] = await receive(QueueUrl);
  assert.deepEqual(await receive(QueueUrl), []);
  assert.equal((await attributes(QueueUrl)).ApproximateNumberOfMessagesNotVisible, '1');
  await endpoint.advance('30s');
  assert.equal((await attributes(QueueUrl)).ApproximateNumberOfMessages, '1');
  const [second] = await receive(QueueUrl);
  assert.equal(second?.Attributes?.ApproximateReceiveCount, '2');
  // The first handle counts no more.
  await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  const change = (VisibilityTimeout: number) =>
    sqs().send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout }),
    );
  await change(0);
  await assert.rejects(change(10), { message: /Message does not exist or is not available for visibility timeout/ });
  const [third] = await receive(QueueUrl);
  assert.equal(third?.Attributes?.ApproximateReceiveCount, '3');
  await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: third?.ReceiptHandle }));
  await endpoint.advance('1h');
  assert.deepEqual(await receive(QueueUrl), []);
  await assert.rejects(sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' })), {
    name: 'ReceiptHandleIsInvalid',
  });
});

test('messages are delayed by the queue or by themselves, expire, and outlive the endpoint', async (t) => {
  const { endpoint, queue, send, receive, attributes, reconnect, sqs } = await queueFixture(t);
  let url = await queue('jobs', { DelaySeconds: '60', MessageRetentionPeriod: '3600' });
  await send(url, 'late');
  await send(url, 'now', { DelaySeconds: 0 });
  assert.deepEqual(bodies(await receive(url)), ['now']);
  assert.equal((await attributes(url)).ApproximateNumberOfMessagesDelayed, '1');
  await endpoint.restart();
  reconnect();
  url = await queue('jobs');
  await endpoint.advance('60s');
  assert.deepEqual(bodies(await receive(url, { VisibilityTimeout: 1 })), ['now', 'late']);
  await endpoint.advance('1h');
  assert.deepEqual(await receive(url), []);
  assert.equal((await attributes(url)).ApproximateNumberOfMessages, '0');
  await send(url, 'purged');
  await sqs().send(new PurgeQueueCommand({ QueueUrl: url }));
  await endpoint.advance('5m');
  assert.deepEqual(await receive(url), []);
});

test('a message received too often goes to the dead letter queue with its id, count and source', async (t) => {
  const { endpoint, queue, send, receive } = await queueFixture(t);
  const dead = await queue('dead');
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  const url = await queue('jobs', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '2' }) });
  const { MessageId } = await send(url, 'poison');
  for (const count of ['1', '2']) {
    assert.equal((await receive(url))[0]?.Attributes?.ApproximateReceiveCount, count);
    await endpoint.advance('30s');
  }
  assert.deepEqual(await receive(url), []);
  const [message] = await receive(dead);
  assert.equal(message?.MessageId, MessageId);
  assert.equal(message?.Attributes?.ApproximateReceiveCount, '3');
  assert.equal(message?.Attributes?.DeadLetterQueueSourceArn, 'arn:aws:sqs:us-east-1:000000000000:jobs');
});

test('a batch does what can be done and tells what cannot; a batch that is none is refused', async (t) => {
  const { sqs, queue, receive } = await queueFixture(t);
  const QueueUrl = await queue('jobs', { MaximumMessageSize: '1024' });
  const batch = (...Entries: { Id: string; MessageBody: string }[]) =>
    sqs().send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const { Successful = [], Failed = [] } = await batch(
    { Id: 'a', MessageBody: 'one' },
    { Id: 'b', MessageBody: 'x'.repeat(1025) },
    { Id: 'c', MessageBody: 'a\u0000' },
  );
  assert.deepEqual(
    Successful.map(({ Id }) => Id),
    ['a'],
  );
  assert.deepEqual(
    Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
    [
      ['b', 'InvalidParameterValue', true],
      ['c', 'InvalidMessageContents', true],
    ],
  );
  const same = { Id: 'a', MessageBody: 'x' };
  await assert.rejects(batch(same, same), { name: 'BatchEntryIdsNotDistinct', message: 'Id a repeated.' });
  await assert.rejects(batch(), { name: 'EmptyBatchRequest' });
  await assert.rejects(batch(...Array.from({ length: 11 }, (_, at) => ({ Id: `e${at}`, MessageBody: 'x' }))), {
    name: 'TooManyEntriesInBatchRequest',
    message: 'Maximum number of entries per request are 10. You have sent 11.',
  });
  const [message] = await receive(QueueUrl);
  const deleted = await sqs().send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', ReceiptHandle: message?.ReceiptHandle },
        { Id: 'bad', ReceiptHandle: 'x' },
      ],
    }),
  );
  assert.deepEqual([deleted.Successful?.[0]?.Id, deleted.Failed?.[0]?.Code], ['good', 'ReceiptHandleIsInvalid']);
});

test('a receiver waits in the time of the machine, and is served at once by what comes or falls due', async (t) => {
  const { endpoint, sqs, queue, send, receive } = await queueFixture(t);
  const url = await queue('jobs');
  const waiting = receive(url, { WaitTimeSeconds: 20 });
  await send(url, 'a');
  assert.deepEqual(bodies(await waiting), ['a']);
  // A delay passes on the endpoint's clock.
  await send(url, 'b', { DelaySeconds: 900 });
  const later = receive(url, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 });
  await endpoint.advance('15m');
  assert.equal((await later).length, 1);
  const gone = await queue('gone');
  const disappointed = assert.rejects(receive(gone, { WaitTimeSeconds: 20 }), { name: 'QueueDoesNotExist' });
  await sqs().send(new DeleteQueueCommand({ QueueUrl: gone }));
  await disappointed;
});

test('a clock that stands still holds up nobody who waits for a message', async (t) => {
  const { endpoint, queue, receive } = await queueFixture(t);
  const url = await queue('empty', { ReceiveMessageWaitTimeSeconds: '5' });
  await endpoint.current().setClock({ frozen: true });
  let answer: unknown;
  const waiting = receive(url).then((messages) => {
    answer = messages;
  });
  const startMs = endpoint.clock.nowMs();
  while (answer === undefined) {
    endpoint.clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await waiting;
  assert.deepEqual(answer, []);
  assert.ok(endpoint.clock.nowMs() - startMs >= 5000);
});

test('a receiver that goes away takes no message with it', async (t) => {
  const { endpoint, queue, send, receive } = await queueFixture(t);
  const QueueUrl = await queue('jobs');
  const { url } = endpoint.current();
  const headers = {
    'x-amz-target': 'AmazonSQS.ReceiveMessage',
    'content-type': 'application/x-amz-json-1.0',
    authorization: SIGNED.replace('/dynamodb/', '/sqs/'),
  };
  const impatient = request(url, { method: 'POST', headers, agent: false });
  impatient.on('error', () => {});
  impatient.end(JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 }));
  const isWaiting = () => endpoint.current().requests().length;
  await once(impatient, 'finish');
  impatient.destroy();
  // The log has the request once the endpoint has let it go.
  const before = isWaiting();
  while (isWaiting() === before) await new Promise((resolve) => setImmediate(resolve));
  await send(QueueUrl, 'kept');
  assert.deepEqual(bodies(await receive(QueueUrl)), ['kept']);
});
