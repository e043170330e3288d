import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { bodies, queueFixture } from './testing/queue-fixture.js';

const FIFO = { FifoQueue: 'true' };

test('messages of a group come in order, and the next only when those before are deleted', async (t) => {
  const { endpoint, sqs, queue, send, receive } = await queueFixture(t);
  const QueueUrl = await queue('jobs.fifo', FIFO);
  let id = 0;
  const put = (body: string, MessageGroupId: string) =>
    send(QueueUrl, body, { MessageGroupId, MessageDeduplicationId: String(id++) });
  const first = await put('a1', 'a');
  for (const [body, group] of [
    ['a2', 'a'],
    ['b1', 'b'],
    ['a3', 'a'],
  ] as const) {
    await put(body, group);
  }
  const [a1, ...others] = await receive(QueueUrl, { MaxNumberOfMessages: 2 });
  assert.deepEqual(bodies(a1 === undefined ? [] : [a1, ...others]), ['a1', 'a2']);
  assert.equal(a1?.Attributes?.SequenceNumber, first.SequenceNumber);
  assert.equal(a1?.Attributes?.MessageGroupId, 'a');
  assert.deepEqual(bodies(await receive(QueueUrl)), ['b1']);
  await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: a1?.ReceiptHandle }));
  assert.deepEqual(await receive(QueueUrl), []);
  await endpoint.advance('30s');
  assert.deepEqual(bodies(await receive(QueueUrl)), ['a2', 'b1', 'a3']);
});

test('what was sent within five minutes is not sent again', async (t) => {
  const { endpoint, queue, send, receive } = await queueFixture(t);
  const url = await queue('jobs.fifo', { ...FIFO, ContentBasedDeduplication: 'true' });
  const put = (body: string, more = {}) => send(url, body, { MessageGroupId: 'g', ...more });
  const first = await put('same');
  const again = await put('same');
  assert.deepEqual([again.MessageId, again.SequenceNumber], [first.MessageId, first.SequenceNumber]);
  await put('same', { MessageDeduplicationId: 'other' });
  assert.equal((await receive(url, { VisibilityTimeout: 0 })).length, 2);
  await endpoint.advance('5m');
  assert.notEqual((await put('same')).MessageId, first.MessageId);
  assert.equal((await receive(url)).length, 3);
});

test('deduplication is by group where the queue is set so', async (t) => {
  const { queue, send, receive } = await queueFixture(t);
  const url = await queue('jobs.fifo', {
    ...FIFO,
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
  for (const MessageGroupId of ['a', 'b', 'a']) await send(url, 'x', { MessageGroupId, MessageDeduplicationId: '1' });
  assert.equal((await receive(url)).length, 2);
});

test('a FIFO queue asks for group and deduplication id, and takes no delay', async (t) => {
  const { queue, send } = await queueFixture(t);
  const url = await queue('jobs.fifo', FIFO);
  await assert.rejects(send(url, 'x'), { message: 'The request must contain the parameter MessageGroupId.' });
  await assert.rejects(send(url, 'x', { MessageGroupId: 'g' }), {
    message:
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  });
  const sent = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  await assert.rejects(send(url, 'x', { ...sent, DelaySeconds: 1 }), {
    message: /^Value 1 for parameter DelaySeconds/,
  });
  const plain = await queue('jobs');
  await assert.rejects(send(plain, 'x', { MessageDeduplicationId: 'd' }), { message: /not valid for this queue type/ });
});

test('an expired receipt handle does not delete from a FIFO queue', async (t) => {
  const { endpoint, sqs, queue, send, receive } = await queueFixture(t);
  const QueueUrl = await queue('jobs.fifo', FIFO);
  await send(QueueUrl, 'x', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
  const [message] = await receive(QueueUrl);
  await endpoint.advance('30s');
  await assert.rejects(sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle })), {
    message: /Reason: The receipt handle has expired\.$/,
  });
});
