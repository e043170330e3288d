import type * as Kms from '@aws-sdk/client-kms';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { changeable } from './key-operations.js';
import type { KeyStore } from './key-store.js';
import { pageOf } from './page.js';

const MAX_TAGS = 50;

export function tagOperations(store: KeyStore) {
  return {
    async tag({ caller }: RequestContext, input: Kms.TagResourceCommandInput): Promise<object> {
      const given = input.Tags ?? [];
      checkTags(given);
      await store.update(caller, input.KeyId ?? '', (key) => {
        const names = new Set(given.map(({ TagKey }) => TagKey));
        const tags = [...changeable(key, 'TagResource').tags.filter(({ TagKey }) => !names.has(TagKey)), ...given];
        if (tags.length > MAX_TAGS) throw new ServiceError('LimitExceededException', 'Too many tags');
        return { ...key, tags };
      });
      return {};
    },
    async untag({ caller }: RequestContext, input: Kms.UntagResourceCommandInput): Promise<object> {
      const names = new Set(input.TagKeys ?? []);
      await store.update(caller, input.KeyId ?? '', (key) => ({
        ...changeable(key, 'UntagResource'),
        tags: key.tags.filter(({ TagKey }) => !names.has(TagKey ?? '')),
      }));
      return {};
    },
    async list(
      { caller }: RequestContext,
      input: Kms.ListResourceTagsCommandInput,
    ): Promise<Kms.ListResourceTagsResponse> {
      const key = await store.open(caller, input.KeyId ?? '');
      const { page, ...rest } = pageOf(key.tags, ({ TagKey }) => TagKey ?? '', { Limit: MAX_TAGS, ...input });
      return { Tags: [...page], ...rest };
    },
  };
}

export function checkTags(tags: readonly Kms.Tag[]): void {
  if (tags.length > MAX_TAGS) throw new ServiceError('TagException', 'Too many tags');
  const names = new Set<string>();
  for (const { TagKey: name = '' } of tags) {
    if (name === '' || name.toLowerCase().startsWith('aws:')) {
      throw new ServiceError('TagException', `Invalid tag key: '${name}'`);
    }
    if (names.has(name)) throw new ServiceError('TagException', 'Duplicate tag keys');
    names.add(name);
  }
}
