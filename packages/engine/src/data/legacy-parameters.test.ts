import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DataFixture, table } from './data-fixture.js';

// Expectations checked against DynamoDB Local, except for words in which it departs from AWS.

const fixture = new DataFixture([table('t', 'pk sk:N')]);
const key = (sk: number) => ({ pk: { S: 'a' }, sk: { N: String(sk) } });
const ITEM = { ...key(1), a: { S: 'x1' }, n: { N: '1' }, ss: { SS: ['a', 'b'] }, l: { L: [{ S: 'q' }] } };
const condition = (ComparisonOperator: string, ...AttributeValueList: object[]) => ({
  ComparisonOperator,
  AttributeValueList,
});

before(async () => {
  for (const sk of [2, 3]) {
    await fixture.run('PutItem', { TableName: 't', Item: { ...key(sk), a: { S: `x${sk}` }, n: { N: String(sk) } } });
  }
});

describe('Expected', () => {
  const failed = 'ConditionalCheckFailedException: The conditional request failed';
  const outcome = async (Expected: object, more: object = {}) => {
    await fixture.run('PutItem', { TableName: 't', Item: ITEM });
    return fixture.error('PutItem', { TableName: 't', Item: ITEM, Expected, ...more });
  };

  it('compares attributes of the item there is', async () => {
    assert.equal(await outcome({ a: { Value: { S: 'x1' } } }), 'no error');
    assert.equal(await outcome({ a: { Value: { S: 'other' } } }), failed);
    assert.equal(await outcome({ q: { Exists: false } }), 'no error');
    assert.equal(await outcome({ a: { Exists: false } }), failed);
    assert.equal(await outcome({ q: condition('NE', { S: 'a' }) }), 'no error');
    assert.equal(await outcome({ q: condition('NOT_CONTAINS', { S: 'a' }) }), failed);
    assert.equal(await outcome({ n: condition('NOT_CONTAINS', { S: 'a' }) }), 'no error');
    assert.equal(await outcome({ l: condition('CONTAINS', { S: 'q' }) }), 'no error');
    assert.equal(await outcome({ n: condition('BETWEEN', { N: '0' }, { N: '1' }) }), 'no error');
  });

  it('has no limits of expressions', async () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`q${at}`, { Exists: false }]));
    assert.equal(await outcome(many), 'no error');
    assert.equal(await outcome({ ...many, a: { Exists: false } }), failed);
    assert.equal(await outcome({ ...many, a: { Exists: false } }, { ConditionalOperator: 'OR' }), 'no error');
    const numbers = Array.from({ length: 20_000 }, (_, at) => ({ N: String(at - 10_000) }));
    assert.equal(await outcome({ n: condition('IN', ...numbers) }), 'no error');
    assert.equal(await outcome({ n: condition('IN', ...numbers.slice(0, 101)) }), failed);
  });

  it('takes no names that no attribute can have', async () => {
    assert.equal(await outcome({ '': { Exists: false } }), 'ValidationException: Empty attribute name');
    assert.equal(
      await outcome({ ['x'.repeat(65536)]: { Exists: false } }),
      'ValidationException: Attribute name is too large, must be less than 65536 bytes',
    );
  });

  it('joins conditions by the operator', async () => {
    const two = { a: { Value: { S: 'x1' } }, n: { Value: { N: '9' } } };
    assert.equal(await outcome(two), failed);
    assert.equal(await outcome(two, { ConditionalOperator: 'OR' }), 'no error');
    assert.equal(
      await outcome({ n: { Value: { N: '9' } } }, { ConditionalOperator: 'OR' }),
      'ValidationException: ConditionalOperator can only be used when Filter or Expected has two or more elements',
    );
  });

  it('refuses conditions that make no sense', async () => {
    const refusals: [object, string][] = [
      [{ q: {} }, 'Value must be provided when Exists is null for Attribute: q'],
      [{ q: { Exists: true } }, 'Value must be provided when Exists is true for Attribute: q'],
      [{ q: { Exists: false, Value: { S: 'x' } } }, 'Value cannot be used when Exists is false for Attribute: q'],
      [condition('EQ', { S: 'a' }, { S: 'b' }), 'Invalid number of argument(s) for the EQ ComparisonOperator'],
      [condition('IN', { S: 'a' }, { N: '1' }), 'AttributeValues inside AttributeValueList must be of same type'],
      [condition('LT', { SS: ['z'] }), 'ComparisonOperator LT is not valid for SS AttributeValue type'],
    ];
    for (const [given, message] of refusals) {
      const expected = 'ComparisonOperator' in given ? { a: given } : given;
      const text = `ValidationException: One or more parameter values were invalid: ${message}`;
      assert.equal(await outcome(expected), text);
    }
  });

  it('does not go with expressions', async () => {
    assert.equal(
      await outcome({ a: { Exists: false } }, { ConditionExpression: 'attribute_exists(a)' }),
      'ValidationException: Can not use both expression and non-expression parameters in the same request: ' +
        'Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    );
  });
});

describe('AttributeUpdates', () => {
  const request = (AttributeUpdates: object) => ({
    TableName: 't',
    Key: key(9),
    AttributeUpdates,
    ReturnValues: 'ALL_NEW',
  });
  const updated = async (updates: object) => (await fixture.run('UpdateItem', request(updates))).Attributes;

  it('puts, adds and deletes', async () => {
    assert.deepEqual(await updated({}), key(9));
    assert.deepEqual(await updated({ a: { Value: { S: 'x' } }, n: { Action: 'ADD', Value: { N: '5' } } }), {
      ...key(9),
      a: { S: 'x' },
      n: { N: '5' },
    });
    await updated({
      ss: { Action: 'ADD', Value: { SS: ['q', 'r'] } },
      l: { Action: 'ADD', Value: { L: [{ S: '1' }] } },
    });
    const item = await updated({
      a: { Action: 'DELETE' },
      n: { Action: 'DELETE' },
      ss: { Action: 'DELETE', Value: { SS: ['q'] } },
      l: { Action: 'ADD', Value: { L: [{ S: '2' }] } },
    });
    assert.deepEqual(item, { ...key(9), ss: { SS: ['r'] }, l: { L: [{ S: '1' }, { S: '2' }] } });
  });

  it('refuses what does not fit', async () => {
    const refusal = (updates: object) => fixture.error('UpdateItem', request(updates));
    await updated({ a: { Value: { S: 'x' } } });
    assert.equal(
      await refusal({ a: { Action: 'ADD', Value: { N: '1' } } }),
      'ValidationException: Type mismatch for attribute to update',
    );
    assert.match(await refusal({ a: { Action: 'ADD', Value: { S: 'x' } } }), /not supported for the type S$/);
    assert.match(await refusal({ a: { Action: 'PUT' } }), /Only DELETE action is allowed when no attribute value/);
    assert.match(await refusal({ pk: { Value: { S: 'x' } } }), /Cannot update attribute pk. This attribute is part/);
  });
});

describe('KeyConditions, QueryFilter, ScanFilter and AttributesToGet', () => {
  const KeyConditions = { pk: condition('EQ', { S: 'a' }), sk: condition('BETWEEN', { N: '2' }, { N: '3' }) };
  const query = (more: object) => fixture.run('Query', { TableName: 't', KeyConditions, ...more });

  it('read as their expressions do', async () => {
    assert.deepEqual((await query({ AttributesToGet: ['sk'] })).Items, [{ sk: { N: '2' } }, { sk: { N: '3' } }]);
    const filtered = { QueryFilter: { n: condition('GE', { N: '3' }) }, Select: 'COUNT' };
    assert.deepEqual(await query(filtered), { Count: 1, ScannedCount: 2 });
    const mixed = { ...request('n = :n', { ':n': { N: '2' } }), Select: 'COUNT' };
    assert.deepEqual(await query(mixed), { Count: 1, ScannedCount: 2 });
    const ScanFilter = { n: condition('EQ', { N: '2' }), a: condition('EQ', { S: 'x3' }) };
    const scanned = await fixture.run('Scan', { TableName: 't', ScanFilter, ConditionalOperator: 'OR' });
    assert.equal(scanned.Count, 2);
    const got = await fixture.run('GetItem', { TableName: 't', Key: key(2), AttributesToGet: ['a', 'zz'] });
    assert.deepEqual(got, { Item: { a: { S: 'x2' } } });
    const batch = { t: { Keys: [key(2)], AttributesToGet: ['n'] } };
    const answer = await fixture.run('BatchGetItem', { RequestItems: batch });
    assert.deepEqual(answer.Responses, { t: [{ n: { N: '2' } }] });
  });

  it('refuse with words of their own', async () => {
    const refusal = (more: object) => fixture.error('Query', { TableName: 't', KeyConditions, ...more });
    assert.match(
      await refusal({ QueryFilter: { sk: condition('GE', { N: '2' }) } }),
      /QueryFilter can only contain non-primary key attributes: Primary key attribute: sk$/,
    );
    assert.match(
      await refusal({ AttributesToGet: ['a'], Select: 'COUNT' }),
      /Cannot specify the AttributesToGet when choosing to get only the Count$/,
    );
    assert.match(await refusal({ KeyConditions: {} }), /Conditions can be of length 1 or 2 only$/);
    assert.match(await refusal({ AttributesToGet: ['a', 'a'] }), /Duplicate value in attribute name: a$/);
  });
});

function request(FilterExpression: string, ExpressionAttributeValues: object): object {
  return { FilterExpression, ExpressionAttributeValues };
}
