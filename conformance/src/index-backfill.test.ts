import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, keySchema, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

// Indexes added to tables whose items may have values that no index key takes, and types that are given already.

const target = new Target();
let table = '';

before(async () => {
  table = await createTable(target, simpleTable(target.tableName('backfill'), 'S'));
  for (const [pk, x] of Object.entries({ empty: '', short: 'a', edge: 'a'.repeat(1024), long: 'a'.repeat(2048) })) {
    await target.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, x: { S: x } } }));
  }
  const tooLong = { pk: { S: 'too long' }, x: { S: 'a'.repeat(2049) } };
  await target.client.send(new PutItemCommand({ TableName: table, Item: tooLong }));
});

async function addIndex(IndexName: string, KeySchema: ReturnType<typeof keySchema>): Promise<string[]> {
  await target.client.send(
    new UpdateTableCommand({
      TableName: table,
      AttributeDefinitions: [...new Set(KeySchema.map(({ AttributeName }) => AttributeName))].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexUpdates: [{ Create: { IndexName, KeySchema, Projection: { ProjectionType: 'KEYS_ONLY' } } }],
    }),
  );
  await waitUntilTableExists({ client: target.client, maxWaitTime: 60, minDelay: 1 }, { TableName: table });
  const { Items } = await target.client.send(new ScanCommand({ TableName: table, IndexName }));
  return (Items ?? []).map((item) => item.pk?.S ?? '').sort();
}

describe('an index that is added', () => {
  it('leaves out items whose values cannot be its keys', async () => {
    assert.deepEqual(await addIndex('by-x', keySchema('x')), ['edge', 'long', 'short']);
    assert.deepEqual(await addIndex('by-pk-and-x', keySchema('pk', 'x')), ['edge', 'short']);
  });

  it('gives no attribute another type', () =>
    expectRefusal(
      target,
      'UpdateTable',
      {
        TableName: table,
        AttributeDefinitions: [{ AttributeName: 'x', AttributeType: 'N' }],
        GlobalSecondaryIndexUpdates: [
          { Create: { IndexName: 'again', KeySchema: keySchema('x'), Projection: { ProjectionType: 'ALL' } } },
        ],
      },
      `${INVALID}One or more parameter values were invalid: Attributes cannot be redefined. Please check that your ` +
        'attribute has the same type as previously defined. Existing schema: ' +
        'Schema:[SchemaElement: key{x:S:HASH}] New schema: Schema:[SchemaElement: key{x:N:HASH}]',
    ));
});

describe('a filter of what a local index does not project', () => {
  it('is refused, whatever is selected', async () => {
    const name = await createTable(target, indexedTable(target.tableName('filtered')));
    const query = {
      TableName: name,
      IndexName: 'local-some',
      KeyConditionExpression: 'pk = :v',
      ExpressionAttributeValues: { ':v': { S: 'v' } },
    };
    const message =
      `${INVALID}One or more parameter values were invalid: Secondary index local-some does not project one or more ` +
      'filter attributes: [d]';
    for (const Select of ['ALL_PROJECTED_ATTRIBUTES', 'ALL_ATTRIBUTES']) {
      await expectRefusal(target, 'Query', { ...query, Select, FilterExpression: 'd = :v' }, message);
    }
    await target.client.send(new QueryCommand({ ...query, Select: 'ALL_ATTRIBUTES', FilterExpression: 'a = :v' }));
  });
});
