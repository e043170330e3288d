import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { expectRefusal, INVALID, type Refusal, refusalOf } from './support/expect-refusal.js';
import { AT_LEAST_3, detected, missing, NAME_PATTERN, violation } from './support/model-faults.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';
import { VALUE_FAULTS } from './support/value-faults.js';

const target = new Target();
const ONE = `${INVALID}One or more parameter values were invalid: `;
let hash = '';
let indexed = '';

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const refuses = (input: unknown, error: string | RegExp) => expectRefusal(target, 'DeleteItem', input, error);
const abc = { TableName: 'abc', Key: {} };
const condition = (message: string) => `${INVALID}Invalid ConditionExpression: ${message}`;

describe('DeleteItem refuses what breaks the API model', () => {
  const long = 'a'.repeat(256);
  const cases: readonly Refusal[] = [
    ['no members', {}, detected(missing('tableName'), missing('key'))],
    [
      'a short table name',
      { TableName: 'a;' },
      detected(
        violation("'a;' at 'tableName'", NAME_PATTERN),
        violation("'a;' at 'tableName'", AT_LEAST_3),
        missing('key'),
      ),
    ],
    [
      'a long table name',
      { TableName: long },
      detected(
        violation(`'${long}' at 'tableName'`, 'Member must have length less than or equal to 255'),
        missing('key'),
      ),
    ],
    [
      'an empty table name alone',
      { TableName: '', Key: {} },
      `${INVALID}1 validation error detected: Value '' at 'tableName' failed to satisfy constraint: ` +
        'Member must have length greater than or equal to 1',
    ],
    [
      'several faults',
      { TableName: 'abc;', ReturnConsumedCapacity: 'hi', ReturnItemCollectionMetrics: 'hi', ReturnValues: 'hi' },
      detected(
        violation("'hi' at 'returnConsumedCapacity'", 'Member must satisfy enum value set: [INDEXES, TOTAL, NONE]'),
        violation("'abc;' at 'tableName'", NAME_PATTERN),
        violation(
          "'hi' at 'returnValues'",
          'Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]',
        ),
        violation("'hi' at 'returnItemCollectionMetrics'", 'Member must satisfy enum value set: [SIZE, NONE]'),
        missing('key'),
      ),
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => refuses(input, error));
});

describe('DeleteItem refuses members that do not go together', () => {
  const everything = { ExpressionAttributeNames: {}, ExpressionAttributeValues: {} };
  const cases: readonly Refusal[] = [
    [
      'an expression and its predecessor',
      { ...abc, Expected: {}, ...everything, ConditionExpression: '' },
      `${INVALID}Can not use both expression and non-expression parameters in the same request: ` +
        'Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    ],
    [
      'names without an expression',
      { ...abc, Expected: {}, ...everything },
      `${INVALID}ExpressionAttributeNames can only be specified when using expressions`,
    ],
    [
      'values without an expression',
      { ...abc, Expected: {}, ExpressionAttributeValues: {} },
      `${INVALID}ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null`,
    ],
    [
      'empty names',
      { ...abc, ...everything, ConditionExpression: '' },
      `${INVALID}ExpressionAttributeNames must not be empty`,
    ],
    [
      'wrong names',
      { ...abc, ...everything, ExpressionAttributeNames: { a: 'a' }, ConditionExpression: '' },
      `${INVALID}ExpressionAttributeNames contains invalid key: Syntax error; key: "a"`,
    ],
    [
      'empty values',
      { ...abc, ExpressionAttributeValues: {}, ConditionExpression: '' },
      `${INVALID}ExpressionAttributeValues must not be empty`,
    ],
    [
      'wrong names of values',
      { ...abc, ExpressionAttributeValues: { ':b': { a: '' }, b: { S: 'a' } }, ConditionExpression: '' },
      `${INVALID}ExpressionAttributeValues contains invalid key: Syntax error; key: "b"`,
    ],
    ['an empty expression', { ...abc, ConditionExpression: '' }, condition('The expression can not be empty;')],
    [
      'what is no expression',
      { ...abc, ConditionExpression: 'whatever' },
      /Invalid ConditionExpression: Syntax error; /,
    ],
    [
      'return values that it does not have',
      { ...abc, ReturnValues: 'ALL_NEW' },
      `${INVALID}ReturnValues can only be ALL_OLD or NONE`,
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => refuses(input, error));
});

describe('DeleteItem refuses attribute values that are none', () => {
  for (const [value, message] of VALUE_FAULTS) {
    it(`in keys: ${JSON.stringify(value)}`, () =>
      refuses({ TableName: 'abc', Key: { a: value } }, `${INVALID}${message}`));
    it(`in values of expressions: ${JSON.stringify(value)}`, () =>
      refuses(
        { ...abc, ExpressionAttributeValues: { ':b': value }, ConditionExpression: '' },
        `${INVALID}ExpressionAttributeValues contains invalid value: ${message} for key :b`,
      ));
  }
});

describe('DeleteItem refuses expectations', () => {
  const S = { S: 'a' };
  const cases: readonly [string, object, string][] = [
    [
      'without a value',
      { ComparisonOperator: 'LT' },
      `${ONE}Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a`,
    ],
    [
      'of existence and comparison',
      { Exists: true, ComparisonOperator: 'LT' },
      `${ONE}Exists and ComparisonOperator cannot be used together for Attribute: a`,
    ],
    [
      'of values without an operator',
      { AttributeValueList: [] },
      `${ONE}AttributeValueList can only be used with a ComparisonOperator for Attribute: a`,
    ],
    [
      'of existence and values',
      { Exists: true, AttributeValueList: [] },
      `${ONE}AttributeValueList can only be used with a ComparisonOperator for Attribute: a`,
    ],
    [
      'of value and values',
      { Value: S, AttributeValueList: [] },
      `${ONE}Value and AttributeValueList cannot be used together for Attribute: a`,
    ],
    [
      'with too few values',
      { Value: S, ComparisonOperator: 'BETWEEN' },
      `${ONE}Invalid number of argument(s) for the BETWEEN ComparisonOperator`,
    ],
    [
      'with too many values',
      { Value: S, ComparisonOperator: 'NULL' },
      `${ONE}Invalid number of argument(s) for the NULL ComparisonOperator`,
    ],
    [
      'of mixed types',
      { ComparisonOperator: 'IN', AttributeValueList: [{ S: 'b' }, { N: '1' }] },
      `${ONE}AttributeValues inside AttributeValueList must be of same type`,
    ],
    [
      'of a range that is upside down',
      { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'b' }, S] },
      `${INVALID}The BETWEEN condition was provided a range where the lower bound is greater than the upper bound`,
    ],
  ];
  for (const [what, a, error] of cases) it(what, () => refuses({ ...abc, Expected: { a } }, error));

  const between = (b: object) => ({
    ...abc,
    ConditionExpression: 'a between :b and :a',
    ExpressionAttributeValues: { ':a': S, ':b': b },
  });
  it('in expressions, too', async () => {
    await refuses(
      between({ N: '1' }),
      condition(
        'The BETWEEN operator requires same data type for lower and upper bounds; ' +
          'lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}',
      ),
    );
    await refuses(
      between({ S: 'b' }),
      condition(
        'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
          'lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
      ),
    );
  });
});

describe('DeleteItem refuses keys that do not fit the table', () => {
  const mismatch = `${INVALID}The provided key element does not match the schema`;
  for (const Key of [{}, { b: { S: 'a' } }, { pk: { S: 'a' }, b: { S: 'a' } }, { pk: { N: '1' } }, { pk: { L: [] } }]) {
    it(JSON.stringify(Key), () => refuses({ TableName: hash, Key }, mismatch));
  }
  it('without the range key', () => refuses({ TableName: indexed, Key: { pk: { S: 'a' } } }, mismatch));
  it('that are empty', () =>
    refuses(
      { TableName: hash, Key: { pk: { S: '' } } },
      `${INVALID}One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ` +
        'empty string value. Key: pk',
    ));
  it('but looks for the table first', () =>
    refuses({ TableName: 'conformance-absent', Key: {} }, 'ResourceNotFoundException: Requested resource not found'));
});

describe('DeleteItem answers', () => {
  const remove = (input: object) => target.send('DeleteItem', { TableName: hash, ...input });
  const item = { pk: { S: 'item' }, b: { S: 'b' } };
  const put = () => target.send('PutItem', { TableName: hash, Item: item });
  const Key = { pk: item.pk };

  it('with nothing, whether there was an item or not', async () => {
    await put();
    for (let time = 0; time < 2; time++) assert.deepEqual((await remove({ Key })).body, {});
    assert.deepEqual((await target.send('GetItem', { TableName: hash, Key })).body, {});
  });

  it('with the old item when asked', async () => {
    await put();
    assert.deepEqual((await remove({ Key, ReturnValues: 'ALL_OLD' })).body, { Attributes: item });
    assert.deepEqual((await remove({ Key, ReturnValues: 'ALL_OLD' })).body, {});
  });

  it('with what it consumed', async () => {
    const { body } = await remove({ Key, ReturnConsumedCapacity: 'INDEXES' });
    assert.deepEqual(body, { ConsumedCapacity: { CapacityUnits: 1, Table: { CapacityUnits: 1 }, TableName: hash } });
  });

  it('with the size of the item collection, where there are such', async () => {
    const input = { TableName: indexed, Key: { pk: { S: 'a' }, sk: { S: 'b' } }, ReturnItemCollectionMetrics: 'SIZE' };
    const { body } = await remove(input);
    assert.deepEqual(body, {
      ItemCollectionMetrics: { ItemCollectionKey: { pk: { S: 'a' } }, SizeEstimateRangeGB: [0, 1] },
    });
  });

  const other = { ':c': { S: 'other' } };
  const conditions: readonly [object, boolean][] = [
    [{ Expected: { pk: { Value: { S: 'other' } } } }, false],
    [{ Expected: { b: { Exists: false } } }, false],
    [{ Expected: { b: { Value: item.b, Exists: true } } }, true],
    [{ Expected: { pk: { Value: item.pk }, c: { Exists: false }, b: { Value: item.b } } }, true],
    [{ Expected: { pk: { Value: item.pk }, c: { Exists: false }, b: { Value: { S: 'x' } } } }, false],
    [{ ConditionExpression: 'attribute_not_exists(b)' }, false],
    [{ ConditionExpression: '(attribute_exists(pk)) AND (attribute_not_exists(c))' }, true],
    [{ ConditionExpression: 'b = :c', ExpressionAttributeValues: other }, false],
    [{ ConditionExpression: 'b <> :c AND x <> :c', ExpressionAttributeValues: other }, true],
  ];
  for (const [input, isMet] of conditions) {
    it(`to a condition that is ${isMet ? 'met' : 'not met'}: ${JSON.stringify(input)}`, async () => {
      await put();
      const answer = refusalOf(await remove({ Key, ...input }));
      assert.equal(answer, isMet ? 'no error' : 'ConditionalCheckFailedException: The conditional request failed');
      const { body } = await target.send('GetItem', { TableName: hash, Key });
      assert.deepEqual(body, isMet ? {} : { Item: item });
    });
  }

  it('to a failed condition with the item when asked', async () => {
    await put();
    const condition = { Key, ConditionExpression: 'attribute_not_exists(pk)' };
    const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
    const words = 'The conditional request failed';
    const asked = await remove({ ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    assert.deepEqual(asked.body, { __type, Item: item, Message: words });
    assert.deepEqual((await remove(condition)).body, { __type, message: words });
  });
});
