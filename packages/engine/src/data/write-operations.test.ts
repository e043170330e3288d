import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { DataFixture, index, table } from './data-fixture.js';

const GSI = index('GSI', 'by-cat', 'cat', { type: 'KEYS_ONLY' });
const LSI = index('LSI', 'by-date', 'pk date:N', { type: 'INCLUDE', attributes: ['title'] });
const PLAIN = table('plain', 'pk');
const RANGED = table('ranged', 'pk sk:N', [GSI, LSI]);

let fixture: DataFixture;
beforeEach(() => {
  fixture = new DataFixture([PLAIN, RANGED]);
});

const put = (Item: unknown, more: object = {}) => fixture.run('PutItem', { TableName: 'ranged', Item, ...more });
const item = (sk: number, more: object = {}) => ({ pk: { S: 'p' }, sk: { N: String(sk) }, ...more });
const entries = async (IndexName: string) => (await fixture.run('Scan', { TableName: 'ranged', IndexName })).Items;

describe('PutItem', () => {
  it('stores the item, and gives back the old one when asked', async () => {
    assert.deepEqual(await put(item(1, { a: { S: 'x' } })), {});
    assert.deepEqual(await put(item(1, { a: { S: 'y' } }), { ReturnValues: 'ALL_OLD' }), {
      Attributes: item(1, { a: { S: 'x' } }),
    });
    const found = await fixture.run('GetItem', { TableName: 'ranged', Key: item(1) });
    assert.deepEqual(found, { Item: item(1, { a: { S: 'y' } }) });
  });

  it('finds a number key in whatever form it is written', async () => {
    await put({ pk: { S: 'p' }, sk: { N: '1.50e1' } });
    const found = await fixture.run('GetItem', { TableName: 'ranged', Key: { pk: { S: 'p' }, sk: { N: '015' } } });
    assert.deepEqual(found.Item, { pk: { S: 'p' }, sk: { N: '15' } });
  });

  it('refuses items whose keys do not fit, in the words of AWS', async () => {
    const error = (Item: unknown) => fixture.error('PutItem', { TableName: 'ranged', Item });
    const invalid = 'ValidationException: One or more parameter values were invalid: ';
    assert.equal(await error({ pk: { S: 'p' } }), `${invalid}Missing the key sk in the item`);
    assert.equal(
      await error({ pk: { N: '1' }, sk: { N: '1' } }),
      `${invalid}Type mismatch for key pk expected: S actual: N`,
    );
    assert.equal(
      await error(item(1, { cat: { N: '1' } })),
      `${invalid}Type mismatch for Index Key cat Expected: S Actual: N IndexName: by-cat`,
    );
    assert.equal(
      await error({ pk: { S: '' }, sk: { N: '1' } }),
      'ValidationException: One or more parameter values are not valid. ' +
        'The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    );
    assert.equal(
      await error(item(1, { cat: { S: '' } })),
      'ValidationException: One or more parameter values are not valid. A value specified for a secondary index key ' +
        'is not supported. The AttributeValue for a key attribute cannot contain an empty string value. ' +
        'IndexName: by-cat, IndexKey: cat',
    );
    assert.equal(
      await error({ pk: { S: 'é'.repeat(1025) }, sk: { N: '1' } }),
      `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    );
    assert.deepEqual((await fixture.run('Scan', { TableName: 'ranged' })).Count, 0);
  });

  it('refuses items above 400 KB', async () => {
    const Item = { pk: { S: 'p' }, sk: { N: '1' }, a: { S: 'x'.repeat(400 * 1024) } };
    assert.equal(
      await fixture.error('PutItem', { TableName: 'ranged', Item }),
      'ValidationException: Item size has exceeded the maximum allowed size',
    );
  });

  it('reports what it consumed on the table and on each index', async () => {
    const wide = (kb: number, more: object = {}) => item(1, { big: { S: 'x'.repeat(kb * 1024) }, ...more });
    const units = async (Item: unknown) => (await put(Item, { ReturnConsumedCapacity: 'INDEXES' })).ConsumedCapacity;
    assert.deepEqual(await units(wide(3, { cat: { S: 'c' }, date: { N: '1' } })), {
      TableName: 'ranged',
      CapacityUnits: 6,
      Table: { CapacityUnits: 4 },
      LocalSecondaryIndexes: { 'by-date': { CapacityUnits: 1 } },
      GlobalSecondaryIndexes: { 'by-cat': { CapacityUnits: 1 } },
    });
    // Neither projection changes; the larger of both items counts.
    assert.deepEqual(await units(wide(1, { date: { N: '1.0' }, cat: { S: 'c' } })), {
      TableName: 'ranged',
      CapacityUnits: 4,
      Table: { CapacityUnits: 4 },
    });
    // A moved entry is a delete and a put, a lost one a delete.
    assert.deepEqual(await units(wide(1, { date: { N: '2' } })), {
      TableName: 'ranged',
      CapacityUnits: 5,
      Table: { CapacityUnits: 2 },
      LocalSecondaryIndexes: { 'by-date': { CapacityUnits: 2 } },
      GlobalSecondaryIndexes: { 'by-cat': { CapacityUnits: 1 } },
    });
    assert.deepEqual((await put(wide(1), { ReturnConsumedCapacity: 'TOTAL' })).ConsumedCapacity, {
      TableName: 'ranged',
      CapacityUnits: 3,
    });
  });

  it('reports the item collection of tables with local indexes alone', async () => {
    assert.deepEqual(await put(item(1), { ReturnItemCollectionMetrics: 'SIZE' }), {
      ItemCollectionMetrics: { ItemCollectionKey: { pk: { S: 'p' } }, SizeEstimateRangeGB: [0, 1] },
    });
    const input = { TableName: 'plain', Item: { pk: { S: 'p' } }, ReturnItemCollectionMetrics: 'SIZE' };
    assert.deepEqual(await fixture.run('PutItem', input), {});
  });
});

describe('index entries', () => {
  it('hold the projected attributes of items that have the index key', async () => {
    await put(item(1, { cat: { S: 'c' }, title: { S: 't' }, date: { N: '7' }, other: { S: 'o' } }));
    await put(item(2, { title: { S: 't' } }));
    assert.deepEqual(await entries('by-cat'), [item(1, { cat: { S: 'c' } })]);
    assert.deepEqual(await entries('by-date'), [item(1, { date: { N: '7' }, title: { S: 't' } })]);
  });

  it('follow the item when it changes, and go with it', async () => {
    await put(item(1, { cat: { S: 'c' }, date: { N: '7' } }));
    await put(item(1, { cat: { S: 'd' } }));
    assert.deepEqual(await entries('by-cat'), [item(1, { cat: { S: 'd' } })]);
    assert.deepEqual(await entries('by-date'), []);
    await fixture.run('DeleteItem', { TableName: 'ranged', Key: item(1) });
    assert.deepEqual(await entries('by-cat'), []);
  });

  it('are counted, as the items are', async () => {
    await put(item(1, { cat: { S: 'c' } }));
    await put(item(2, { cat: { S: 'c' } }));
    await put(item(2, { cat: { S: 'cc' } }));
    await put(item(3));
    await fixture.run('DeleteItem', { TableName: 'ranged', Key: item(1) });
    // Two bytes each for a one-digit number with its name of two, and so on.
    assert.deepEqual(fixture.statisticsOf(RANGED.storageNumber), { items: 2, bytes: 12 + 7 });
    assert.deepEqual(fixture.statisticsOf(GSI.storageNumber), { items: 1, bytes: 12 });
  });

  it('of an index being deleted are left alone', async () => {
    fixture.replace(table('ranged', 'pk sk:N', [{ ...GSI, status: 'DELETING' }, LSI]));
    await put(item(1, { cat: { S: 'c' } }));
    assert.equal(fixture.statistics.has(GSI.storageNumber), false);
  });

  it('that an index being created does not have yet are not counted as gone', async () => {
    fixture.replace(table('ranged', 'pk sk:N'));
    await put(item(1, { cat: { S: 'c' } }));
    fixture.replace(table('ranged', 'pk sk:N', [{ ...GSI, status: 'CREATING' }]));
    await put(item(1, { cat: { S: 'd' } }));
    assert.equal(fixture.statisticsOf(GSI.storageNumber).items, 1);
  });
});

describe('DeleteItem', () => {
  it('gives back the item it deleted, and is content when there is none', async () => {
    await put(item(1, { a: { S: 'x' } }));
    const input = { TableName: 'ranged', Key: item(1), ReturnValues: 'ALL_OLD' };
    assert.deepEqual(await fixture.run('DeleteItem', input), { Attributes: item(1, { a: { S: 'x' } }) });
    assert.deepEqual(await fixture.run('DeleteItem', { ...input, ReturnConsumedCapacity: 'TOTAL' }), {
      ConsumedCapacity: { TableName: 'ranged', CapacityUnits: 1 },
    });
  });

  it('refuses keys that are not those of the table', async () => {
    const error = (Key: unknown) => fixture.error('DeleteItem', { TableName: 'ranged', Key });
    const mismatch = 'ValidationException: The provided key element does not match the schema';
    assert.equal(await error({ pk: { S: 'p' } }), mismatch);
    assert.equal(await error(item(1, { extra: { S: 'x' } })), mismatch);
    assert.equal(await error({ pk: { S: 'p' }, sk: { S: '1' } }), mismatch);
  });
});

describe('BatchWriteItem', () => {
  it('puts and deletes over several tables', async () => {
    await put(item(1));
    const RequestItems = {
      ranged: [{ PutRequest: { Item: item(2, { cat: { S: 'c' } }) } }, { DeleteRequest: { Key: item(1) } }],
      plain: [{ PutRequest: { Item: { pk: { S: 'x' } } } }],
    };
    const answer = await fixture.run('BatchWriteItem', { RequestItems, ReturnConsumedCapacity: 'INDEXES' });
    assert.deepEqual(answer, {
      UnprocessedItems: {},
      ConsumedCapacity: [
        {
          TableName: 'ranged',
          CapacityUnits: 3,
          Table: { CapacityUnits: 2 },
          GlobalSecondaryIndexes: { 'by-cat': { CapacityUnits: 1 } },
        },
        { TableName: 'plain', CapacityUnits: 1, Table: { CapacityUnits: 1 } },
      ],
    });
    assert.deepEqual((await fixture.run('Scan', { TableName: 'ranged' })).Items, [item(2, { cat: { S: 'c' } })]);
  });

  it('refuses duplicates and too many, and then writes nothing', async () => {
    const error = (ranged: unknown[]) => fixture.error('BatchWriteItem', { RequestItems: { ranged } });
    assert.equal(
      await error([
        { PutRequest: { Item: item(1) } },
        { DeleteRequest: { Key: { pk: { S: 'p' }, sk: { N: '1.0' } } } },
      ]),
      'ValidationException: Provided list of item keys contains duplicates',
    );
    assert.equal(
      await error(Array.from({ length: 26 }, (_, at) => ({ PutRequest: { Item: item(at) } }))),
      'ValidationException: Too many items requested for the BatchWriteItem call',
    );
    assert.equal(
      await error([{ PutRequest: { Item: item(1) } }, { PutRequest: { Item: { pk: { S: 'p' } } } }]),
      'ValidationException: The provided key element does not match the schema',
    );
    assert.equal((await fixture.run('Scan', { TableName: 'ranged' })).Count, 0);
  });
});

describe('BatchGetItem', () => {
  it('gives what is there, by table, and counts every key', async () => {
    await put(item(1));
    await put(item(3, { a: { S: 'x' } }));
    const RequestItems = { ranged: { Keys: [item(1), item(2), item(3)] }, plain: { Keys: [{ pk: { S: 'x' } }] } };
    const answer = await fixture.run('BatchGetItem', { RequestItems, ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(answer, {
      Responses: { ranged: [item(1), item(3, { a: { S: 'x' } })], plain: [] },
      UnprocessedKeys: {},
      ConsumedCapacity: [
        { TableName: 'ranged', CapacityUnits: 1.5 },
        { TableName: 'plain', CapacityUnits: 0.5 },
      ],
    });
  });

  it('hands back the keys that do not fit into 16 MB', async () => {
    const Keys = Array.from({ length: 50 }, (_, at) => item(at));
    for (const key of Keys) await put({ ...key, a: { S: 'x'.repeat(390 * 1024) } });
    const answer = await fixture.run('BatchGetItem', { RequestItems: { ranged: { Keys, ConsistentRead: true } } });
    assert.equal((answer.Responses as { ranged: unknown[] }).ranged.length, 42);
    assert.deepEqual(answer.UnprocessedKeys, { ranged: { Keys: Keys.slice(42), ConsistentRead: true } });
  });

  it('refuses duplicates and more than 100 keys', async () => {
    const error = (Keys: unknown[]) => fixture.error('BatchGetItem', { RequestItems: { ranged: { Keys } } });
    assert.equal(
      await error([item(1), item(1)]),
      'ValidationException: Provided list of item keys contains duplicates',
    );
    assert.equal(
      await error(Array.from({ length: 101 }, (_, at) => item(at))),
      'ValidationException: Too many items requested for the BatchGetItem call',
    );
  });
});
