import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataFixture, table } from './data-fixture.js';

// Words that a public conformance suite recorded on AWS in October 2026.

const fixture = new DataFixture([table('t', 'pk')], { validationWords: 'newer' });
const ONE = 'ValidationException: 1 validation error detected: ';
const BARE = 'ValidationException: ';
const Key = { pk: { S: 'a' } };
const NOT_NUMERIC = 'The parameter cannot be converted to a numeric value';
const NEST =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';

const error = (operation: Parameters<typeof fixture.error>[0], input: object) =>
  fixture.error(operation, { TableName: 't', ...input });

function nested(levels: number): object {
  let value: object = { S: 'leaf' };
  for (let level = 0; level < levels; level++) value = { M: { n: value } };
  return value;
}

test('writes tell what is wrong with a value in an envelope, and not under which placeholder', async () => {
  const values = { ExpressionAttributeValues: { ':v': { N: '' } } };
  for (const input of [
    { Item: { ...Key, n: { N: '' } } },
    { Item: Key, ConditionExpression: 'n = :v', ...values },
    { Item: Key, Expected: { n: { Value: { N: '' } } } },
  ]) {
    assert.equal(await error('PutItem', input), `${ONE}${NOT_NUMERIC}: `);
  }
  assert.equal(await error('UpdateItem', { Key, UpdateExpression: 'SET n = :v', ...values }), `${ONE}${NOT_NUMERIC}: `);
  assert.equal(await error('DeleteItem', { Key: { pk: { N: '' } } }), `${ONE}${NOT_NUMERIC}: `);
});

test('reads tell it bare', async () => {
  assert.equal(await error('GetItem', { Key: { pk: { N: '' } } }), `${BARE}${NOT_NUMERIC}: `);
  const keys = { RequestItems: { t: { Keys: [{ pk: { N: '' } }] } } };
  assert.equal(await fixture.error('BatchGetItem', keys), `${BARE}${NOT_NUMERIC}: `);
  const query = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { N: 'x' } } };
  assert.equal(await error('Query', query), `${BARE}${NOT_NUMERIC}: x`);
});

test('duplicates are shown in order up to the first repetition', async () => {
  const invalid = 'One or more parameter values were invalid: ';
  const shown: [object, string][] = [
    [{ SS: ['c', 'a', 'c', 'b', 'a'] }, `${invalid}Input collection ["a", "c", "c", "b", "a"] contains duplicates.`],
    [
      { BS: ['/w==', 'AA==', 'AA=='] },
      `${invalid}Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.`,
    ],
    [{ NS: ['2', '1', '2'] }, `${invalid}Input collection contains duplicates.`],
  ];
  for (const [set, message] of shown) {
    const Item = { ...Key, other: { SS: ['z', 'y'] }, m: { M: { set } } };
    assert.equal(await error('PutItem', { Item }), ONE + message);
    assert.equal(await error('GetItem', { Key: { pk: set } }), BARE + message);
  }
});

test('writes tell of expressions in an envelope', async () => {
  const put = (more: object) => error('PutItem', { Item: Key, ...more });
  assert.equal(
    await put({ ExpressionAttributeValues: { ':v': { S: 'a' } } }),
    `${ONE}ExpressionAttributeValues can only be specified when using expressions`,
  );
  assert.equal(
    await put({ ConditionExpression: '' }),
    `${ONE}Invalid ConditionExpression: The expression can not be empty;`,
  );
  assert.equal(
    await error('DeleteItem', { Key, ReturnValues: 'ALL_NEW' }),
    `${ONE}ReturnValues can only be ALL_OLD or NONE`,
  );
});

test('what the table or the size tells has no envelope', async () => {
  assert.equal(
    await error('UpdateItem', { Key: { pk: { N: '1' } }, UpdateExpression: 'REMOVE a' }),
    `${BARE}The provided key element does not match the schema`,
  );
  assert.equal(
    await error('PutItem', { Item: { ...Key, a: { S: 'x'.repeat(409_600) } } }),
    `${BARE}Item size has exceeded the maximum allowed size`,
  );
});

test('requests that nest very deeply are told of as before', async () => {
  const value = (levels: number) => ({
    Key,
    UpdateExpression: 'SET a = :v',
    ExpressionAttributeValues: { ':v': nested(levels) },
  });
  assert.equal(await error('PutItem', { Item: { ...Key, d: nested(61) } }), ONE + NEST);
  assert.equal(await error('PutItem', { Item: { ...Key, d: nested(63) } }), BARE + NEST);
  assert.equal(await error('UpdateItem', value(32)), ONE + NEST);
  assert.equal(
    await error('UpdateItem', value(63)),
    `${BARE}ExpressionAttributeValues contains invalid value: ${NEST} for key :v`,
  );
});
