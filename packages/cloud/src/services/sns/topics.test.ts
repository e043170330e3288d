import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddPermissionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { topicFixture } from './testing/topic-fixture.js';

test('a topic is made once, has its attributes and tags, and is gone when it is deleted', async (t) => {
  const { sns, topic } = await topicFixture(t);
  const TopicArn = await topic('alarms', { DisplayName: 'Alarms' });
  assert.equal(TopicArn, 'arn:aws:sns:us-east-1:000000000000:alarms');
  assert.equal(await topic('alarms'), TopicArn);
  await assert.rejects(topic('alarms', { DisplayName: 'other' }), {
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
  });
  const { Attributes = {} } = await sns().send(new GetTopicAttributesCommand({ TopicArn }));
  assert.equal(Attributes.DisplayName, 'Alarms');
  assert.equal(Attributes.Owner, '000000000000');
  assert.equal(JSON.parse(Attributes.Policy ?? '').Id, '__default_policy_ID');
  assert.equal(JSON.parse(Attributes.EffectiveDeliveryPolicy ?? '').http.defaultHealthyRetryPolicy.numRetries, 3);
  await sns().send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'a', Value: '1' }] }));
  await sns().send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'b', Value: '2' }] }));
  await sns().send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['a'] }));
  const { Tags } = await sns().send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
  assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }]);
  await assert.rejects(sns().send(new CreateTopicCommand({ Name: 'alarms', Tags: [] })), {
    message: /different tags$/,
  });
  assert.deepEqual((await sns().send(new ListTopicsCommand({}))).Topics, [{ TopicArn }]);
  await sns().send(new DeleteTopicCommand({ TopicArn }));
  await sns().send(new DeleteTopicCommand({ TopicArn }));
  await assert.rejects(sns().send(new GetTopicAttributesCommand({ TopicArn })), {
    name: 'NotFoundException',
    message: 'Topic does not exist',
  });
});

test('what topics and endpoints cannot be is refused in the words of AWS', async (t) => {
  const { sns, topic, subscribe, publish } = await topicFixture(t);
  await assert.rejects(topic('no spaces'), { message: 'Invalid parameter: Topic Name' });
  await assert.rejects(topic('plain', { FifoTopic: 'true' }), { message: /must end with \.fifo/ });
  const arn = await topic('alarms');
  const queue = 'arn:aws:sqs:us-east-1:000000000000:q';
  for (const [protocol, endpoint, message] of [
    ['pigeon', 'x', 'Invalid parameter: Amazon SNS does not support this protocol string: pigeon'],
    ['sqs', 'http://x', 'Invalid parameter: SQS endpoint ARN'],
    ['https', 'http://x', 'Invalid parameter: Endpoint must match the specified protocol'],
    ['email', 'nobody', 'Invalid parameter: Email address'],
  ] as const) {
    await assert.rejects(subscribe(arn, protocol, endpoint), { message });
  }
  await assert.rejects(subscribe(arn, 'sqs', `${queue}.fifo`), { message: /FIFO SQS Queues can not be subscribed/ });
  await assert.rejects(subscribe(arn, 'sqs', queue, { FilterPolicy: '{"a":"b"}' }), {
    message: /^Invalid parameter: FilterPolicy/,
  });
  await assert.rejects(subscribe(arn, 'sqs', queue, { FilterPolicy: '{"a":{"b":["c"]}}' }), { message: /nested/ });
  await assert.rejects(subscribe(arn, 'sqs', queue, { Colour: 'red' }), {
    message: 'Invalid parameter: AttributeName',
  });
  await assert.rejects(publish(arn, ''), { message: 'Invalid parameter: Empty message' });
  await assert.rejects(publish(arn, 'x'.repeat(262_145)), { message: 'Invalid parameter: Message too long' });
  await assert.rejects(publish(arn, 'x', { Subject: 'two\nlines' }), { message: 'Invalid parameter: Subject' });
  await assert.rejects(publish('alarms', 'x'), {
    message: 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
  });
  await assert.rejects(publish(arn, '{"sqs":"x"}', { MessageStructure: 'json' }), {
    message: 'Invalid parameter: Message Structure - No default entry in JSON message body',
  });
  await assert.rejects(
    sns().send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'Policy', AttributeValue: '{' })),
    { name: 'InvalidParameterException' },
  );
});

test('subscriptions are listed, changed and ended; those by mail wait for a confirmation', async (t) => {
  const { sns, topic, subscribe } = await topicFixture(t);
  const TopicArn = await topic('alarms');
  const queue = 'arn:aws:sqs:us-east-1:000000000000:q';
  const SubscriptionArn = await subscribe(TopicArn, 'sqs', queue);
  assert.match(SubscriptionArn, /^arn:aws:sns:us-east-1:000000000000:alarms:[0-9a-f-]{36}$/);
  assert.equal(await subscribe(TopicArn, 'sqs', queue), SubscriptionArn);
  await assert.rejects(subscribe(TopicArn, 'sqs', queue, { RawMessageDelivery: 'true' }), {
    message: 'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
  });
  await subscribe(TopicArn, 'email', 'ann@example.com');
  const { Subscriptions = [] } = await sns().send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  assert.deepEqual(Subscriptions.map((one) => [one.Protocol, one.SubscriptionArn]).sort(), [
    ['email', 'PendingConfirmation'],
    ['sqs', SubscriptionArn],
  ]);
  assert.equal((await sns().send(new ListSubscriptionsCommand({}))).Subscriptions?.length, 2);
  const set = (AttributeName: string, AttributeValue: string) =>
    sns().send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  const shown = async () =>
    (await sns().send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {};
  await set('RawMessageDelivery', 'true');
  await set('FilterPolicy', '{"kind":["a"]}');
  const attributes = await shown();
  assert.equal(attributes.RawMessageDelivery, 'true');
  assert.equal(attributes.FilterPolicyScope, 'MessageAttributes');
  assert.equal(attributes.PendingConfirmation, 'false');
  await set('FilterPolicy', '{}');
  assert.equal('FilterPolicy' in (await shown()), false);
  await sns().send(new UnsubscribeCommand({ SubscriptionArn }));
  await sns().send(new UnsubscribeCommand({ SubscriptionArn }));
  await assert.rejects(shown(), { name: 'NotFoundException', message: 'Subscription does not exist' });
  const { Attributes } = await sns().send(new GetTopicAttributesCommand({ TopicArn }));
  const { SubscriptionsConfirmed, SubscriptionsPending, SubscriptionsDeleted } = Attributes ?? {};
  assert.deepEqual([SubscriptionsConfirmed, SubscriptionsPending, SubscriptionsDeleted], ['0', '1', '1']);
});

test('permissions are statements of the policy of the topic', async (t) => {
  const { sns, topic } = await topicFixture(t);
  const TopicArn = await topic('alarms');
  const sids = async () => {
    const { Attributes } = await sns().send(new GetTopicAttributesCommand({ TopicArn }));
    return JSON.parse(Attributes?.Policy ?? '').Statement.map(({ Sid }: { Sid: string }) => Sid);
  };
  const permission = { TopicArn, Label: 'them', AWSAccountId: ['111111111111'], ActionName: ['Publish'] };
  await sns().send(new AddPermissionCommand(permission));
  assert.deepEqual(await sids(), ['__default_statement_ID', 'them']);
  await sns().send(new RemovePermissionCommand({ TopicArn, Label: 'them' }));
  assert.deepEqual(await sids(), ['__default_statement_ID']);
});
