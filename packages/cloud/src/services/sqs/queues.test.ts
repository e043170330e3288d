import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  RemovePermissionCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { send } from '../../testing/test-endpoint.js';
import { queueFixture } from './testing/queue-fixture.js';

test('a queue is made once, has its attributes, and is gone when it is deleted', async (t) => {
  const { endpoint, sqs, queue, attributes } = await queueFixture(t);
  const url = await queue('jobs', { VisibilityTimeout: '45' });
  assert.equal(url, `${endpoint.current().url}/000000000000/jobs`);
  assert.equal(await queue('jobs', { VisibilityTimeout: '45' }), url);
  assert.equal(await queue('jobs'), url);
  await assert.rejects(queue('jobs', { VisibilityTimeout: '46' }), {
    name: 'QueueNameExists',
    message: 'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
  });
  const shown = await attributes(url);
  assert.equal(shown.QueueArn, 'arn:aws:sqs:us-east-1:000000000000:jobs');
  assert.equal(shown.VisibilityTimeout, '45');
  assert.equal(shown.MessageRetentionPeriod, '345600');
  assert.equal(shown.SqsManagedSseEnabled, 'true');
  assert.equal(shown.ApproximateNumberOfMessages, '0');
  assert.equal('FifoQueue' in shown, false);
  assert.deepEqual((await sqs().send(new ListQueuesCommand({ QueueNamePrefix: 'jo' }))).QueueUrls, [url]);
  assert.equal((await sqs().send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).QueueUrl, url);
  await sqs().send(new DeleteQueueCommand({ QueueUrl: url }));
  await assert.rejects(sqs().send(new GetQueueUrlCommand({ QueueName: 'jobs' })), {
    name: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
  });
});

test('names and attributes that cannot be are refused in the words of AWS', async (t) => {
  const { sqs, queue } = await queueFixture(t);
  await assert.rejects(queue('no spaces'), {
    message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  });
  await assert.rejects(queue('plain', { FifoQueue: 'true' }), { message: /must end with \.fifo suffix/ });
  await assert.rejects(queue('jobs.fifo'), { message: /^Can only include/ });
  await assert.rejects(queue('jobs', { VisibilityTimeout: '43201' }), {
    name: 'InvalidAttributeValue',
    message: 'Invalid value for the parameter VisibilityTimeout.',
  });
  await assert.rejects(queue('jobs', { ContentBasedDeduplication: 'true' }), { name: 'InvalidAttributeName' });
  await assert.rejects(queue('jobs', { Policy: 'x' }), { name: 'InvalidAttributeValue' });
  const url = await queue('jobs');
  await assert.rejects(
    sqs().send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Size' as 'All'] })),
    { name: 'InvalidAttributeName', message: 'Unknown Attribute Size.' },
  );
  await assert.rejects(sqs().send(new GetQueueAttributesCommand({ QueueUrl: 'http://localhost/jobs' })), {
    name: 'InvalidAddress',
  });
});

test('a redrive policy names a queue of the same kind that allows it', async (t) => {
  const { sqs, queue } = await queueFixture(t);
  const dead = await queue('dead', { RedriveAllowPolicy: '{"redrivePermission":"allowAll"}' });
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const policy = (name: string, maxReceiveCount: unknown = 3) =>
    JSON.stringify({ deadLetterTargetArn: arn(name), maxReceiveCount });
  const RedrivePolicy = policy('dead');
  const source = await queue('source', { RedrivePolicy });
  const { queueUrls } = await sqs().send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
  assert.deepEqual(queueUrls, [source]);
  const missing = policy('none');
  await assert.rejects(queue('other', { RedrivePolicy: missing }), {
    message: `Value ${missing} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
  });
  await assert.rejects(queue('other', { RedrivePolicy: policy('dead', 0) }), {
    message: /valid values are from 1 to 1000/,
  });
  await assert.rejects(queue('other.fifo', { FifoQueue: 'true', RedrivePolicy }), { message: /same type of queue/ });
  const set = (QueueUrl: string, Attributes: Record<string, string>) =>
    sqs().send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  await set(dead, { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  await assert.rejects(queue('other', { RedrivePolicy }), { message: /does not allow/ });
  await set(source, { RedrivePolicy: '' });
  assert.deepEqual((await sqs().send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }))).queueUrls, []);
});

test('tags come and go; permissions are statements of the policy', async (t) => {
  const { sqs, attributes } = await queueFixture(t);
  const { QueueUrl = '' } = await sqs().send(new CreateQueueCommand({ QueueName: 'jobs', tags: { team: 'a' } }));
  await sqs().send(new TagQueueCommand({ QueueUrl, Tags: { stage: 'dev' } }));
  await sqs().send(new UntagQueueCommand({ QueueUrl, TagKeys: ['team'] }));
  assert.deepEqual((await sqs().send(new ListQueueTagsCommand({ QueueUrl }))).Tags, { stage: 'dev' });
  const permission = { QueueUrl, Label: 'them', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] };
  await sqs().send(new AddPermissionCommand(permission));
  assert.deepEqual(JSON.parse((await attributes(QueueUrl)).Policy ?? ''), {
    Version: '2008-10-17',
    Id: 'arn:aws:sqs:us-east-1:000000000000:jobs/SQSDefaultPolicy',
    Statement: [
      {
        Sid: 'them',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'SQS:SendMessage',
        Resource: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      },
    ],
  });
  await sqs().send(new RemovePermissionCommand({ QueueUrl, Label: 'them' }));
  assert.equal((await attributes(QueueUrl)).Policy, undefined);
  await assert.rejects(sqs().send(new RemovePermissionCommand({ QueueUrl, Label: 'them' })), {
    message: /can't find label/,
  });
});

test('clients of the Query protocol are served at the address of the queue, and told errors by their old codes', async (t) => {
  const { endpoint, queue } = await queueFixture(t);
  const url = await queue('jobs');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=abc',
  };
  const query = (path: string, body: string) => send(endpoint.current().url, { path, headers, body });
  const sent = await query('/000000000000/jobs', 'Action=SendMessage&Version=2012-11-05&MessageBody=hello');
  assert.equal(sent.status, 200);
  assert.match(sent.body, /<MD5OfMessageBody>5d41402abc4b2a76b9719d911017c592<\/MD5OfMessageBody>/);
  const received = await query('/', `Action=ReceiveMessage&QueueUrl=${encodeURIComponent(url)}&AttributeName.1=All`);
  assert.match(received.body, /<ReceiveMessageResult><Message>.*<Body>hello<\/Body>/s);
  assert.match(received.body, /<Attribute><Name>ApproximateReceiveCount<\/Name><Value>1<\/Value><\/Attribute>/);
  const missing = await query('/000000000000/none', 'Action=PurgeQueue');
  assert.equal(missing.status, 400);
  assert.match(missing.body, /<Code>AWS.SimpleQueueService.NonExistentQueue<\/Code>/);
});
