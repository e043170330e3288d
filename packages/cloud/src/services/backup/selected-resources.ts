import type { BackupSelection, Condition } from '@aws-sdk/client-backup';
import type { ListTablesCommandOutput, ListTagsOfResourceCommandOutput } from '@aws-sdk/client-dynamodb';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { serviceActor } from '../../kernel/principal.js';
import { isLike } from '../../kernel/wildcard.js';
import type { BackupStore } from './backup-store.js';

const SERVICE = 'backup.amazonaws.com';

interface Candidate {
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * The tables that a selection is of, when it runs: those that `Resources` or `ListOfTags` name, if they meet all
 * `Conditions`, without `NotResources`. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
 * Without the region's opt-in for DynamoDB, none unless the selection names it.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
 */
export async function selectedTables(
  store: BackupStore,
  caller: Caller,
  selection: BackupSelection,
): Promise<string[]> {
  const { Resources = [], NotResources = [], ListOfTags = [], Conditions = {} } = selection;
  if (store.optIns(caller).DynamoDB === false && !Resources.some((arn) => arn.startsWith('arn:aws:dynamodb:')))
    return [];
  const candidates = await tables(store.kernel, caller);
  const matchesOne = (patterns: readonly string[], arn: string): boolean => patterns.some((one) => isLike(arn, one));
  const named = (one: Candidate): boolean =>
    matchesOne(Resources, one.arn) || ListOfTags.some((condition) => hasTag(one, condition));
  const meets = (one: Candidate): boolean => {
    const value = (key: string | undefined): string => one.tags.get(tagKey(key)) ?? '';
    return (
      (Conditions.StringEquals ?? []).every((each) => value(each.ConditionKey) === each.ConditionValue) &&
      (Conditions.StringNotEquals ?? []).every((each) => value(each.ConditionKey) !== each.ConditionValue) &&
      (Conditions.StringLike ?? []).every((each) => isLike(value(each.ConditionKey), each.ConditionValue ?? '')) &&
      (Conditions.StringNotLike ?? []).every((each) => !isLike(value(each.ConditionKey), each.ConditionValue ?? ''))
    );
  };
  // Without any resource named, conditions alone select among all.
  const namesNone = Resources.length === 0 && ListOfTags.length === 0;
  return candidates
    .filter((one) => (namesNone ? hasConditions(Conditions) : named(one)) && meets(one))
    .map(({ arn }) => arn)
    .filter((arn) => !matchesOne(NotResources, arn));
}

async function tables(kernel: Kernel, caller: Caller): Promise<Candidate[]> {
  const actor = serviceActor(SERVICE, caller);
  const found: Candidate[] = [];
  let start: string | undefined;
  do {
    const { TableNames = [], LastEvaluatedTableName } = await kernel.calls.run<ListTablesCommandOutput>(
      'dynamodb',
      'ListTables',
      actor,
      start === undefined ? {} : { ExclusiveStartTableName: start },
    );
    for (const name of TableNames) {
      const arn = `arn:aws:dynamodb:${caller.region}:${caller.accountId}:table/${name}`;
      const { Tags = [] } = await kernel.calls
        .run<ListTagsOfResourceCommandOutput>('dynamodb', 'ListTagsOfResource', actor, { ResourceArn: arn })
        .catch(() => ({ Tags: [] }));
      found.push({ arn, tags: new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])) });
    }
    start = LastEvaluatedTableName;
  } while (start !== undefined);
  return found;
}

function hasConditions(conditions: NonNullable<BackupSelection['Conditions']>): boolean {
  return Object.values(conditions).some((each) => (each?.length ?? 0) > 0);
}

function hasTag({ tags }: Candidate, { ConditionKey, ConditionValue }: Condition): boolean {
  return tags.get(tagKey(ConditionKey)) === ConditionValue;
}

/** Keys may be written with where they come from: `aws:ResourceTag/stage`. */
function tagKey(key = ''): string {
  return key.startsWith('aws:ResourceTag/') ? key.slice('aws:ResourceTag/'.length) : key;
}
