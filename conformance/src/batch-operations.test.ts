import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { BatchGetItemCommand, BatchWriteItemCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';
import { VALUE_FAULTS } from './support/value-faults.js';

const ONE = `${INVALID}One or more parameter values were invalid: `;
const DETECTED = `${INVALID}1 validation error detected: `;
const NOT_FOUND = 'ResourceNotFoundException: Requested resource not found';
const DUPLICATES = `${INVALID}Provided list of item keys contains duplicates`;
const MISMATCH = `${INVALID}The provided key element does not match the schema`;
const MAP_KEYS =
  "at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: " +
  '[Member must have length less than or equal to 255, Member must have length greater than or equal to 3, ' +
  'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]';
const MAP_VALUE =
  "at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: " +
  '[Member must have length less than or equal to 25, Member must have length greater than or equal to 1]';
const S = (text: string) => ({ S: text });
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const target = new Target();
let hash = '';
let binary = '';
let ranged = '';
let indexed = '';

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  binary = await createTable(target, simpleTable(target.tableName('binary'), 'B'));
  ranged = await createTable(target, simpleTable(target.tableName('ranged'), 'S', 'N'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const keys = (count: number) => Array.from({ length: count }, (_, at) => ({ pk: S(`key ${at}`) }));
const empty = (type: string) =>
  `${INVALID}One or more parameter values are not valid. ` +
  `The AttributeValue for a key attribute cannot contain an empty ${type} value. Key: pk`;

describe('BatchGetItem refuses', () => {
  const refuses = (RequestItems: unknown, error: string | RegExp, more: Json = {}) =>
    expectRefusal(target, 'BatchGetItem', { RequestItems, ...more }, error);

  it('no tables', async () => {
    await refuses(
      undefined,
      `${DETECTED}Value null at 'requestItems' failed to satisfy constraint: Member must not be null`,
    );
    await refuses({}, `${INVALID}The requestItems parameter is required for BatchGetItem`);
  });

  it('names that are none', async () => {
    await refuses({ a: { Keys: keys(1) } }, new RegExp(`^${escaped(DETECTED)}Value '{.+}' ${escaped(MAP_KEYS)}$`));
    await refuses(
      { 'aa;': {} },
      new RegExp(
        '^ValidationException: 3 validation errors detected: ' +
          "(?=.*Value 'hi' at 'returnConsumedCapacity' failed to satisfy constraint: " +
          'Member must satisfy enum value set: \\[INDEXES, TOTAL, NONE\\])' +
          `(?=.*Value '{.+}' ${escaped(MAP_KEYS)})` +
          "(?=.*Value null at 'requestItems.aa;.member.keys' failed to satisfy constraint: Member must not be null)",
      ),
      { ReturnConsumedCapacity: 'hi' },
    );
  });

  it('no keys, and too many', async () => {
    const rule = (text: string) =>
      `${DETECTED}Value at 'RequestItems.${hash}.member.Keys' failed to satisfy constraint: Member must have length ${text}`;
    await refuses({ [hash]: { Keys: [] } }, rule('greater than or equal to 1'));
    await refuses({ [hash]: { Keys: keys(101) } }, rule('less than or equal to 100'));
    await refuses(
      { abc: { Keys: keys(100) }, abd: { Keys: keys(1) } },
      `${INVALID}Too many items requested for the BatchGetItem call`,
    );
    await refuses({ abc: { Keys: keys(100) } }, NOT_FOUND);
  });

  it('expressions with their predecessors, for different tables too', async () => {
    const mixture =
      `${INVALID}Can not use both expression and non-expression parameters in the same request: ` +
      'Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}';
    await refuses(
      { abc: { Keys: [{}], AttributesToGet: ['a'], ExpressionAttributeNames: {}, ProjectionExpression: '' } },
      mixture,
    );
    await refuses(
      { [hash]: { Keys: keys(1), ProjectionExpression: 'pk' }, [binary]: { Keys: keys(1), AttributesToGet: ['pk'] } },
      mixture,
    );
    await refuses(
      { abc: { Keys: [{}], AttributesToGet: ['a'], ExpressionAttributeNames: {} } },
      `${INVALID}ExpressionAttributeNames can only be specified when using expressions`,
    );
  });

  it('projections that are none', async () => {
    const projection = (ProjectionExpression: string, error: string, more: Json = {}) =>
      refuses({ abc: { Keys: [{}], ProjectionExpression, ...more } }, `${INVALID}${error}`);
    await projection('', 'ExpressionAttributeNames must not be empty', { ExpressionAttributeNames: {} });
    await projection('', 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"', {
      ExpressionAttributeNames: { a: 'a' },
    });
    await projection('', 'Invalid ProjectionExpression: The expression can not be empty;');
    const overlap = (one: string, two: string) =>
      'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these ' +
      `paths; path one: ${one}, path two: ${two}`;
    await projection('a, a', overlap('[a]', '[a]'));
    await projection('a, a.b', overlap('[a]', '[a, b]'));
    await projection('#a, #b', overlap('[a]', '[a]'), { ExpressionAttributeNames: { '#a': 'a', '#b': 'a' } });
    await refuses({ abc: { Keys: [{}], AttributesToGet: ['a', 'a'] } }, `${ONE}Duplicate value in attribute name: a`);
  });

  it('keys given twice, even where there is no table', async () => {
    const key = { a: S('x'), b: { N: '1' } };
    await refuses({ abc: { Keys: [key, { b: key.b, a: key.a }, key] } }, DUPLICATES);
    await refuses({ [hash]: { Keys: [...keys(2), ...keys(1)] } }, DUPLICATES);
    await refuses(
      {
        [ranged]: {
          Keys: [
            { pk: S('a'), sk: { N: '1' } },
            { pk: S('a'), sk: { N: '1.0' } },
          ],
        },
      },
      DUPLICATES,
    );
  });

  it('keys that do not fit the table', async () => {
    const wrong = [
      {},
      { b: S('a') },
      { pk: S('a'), b: S('a') },
      { pk: { N: '1' } },
      { pk: { BOOL: true } },
      { pk: { L: [] } },
    ];
    for (const key of wrong) await refuses({ [hash]: { Keys: [key] } }, MISMATCH);
    await refuses({ [ranged]: { Keys: [{ pk: S('a') }] } }, MISMATCH);
    await refuses({ [hash]: { Keys: [{ pk: S('') }] } }, empty('string'));
    await refuses({ [binary]: { Keys: [{ pk: { B: '' } }] } }, empty('binary'));
  });

  for (const [value, message] of VALUE_FAULTS) {
    it(`a key of ${JSON.stringify(value)}`, () => refuses({ abc: { Keys: [{ a: value }] } }, `${INVALID}${message}`));
  }
});

describe('BatchWriteItem refuses', () => {
  const refuses = (RequestItems: unknown, error: string | RegExp, more: Json = {}) =>
    expectRefusal(target, 'BatchWriteItem', { RequestItems, ...more }, error);
  const put = (Item: unknown) => ({ PutRequest: { Item } });
  const remove = (Key: unknown) => ({ DeleteRequest: { Key } });

  it('no tables and no requests', async () => {
    await refuses(
      undefined,
      `${DETECTED}Value null at 'requestItems' failed to satisfy constraint: Member must not be null`,
    );
    await refuses({}, `${INVALID}The requestItems parameter is required for BatchWriteItem`);
    await refuses({ [hash]: [] }, `${DETECTED}Value '{${hash}=[]}' ${MAP_VALUE}`);
    await refuses(
      { abc: [{}] },
      `${INVALID}Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported ` +
        'datatypes',
    );
  });

  it('names that are none', () =>
    refuses({ a: [put({ a: S('a') })] }, new RegExp(`^${escaped(DETECTED)}Value '{a=.+}' ${escaped(MAP_KEYS)}$`)));

  it('more than 25 requests', async () => {
    const requests = (count: number) => keys(count).map((key, at) => (at % 2 === 0 ? put(key) : remove(key)));
    await refuses({ [hash]: requests(26) }, new RegExp(`^${escaped(DETECTED)}Value '{.+}' ${escaped(MAP_VALUE)}$`));
    await refuses({ abc: requests(25) }, NOT_FOUND);
  });

  it('two requests for one item, once there is a table', async () => {
    const twice = [put({ pk: S('twice'), v: S('') }), remove({ pk: S('twice') })];
    await refuses({ [hash]: twice }, DUPLICATES);
    await refuses({ [hash]: twice.toReversed() }, DUPLICATES);
    await refuses({ abc: twice }, NOT_FOUND);
  });

  it('items that do not fit the table', async () => {
    for (const pk of [{ N: '5' }, { L: [S('x')] }]) await refuses({ [hash]: [put({ pk })] }, MISMATCH);
    await refuses({ [hash]: [put({ a: S('x') })] }, MISMATCH);
    await refuses({ [hash]: [remove({ a: S('x') })] }, MISMATCH);
    await refuses({ [hash]: [put({ pk: S('') })] }, empty('string'));
    await refuses({ [binary]: [put({ pk: { B: '' } })] }, empty('binary'));
    await refuses({ [binary]: [remove({ pk: { B: '' } })] }, empty('binary'));
  });

  it('index keys of another type, and empty ones', async () => {
    const item = (a: object) => ({ [indexed]: [put({ pk: S('x'), sk: S('x'), a })] });
    const mismatch = (type: string) =>
      `${ONE}Type mismatch for Index Key a Expected: S Actual: ${type} IndexName: global-all`;
    await refuses(item({ N: '5' }), mismatch('N'));
    await refuses(item({ L: [S('x')] }), mismatch('L'));
    await refuses(
      item(S('')),
      `${INVALID}One or more parameter values are not valid. A value specified for a secondary index key is not ` +
        'supported. The AttributeValue for a key attribute cannot contain an empty string value. ' +
        'IndexName: global-all, IndexKey: a',
    );
  });

  it('items that are too large, to the byte', async () => {
    const item = (bytes: number) => ({ abc: [put({ pk: S('x'), v: S('x'.repeat(bytes - 4)) })] });
    await refuses(item(409_601), `${INVALID}Item size has exceeded the maximum allowed size`);
    await refuses(item(409_600), NOT_FOUND);
  });

  for (const [value, message] of VALUE_FAULTS) {
    it(`an item with ${JSON.stringify(value)}`, async () => {
      await refuses({ abc: [put({ a: value })] }, `${INVALID}${message}`);
      await refuses({ abc: [remove({ a: value })] }, `${INVALID}${message}`);
    });
  }
});

describe('Batches', () => {
  it('write and read several tables', async () => {
    const written = await target.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [hash]: keys(20).map((key) => ({ PutRequest: { Item: { ...key, v: S('v') } } })),
          [ranged]: [{ PutRequest: { Item: { pk: S('r'), sk: { N: '1' } } } }],
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    assert.deepEqual(written.UnprocessedItems, {});
    assert.deepEqual(written.ConsumedCapacity, [
      { TableName: hash, CapacityUnits: 20 },
      { TableName: ranged, CapacityUnits: 1 },
    ]);
    const read = await target.client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [hash]: { Keys: [...keys(20), { pk: S('absent') }], ProjectionExpression: 'v', ConsistentRead: true },
          [ranged]: { Keys: [{ pk: S('r'), sk: { N: '1.0' } }] },
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    assert.deepEqual(read.Responses, {
      [hash]: Array.from({ length: 20 }, () => ({ v: S('v') })),
      [ranged]: [{ pk: S('r'), sk: { N: '1' } }],
    });
    assert.deepEqual(read.UnprocessedKeys, {});
    assert.deepEqual(read.ConsumedCapacity, [
      { TableName: hash, CapacityUnits: 21 },
      { TableName: ranged, CapacityUnits: 0.5 },
    ]);
  });

  it('read a table once that is named twice, once by its ARN', async () => {
    const puts = keys(2).map((key) => ({ PutRequest: { Item: key } }));
    await target.client.send(new BatchWriteItemCommand({ RequestItems: { [hash]: puts } }));
    const { Table } = await target.client.send(new DescribeTableCommand({ TableName: hash }));
    const arn = String(Table?.TableArn);
    const RequestItems = { [arn]: { Keys: keys(1) }, [hash]: { Keys: keys(2) } };
    const { Responses = {} } = await target.client.send(new BatchGetItemCommand({ RequestItems }));
    assert.deepEqual(Responses, { [arn]: keys(2) });
  });

  it('replace and delete', async () => {
    const put = (v: string) => ({ PutRequest: { Item: { pk: S('replaced'), v: S(v) } } });
    const write = (request: object) =>
      target.client.send(new BatchWriteItemCommand({ RequestItems: { [hash]: [request as ReturnType<typeof put>] } }));
    const read = async () => {
      const Keys = [{ pk: S('replaced') }];
      const { Responses } = await target.client.send(
        new BatchGetItemCommand({ RequestItems: { [hash]: { Keys, ConsistentRead: true } } }),
      );
      return Responses?.[hash];
    };
    await write(put('1'));
    await write(put('2'));
    assert.deepEqual(await read(), [{ pk: S('replaced'), v: S('2') }]);
    await write({ DeleteRequest: { Key: { pk: S('replaced') } } });
    assert.deepEqual(await read(), []);
  });
});
