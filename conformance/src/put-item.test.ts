import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID, type Refusal } from './support/expect-refusal.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';
import { VALUE_FAULTS } from './support/value-faults.js';

const ONE = `${INVALID}One or more parameter values were invalid: `;
const NOT_VALID = `${INVALID}One or more parameter values are not valid. `;
const TOO_LARGE = `${INVALID}Item size has exceeded the maximum allowed size`;
const NOT_FOUND = 'ResourceNotFoundException: Requested resource not found';
const MAX_BYTES = 409_600;

const target = new Target();
let hash = '';
let binary = '';
let indexed = '';

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  binary = await createTable(target, simpleTable(target.tableName('binary'), 'B'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const refuses = (input: unknown, error: string | RegExp) => expectRefusal(target, 'PutItem', input, error);
const at = (place: string, rule: string) => `Value ${place} failed to satisfy constraint: ${rule}`;
const missing = (member: string) => at(`null at '${member}'`, 'Member must not be null');
const detected = (...violations: string[]) =>
  new RegExp(
    `^ValidationException: ${violations.length} validation errors? detected: ` +
      `(?=.*${violations.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join(')(?=.*')})`,
  );
const PATTERN = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';

describe('PutItem refuses what breaks the API model', () => {
  const long = 'a'.repeat(256);
  const cases: readonly Refusal[] = [
    ['no members', {}, detected(missing('tableName'), missing('item'))],
    [
      'an empty table name among other faults',
      { TableName: '' },
      detected(
        at("'' at 'tableName'", PATTERN),
        at("'' at 'tableName'", 'Member must have length greater than or equal to 3'),
        missing('item'),
      ),
    ],
    [
      'an empty table name alone',
      { TableName: '', Item: {} },
      `${INVALID}1 validation error detected: Value '' at 'tableName' failed to satisfy constraint: ` +
        'Member must have length greater than or equal to 1',
    ],
    [
      'a short table name',
      { TableName: 'a;' },
      detected(
        at("'a;' at 'tableName'", PATTERN),
        at("'a;' at 'tableName'", 'Member must have length greater than or equal to 3'),
        missing('item'),
      ),
    ],
    [
      'a long table name',
      { TableName: long, Item: {} },
      `${INVALID}1 validation error detected: ` +
        at(`'${long}' at 'tableName'`, 'Member must have length less than or equal to 255'),
    ],
    [
      'a table name of other characters',
      { TableName: 'bad table!@#', Item: {} },
      `${INVALID}1 validation error detected: ${at("'bad table!@#' at 'tableName'", PATTERN)}`,
    ],
    [
      'several faults',
      { TableName: 'abc;', ReturnConsumedCapacity: 'hi', ReturnItemCollectionMetrics: 'hi', ReturnValues: 'hi' },
      detected(
        at("'hi' at 'returnConsumedCapacity'", 'Member must satisfy enum value set: [INDEXES, TOTAL, NONE]'),
        at("'abc;' at 'tableName'", PATTERN),
        missing('item'),
        at(
          "'hi' at 'returnValues'",
          'Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]',
        ),
        at("'hi' at 'returnItemCollectionMetrics'", 'Member must satisfy enum value set: [SIZE, NONE]'),
      ),
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => refuses(input, error));
});

describe('PutItem refuses expressions that do not fit, before it looks for the table', () => {
  const abc = { TableName: 'abc', Item: { a: {} } };
  const expression = (text: string) => `${INVALID}Invalid ConditionExpression: ${text}`;
  const cases: readonly Refusal[] = [
    [
      'expressions with their predecessors',
      {
        ...abc,
        Expected: { a: {} },
        ExpressionAttributeNames: {},
        ExpressionAttributeValues: {},
        ConditionExpression: '',
      },
      `${INVALID}Can not use both expression and non-expression parameters in the same request: ` +
        'Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    ],
    [
      'names without an expression',
      { ...abc, Expected: { a: {} }, ExpressionAttributeNames: {}, ExpressionAttributeValues: {} },
      `${INVALID}ExpressionAttributeNames can only be specified when using expressions`,
    ],
    [
      'values without an expression',
      { ...abc, Expected: { a: {} }, ExpressionAttributeValues: {} },
      `${INVALID}ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null`,
    ],
    [
      'return values of an update',
      { ...abc, Item: {}, ReturnValues: 'ALL_NEW' },
      `${INVALID}ReturnValues can only be ALL_OLD or NONE`,
    ],
    [
      'an empty expression',
      { ...abc, Item: {}, ConditionExpression: '' },
      expression('The expression can not be empty;'),
    ],
    [
      'an expression that does not parse',
      { ...abc, Item: {}, ConditionExpression: 'whatever bo' },
      expression('Syntax error; token: "bo", near: "whatever bo"'),
    ],
    [
      'redundant parentheses',
      { ...abc, Item: {}, ConditionExpression: '((attribute_not_exists(pk)))' },
      expression('The expression has redundant parentheses;'),
    ],
    [
      'a name that is not defined',
      { ...abc, Item: {}, ConditionExpression: 'attribute_exists(#a)' },
      expression('An expression attribute name used in the document path is not defined; attribute name: #a'),
    ],
    [
      'operands that are one',
      { ...abc, Item: {}, ConditionExpression: 'contains(#a, #a)', ExpressionAttributeNames: { '#a': 'data' } },
      expression(
        'The first operand must be distinct from the remaining operands for this operator or function; ' +
          'operator: contains, first operand: [data]',
      ),
    ],
    [
      'a reserved word',
      { ...abc, Item: {}, ConditionExpression: 'attribute_exists(size)' },
      expression('Attribute name is a reserved keyword; reserved keyword: size'),
    ],
    [
      'an unused value',
      {
        ...abc,
        Item: {},
        ConditionExpression: 'attribute_exists(a)',
        ExpressionAttributeValues: { ':v': { S: '' } },
      },
      `${INVALID}Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}`,
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => refuses(input, error));
});

describe('PutItem refuses attribute values that are none', () => {
  for (const [value, message] of VALUE_FAULTS) {
    it(JSON.stringify(value), () => refuses({ TableName: 'abc', Item: { a: value } }, `${INVALID}${message}`));
  }
});

describe('PutItem keeps to the size of an item', () => {
  const key = { S: '0.123456789' };
  const length = 1 + key.S.length;
  const text = (bytes: number) => ({ S: 'a'.repeat(bytes) });
  const digits = (count: number, zeros: number) => ({ N: '1'.repeat(count) + '0'.repeat(zeros) });
  const cases: readonly [string, object, number][] = [
    ['a short name', {}, 1],
    ['a long name', { bbbbbbbbbbbbbbbbbbbbbbbbbbb: { S: '' } }, 28],
    ['several attributes', { ccc: { S: 'cc' } }, 6],
    ['38 digits', { c: digits(38, 88) }, 1 + 1 + 20],
    ['one digit', { c: digits(1, 125) }, 1 + 1 + 2],
    ['two digits', { c: digits(2, 124) }, 1 + 1 + 2],
    ['five digits', { c: digits(5, 121) }, 1 + 1 + 4],
    ['seven digits', { c: digits(7, 119) }, 1 + 1 + 5],
    ['two numbers', { c: digits(7, 119), d: digits(7, 119) }, 1 + 2 * (1 + 5)],
  ];
  for (const [what, more, bytes] of cases) {
    it(what, async () => {
      const item = (rest: number) => ({ a: key, b: text(rest), ...more });
      const rest = MAX_BYTES - length - bytes;
      await refuses({ TableName: 'aaa', Item: item(rest + 1) }, TOO_LARGE);
      await refuses({ TableName: 'aaa', Item: item(rest) }, NOT_FOUND);
    });
  }
});

describe('PutItem refuses what does not fit the table', () => {
  const scalarCases: readonly [object, string][] = [
    [{ B: 'abcd' }, 'B'],
    [{ N: '1' }, 'N'],
    [{ SS: ['a'] }, 'SS'],
    [{ NS: ['1'] }, 'NS'],
    [{ BS: ['aaaa'] }, 'BS'],
    [{ BOOL: true }, 'BOOL'],
    [{ NULL: true }, 'NULL'],
    [{ M: {} }, 'M'],
    [{ L: [] }, 'L'],
  ];
  for (const [value, type] of scalarCases) {
    it(`a key of type ${type}`, () =>
      refuses({ TableName: hash, Item: { pk: value } }, `${ONE}Type mismatch for key pk expected: S actual: ${type}`));
    it(`an index key of type ${type}`, () =>
      refuses(
        { TableName: indexed, Item: { pk: { S: 'a' }, sk: { S: 'a' }, a: value } },
        `${ONE}Type mismatch for Index Key a Expected: S Actual: ${type} IndexName: global-all`,
      ));
  }

  it('a missing key', async () => {
    await refuses({ TableName: hash, Item: {} }, `${ONE}Missing the key pk in the item`);
    await refuses({ TableName: indexed, Item: { pk: { S: 'a' } } }, `${ONE}Missing the key sk in the item`);
  });

  it('an empty key', async () => {
    const empty = (type: string) => `The AttributeValue for a key attribute cannot contain an empty ${type} value.`;
    await refuses({ TableName: hash, Item: { pk: { S: '' } } }, `${NOT_VALID}${empty('string')} Key: pk`);
    await refuses({ TableName: binary, Item: { pk: { B: '' } } }, `${NOT_VALID}${empty('binary')} Key: pk`);
    await refuses(
      { TableName: indexed, Item: { pk: { S: 'a' }, sk: { S: 'a' }, a: { S: '' } } },
      `${NOT_VALID}A value specified for a secondary index key is not supported. ${empty('string')} ` +
        'IndexName: global-all, IndexKey: a',
    );
  });

  it('a key that is too long', async () => {
    const text = (bytes: number) => ({ S: 'a'.repeat(bytes) });
    const HASH_SIZE = `${ONE}Size of hashkey has exceeded the maximum size limit of2048 bytes`;
    const RANGE_SIZE = `${ONE}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`;
    await refuses({ TableName: hash, Item: { pk: text(2049) } }, HASH_SIZE);
    await refuses({ TableName: indexed, Item: { pk: text(1), sk: text(1025) } }, RANGE_SIZE);
    await target.client.send(new PutItemCommand({ TableName: hash, Item: { pk: text(2048) } }));
    await target.client.send(new PutItemCommand({ TableName: indexed, Item: { pk: text(1), sk: text(1024) } }));
  });
});

describe('PutItem stores', () => {
  const roundTrip = async (Item: Record<string, AttributeValue> & { readonly pk: AttributeValue }) => {
    await target.client.send(new PutItemCommand({ TableName: hash, Item }));
    const Key = { pk: Item.pk };
    const found = await target.client.send(new GetItemCommand({ TableName: hash, Key, ConsistentRead: true }));
    return found.Item;
  };

  it('numbers to their last digit', async () => {
    const item = {
      pk: { S: 'numbers' },
      b: { N: '0000012345678901234567890123456789012345678' },
      c: { N: '-00001.23456789012345678901234567890123456780000' },
      d: { N: '0009.99999999999999999999999999999999999990000e125' },
      e: { N: '-0009.99999999999999999999999999999999999990000e125' },
      f: { N: '0001.000e-130' },
      g: { N: '-0' },
      h: { N: '1.5E2' },
    };
    assert.deepEqual(await roundTrip(item as never), {
      pk: { S: 'numbers' },
      b: { N: '12345678901234567890123456789012345678' },
      c: { N: '-1.2345678901234567890123456789012345678' },
      d: { N: '9'.repeat(38) + '0'.repeat(88) },
      e: { N: `-${'9'.repeat(38)}${'0'.repeat(88)}` },
      f: { N: `0.${'0'.repeat(129)}1` },
      g: { N: '0' },
      h: { N: '150' },
    });
  });

  it('values of every type, empty ones outside keys included', async () => {
    const bytes = new Uint8Array([1, 2]);
    const item = {
      pk: { S: 'types' },
      s: { S: '' },
      b: { B: bytes },
      empty: { B: new Uint8Array() },
      bool: { BOOL: false },
      null: { NULL: true },
      l: { L: [{ S: 'a' }, { L: [] }, { M: {} }] },
      m: { M: { a: { M: { b: { L: [] } } } } },
    };
    assert.deepEqual(await roundTrip(item as never), item);
  });
});

describe('PutItem answers', () => {
  const put = (more: object) =>
    target.client.send(new PutItemCommand({ TableName: hash, Item: { pk: { S: 'old' } }, ...more }));

  it('with the old item when asked', async () => {
    const none = await put({ ReturnValues: 'ALL_OLD' });
    assert.equal(none.Attributes, undefined);
    await put({ Item: { pk: { S: 'old' }, v: { N: '-0015.789e6' } } });
    const { Attributes } = await put({ ReturnValues: 'ALL_OLD' });
    assert.deepEqual(Attributes, { pk: { S: 'old' }, v: { N: '-15789000' } });
  });

  it('with what it consumed, by table and index', async () => {
    const item = { pk: { S: 'capacity' }, sk: { S: 'a' }, a: { S: 'a' }, b: { S: 'b' } };
    const { ConsumedCapacity } = await put({ TableName: indexed, Item: item, ReturnConsumedCapacity: 'INDEXES' });
    const unit = { CapacityUnits: 1 };
    assert.deepEqual(ConsumedCapacity, {
      TableName: indexed,
      CapacityUnits: 5,
      Table: unit,
      LocalSecondaryIndexes: { 'local-all': unit, 'local-some': unit },
      GlobalSecondaryIndexes: { 'global-all': unit, 'global-some': unit },
    });
    const again = await put({ TableName: indexed, Item: item, ReturnConsumedCapacity: 'INDEXES' });
    assert.deepEqual(again.ConsumedCapacity, { TableName: indexed, CapacityUnits: 1, Table: unit });
    const total = await put({ ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(total.ConsumedCapacity, { TableName: hash, CapacityUnits: 1 });
  });

  it('with the size of the item collection, where there are such', async () => {
    const item = { pk: { S: 'metrics' }, sk: { S: 'a' } };
    const { ItemCollectionMetrics } = await put({
      TableName: indexed,
      Item: item,
      ReturnItemCollectionMetrics: 'SIZE',
    });
    assert.deepEqual(ItemCollectionMetrics, {
      ItemCollectionKey: { pk: { S: 'metrics' } },
      SizeEstimateRangeGB: [0, 1],
    });
    assert.equal((await put({ ReturnItemCollectionMetrics: 'SIZE' })).ItemCollectionMetrics, undefined);
  });

  it('with a failed condition, and the item when asked', async () => {
    const input = { TableName: hash, Item: { pk: { S: 'failed' } }, ConditionExpression: 'attribute_not_exists(pk)' };
    await put(input);
    const plain = await target.send('PutItem', input);
    assert.equal(plain.status, 400);
    assert.deepEqual(plain.body, {
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
      message: 'The conditional request failed',
    });
    const { body } = await target.send('PutItem', { ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    assert.deepEqual(body.Item, { pk: { S: 'failed' } });
  });
});
