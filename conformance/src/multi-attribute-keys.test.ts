import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  type AttributeValue,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

// An index of four hash attributes and two range attributes, made over items that are there.

const TYPES = { pk: 'S', a: 'S', b: 'N', c: 'B', d: 'S', r1: 'N', r2: 'S', e: 'S' } as const;
const HASH = ['a', 'b', 'c', 'd'];
const WHOLE_HASH = 'a = :a AND b = :b AND c = :c AND d = :d';
const HASH_VALUES: Record<string, AttributeValue> = {
  ':a': { S: 'x' },
  ':b': { N: '1' },
  ':c': { B: new Uint8Array([1]) },
  ':d': { S: 'd' },
};

const equals = (value: AttributeValue) => ({ ComparisonOperator: 'EQ' as const, AttributeValueList: [value] });
/** The conditions of WHOLE_HASH as they were written before expressions. */
const EQUAL_HASH = Object.fromEntries(HASH.map((name) => [name, equals(HASH_VALUES[`:${name}`] ?? { NULL: true })]));

const target = new Target();
let table = '';

function keys(hash: readonly string[], range: readonly string[]) {
  return [
    ...hash.map((AttributeName) => ({ AttributeName, KeyType: 'HASH' as const })),
    ...range.map((AttributeName) => ({ AttributeName, KeyType: 'RANGE' as const })),
  ];
}

function addIndex(IndexName: string, KeySchema: ReturnType<typeof keys>) {
  return {
    TableName: table,
    AttributeDefinitions: Object.entries(TYPES)
      .filter(([name]) => name === 'pk' || KeySchema.some(({ AttributeName }) => AttributeName === name))
      .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    GlobalSecondaryIndexUpdates: [
      { Create: { IndexName, KeySchema, Projection: { ProjectionType: 'KEYS_ONLY' as const } } },
    ],
  };
}

async function put(pk: string, r1: number, r2: string, more: Record<string, AttributeValue> = {}): Promise<void> {
  const [a, b, c, d] = [':a', ':b', ':c', ':d'].map((name) => HASH_VALUES[name] ?? { NULL: true as const });
  const Item = { pk: { S: pk }, a, b, c, d, r1: { N: String(r1) }, r2: { S: r2 }, ...more } as Record<
    string,
    AttributeValue
  >;
  await target.client.send(new PutItemCommand({ TableName: table, Item }));
}

async function query(
  condition: string,
  values: Record<string, AttributeValue> = {},
  more: Partial<QueryCommandInput> = {},
) {
  const { Items = [], LastEvaluatedKey } = await target.client.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'many',
      KeyConditionExpression: condition,
      ExpressionAttributeValues: { ...HASH_VALUES, ...values },
      ...more,
    }),
  );
  return { found: Items.map(({ pk }) => pk?.S).join(), items: Items, last: LastEvaluatedKey };
}

before(async () => {
  await target.started();
  table = await createTable(target, simpleTable(target.tableName('multi-attribute'), 'S'));
  await put('1', 2, 'm');
  await put('2', 10, 'a');
  await put('3', 2, 'b');
  await put('4', -1, 'b', { b: { N: '2' } });
  await target.client.send(
    new PutItemCommand({ TableName: table, Item: { pk: { S: 'sparse' }, a: { S: 'x' }, r2: { S: 'b' } } }),
  );
  await target.client.send(new UpdateTableCommand(addIndex('many', keys(HASH, ['r1', 'r2']))));
});

describe('an index of several hash and range attributes', () => {
  it('orders by the range attributes one after the other, and projects every key attribute', async () => {
    const { found, items } = await query(WHOLE_HASH);
    assert.equal(found, '3,1,2');
    assert.deepEqual(Object.keys(items[0] ?? {}).sort(), ['a', 'b', 'c', 'd', 'pk', 'r1', 'r2']);
    assert.equal((await query(WHOLE_HASH, {}, { ScanIndexForward: false })).found, '2,1,3');
  });

  it('takes conditions on a prefix of the range attributes', async () => {
    const two: AttributeValue = { N: '2' };
    assert.equal((await query(`${WHOLE_HASH} AND r1 = :r`, { ':r': two })).found, '3,1');
    assert.equal((await query(`${WHOLE_HASH} AND r1 > :r`, { ':r': two })).found, '2');
    const both = `${WHOLE_HASH} AND r1 = :r AND begins_with(r2, :m)`;
    assert.equal((await query(both, { ':r': two, ':m': { S: 'm' } })).found, '1');
  });

  it('takes conditions from before expressions on all its attributes', async () => {
    const legacy = async (KeyConditions: QueryCommandInput['KeyConditions']) => {
      const { Items = [] } = await target.client.send(
        new QueryCommand({ TableName: table, IndexName: 'many', KeyConditions }),
      );
      return Items.map(({ pk }) => pk?.S).join();
    };
    const above = { ComparisonOperator: 'GT' as const, AttributeValueList: [{ N: '2' }] };
    assert.equal(await legacy(EQUAL_HASH), '3,1,2');
    assert.equal(await legacy({ ...EQUAL_HASH, r1: above }), '2');
    assert.equal(await legacy({ ...EQUAL_HASH, r1: equals({ N: '2' }), r2: equals({ S: 'm' }) }), '1');
  });

  it('goes on where a page ended', async () => {
    const first = await query(WHOLE_HASH, {}, { Limit: 1 });
    assert.deepEqual(Object.keys(first.last ?? {}).sort(), ['a', 'b', 'c', 'd', 'pk', 'r1', 'r2']);
    assert.equal((await query(WHOLE_HASH, {}, { ExclusiveStartKey: first.last })).found, '1,2');
  });

  it('is scanned without items that lack a key attribute', async () => {
    const { Items = [] } = await target.client.send(new ScanCommand({ TableName: table, IndexName: 'many' }));
    assert.deepEqual(Items.map(({ pk }) => pk?.S).sort(), ['1', '2', '3', '4']);
  });

  it('loses an item whose key attribute is removed, for one unit', async () => {
    await put('gone', 7, 'g');
    const { ConsumedCapacity } = await target.client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: 'gone' } },
        UpdateExpression: 'REMOVE d',
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );
    assert.equal(ConsumedCapacity?.GlobalSecondaryIndexes?.many?.CapacityUnits, 1);
    assert.equal((await query(`${WHOLE_HASH} AND r1 = :r`, { ':r': { N: '7' } })).found, '');
  });
});

describe('an index of several attributes refuses', () => {
  const refused = (operation: string, input: unknown, message: string) =>
    expectRefusal(target, operation, input, INVALID + message);

  it('a query that leaves hash attributes out', () =>
    refused(
      'Query',
      {
        TableName: table,
        IndexName: 'many',
        KeyConditionExpression: 'a = :a AND b = :b',
        ExpressionAttributeValues: { ':a': { S: 'x' }, ':b': { N: '1' } },
      },
      'HASH key attributes c, d must have equality conditions specified in the query',
    ));

  it('items with a key attribute of another type', () =>
    refused(
      'PutItem',
      { TableName: table, Item: { pk: { S: 'p' }, a: { N: '1' } } },
      'One or more parameter values were invalid: Type mismatch for Index Key a Expected: S Actual: N IndexName: many',
    ));

  it('key conditions from before expressions that leave attributes out, in the same words', async () => {
    const refuses = (KeyConditions: object, message: string) =>
      refused('Query', { TableName: table, IndexName: 'many', KeyConditions }, message);
    const inJson = { c: { ComparisonOperator: 'EQ', AttributeValueList: [{ B: 'AQ==' }] } };
    const { d: _, ...three } = EQUAL_HASH;
    const hash = { ...EQUAL_HASH, ...inJson };
    await refuses(
      { ...three, ...inJson },
      'HASH key attributes d must have equality conditions specified in the query',
    );
    await refuses(
      { ...hash, r2: equals({ S: 'm' }) },
      'RANGE key attributes r1 must have equality conditions specified in the query because a condition is present on ' +
        'key attribute r2',
    );
    await refused(
      'Query',
      { TableName: table, KeyConditions: { pk: equals({ S: '1' }), a: equals({ S: 'x' }), r2: equals({ S: 'm' }) } },
      'Conditions can be of length 1 or 2 only',
    );
  });

  it('a beginning of a number', () =>
    expectRefusal(
      target,
      'Query',
      {
        TableName: table,
        IndexName: 'many',
        KeyConditionExpression: `${WHOLE_HASH} AND begins_with(r1, :s)`,
        ExpressionAttributeValues: {
          ':a': { S: 'x' },
          ':b': { N: '1' },
          ':c': { B: 'AQ==' },
          ':d': { S: 'd' },
          ':s': { S: '1' },
        },
      },
      /^ValidationException: .*begins_with/,
    ));

  it('an attribute twice among its hash attributes', () =>
    expectRefusal(target, 'UpdateTable', addIndex('twice', keys(['a', 'a'], [])), /^ValidationException: .*Duplicate/));

  it('more than four hash attributes, and hash attributes behind range attributes', async () => {
    await refused(
      'UpdateTable',
      addIndex('five', keys([...HASH, 'e'], [])),
      'One or more parameter values were invalid: ' +
        'The KeySchema exceeds the maximum allowed number of HASH key attributes',
    );
    await refused(
      'UpdateTable',
      addIndex('mixed', [...keys(['a'], ['r1']), ...keys(['b'], [])]),
      'One or more parameter values were invalid: ' +
        'All HASH key attributes must precede RANGE key attributes in the KeySchema',
    );
  });
});
