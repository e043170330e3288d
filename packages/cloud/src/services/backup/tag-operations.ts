import type * as Backup from '@aws-sdk/client-backup';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { RequestContext } from '../service.js';
import { notFound } from './backup-errors.js';
import { parseVaultArn } from './backup-records.js';
import type { BackupStore } from './backup-store.js';
import { pageOf } from './page.js';

type Tags = Readonly<Record<string, string>>;

/** Something that has tags. */
interface Tagged {
  readonly tags: Tags;
  put(tags: Tags): Promise<void>;
}

/** Tags of vaults, plans and recovery points. */
export function tagOperations(store: BackupStore) {
  function open(caller: Caller, arn = ''): Tagged {
    const vaultName = parseVaultArn(arn)?.name;
    const vault = vaultName === undefined ? undefined : store.vaults.get(partitionOf(caller), vaultName);
    if (vault !== undefined) return { tags: vault.tags, put: (tags) => store.putVault({ ...vault, tags }) };
    const plan = store.plans.get(partitionOf(caller), /:backup-plan:([\w-]+)$/.exec(arn)?.[1] ?? '');
    if (plan !== undefined) return { tags: plan.tags, put: (tags) => store.putPlan({ ...plan, tags }) };
    const point = store.points.get(partitionOf(caller), arn);
    if (point !== undefined) return { tags: point.tags, put: (tags) => store.putPoint({ ...point, tags }) };
    throw notFound(`Resource ${arn} does not exist`);
  }

  return {
    list({ caller }: RequestContext, input: Backup.ListTagsCommandInput): Backup.ListTagsOutput {
      const { page, NextToken } = pageOf(Object.entries(open(caller, input.ResourceArn).tags), input);
      return { Tags: Object.fromEntries(page), ...(NextToken && { NextToken }) };
    },

    async tag({ caller }: RequestContext, input: Backup.TagResourceCommandInput): Promise<object> {
      const tagged = open(caller, input.ResourceArn);
      await tagged.put({ ...tagged.tags, ...input.Tags });
      return {};
    },

    async untag({ caller }: RequestContext, input: Backup.UntagResourceCommandInput): Promise<object> {
      const tagged = open(caller, input.ResourceArn);
      const going = new Set(input.TagKeyList ?? []);
      await tagged.put(Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !going.has(key))));
      return {};
    },
  };
}
