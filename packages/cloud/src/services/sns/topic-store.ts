import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';
import { invalidParameter, notFound } from './sns-errors.js';
import { policyOf } from './topic-attributes.js';
import type { SubscriptionRecord, TopicRecord } from './topic-record.js';

type TopicName = Caller & { readonly name: string };

/** Topics and subscriptions of every account and region. */
export class TopicStore {
  readonly topics: Records<TopicRecord>;
  /** By the topic's name and their id. */
  readonly subscriptions: Records<SubscriptionRecord>;

  constructor(readonly kernel: Kernel) {
    this.topics = new Records(kernel.store, 'sns.topics');
    this.subscriptions = new Records(kernel.store, 'sns.subscriptions');
  }

  /** Throws NotFound when there is none. */
  find(arn: string | undefined, member = 'TopicArn'): TopicRecord {
    const { name, ...place } = parseArn(arn, member);
    const topic = this.topics.get(partitionOf(place), name);
    if (topic === undefined) throw notFound('Topic');
    return topic;
  }

  findSubscription(arn: string | undefined): SubscriptionRecord {
    const { id = '', ...topic } = parseArn(arn, 'SubscriptionArn');
    const subscription = this.subscriptions.get(partitionOf(topic), `${topic.name}/${id}`);
    if (subscription === undefined) throw notFound('Subscription');
    return subscription;
  }

  subscriptionsOf(topic: TopicName): SubscriptionRecord[] {
    return [...this.subscriptions.list(partitionOf(topic), { prefix: `${topic.name}/` })].map(([, record]) => record);
  }

  /** The topic as a change sees it; throws when it is gone. */
  latestIn(writer: Writer, { name, ...place }: TopicName): TopicRecord {
    const topic = this.topics.getFrom(writer, partitionOf(place), name);
    if (topic === undefined) throw notFound('Topic');
    return topic;
  }

  putIn(writer: Writer, topic: TopicRecord): void {
    this.topics.putIn(writer, partitionOf(topic), topic.name, topic);
  }

  update(topic: TopicName, change: (topic: TopicRecord) => TopicRecord): Promise<void> {
    return this.kernel.store.change((writer) => this.putIn(writer, change(this.latestIn(writer, topic))));
  }

  putSubscriptionIn(writer: Writer, subscription: SubscriptionRecord): void {
    const { topic, id } = subscription;
    this.subscriptions.putIn(writer, partitionOf(topic), `${topic.name}/${id}`, subscription);
  }

  removeSubscriptionIn(writer: Writer, { topic, id }: SubscriptionRecord): void {
    this.subscriptions.deleteIn(writer, partitionOf(topic), `${topic.name}/${id}`);
  }

  policyOf(arn: string): OfferedPolicy | undefined {
    const [, , , region = '', accountId = '', name = '', id] = arn.split(':');
    const topic = id === undefined ? this.topics.get(partitionOf({ accountId, region }), name) : undefined;
    return topic && { accountId, documents: [policyOf(topic)] };
  }
}

/** Of a topic or, with an id, of a subscription. Throws in AWS's words. */
function parseArn(arn: string | undefined, member: string): TopicName & { readonly id?: string } {
  const parts = (arn ?? '').split(':');
  if (parts.length < 6) {
    throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  const [scheme, , service, region = '', accountId = '', name = '', id] = parts;
  if (scheme !== 'arn' || service !== 'sns') throw invalidParameter(member);
  return { region, accountId, name, ...(id !== undefined && { id }) };
}
