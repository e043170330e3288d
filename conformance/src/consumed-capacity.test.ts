import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createTable, keySchema, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';

// What writes to a table with indexes cost, and where the cost shows: as measured on AWS, with items below 1 KB so
// that each write of an entry is one unit.

const target = new Target();
let table = '';
let items = 0;

before(async () => {
  const input = simpleTable(target.tableName('indexed'), 'S', 'S');
  table = await createTable(target, {
    ...input,
    AttributeDefinitions: ['pk', 'sk', 'gsiPk', 'lsiSk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'gsi',
        KeySchema: keySchema('gsiPk'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['proj'] },
      },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'lsi', KeySchema: keySchema('pk', 'lsiSk'), Projection: { ProjectionType: 'ALL' } },
    ],
  });
});

interface Cost {
  readonly table: number;
  readonly gsi?: number;
  readonly lsi?: number;
}

function byIndex({ table: own, gsi, lsi }: Cost): Json {
  return {
    TableName: table,
    CapacityUnits: own + (gsi ?? 0) + (lsi ?? 0),
    Table: { CapacityUnits: own },
    ...(gsi !== undefined && { GlobalSecondaryIndexes: { gsi: { CapacityUnits: gsi } } }),
    ...(lsi !== undefined && { LocalSecondaryIndexes: { lsi: { CapacityUnits: lsi } } }),
  };
}

const newKey = () => ({ pk: { S: `item-${++items}` }, sk: { S: '1' } });
const cost = async (operation: string, input: object, mode = 'INDEXES') => {
  const { body } = await target.send(operation, { TableName: table, ReturnConsumedCapacity: mode, ...input });
  return body.ConsumedCapacity;
};
const FULL = { gsiPk: { S: 'g' }, lsiSk: { S: 'l' }, proj: { S: 'p' }, more: { S: 'o' } };

describe('PutItem', () => {
  const puts: readonly [string, object, Cost][] = [
    ['into no index', { more: { S: 'o' } }, { table: 1 }],
    ['into the global index', { gsiPk: { S: 'g' }, proj: { S: 'p' } }, { table: 1, gsi: 1 }],
    ['into the local index', { lsiSk: { S: 'l' } }, { table: 1, lsi: 1 }],
    ['into both', FULL, { table: 1, gsi: 1, lsi: 1 }],
  ];
  for (const [what, attributes, expected] of puts) {
    it(`costs a unit for each entry: ${what}`, async () => {
      const Item = { ...newKey(), ...attributes };
      assert.deepEqual(await cost('PutItem', { Item }), byIndex(expected));
    });
  }

  it('costs nothing in an index whose entry does not change', async () => {
    const Item = { ...newKey(), ...FULL };
    await cost('PutItem', { Item });
    assert.deepEqual(await cost('PutItem', { Item }), byIndex({ table: 1 }));
  });

  it('tells one sum when asked for the total', async () => {
    const Item = { ...newKey(), ...FULL };
    assert.deepEqual(await cost('PutItem', { Item }, 'TOTAL'), { TableName: table, CapacityUnits: 3 });
    assert.equal(await cost('PutItem', { Item }, 'NONE'), undefined);
  });
});

describe('UpdateItem', () => {
  const updates: readonly [string, string, Cost][] = [
    ['an attribute that one index holds', 'SET more = :v', { table: 1, lsi: 1 }],
    ['an attribute that both hold', 'SET proj = :v', { table: 1, gsi: 1, lsi: 1 }],
    ['a key: an entry goes, another comes', 'SET gsiPk = :v', { table: 1, gsi: 2, lsi: 1 }],
    ['a key of the local index', 'SET lsiSk = :v', { table: 1, lsi: 2 }],
    ['a key taken away', 'REMOVE gsiPk', { table: 1, gsi: 1, lsi: 1 }],
  ];
  for (const [what, UpdateExpression, expected] of updates) {
    it(`costs what its entries do: ${what}`, async () => {
      const Key = newKey();
      await cost('PutItem', { Item: { ...Key, ...FULL } });
      const values = UpdateExpression.includes(':v') && { ExpressionAttributeValues: { ':v': { S: 'new' } } };
      assert.deepEqual(await cost('UpdateItem', { Key, UpdateExpression, ...values }), byIndex(expected));
    });
  }
});

describe('DeleteItem', () => {
  it('costs a unit for each entry that goes', async () => {
    const Key = newKey();
    await cost('PutItem', { Item: { ...Key, ...FULL } });
    assert.deepEqual(await cost('DeleteItem', { Key }), byIndex({ table: 1, gsi: 1, lsi: 1 }));
    assert.deepEqual(await cost('DeleteItem', { Key }), byIndex({ table: 1 }));
  });
});

describe('BatchWriteItem', () => {
  it('adds up by table and index', async () => {
    const put = (more: object) => ({ PutRequest: { Item: { ...newKey(), ...more } } });
    const { body } = await target.send('BatchWriteItem', {
      RequestItems: { [table]: [put({ gsiPk: { S: 'g' } }), put({ more: { S: 'o' } })] },
      ReturnConsumedCapacity: 'INDEXES',
    });
    assert.deepEqual(body, { UnprocessedItems: {}, ConsumedCapacity: [byIndex({ table: 2, gsi: 1 })] });
  });
});

describe('Transactions', () => {
  const transact = async (operation: string, TransactItems: object[], mode = 'INDEXES') =>
    (await target.send(operation, { TransactItems, ReturnConsumedCapacity: mode })).body.ConsumedCapacity as Json[];

  it('cost twice as much, and tell reads and writes apart', async () => {
    const Item = { ...newKey(), ...FULL };
    const [written] = await transact('TransactWriteItems', [{ Put: { TableName: table, Item } }]);
    const units = { CapacityUnits: 2, WriteCapacityUnits: 2 };
    assert.deepEqual(written, {
      TableName: table,
      CapacityUnits: 6,
      WriteCapacityUnits: 6,
      Table: units,
      GlobalSecondaryIndexes: { gsi: units },
      LocalSecondaryIndexes: { lsi: units },
    });
    const { pk, sk } = Item;
    const gets = [{ Get: { TableName: table, Key: { pk, sk } } }, { Get: { TableName: table, Key: newKey() } }];
    const [read] = await transact('TransactGetItems', gets);
    assert.deepEqual(read, {
      TableName: table,
      CapacityUnits: 4,
      ReadCapacityUnits: 4,
      Table: { CapacityUnits: 4, ReadCapacityUnits: 4 },
    });
  });
});

describe('Query and Scan', () => {
  const pk = { S: 'collection' };

  it('cost what they go through, whatever they filter and project', async () => {
    for (let at = 0; at < 30; at++) {
      const Item = { pk, sk: { S: `s${at}` }, keep: { S: at === 0 ? 'yes' : 'no' }, filler: { S: 'x'.repeat(500) } };
      await target.send('PutItem', { TableName: table, Item });
    }
    const key = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': pk } };
    const filter = { FilterExpression: 'keep = :k', ExpressionAttributeValues: { ':p': pk, ':k': { S: 'yes' } } };
    const plain = await cost('Query', key, 'TOTAL');
    assert.deepEqual(plain, { TableName: table, CapacityUnits: 2 });
    for (const more of [filter, { ProjectionExpression: 'sk' }, { Select: 'COUNT' }]) {
      assert.deepEqual(await cost('Query', { ...key, ...more }, 'TOTAL'), plain);
    }
    assert.deepEqual(await cost('Query', { ...key, ConsistentRead: true }), byIndex({ table: 4 }));
    const scanned = await cost('Scan', {}, 'TOTAL');
    const kept = { FilterExpression: 'keep = :k', ExpressionAttributeValues: { ':k': { S: 'yes' } } };
    for (const more of [kept, { ProjectionExpression: 'pk' }, { Select: 'COUNT' }]) {
      assert.deepEqual(await cost('Scan', more, 'TOTAL'), scanned);
    }
  });

  it('cost the index that they go through, and the table for what the index does not hold', async () => {
    const lsi = { IndexName: 'lsi', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': pk } };
    const none = await cost('Query', lsi);
    assert.deepEqual(none, {
      TableName: table,
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      LocalSecondaryIndexes: { lsi: { CapacityUnits: 0.5 } },
    });
  });
});
