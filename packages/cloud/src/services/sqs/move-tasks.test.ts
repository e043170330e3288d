import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { bodies, queueFixture } from './testing/queue-fixture.js';

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

test('messages go back from a dead letter queue to where they came from, or to another queue', async (t) => {
  const fixture = await queueFixture(t);
  const { endpoint, sqs, queue, send, receive, attributes } = fixture;
  const dead = await queue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: '1' });
  const [jobs, more] = [await queue('jobs', { RedrivePolicy }), await queue('more', { RedrivePolicy })];
  const other = await queue('other');
  const start = (input: Partial<StartMessageMoveTaskCommandInput> = {}) =>
    sqs().send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead'), ...input }));
  const latest = async (MaxResults?: number) => {
    const command = new ListMessageMoveTasksCommand({ SourceArn: arn('dead'), MaxResults });
    return (await sqs().send(command)).Results ?? [];
  };
  /** Two receptions are one too many. */
  const fail = async (url: string) => {
    for (let reception = 0; reception < 2; reception++) {
      await receive(url);
      await endpoint.advance('31s');
    }
  };
  assert.deepEqual(await latest(), []);
  for (const body of ['a', 'b'])
    await send(jobs, body, { MessageAttributes: { n: { DataType: 'String', StringValue: body } } });
  await send(more, 'c');
  const sent = await receive(more);
  await endpoint.advance('31s');
  await fail(jobs);
  await fail(more);
  assert.equal((await attributes(dead)).ApproximateNumberOfMessages, '3');

  const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 50 });
  const [task] = await latest();
  const { StartedTimestamp, ...done } = task ?? {};
  assert.ok((StartedTimestamp ?? 0) > 0);
  assert.deepEqual(done, {
    Status: 'COMPLETED',
    SourceArn: arn('dead'),
    MaxNumberOfMessagesPerSecond: 50,
    ApproximateNumberOfMessagesMoved: 3,
    ApproximateNumberOfMessagesToMove: 3,
  });
  const [back, alone] = [await receive(jobs), await receive(more)];
  assert.deepEqual(bodies(back), ['a', 'b']);
  assert.equal(back[0]?.MessageAttributes?.n?.StringValue, 'a');
  assert.deepEqual(bodies(alone), ['c']);
  assert.equal(alone[0]?.Attributes?.ApproximateReceiveCount, '1');
  assert.equal(alone[0]?.Attributes?.DeadLetterQueueSourceArn, undefined);
  assert.notEqual(alone[0]?.MessageId, sent[0]?.MessageId);
  await assert.rejects(sqs().send(new CancelMessageMoveTaskCommand({ TaskHandle })), {
    name: 'ResourceNotFoundException',
    message: 'Task does not exist.',
  });

  // One that was sent here has no place to go back to.
  await send(dead, 'direct');
  await start();
  const [failed] = await latest();
  assert.equal(failed?.Status, 'FAILED');
  assert.equal(failed?.FailureReason, 'CouldNotDetermineMessageSource');
  await start({ DestinationArn: arn('other') });
  assert.deepEqual(bodies(await receive(other)), ['direct']);
  await endpoint.restart();
  fixture.reconnect();
  assert.equal((await latest(10)).length, 3);
});

test('only a dead letter queue is moved from, to another queue of its kind', async (t) => {
  const { sqs, queue } = await queueFixture(t);
  await queue('dead');
  await queue('ordered.fifo', { FifoQueue: 'true' });
  await queue('jobs', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: '1' }) });
  const refused = (input: Partial<StartMessageMoveTaskCommandInput>, name: string, message: RegExp) =>
    assert.rejects(
      sqs().send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead'), ...input })),
      (error: Error) => {
        assert.equal(error.name, name);
        assert.match(error.message, message);
        return true;
      },
    );
  const value = 'InvalidParameterValue';
  await refused({ SourceArn: arn('jobs') }, value, /^Source queue must be configured as a Dead Letter Queue\.$/);
  await refused(
    { SourceArn: arn('none') },
    'ResourceNotFoundException',
    /for the SourceArn parameter doesn't exist\.$/,
  );
  await refused({ DestinationArn: arn('none') }, 'ResourceNotFoundException', /the DestinationArn parameter doesn't/);
  await refused({ DestinationArn: 'none' }, value, /^You must use this format to specify the DestinationArn: arn:/);
  await refused({ DestinationArn: arn('dead') }, value, /cannot be the same\.$/);
  await refused({ DestinationArn: arn('ordered.fifo') }, value, /same queue type\.$/);
  await refused({ MaxNumberOfMessagesPerSecond: 501 }, value, /Must be between 1 and 500, if provided\.$/);
});
