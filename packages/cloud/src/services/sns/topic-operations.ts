import type * as Sns from '@aws-sdk/client-sns';
import { partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { pageOf } from './page.js';
import { invalidParameter } from './sns-errors.js';
import { mergedTags, tagsFrom } from './tag-operations.js';
import { checkName, shownAttributes, withAttributes } from './topic-attributes.js';
import { type TopicRecord, topicArn } from './topic-record.js';
import type { TopicStore } from './topic-store.js';

export function topicOperations(store: TopicStore) {
  const { kernel, topics } = store;
  return {
    async create({ caller }: RequestContext, input: Sns.CreateTopicCommandInput): Promise<Sns.CreateTopicResponse> {
      const { Name: name = '', Attributes: given = {} } = input;
      const tags = mergedTags({}, tagsFrom(input.Tags));
      checkName(name, given);
      const topic: TopicRecord = {
        name,
        accountId: caller.accountId,
        region: caller.region,
        createdMs: kernel.clock.nowMs(),
        attributes: withAttributes(name, {}, given),
        tags,
        deletedSubscriptions: 0,
        sequence: 0,
      };
      await kernel.store.change((writer) => {
        const present = topics.getFrom(writer, partitionOf(caller), name);
        if (present === undefined) store.putIn(writer, topic);
        else checkSame(present, given, input.Tags === undefined ? undefined : tags);
      });
      return { TopicArn: topicArn(topic) };
    },

    attributes(_context: RequestContext, input: Sns.GetTopicAttributesCommandInput): Sns.GetTopicAttributesResponse {
      const topic = store.find(input.TopicArn);
      return { Attributes: { ...shownAttributes(topic, store.subscriptionsOf(topic)) } };
    },

    async setAttributes(_context: RequestContext, input: Sns.SetTopicAttributesCommandInput): Promise<object> {
      const { AttributeName: name = '', AttributeValue: value = '' } = input;
      if (name === 'FifoTopic') throw invalidParameter('AttributeName');
      await store.update(store.find(input.TopicArn), (topic) => ({
        ...topic,
        attributes: withAttributes(topic.name, topic.attributes, { [name]: value }),
      }));
      return {};
    },

    list({ caller }: RequestContext, input: Sns.ListTopicsCommandInput): Sns.ListTopicsResponse {
      const { page, ...rest } = pageOf(topics.list(partitionOf(caller)), input.NextToken);
      return { Topics: page.map((topic) => ({ TopicArn: topicArn(topic) })), ...rest };
    },

    /** A topic that is not there is deleted already. */
    async remove(_context: RequestContext, input: Sns.DeleteTopicCommandInput): Promise<object> {
      let topic: TopicRecord;
      try {
        topic = store.find(input.TopicArn);
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'NotFoundException') return {};
        throw error;
      }
      await kernel.store.change((writer) => {
        topics.deleteIn(writer, partitionOf(topic), topic.name);
        for (const subscription of store.subscriptionsOf(topic)) store.removeSubscriptionIn(writer, subscription);
      });
      return {};
    },
  };
}

/** A topic that is there is taken for the one that is to be made if what is given agrees with what it has. */
function checkSame(
  present: TopicRecord,
  given: Readonly<Record<string, string>>,
  tags: TopicRecord['tags'] | undefined,
): void {
  const shown = shownAttributes(present, []);
  if (Object.entries(given).some(([name, value]) => (shown[name] ?? '') !== value)) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  if (tags === undefined) return;
  const sorted = (one: object): string => JSON.stringify(Object.entries(one).sort());
  if (sorted(tags) !== sorted(present.tags)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  }
}
