import type * as Sns from '@aws-sdk/client-sns';
import { partitionOf } from '../../kernel/caller.js';
import { principalArn } from '../../kernel/principal.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { protocolOf } from './check-endpoint.js';
import type { Outbox } from './outbox.js';
import { pageOf } from './page.js';
import { invalidParameter } from './sns-errors.js';
import { shownAttributes, withAttributes } from './subscription-attributes.js';
import { type SubscriptionRecord, subscriptionArn, topicArn } from './topic-record.js';
import type { TopicStore } from './topic-store.js';

/** Protocols whose endpoints confirm; for the others their owner says yes by subscribing. */
const CONFIRMING = new Set(['http', 'https', 'email', 'email-json']);
/** Protocols whose endpoints are sent what confirms. */
const ASKED = new Set(['http', 'https', 'sqs']);

export function subscriptionOperations(store: TopicStore, outbox: Outbox) {
  const { kernel } = store;
  return {
    async subscribe({ principal }: RequestContext, input: Sns.SubscribeCommandInput): Promise<Sns.SubscribeResponse> {
      const topic = store.find(input.TopicArn);
      const { Endpoint: endpoint = '', ReturnSubscriptionArn: showsArn = false } = input;
      const protocol = protocolOf(topic, input.Protocol ?? '', endpoint);
      const attributes = withAttributes({}, input.Attributes ?? {});
      const isConfirmed = !CONFIRMING.has(protocol) && isOwn(principal.accountId, protocol, endpoint);
      const fresh: SubscriptionRecord = {
        id: kernel.random.uuid(),
        topic: { name: topic.name, accountId: topic.accountId, region: topic.region },
        owner: principal.accountId,
        principalArn: principalArn(principal),
        protocol,
        endpoint,
        attributes,
        token: Buffer.from(kernel.random.bytes(64)).toString('hex'),
        isConfirmed,
      };
      const subscription = await kernel.store.change((writer) => {
        store.latestIn(writer, topic);
        const same = store
          .subscriptionsOf(topic)
          .find((other) => other.protocol === protocol && other.endpoint === endpoint);
        if (same === undefined) store.putSubscriptionIn(writer, fresh);
        else checkSame(same, attributes);
        return same ?? fresh;
      });
      if (!subscription.isConfirmed && ASKED.has(protocol)) outbox.askToConfirm(subscription);
      const isShown = subscription.isConfirmed || showsArn;
      return { SubscriptionArn: isShown ? subscriptionArn(subscription) : 'pending confirmation' };
    },

    async confirm(
      _context: RequestContext,
      input: Sns.ConfirmSubscriptionCommandInput,
    ): Promise<Sns.ConfirmSubscriptionResponse> {
      const topic = store.find(input.TopicArn);
      const confirmed = await kernel.store.change((writer) => {
        const found = store.subscriptionsOf(topic).find(({ token }) => token === input.Token);
        if (found === undefined) throw invalidParameter('Token');
        const next = { ...found, isConfirmed: true };
        store.putSubscriptionIn(writer, next);
        return next;
      });
      return { SubscriptionArn: subscriptionArn(confirmed) };
    },

    /** One that is not there has ended already. */
    async unsubscribe(_context: RequestContext, input: Sns.UnsubscribeCommandInput): Promise<object> {
      let subscription: SubscriptionRecord;
      try {
        subscription = store.findSubscription(input.SubscriptionArn);
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'NotFoundException') return {};
        throw error;
      }
      await kernel.store.change((writer) => {
        const topic = store.latestIn(writer, subscription.topic);
        store.putIn(writer, { ...topic, deletedSubscriptions: topic.deletedSubscriptions + 1 });
        store.removeSubscriptionIn(writer, subscription);
      });
      return {};
    },

    attributes(
      _context: RequestContext,
      input: Sns.GetSubscriptionAttributesCommandInput,
    ): Sns.GetSubscriptionAttributesResponse {
      const subscription = store.findSubscription(input.SubscriptionArn);
      const { DeliveryPolicy } = store.find(topicArn(subscription.topic)).attributes;
      return { Attributes: { ...shownAttributes(subscription, DeliveryPolicy) } };
    },

    async setAttributes(_context: RequestContext, input: Sns.SetSubscriptionAttributesCommandInput): Promise<object> {
      const { SubscriptionArn, AttributeName: name = '', AttributeValue: value = '' } = input;
      await kernel.store.change((writer) => {
        const subscription = store.findSubscription(SubscriptionArn);
        const attributes = withAttributes(subscription.attributes, { [name]: value });
        store.putSubscriptionIn(writer, { ...subscription, attributes });
      });
      return {};
    },

    list({ caller }: RequestContext, input: Sns.ListSubscriptionsCommandInput): Sns.ListSubscriptionsResponse {
      const { page, ...rest } = pageOf(store.subscriptions.list(partitionOf(caller)), input.NextToken);
      return { Subscriptions: page.map(shown), ...rest };
    },

    listOfTopic(
      _context: RequestContext,
      input: Sns.ListSubscriptionsByTopicCommandInput,
    ): Sns.ListSubscriptionsByTopicResponse {
      const topic = store.find(input.TopicArn);
      const all = store.subscriptions.list(partitionOf(topic), { prefix: `${topic.name}/` });
      const { page, ...rest } = pageOf(all, input.NextToken);
      return { Subscriptions: page.map(shown), ...rest };
    },
  };
}

function shown(subscription: SubscriptionRecord): Sns.Subscription {
  const { isConfirmed, owner, protocol, endpoint, topic } = subscription;
  return {
    SubscriptionArn: isConfirmed ? subscriptionArn(subscription) : 'PendingConfirmation',
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn(topic),
  };
}

function checkSame(present: SubscriptionRecord, given: SubscriptionRecord['attributes']): void {
  if (Object.entries(given).every(([name, value]) => present.attributes[name] === value)) return;
  throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
}

/** Queues and functions that another account subscribes are confirmed by whoever has them. */
function isOwn(accountId: string, protocol: string, endpoint: string): boolean {
  return (protocol !== 'sqs' && protocol !== 'lambda') || endpoint.split(':')[4] === accountId;
}
