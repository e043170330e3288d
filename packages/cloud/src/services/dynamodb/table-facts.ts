import type { Engine, Output } from '@tablewright/engine';
import type { TableFacts } from '../../authorization/table-facts.js';
import type { Caller } from '../../kernel/caller.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';

interface KeySchema {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}

interface Description extends KeySchema {
  readonly TableArn: string;
  readonly GlobalSecondaryIndexes?: readonly (KeySchema & { readonly IndexName: string })[];
  readonly LocalSecondaryIndexes?: readonly (KeySchema & { readonly IndexName: string })[];
}

/** What policies ask about tables, answered by the engine as it would answer the API. */
export function tableFacts(engine: () => Engine): TableFacts {
  return {
    hashKey(place, table, index) {
      const description = ask(engine(), 'DescribeTable', place, { TableName: table })?.Table as Description | undefined;
      if (description === undefined) return undefined;
      const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [] } = description;
      const holder =
        index === undefined ? description : [...global, ...local].find(({ IndexName }) => IndexName === index);
      return holder?.KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
    },
    tags(place, table) {
      const ResourceArn = `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${table}`;
      const tags = ask(engine(), 'ListTagsOfResource', place, { ResourceArn })?.Tags as
        | { Key: string; Value: string }[]
        | undefined;
      return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]));
    },
  };
}

/** The policy of a table or stream; an index has that of its table. */
export function tablePolicy(engine: Engine, arn: string): OfferedPolicy | undefined {
  const [, , , region = '', accountId = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  const isStream = resource.includes('/stream/');
  const ResourceArn = isStream
    ? arn
    : arn.slice(0, arn.length - resource.length) + resource.split('/').slice(0, 2).join('/');
  const policy = ask(engine, 'GetResourcePolicy', { accountId, region }, { ResourceArn })?.Policy;
  return { accountId, documents: typeof policy === 'string' ? [policy] : [] };
}

/** Undefined for what the engine refuses, e.g. because the table is not there. */
function ask(
  engine: Engine,
  operation: 'DescribeTable' | 'ListTagsOfResource' | 'GetResourcePolicy',
  place: Caller,
  input: object,
): Output | undefined {
  try {
    // These read only, and answer at once.
    const output = engine.run(operation, place, input);
    return output instanceof Promise ? undefined : output;
  } catch {
    return undefined;
  }
}
