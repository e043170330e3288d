import { CreateTableCommand, type CreateTableCommandInput, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { Target } from './target.js';

type Changes = Partial<CreateTableCommandInput>;

function definitions(
  types: Readonly<Record<string, 'S' | 'N' | 'B'>>,
): CreateTableCommandInput['AttributeDefinitions'] {
  return Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

/** Key schema from attribute names: hash, then range. */
export function keySchema(hash: string, range?: string): NonNullable<CreateTableCommandInput['KeySchema']> {
  const elements = [{ AttributeName: hash, KeyType: 'HASH' as const }];
  return range === undefined ? elements : [...elements, { AttributeName: range, KeyType: 'RANGE' as const }];
}

/** A table with hash key `pk` (and range key `sk`) of the types given. */
export function simpleTable(name: string, pk: 'S' | 'N' | 'B', sk?: 'S' | 'N' | 'B'): CreateTableCommandInput {
  return {
    TableName: name,
    AttributeDefinitions: definitions(sk === undefined ? { pk } : { pk, sk }),
    KeySchema: sk === undefined ? keySchema('pk') : keySchema('pk', 'sk'),
    BillingMode: 'PAY_PER_REQUEST',
  };
}

/**
 * A table of strings with every kind of index: local `local-all` (on a) and `local-some` (on b, with a), global
 * `global-all` (on a) and `global-some` (on a and b, with c).
 */
export function indexedTable(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    AttributeDefinitions: definitions({ pk: 'S', sk: 'S', a: 'S', b: 'S' }),
    KeySchema: keySchema('pk', 'sk'),
    BillingMode: 'PAY_PER_REQUEST',
    LocalSecondaryIndexes: [
      { IndexName: 'local-all', KeySchema: keySchema('pk', 'a'), Projection: { ProjectionType: 'ALL' } },
      {
        IndexName: 'local-some',
        KeySchema: keySchema('pk', 'b'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] },
      },
    ],
    GlobalSecondaryIndexes: [
      { IndexName: 'global-all', KeySchema: keySchema('a'), Projection: { ProjectionType: 'ALL' } },
      {
        IndexName: 'global-some',
        KeySchema: keySchema('a', 'b'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['c'] },
      },
    ],
  };
}

export async function createTable(
  target: Target,
  input: CreateTableCommandInput,
  changes: Changes = {},
): Promise<string> {
  await target.started();
  await target.client.send(new CreateTableCommand({ ...input, ...changes }));
  const name = input.TableName ?? '';
  await waitUntilTableExists({ client: target.client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });
  return name;
}
