import type * as Sns from '@aws-sdk/client-sns';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { invalidParameter } from './sns-errors.js';
import type { Attributes, TopicRecord } from './topic-record.js';
import type { TopicStore } from './topic-store.js';

const MAX_TAGS = 50;

export function tagOperations(store: TopicStore) {
  const find = (arn: string | undefined): TopicRecord => {
    try {
      return store.find(arn, 'ResourceArn');
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'NotFoundException') {
        throw new ServiceError('ResourceNotFoundException', 'Resource does not exist');
      }
      throw error;
    }
  };
  return {
    async tag(_context: RequestContext, input: Sns.TagResourceCommandInput): Promise<object> {
      const tags = tagsFrom(input.Tags);
      await store.update(find(input.ResourceArn), (topic) => ({ ...topic, tags: mergedTags(topic.tags, tags) }));
      return {};
    },
    async untag(_context: RequestContext, input: Sns.UntagResourceCommandInput): Promise<object> {
      const gone = new Set(input.TagKeys ?? []);
      await store.update(find(input.ResourceArn), (topic) => ({
        ...topic,
        tags: Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !gone.has(key))),
      }));
      return {};
    },
    list(_context: RequestContext, input: Sns.ListTagsForResourceCommandInput): Sns.ListTagsForResourceResponse {
      const { tags } = find(input.ResourceArn);
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

export function tagsFrom(given: readonly Sns.Tag[] | undefined): Attributes {
  const tags: Record<string, string> = {};
  for (const { Key: key = '', Value: value = '' } of given ?? []) {
    if (key === '' || key.length > 128 || key.toLowerCase().startsWith('aws:') || value.length > 256) {
      throw invalidParameter(`Tags Reason: the tag ${key} is not one that can be given`);
    }
    if (Object.hasOwn(tags, key)) throw invalidParameter('Duplicate keys are not allowed.');
    tags[key] = value;
  }
  return tags;
}

export function mergedTags(present: Attributes, given: Attributes): Attributes {
  const tags = { ...present, ...given };
  if (Object.keys(tags).length > MAX_TAGS) {
    throw new ServiceError(
      'TagLimitExceededException',
      'Could not complete request: tag quota of per resource exceeded',
    );
  }
  return tags;
}
