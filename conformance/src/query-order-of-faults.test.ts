import { before, describe, it } from 'node:test';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';

// Queries with several faults in key conditions and start key. DynamoDB looks at the table, the index, the number of
// attributes in the start key, then attribute by attribute of the key: first at the start key, then at the condition.

const MISSED = 'Query condition missed key schema element: ';
const START_KEY = 'The provided starting key is invalid';
const NOT_INDEXABLE = 'Attempted conditional constraint is not an indexable operation';

const target = new Target();
let plain = '';
let composite = '';
let indexed = '';

before(async () => {
  plain = await createTable(target, simpleTable(target.tableName('plain'), 'S'));
  composite = await createTable(target, simpleTable(target.tableName('composite'), 'S', 'N'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const S = { S: 'text' };
const N = { N: '7' };
const refuses = (input: Json, message: string) => expectRefusal(target, 'Query', input, INVALID + message);
const keyed = (KeyConditionExpression: string, values: Json = { ':v': S }) => ({
  KeyConditionExpression,
  ExpressionAttributeValues: values,
});

describe('an operator that no key has', () => {
  const isNull = { ComparisonOperator: 'NULL' };
  const contains = { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [S] };
  const equal = { ComparisonOperator: 'EQ', AttributeValueList: [S] };

  it('comes after the table', () =>
    expectRefusal(
      target,
      'Query',
      { TableName: 'absent', KeyConditions: { pk: isNull } },
      'ResourceNotFoundException: Requested resource not found',
    ));

  it('comes after the index and the start key', async () => {
    const query = { TableName: plain, KeyConditions: { pk: contains } };
    await refuses({ ...query, IndexName: 'none' }, 'The table does not have the specified index: none');
    await refuses({ ...query, ExclusiveStartKey: {} }, START_KEY);
    await refuses({ ...query, ExclusiveStartKey: { pk: N } }, 'The provided key element does not match the schema');
    await refuses({ ...query, ExclusiveStartKey: { pk: S } }, NOT_INDEXABLE);
  });

  it('comes after the attributes that the key has', async () => {
    await refuses({ TableName: plain, KeyConditions: { zz: isNull } }, `${MISSED}pk`);
    await refuses({ TableName: composite, KeyConditions: { pk: equal, zz: isNull } }, `${MISSED}sk`);
    await refuses({ TableName: composite, KeyConditions: { pk: equal, sk: contains } }, NOT_INDEXABLE);
  });

  it('comes after values that are wrong', async () => {
    const none =
      'One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator';
    const wrong = { pk: isNull, sk: { ComparisonOperator: 'EQ' } };
    await refuses({ TableName: 'absent', KeyConditions: wrong }, none);
    await refuses({ TableName: 'absent', KeyConditions: { ...wrong, third: isNull } }, none);
    await refuses(
      { TableName: 'absent', KeyConditions: { a: isNull, b: isNull, c: isNull } },
      'Conditions can be of length 1 or 2 only',
    );
  });
});

describe('a start key', () => {
  it('is counted before the conditions are looked at', () =>
    refuses({ TableName: composite, ExclusiveStartKey: { pk: S }, ...keyed('zz = :v') }, START_KEY));

  it('has its hash attribute looked at before the condition on that', async () => {
    const start = { TableName: composite, ...keyed('zz = :v') };
    await refuses({ ...start, ExclusiveStartKey: { sk: N, z: N } }, START_KEY);
    await refuses(
      { ...start, ExclusiveStartKey: { pk: N, z: N } },
      'The provided key element does not match the schema',
    );
    await refuses({ ...start, ExclusiveStartKey: { pk: S, z: N } }, `${MISSED}pk`);
  });

  it('has its range attribute looked at after the condition on the hash attribute', async () => {
    const start = { TableName: composite, ...keyed('pk = :v') };
    await refuses({ ...start, ExclusiveStartKey: { pk: S, z: N } }, START_KEY);
    await refuses(
      { ...start, ExclusiveStartKey: { pk: S, sk: S } },
      'The provided key element does not match the schema',
    );
    await refuses(
      { TableName: composite, ...keyed('pk > :v'), ExclusiveStartKey: { pk: S, sk: S } },
      'Query key condition not supported',
    );
  });

  it('of an index is checked against the keys of the index first', async () => {
    const start = { TableName: indexed, IndexName: 'local-all', ...keyed('pk = :v') };
    await refuses({ ...start, ExclusiveStartKey: { pk: S, sk: N, z: S } }, START_KEY);
  });
});
