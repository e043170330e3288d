import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID, refusalOf } from './support/expect-refusal.js';
import { createTable, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';

const MAX_BYTES = 409_600;
const TOO_LARGE = 'Item size has exceeded the maximum allowed size';
const TOO_LARGE_UPDATE = 'Item size to update has exceeded the maximum allowed size';
const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
const TOO_DEEP = /Nesting Levels have exceeded supported limits/;

const target = new Target();
let hash = '';
let numeric = '';
let ranged = '';
let keys = 0;

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  numeric = await createTable(target, simpleTable(target.tableName('numeric'), 'N'));
  ranged = await createTable(target, simpleTable(target.tableName('ranged'), 'S', 'N'));
});

const pk = () => ({ S: `key${String(++keys).padStart(5, '0')}` });
const KEY_BYTES = 'pk'.length + 'key00000'.length;
const x = (bytes: number) => ({ S: 'x'.repeat(bytes) });

async function outcome(operation: string, input: unknown): Promise<string> {
  return refusalOf(await target.send(operation, input));
}

async function got(key: { S: string }): Promise<Json> {
  const { Item } = await target.client.send(new GetItemCommand({ TableName: hash, Key: { pk: key } }));
  return Item as Json;
}

/** `leaf` in so many maps. */
function deep(levels: number): unknown {
  return levels === 0 ? { S: 'leaf' } : { M: { n: deep(levels - 1) } };
}

describe('Numbers', () => {
  const stored: readonly [written: string, back: string][] = [
    ['00042', '42'],
    ['1.0', '1'],
    ['3.1400', '3.14'],
    ['1.5E2', '150'],
    ['-0', '0'],
    ['0e125', '0'],
    ['0042.1200', '42.12'],
    ['1E125', `1${'0'.repeat(125)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    [`9.${'9'.repeat(37)}E+125`, `${'9'.repeat(38)}${'0'.repeat(88)}`],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ];
  for (const [written, back] of stored) {
    it(`come back in plain form: ${written}`, async () => {
      const key = pk();
      assert.equal(await outcome('PutItem', { TableName: hash, Item: { pk: key, n: { N: written } } }), 'no error');
      assert.deepEqual((await got(key)).n, { N: back });
    });
  }

  const refused: readonly [number: string, message: string][] = [
    ['123456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
    ['1E+126', OVERFLOW],
    ['-1E+126', OVERFLOW],
    ['1e2147483648', OVERFLOW],
    ['1e99999999999', OVERFLOW],
    ['0e126', OVERFLOW],
    ['1E-131', UNDERFLOW],
    ['1e-99999999999', UNDERFLOW],
    ['0e-131', UNDERFLOW],
    ['1e9223372036854775808', 'The parameter cannot be converted to a numeric value: 1e9223372036854775808'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['-Infinity', 'The parameter cannot be converted to a numeric value: -Infinity'],
  ];
  for (const [number, message] of refused) {
    it(`are refused out of range: ${number}`, async () => {
      await expectRefusal(
        target,
        'PutItem',
        { TableName: hash, Item: { pk: pk(), n: { N: number } } },
        INVALID + message,
      );
      await expectRefusal(target, 'GetItem', { TableName: numeric, Key: { pk: { N: number } } }, INVALID + message);
      await expectRefusal(target, 'DeleteItem', { TableName: numeric, Key: { pk: { N: number } } }, INVALID + message);
      const batch = { RequestItems: { [numeric]: { Keys: [{ pk: { N: number } }] } } };
      await expectRefusal(target, 'BatchGetItem', batch, INVALID + message);
      const ofValue = `${INVALID}ExpressionAttributeValues contains invalid value: ${message} for key :v`;
      const values = { ExpressionAttributeValues: { ':v': { N: number } } };
      const update = { TableName: hash, Key: { pk: pk() }, UpdateExpression: 'SET n = :v', ...values };
      await expectRefusal(target, 'UpdateItem', update, ofValue);
    });
  }

  it('are refused when a sum leaves the range or the precision', async () => {
    const sum = async (a: string, b: string, operator = '+') =>
      outcome('UpdateItem', {
        TableName: hash,
        Key: { pk: pk() },
        UpdateExpression: `SET n = :a ${operator} :b`,
        ExpressionAttributeValues: { ':a': { N: a }, ':b': { N: b } },
      });
    assert.equal(await sum('9e125', '9e125'), INVALID + OVERFLOW);
    assert.equal(await sum('9e125', '-9e125', '-'), INVALID + OVERFLOW);
    assert.match(await sum('1e50', '1'), /^ValidationException: .*[Nn]umber/);
    assert.match(await sum('1e50', '1', '-'), /^ValidationException: .*[Nn]umber/);
    assert.equal(await sum('1', '10000000000000000000000'), 'no error');
  });

  it('sort by value as range keys', async () => {
    const key = pk();
    for (const sk of ['0', '1E-130', '99999999999999999999999999999999999999', '-1', '-1E125', '10', '9']) {
      await outcome('PutItem', { TableName: ranged, Item: { pk: key, sk: { N: sk } } });
    }
    const { body } = await target.send('Query', {
      TableName: ranged,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': key },
    });
    const values = (body.Items as { sk: { N: string } }[]).map(({ sk }) => Number(sk.N));
    assert.deepEqual(values, [-1e125, -1, 0, 1e-130, 9, 10, 1e38]);
  });

  const sizes: readonly [number: string, bytes: number][] = [
    ['0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['1234', 3],
    ['12345678901234567890123456789012345678', 20],
    ['0042', 2],
    ['100', 2],
    ['1010', 3],
    ['0.0000001', 2],
    ['1E125', 2],
    ['1E-100', 2],
    ['1.5', 3],
    ['15', 2],
    ['1.200', 3],
    ['1.234', 4],
    ['3.14159', 5],
    ['123456', 4],
    ['100.5', 4],
    ['0.15', 2],
    ['-42', 3],
    ['-0', 1],
  ];
  for (const [number, bytes] of sizes) {
    it(`count by pairs of digits: ${number}`, async () => {
      const put = (spare: number) =>
        outcome('PutItem', {
          TableName: hash,
          Item: { pk: pk(), n: { N: number }, p: x(MAX_BYTES - KEY_BYTES - 1 - bytes - 1 + spare) },
        });
      assert.equal(await put(0), 'no error');
      assert.equal(await put(1), INVALID + TOO_LARGE);
    });
  }
});

describe('Sets', () => {
  it('come back in order, whatever order they were written in', async () => {
    const key = pk();
    const Item = {
      pk: key,
      ss: { SS: ['b', 'a', '', 'ab', 'B'] },
      ns: { NS: ['10', '9', '-1', '1e2', '0.5'] },
      bs: { BS: ['Ag==', 'AQI=', 'AQ=='] },
      in: { L: [{ SS: ['z', 'y'] }] },
    };
    await outcome('PutItem', { TableName: hash, Item });
    const { body } = await target.send('GetItem', { TableName: hash, Key: { pk: key } });
    const expected = {
      pk: key,
      ss: { SS: ['', 'B', 'a', 'ab', 'b'] },
      ns: { NS: ['-1', '0.5', '9', '10', '100'] },
      bs: { BS: ['AQ==', 'AQI=', 'Ag=='] },
      in: { L: [{ SS: ['y', 'z'] }] },
    };
    assert.deepEqual(body.Item, expected);
  });

  it('stay in order as they grow, and may hold empty members', async () => {
    const key = pk();
    const add = async (value: unknown) => {
      const { body } = await target.send('UpdateItem', {
        TableName: hash,
        Key: { pk: key },
        UpdateExpression: 'ADD tags :v',
        ExpressionAttributeValues: { ':v': value },
        ReturnValues: 'UPDATED_NEW',
      });
      return (body.Attributes as Json).tags;
    };
    assert.deepEqual(await add({ SS: ['b'] }), { SS: ['b'] });
    assert.deepEqual(await add({ SS: ['c', 'a', ''] }), { SS: ['', 'a', 'b', 'c'] });
    assert.deepEqual(await add({ SS: [''] }), { SS: ['', 'a', 'b', 'c'] });
  });
});

describe('Sizes of items', () => {
  const FULL = MAX_BYTES - KEY_BYTES - 1;

  it('are 400 KB in PutItem and BatchWriteItem', async () => {
    for (const [spare, expected] of [
      [0, 'no error'],
      [1, INVALID + TOO_LARGE],
    ] as const) {
      const Item = { pk: pk(), p: x(FULL + spare) };
      assert.equal(await outcome('PutItem', { TableName: hash, Item }), expected);
      assert.equal(await outcome('BatchWriteItem', { RequestItems: { [hash]: [{ PutRequest: { Item } }] } }), expected);
    }
  });

  it('count names, elements of documents and members of sets', async () => {
    const put = (spare: number) =>
      outcome('PutItem', {
        TableName: hash,
        Item: {
          pk: pk(),
          map: { M: { a: x(1000), é: { NULL: true } } },
          list: { L: [x(2000), { BOOL: false }] },
          ss: { SS: ['a', 'bc'] },
          p: x(MAX_BYTES - KEY_BYTES - (3 + 3 + 2 + 1 + 1000 + 2 + 1) - (4 + 3 + 2 + 2000 + 1) - (2 + 3) - 1 + spare),
        },
      });
    assert.equal(await put(0), 'no error');
    assert.equal(await put(1), INVALID + TOO_LARGE);
  });

  it('are a fault of the request in a transacted Put, of the transaction in a transacted Update', async () => {
    const put = (spare: number) =>
      outcome('TransactWriteItems', {
        TransactItems: [{ Put: { TableName: hash, Item: { pk: pk(), p: x(FULL + spare) } } }],
      });
    assert.equal(await put(0), 'no error');
    assert.equal(await put(1), INVALID + TOO_LARGE);
    const update = (spare: number) =>
      target.send('TransactWriteItems', {
        TransactItems: [
          {
            Update: {
              TableName: hash,
              Key: { pk: pk() },
              UpdateExpression: 'SET p = :p',
              ExpressionAttributeValues: { ':p': x(FULL + spare) },
            },
          },
        ],
      });
    assert.equal(refusalOf(await update(0)), 'no error');
    const { body } = await update(1);
    assert.match(String(body.__type), /TransactionCanceledException$/);
    assert.deepEqual(body.CancellationReasons, [{ Code: 'ValidationError', Message: TOO_LARGE_UPDATE }]);
  });

  it('are those of what an update writes, with a few bytes for each clause', async () => {
    const update = (spare: number) =>
      outcome('UpdateItem', {
        TableName: hash,
        Key: { pk: pk() },
        UpdateExpression: 'SET p = :p REMOVE q',
        ExpressionAttributeValues: { ':p': x(MAX_BYTES - 3 - 19 - 1 - 2 + spare) },
      });
    assert.equal(await update(0), 'no error');
    assert.equal(await update(1), INVALID + TOO_LARGE_UPDATE);
  });
});

describe('Nesting', () => {
  it('goes to 32 levels in an item', async () => {
    const put = (levels: number) => ({ TableName: hash, Item: { pk: pk(), d: deep(levels) } });
    assert.equal(await outcome('PutItem', put(31)), 'no error');
    assert.match(await outcome('PutItem', put(32)), TOO_DEEP);
    const batch = (levels: number) => ({ RequestItems: { [hash]: [{ PutRequest: { Item: put(levels).Item } }] } });
    assert.equal(await outcome('BatchWriteItem', batch(31)), 'no error');
    assert.match(await outcome('BatchWriteItem', batch(32)), TOO_DEEP);
    assert.equal(await outcome('TransactWriteItems', { TransactItems: [{ Put: put(31) }] }), 'no error');
    assert.match(await outcome('TransactWriteItems', { TransactItems: [{ Put: put(32) }] }), TOO_DEEP);
  });

  it('goes to 32 levels in a value of UpdateItem, though the item does not come to hold it', async () => {
    const update = (levels: number) =>
      outcome('UpdateItem', {
        TableName: hash,
        Key: { pk: pk() },
        UpdateExpression: 'SET t = :t',
        ConditionExpression: 'd = :d',
        ExpressionAttributeValues: { ':t': { S: 't' }, ':d': deep(levels) },
      });
    assert.match(await update(31), /^ConditionalCheckFailedException/);
    assert.match(await update(32), TOO_DEEP);
  });

  it('cancels a transaction that makes an item too deep', async () => {
    const { body } = await target.send('TransactWriteItems', {
      TransactItems: [
        {
          Update: {
            TableName: hash,
            Key: { pk: pk() },
            UpdateExpression: 'SET d = :d',
            ExpressionAttributeValues: { ':d': deep(32) },
          },
        },
      ],
    });
    const [reason] = body.CancellationReasons as Json[];
    assert.equal(reason?.Code, 'ValidationError');
    assert.match(String(reason?.Message), TOO_DEEP);
  });

  it('is refused, not fatal, when it is very deep', async () => {
    const levels = 100_000;
    const body = `{"TableName":"${hash}","Item":{"pk":{"S":"a"},"d":${'{"":'.repeat(levels)}{}${'}'.repeat(levels)}}}`;
    const answer = await target.send('PutItem', body);
    assert.equal(answer.status, 400);
    assert.deepEqual(await got(pk()), undefined);
  });
});

describe('Names and keys', () => {
  it('take names of attributes of up to 65535 bytes', async () => {
    const key = pk();
    const name = 'n'.repeat(65535);
    assert.equal(await outcome('PutItem', { TableName: hash, Item: { pk: key, [name]: { S: 'a' } } }), 'no error');
    const { body } = await target.send('GetItem', { TableName: hash, Key: { pk: key }, AttributesToGet: [name] });
    assert.deepEqual(body.Item, { [name]: { S: 'a' } });
    const aliased = { ProjectionExpression: '#n', ExpressionAttributeNames: { '#n': name } };
    const projected = await target.send('GetItem', { TableName: hash, Key: { pk: key }, ...aliased });
    assert.deepEqual(projected.body.Item, { [name]: { S: 'a' } });
  });

  const long = 'n'.repeat(65536);
  const tooLong: readonly [operation: string, input: () => unknown][] = [
    ['PutItem', () => ({ Item: { pk: pk(), [long]: { S: 'a' } } })],
    ['GetItem', () => ({ Key: { pk: pk() }, AttributesToGet: [long] })],
    ['GetItem', () => ({ Key: { pk: pk() }, ProjectionExpression: '#n', ExpressionAttributeNames: { '#n': long } })],
    ['UpdateItem', () => ({ Key: { pk: pk() }, AttributeUpdates: { [long]: { Value: { S: 'a' } } } })],
    ['PutItem', () => ({ Item: { pk: pk() }, Expected: { [long]: { Exists: false } } })],
    ['Scan', () => ({ ScanFilter: { [long]: { ComparisonOperator: 'NULL' } } })],
  ];
  for (const [at, [operation, input]] of tooLong.entries()) {
    it(`refuse longer ones: ${at} ${operation}`, async () => {
      const refusal = await outcome(operation, { TableName: hash, ...(input() as object) });
      assert.match(refusal, /^ValidationException: .*Attribute name is too large, must be less than 65536 bytes/);
    });
  }

  it('take partition keys of up to 2048 bytes and sort keys of up to 1024', async () => {
    const table = await createTable(target, simpleTable(target.tableName('keys'), 'S', 'S'));
    const item = (hashBytes: number, rangeBytes: number) => ({ pk: x(hashBytes), sk: x(rangeBytes) });
    const put = (...bytes: [number, number]) => outcome('PutItem', { TableName: table, Item: item(...bytes) });
    const get = (...bytes: [number, number]) => outcome('GetItem', { TableName: table, Key: item(...bytes) });
    assert.equal(await put(2048, 1024), 'no error');
    assert.equal(await get(2048, 1024), 'no error');
    // The missing space is AWS's.
    const hashFault = /Size of hashkey has exceeded the maximum size limit of ?2048 bytes$/;
    const rangeFault = /Aggregated size of all range keys has exceeded the size limit of 1024 bytes$/;
    for (const send of [put, get]) {
      assert.match(await send(2049, 1), hashFault);
      assert.match(await send(1, 1025), rangeFault);
      assert.match(await send(0, 1), /cannot contain an empty string value\. Key: pk$/);
      assert.match(await send(1, 0), /cannot contain an empty string value\. Key: sk$/);
    }
  });
});

describe('Expressions', () => {
  const SIZE = 'Expression size has exceeded the maximum allowed size';
  const fill = (start: string, end: string, bytes: number) =>
    start + ' '.repeat(bytes - start.length - end.length) + end;

  it('are 4096 bytes at most', async () => {
    for (const [bytes, expected] of [
      [4096, /^no error/],
      [4097, new RegExp(SIZE)],
    ] as const) {
      const key = { TableName: hash, Key: { pk: pk() } };
      const v = { ExpressionAttributeValues: { ':v': { S: 'a' } } };
      const sends: readonly [string, object][] = [
        ['GetItem', { ...key, ProjectionExpression: 'x'.repeat(bytes) }],
        ['UpdateItem', { ...key, ...v, UpdateExpression: fill('SET ', 'a = :v', bytes) }],
        [
          'PutItem',
          { TableName: hash, Item: key.Key, ConditionExpression: fill('attribute_not_exists(zz)', '', bytes) },
        ],
        ['Scan', { TableName: hash, ...v, FilterExpression: fill('a', ' = :v', bytes) }],
        ['Query', { TableName: hash, ...v, KeyConditionExpression: fill('pk', ' = :v', bytes) }],
      ];
      for (const [operation, input] of sends) assert.match(await outcome(operation, input), expected, operation);
    }
  });

  it('are named of conditions and filters alone', async () => {
    const text = `${'y'.repeat(4097)} = :v`;
    const tooLarge = (kind: string, more = '') =>
      `${INVALID}Invalid ${kind}: Expression size has exceeded the maximum allowed size;${more}`;
    const sized = ` expression size: ${text.length}`;
    const input = { TableName: hash, ExpressionAttributeValues: { ':v': { S: 'a' } } };
    const refuses = (operation: string, more: Json, error: string) =>
      expectRefusal(target, operation, { ...input, ...more }, error);
    await refuses('Scan', { FilterExpression: text }, tooLarge('FilterExpression', sized));
    await refuses(
      'DeleteItem',
      { Key: { pk: pk() }, ConditionExpression: text },
      tooLarge('ConditionExpression', sized),
    );
    await refuses('Query', { KeyConditionExpression: text }, tooLarge('KeyConditionExpression'));
    await expectRefusal(
      target,
      'Scan',
      { TableName: hash, ProjectionExpression: 'y'.repeat(4097) },
      tooLarge('ProjectionExpression'),
    );
  });

  it('are measured before names are put in', async () => {
    const names = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`#a${at}`, 'n'.repeat(246) + at]));
    const ProjectionExpression = Object.keys(names).join(', ');
    const input = { TableName: hash, Key: { pk: pk() }, ProjectionExpression, ExpressionAttributeNames: names };
    assert.equal(await outcome('GetItem', input), 'no error');
  });

  const condition = (ConditionExpression: string) =>
    outcome('UpdateItem', { TableName: hash, Key: { pk: pk() }, ConditionExpression });

  it('are measured before they are read', async () => {
    for (const text of [
      `a<b ${'and (a<b '.repeat(20000)}${')'.repeat(20000)}`,
      `${'('.repeat(20000)}a<b${')'.repeat(20000)}`,
      '('.repeat(15000),
      `${'not '.repeat(20000)}a<b`,
      `a < ${'f('.repeat(20000)}b${')'.repeat(20000)}`,
    ]) {
      assert.match(await condition(text), /^ValidationException: .*expression size/);
    }
  });

  it('have 300 operators at most, and no end of parentheses', async () => {
    const chain = (depth: number) => `attribute_not_exists(a) ${'or (a<b '.repeat(depth)}${')'.repeat(depth)}`;
    assert.equal(await condition(chain(149)), 'no error');
    for (const text of [
      chain(400),
      '('.repeat(4096),
      `${'('.repeat(2046)}a<b${')'.repeat(2046)}`,
      `${'not '.repeat(1000)}a<b`,
      `a < ${'f('.repeat(1355)}b${')'.repeat(1355)}`,
      `a < ${'size('.repeat(680)}b${')'.repeat(680)}`,
    ]) {
      assert.match(await condition(text), /^ValidationException: .*ConditionExpression/);
    }
  });

  it('are not what parameters from before expressions are limited by', async () => {
    const many = Array.from({ length: 600 }, (_, at) => `a${at}`);
    const key = { TableName: hash, Key: { pk: pk() } };
    assert.equal(await outcome('GetItem', { ...key, AttributesToGet: many }), 'no error');
    const AttributeUpdates = Object.fromEntries(many.map((name) => [name, { Value: { S: 'a' } }]));
    assert.equal(await outcome('UpdateItem', { ...key, AttributeUpdates }), 'no error');
    const Expected = Object.fromEntries(many.map((name) => [name, { Value: { S: 'a' } }]));
    assert.equal(await outcome('DeleteItem', { ...key, Expected }), 'no error');
  });
});
