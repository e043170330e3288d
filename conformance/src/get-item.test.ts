import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID, type Refusal } from './support/expect-refusal.js';
import { AT_LEAST_3, detected, missing, NAME_PATTERN, violation } from './support/model-faults.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';
import { VALUE_FAULTS } from './support/value-faults.js';

const target = new Target();
let hash = '';
let binary = '';
let indexed = '';

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  binary = await createTable(target, simpleTable(target.tableName('binary'), 'B'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const refuses = (input: unknown, error: string | RegExp) => expectRefusal(target, 'GetItem', input, error);
const abc = { TableName: 'abc', Key: {} };
const projection = (message: string) => `${INVALID}Invalid ProjectionExpression: ${message}`;

describe('GetItem refuses what breaks the API model', () => {
  const long = 'a'.repeat(256);
  const cases: readonly Refusal[] = [
    ['no members', {}, detected(missing('tableName'), missing('key'))],
    [
      'an empty table name',
      { TableName: '' },
      detected(
        violation("'' at 'tableName'", NAME_PATTERN),
        violation("'' at 'tableName'", AT_LEAST_3),
        missing('key'),
      ),
    ],
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
        missing('key'),
        violation(`'${long}' at 'tableName'`, 'Member must have length less than or equal to 255'),
      ),
    ],
    [
      'several faults',
      { TableName: 'abc;', ReturnConsumedCapacity: 'hi', AttributesToGet: [] },
      detected(
        violation("'[]' at 'attributesToGet'", 'Member must have length greater than or equal to 1'),
        violation("'hi' at 'returnConsumedCapacity'", 'Member must satisfy enum value set: [INDEXES, TOTAL, NONE]'),
        missing('key'),
        violation("'abc;' at 'tableName'", NAME_PATTERN),
      ),
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => refuses(input, error));
});

describe('GetItem refuses members that do not go together', () => {
  const cases: readonly Refusal[] = [
    [
      'an expression and its predecessor',
      {
        TableName: 'abc',
        Key: { a: {} },
        AttributesToGet: ['a'],
        ExpressionAttributeNames: {},
        ProjectionExpression: '',
      },
      `${INVALID}Can not use both expression and non-expression parameters in the same request: ` +
        'Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}',
    ],
    [
      'names without an expression',
      { TableName: 'abc', Key: { a: {} }, AttributesToGet: ['a'], ExpressionAttributeNames: {} },
      `${INVALID}ExpressionAttributeNames can only be specified when using expressions`,
    ],
    [
      'repeated attributes',
      { ...abc, AttributesToGet: ['a', 'a'] },
      `${INVALID}One or more parameter values were invalid: Duplicate value in attribute name: a`,
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => refuses(input, error));
});

describe('GetItem refuses values of keys that are none', () => {
  for (const [value, message] of VALUE_FAULTS) {
    it(JSON.stringify(value), () => refuses({ TableName: 'abc', Key: { a: value } }, `${INVALID}${message}`));
  }
});

describe('GetItem refuses projections', () => {
  const syntax = (text: string): Refusal => [
    text,
    { ...abc, ProjectionExpression: text },
    /^ValidationException: Invalid ProjectionExpression: Syntax error; /,
  ];
  const paths = (fault: string, text: string, one: string, two: string): Refusal => [
    text,
    { ...abc, ProjectionExpression: text, ExpressionAttributeNames: names(text) },
    projection(
      `Two document paths ${fault} with each other; must remove or rewrite one of these paths; ` +
        `path one: ${one}, path two: ${two}`,
    ),
  ];
  const names = (text: string) =>
    Object.fromEntries(Object.entries({ '#a': 'a', '#b': '[3]' }).filter(([name]) => text.includes(name)));
  const cases: readonly Refusal[] = [
    [
      'with empty names',
      { ...abc, ExpressionAttributeNames: {}, ProjectionExpression: '' },
      `${INVALID}ExpressionAttributeNames must not be empty`,
    ],
    [
      'with wrong names',
      { ...abc, ExpressionAttributeNames: { a: 'a' }, ProjectionExpression: '' },
      `${INVALID}ExpressionAttributeNames contains invalid key: Syntax error; key: "a"`,
    ],
    ['that are empty', { ...abc, ProjectionExpression: '' }, projection('The expression can not be empty;')],
    ...['whatever(stuff)', ':a', 'abort,', 'a,,b', 'a..b', 'a[b]', '(a.b).c', '(a)', '(a),(b)', '(a,b)', 'a-b'].map(
      syntax,
    ),
    [
      'of what is no expression',
      { ...abc, ProjectionExpression: '!!! INVALID !!!' },
      projection('Syntax error; token: "!", near: "!!"'),
    ],
    [
      'of reserved words',
      { ...abc, ProjectionExpression: 'a.abORt' },
      projection('Attribute name is a reserved keyword; reserved keyword: abORt'),
    ],
    [
      'of names that are not there',
      { ...abc, ProjectionExpression: 'a,b,a,#a' },
      projection('An expression attribute name used in the document path is not defined; attribute name: #a'),
    ],
    paths('overlap', 'b[1], b.a, #a.b, a', '[a, b]', '[a]'),
    paths('overlap', 'a, #a[1]', '[a]', '[a, [1]]'),
    paths('conflict', 'a.b, #a[1], #b', '[a, b]', '[a, [1]]'),
    paths('conflict', 'a.b[1], #a[1], #b', '[a, b, [1]]', '[a, [1]]'),
    paths('conflict', 'a[3].b, #a.#b.b', '[a, [3], b]', '[a, [3], b]'),
    [
      'with names unused',
      { ...abc, ProjectionExpression: 'a,b', ExpressionAttributeNames: { '#a': 'a', '#b': 'b' } },
      `${INVALID}Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}`,
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => refuses(input, error));

  it('into keys', async () => {
    const scalars = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
    for (const path of ['#a.b.c', '#a[0]']) {
      const own = { ProjectionExpression: path, ExpressionAttributeNames: { '#a': 'pk' } };
      await refuses({ TableName: hash, Key: { pk: { S: 'a' } }, ...own }, `${INVALID}${scalars}Key: pk`);
      const Key = { pk: { S: 'a' }, sk: { S: 'a' } };
      const other = { ProjectionExpression: path, ExpressionAttributeNames: { '#a': 'b' } };
      await refuses({ TableName: indexed, Key, ...other }, `${INVALID}${scalars}IndexKey: b`);
    }
  });
});

describe('GetItem refuses keys that do not fit the table', () => {
  const mismatch = `${INVALID}The provided key element does not match the schema`;
  const keys: readonly object[] = [
    {},
    { b: { S: 'a' } },
    { pk: { S: 'a' }, b: { S: 'a' } },
    { pk: { B: 'abcd' } },
    { pk: { N: '1' } },
    { pk: { BOOL: true } },
    { pk: { NULL: true } },
    { pk: { SS: ['a'] } },
    { pk: { NS: ['1'] } },
    { pk: { BS: ['aaaa'] } },
    { pk: { M: {} } },
    { pk: { L: [] } },
  ];
  for (const Key of keys) it(JSON.stringify(Key), () => refuses({ TableName: hash, Key }, mismatch));

  it('without the range key', () => refuses({ TableName: indexed, Key: { pk: { S: 'a' } } }, mismatch));

  it('that are empty', async () => {
    const empty = (type: string) =>
      `${INVALID}One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ` +
      `empty ${type} value. Key: pk`;
    await refuses({ TableName: hash, Key: { pk: { S: '' } } }, empty('string'));
    await refuses({ TableName: binary, Key: { pk: { B: '' } } }, empty('binary'));
  });

  it('of what is no table, though its ARN be near to a table’s', async () => {
    const { body } = await target.send('DescribeTable', { TableName: hash });
    const { TableArn } = body.Table as { TableArn: string };
    const near = [
      `${TableArn}/index/none`,
      `${TableArn}/stream/none`,
      TableArn.replace(':table/', ':stream/'),
      'arn:x',
    ];
    for (const TableName of near) await refuses({ TableName, Key: { pk: { S: 'a' } } }, /^ValidationException: /);
  });

  it('but looks for the table first', () =>
    refuses({ TableName: 'conformance-absent', Key: {} }, 'ResourceNotFoundException: Requested resource not found'));
});

describe('GetItem answers', () => {
  const get = async (input: object) => (await target.send('GetItem', { TableName: hash, ...input })).body;
  const pk = { S: 'item' };
  const item = {
    pk,
    b: { M: { a: { S: 'a' }, b: { S: 'b' }, c: { S: 'c' } } },
    c: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] },
    g: { N: '23' },
  };

  before(async () => {
    await target.started();
    while (hash === '') await new Promise((resolve) => setTimeout(resolve, 50));
    await target.client.send(new PutItemCommand({ TableName: hash, Item: item as never }));
  });

  it('with nothing for nothing', async () => {
    assert.deepEqual(await get({ Key: { pk: { S: 'absent' } } }), {});
    const capacity = { CapacityUnits: 0.5, TableName: hash };
    assert.deepEqual(await get({ Key: { pk: { S: 'absent' } }, ReturnConsumedCapacity: 'TOTAL' }), {
      ConsumedCapacity: capacity,
    });
    assert.deepEqual(await get({ Key: { pk: { S: 'absent' } }, ReturnConsumedCapacity: 'INDEXES' }), {
      ConsumedCapacity: { ...capacity, Table: { CapacityUnits: 0.5 } },
    });
  });

  it('with the item', async () => {
    assert.deepEqual(await get({ Key: { pk }, ConsistentRead: true }), { Item: item });
    const { Item } = await target.client.send(new GetItemCommand({ TableName: hash, Key: { pk } }));
    assert.deepEqual(Item, item);
  });

  it('with the attributes asked for', async () => {
    const Item = { g: item.g };
    for (const input of [
      { AttributesToGet: ['g', 'x'] },
      { ProjectionExpression: 'g, x' },
      { ProjectionExpression: '#g', ExpressionAttributeNames: { '#g': 'g' } },
    ]) {
      assert.deepEqual(await get({ Key: { pk }, ...input }), { Item });
    }
    assert.deepEqual(await get({ Key: { pk }, ProjectionExpression: 'x' }), { Item: {} });
  });

  it('with the parts asked for: elements of lists close up, in their order', async () => {
    const Item = { b: { M: { b: { S: 'b' }, c: { S: 'c' } } }, c: { L: [{ S: 'b' }, { S: 'c' }] } };
    for (const ProjectionExpression of ['b.c,c[2],b.b,c[1],c[0].a', 'c[2], c[1], c[7], b.b, b.c, b.x']) {
      assert.deepEqual(await get({ Key: { pk }, ProjectionExpression }), { Item });
    }
  });

  const big = (b: number, members: object) => ({ pk: { S: 'sized' }, b: { S: 'b'.repeat(b) }, ...members });
  const members = { c: { N: '12.3456' }, d: { B: 'AQI=' }, e: { BS: ['AQI=', 'Ag==', 'AQ=='] } };
  const spare = 4096 - 'pksized'.length - 'b'.length - ('c'.length + 4) - ('d'.length + 2) - ('e'.length + 4);
  const documents = {
    f: { NULL: true },
    g: { BOOL: false },
    h: { L: [{ S: 'a' }, { S: 'aa' }, { S: 'bb' }, { S: 'ccc' }] },
    i: { M: { aa: { S: 'aa' }, bbb: { S: 'bbb' } } },
  };
  const documentBytes = 2 + 2 + (1 + 3 + 4 + 8) + (1 + 3 + 2 + 10);
  for (const [what, length, more, units] of [
    ['4096 bytes', spare, members, 1],
    ['4097 bytes', spare + 1, members, 2],
    ['4096 bytes with documents', spare - documentBytes, { ...members, ...documents }, 1],
    ['4097 bytes with documents', spare - documentBytes + 1, { ...members, ...documents }, 2],
  ] as const) {
    it(`with the units of ${what}`, async () => {
      const Item = big(length, more);
      await target.send('PutItem', { TableName: hash, Item });
      const input = { Key: { pk: Item.pk }, ReturnConsumedCapacity: 'TOTAL', ProjectionExpression: 'x' };
      const eventually = await get(input);
      assert.deepEqual(eventually.ConsumedCapacity, { CapacityUnits: units / 2, TableName: hash });
      const consistent = await get({ ...input, ConsistentRead: true });
      assert.deepEqual(consistent.ConsumedCapacity, { CapacityUnits: units, TableName: hash });
    });
  }
});
