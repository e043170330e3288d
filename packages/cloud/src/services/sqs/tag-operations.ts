import type * as Sqs from '@aws-sdk/client-sqs';
import type { RequestContext } from '../service.js';
import type { QueueStore } from './queue-store.js';
import { invalidParameter } from './sqs-errors.js';

const MAX_TAGS = 50;
type Tags = Readonly<Record<string, string>>;

export function tagOperations(store: QueueStore) {
  return {
    async tag({ caller }: RequestContext, input: Sqs.TagQueueCommandInput): Promise<object> {
      const queue = store.find(caller, input.QueueUrl);
      await store.update(queue, (latest) => ({ ...latest, tags: mergedTags(latest.tags, input.Tags ?? {}) }));
      return {};
    },
    async untag({ caller }: RequestContext, input: Sqs.UntagQueueCommandInput): Promise<object> {
      const gone = new Set(input.TagKeys ?? []);
      await store.update(store.find(caller, input.QueueUrl), (latest) => ({
        ...latest,
        tags: Object.fromEntries(Object.entries(latest.tags).filter(([key]) => !gone.has(key))),
      }));
      return {};
    },
    list({ caller }: RequestContext, input: Sqs.ListQueueTagsCommandInput): Sqs.ListQueueTagsResult {
      const { tags } = store.find(caller, input.QueueUrl);
      return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
    },
  };
}

/** Throws in AWS's words when there would be too many, or one that is not allowed. */
export function mergedTags(present: Tags, given: Tags): Tags {
  for (const [key, value] of Object.entries(given)) {
    if (key === '' || key.length > 128 || key.toLowerCase().startsWith('aws:') || value.length > 256) {
      throw invalidParameter(
        `The tag ${key} is invalid: keys have 1 to 128 characters and do not begin with aws:, values up to 256`,
      );
    }
  }
  const tags = { ...present, ...given };
  if (Object.keys(tags).length > MAX_TAGS) {
    throw invalidParameter(`Too many tags added for queue. Maximum number of tags is ${MAX_TAGS}.`);
  }
  return tags;
}
