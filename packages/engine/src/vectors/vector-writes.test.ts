import assert from 'node:assert/strict';
import { test } from 'node:test';
import { item, numbers, SCHEMA, type VectorFixture, vectorFixture, vectorIndex } from './vector-fixture.js';

async function shopWithSchema(): Promise<VectorFixture> {
  const shop = vectorFixture();
  await shop.table([vectorIndex('plain'), vectorIndex('schema', SCHEMA.index)], {
    AttributeDefinitions: SCHEMA.definitions,
  });
  return shop;
}

const INVALID = 'One or more parameter values were invalid. ';
const BAD: readonly (readonly [what: object, message: string])[] = [
  [
    { embedding: { L: numbers(1, 0) } },
    `${INVALID}Invalid size for parameter embedding, Expected: 3, Actual: 2 IndexName: plain`,
  ],
  [
    { embedding: { L: [{ N: '1' }, { S: 'x' }, { N: '0' }] } },
    `${INVALID}Invalid type for parameter embedding[1], Expected: 32-bit floating point number, Actual: S. IndexName: plain`,
  ],
  [
    { embedding: { S: 'no vector' } },
    `${INVALID}Invalid type for parameter embedding, Expected: 32-bit floating point number list IndexName: plain`,
  ],
  [
    { embedding: { L: numbers(1, 0, 3.5e38) } },
    `${INVALID}Invalid value for parameter embedding[2], Value: 3.5E+38 is outside valid range ` +
      '[-3.4028235E38, 3.4028235E38]. IndexName: plain',
  ],
  [{ tenant: { N: '1' } }, `${INVALID}Attribute 'tenant' type mismatch. Expected: S, Actual: N. IndexName: schema`],
  [{ grade: { S: 'x' } }, `${INVALID}Attribute 'grade' type mismatch. Expected: N, Actual: S. IndexName: schema`],
];
const EMPTY_TENANT =
  'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The ' +
  'AttributeValue for a key attribute cannot contain an empty string value. IndexName: schema, IndexKey: tenant';

test('every way to write an item refuses what is no vector, or does not fit the search schema', async () => {
  const shop = await shopWithSchema();
  const refuses = (operation: string, input: object, message: string) =>
    shop.refuses(operation, input, 'ValidationException', message);
  for (const [what, message] of [...BAD, [{ tenant: { S: '' } }, EMPTY_TENANT] as const]) {
    const Item = { pk: { S: 'a' }, ...what };
    await refuses('PutItem', { TableName: 'orders', Item }, message);
    await refuses('BatchWriteItem', { RequestItems: { orders: [{ PutRequest: { Item } }] } }, message);
    await assert.rejects(
      shop.run('TransactWriteItems', { TransactItems: [{ Put: { TableName: 'orders', Item } }] }),
      (error: Error & { details: { CancellationReasons?: object[] } }) => {
        // Of an empty key a transaction tells at once, whatever the index.
        if (message === EMPTY_TENANT) assert.equal(error.message, message);
        else assert.deepEqual(error.details.CancellationReasons, [{ Code: 'ValidationError', Message: message }]);
        return true;
      },
    );
    const [[name, value]] = Object.entries(what) as [[string, object]];
    await refuses(
      'ExecuteStatement',
      { Statement: `INSERT INTO orders VALUE {'pk': 'a', '${name}': ?}`, Parameters: [value] },
      message,
    );
  }
  assert.deepEqual(await shop.keys({ IndexName: 'plain', SearchVector: numbers(1, 0, 0) }), []);
});

test('an update is held to the same, as far as it changes something', async () => {
  const shop = await shopWithSchema();
  await shop.put(item('a', [1, 0, 0], { tenant: { S: 't' } }));
  const update = (name: string, value: object) => ({
    TableName: 'orders',
    Key: { pk: { S: 'a' } },
    UpdateExpression: 'SET #n = :v',
    ExpressionAttributeNames: { '#n': name },
    ExpressionAttributeValues: { ':v': value },
  });
  for (const [what, message] of BAD) {
    const [[name, value]] = Object.entries(what) as [[string, object]];
    await shop.refuses('UpdateItem', update(name, value), 'ValidationException', message);
  }
  await shop.refuses(
    'UpdateItem',
    update('tenant', { S: '' }),
    'ValidationException',
    'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a ' +
      'value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
  );
  await shop.refuses(
    'UpdateItem',
    { ...update('embedding', { N: '1' }), UpdateExpression: 'SET #n[3] = :v' },
    'ValidationException',
    `${INVALID}Invalid size for parameter embedding, Expected: 3, Actual: 4 IndexName: plain`,
  );
  await shop.run('UpdateItem', { ...update('embedding', { N: '7' }), UpdateExpression: 'SET #n[1] = :v' });
  const [found] = await shop.search({
    IndexName: 'plain',
    SearchVector: numbers(1, 7, 0),
    ProjectionExpression: 'embedding',
  });
  assert.deepEqual(found?.Item, { embedding: { L: [{ N: '1.0' }, { N: '7.0' }, { N: '0.0' }] } });
});

test('an item that is older than the index may stay as it is', async () => {
  const shop = vectorFixture();
  await shop.table([]);
  await shop.put({ pk: { S: 'old' }, embedding: { S: 'no vector' } });
  await shop.put(item('good', [1, 2, 3]));
  await shop.update({ VectorIndexUpdates: [{ Create: vectorIndex('late') }] });
  await shop.engine.idle();
  assert.deepEqual(await shop.keys({ IndexName: 'late', SearchVector: numbers(1, 0, 0) }), ['good']);
  assert.equal((await shop.vectorIndex('late'))?.ItemCount, 1);
  const Key = { pk: { S: 'old' } };
  const touch = {
    TableName: 'orders',
    Key,
    UpdateExpression: 'SET n = :n',
    ExpressionAttributeValues: { ':n': { N: '1' } },
  };
  await shop.run('UpdateItem', touch);
  await shop.refuses(
    'PutItem',
    { TableName: 'orders', Item: { ...Key, embedding: { S: 'x' } } },
    'ValidationException',
    /Invalid type/,
  );
  await shop.run('DeleteItem', { TableName: 'orders', Key });
  assert.equal((await shop.vectorIndex('late'))?.ItemCount, 1);
});

test('an older item that does not fit the index is in it as soon as it does', async () => {
  const shop = vectorFixture();
  await shop.table([]);
  const tenant = { S: 't' };
  await shop.put(item('fit', [1, 0, 0], { tenant, grade: { N: '1' } }));
  await shop.put(item('odd', [1, 0, 1], { tenant, grade: { S: 'one' } }));
  await shop.put(item('short', [1, 2], { tenant, grade: { N: '1' } }));
  await shop.update({
    AttributeDefinitions: SCHEMA.definitions,
    VectorIndexUpdates: [{ Create: vectorIndex('late', SCHEMA.index) }],
  });
  await shop.engine.idle();
  const found = () =>
    shop.keys({
      IndexName: 'late',
      SearchVector: numbers(1, 0, 0),
      SearchConditionExpression: 'tenant = :t',
      ExpressionAttributeValues: { ':t': tenant },
    });
  assert.deepEqual(await found(), ['fit']);
  const set = (pk: string, name: string, value: object) =>
    shop.run('UpdateItem', {
      TableName: 'orders',
      Key: { pk: { S: pk } },
      UpdateExpression: `SET ${name} = :v`,
      ExpressionAttributeValues: { ':v': value },
    });
  await set('short', 'grade', { N: '2' });
  await set('odd', 'grade', { N: '2' });
  assert.deepEqual(await found(), ['fit', 'odd']);
  await set('short', 'embedding', { L: numbers(1, 0, 2) });
  assert.deepEqual(await found(), ['fit', 'odd', 'short']);
});

test('an item without vector or partition key is not in the index, and leaves it when it loses them', async () => {
  const shop = await shopWithSchema();
  const all = { SearchVector: numbers(1, 0, 0) };
  const ofTenant = {
    ...all,
    IndexName: 'schema',
    SearchConditionExpression: 'tenant = :t',
    ExpressionAttributeValues: { ':t': { S: 't' } },
  };
  await shop.put(item('a', [1, 0, 0], { tenant: { S: 't' } }));
  await shop.put(item('b', [1, 0, 0]));
  assert.deepEqual((await shop.keys({ ...all, IndexName: 'plain' })).sort(), ['a', 'b']);
  assert.deepEqual(await shop.keys(ofTenant), ['a']);
  const update = (UpdateExpression: string, more: object = {}) =>
    shop.run('UpdateItem', { TableName: 'orders', Key: { pk: { S: 'a' } }, UpdateExpression, ...more });
  await update('REMOVE tenant');
  assert.deepEqual(await shop.keys(ofTenant), []);
  await update('SET tenant = :t', { ExpressionAttributeValues: { ':t': { S: 't' } } });
  assert.deepEqual(await shop.keys(ofTenant), ['a']);
  await update('REMOVE embedding');
  assert.deepEqual(await shop.keys(ofTenant), []);
  assert.deepEqual(await shop.keys({ ...all, IndexName: 'plain' }), ['b']);
  assert.deepEqual(
    [(await shop.vectorIndex('plain'))?.ItemCount, (await shop.vectorIndex('schema'))?.ItemCount],
    [1, 0],
  );
  await shop.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'b' } } });
  assert.deepEqual(await shop.keys({ ...all, IndexName: 'plain' }), []);
  assert.equal((await shop.vectorIndex('plain'))?.IndexSizeBytes, 0);
});

/** Of the projected entry, with four bytes a dimension; 1 KB at least. */
test('a write tells the bytes that it writes to each index whose view of the item it changes', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('vix'), vectorIndex('keys', { Projection: { ProjectionType: 'KEYS_ONLY' } })]);
  const written = async (what: object, ReturnConsumedCapacity = 'INDEXES') =>
    (await shop.put(what, { ReturnConsumedCapacity })).ConsumedCapacity as Record<string, unknown>;
  const blob = { blob: { S: 'x'.repeat(1500) } };
  const entryBytes = 'pk'.length + 'a1'.length + 'embedding'.length + 4 * 3 + 'blob'.length + 1500;
  assert.deepEqual(await written(item('a1', [1, 0, 0], blob)), {
    TableName: 'orders',
    CapacityUnits: 2,
    Table: { CapacityUnits: 2 },
    VectorIndexes: {
      keys: { VectorWriteRequestBytes: 1024 },
      vix: { VectorWriteRequestBytes: entryBytes },
    },
  });
  assert.equal((await shop.vectorIndex('vix'))?.IndexSizeBytes, entryBytes);
  const unchanged = { TableName: 'orders', CapacityUnits: 2, Table: { CapacityUnits: 2 } };
  assert.deepEqual(await written(item('a1', [1, 0, 0], blob)), unchanged);
  const other = { blob: { S: 'y'.repeat(1500) } };
  assert.deepEqual(await written(item('a1', [1, 0, 0], other)), {
    ...unchanged,
    VectorIndexes: { vix: { VectorWriteRequestBytes: entryBytes } },
  });
  assert.deepEqual(await written(item('a1', [1, 1, 0], other), 'TOTAL'), { TableName: 'orders', CapacityUnits: 2 });
  assert.deepEqual(await written({ pk: { S: 'none' } }), {
    TableName: 'orders',
    CapacityUnits: 1,
    Table: { CapacityUnits: 1 },
  });
  const transaction = await shop.run('TransactWriteItems', {
    ReturnConsumedCapacity: 'INDEXES',
    TransactItems: [{ Put: { TableName: 'orders', Item: item('b1', [1, 0, 0]) } }],
  });
  assert.deepEqual((transaction.ConsumedCapacity as Record<string, unknown>[])[0]?.VectorIndexes, {
    keys: { VectorWriteRequestBytes: 1024 },
    vix: { VectorWriteRequestBytes: 1024 },
  });
});

test('an item that goes to another partition of an index is written there twice, out and in', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('vix', SCHEMA.index)], { AttributeDefinitions: SCHEMA.definitions });
  const written = async (tenant: string, size: number) => {
    const more = { tenant: { S: tenant }, blob: { S: 'x'.repeat(size) } };
    const { ConsumedCapacity } = await shop.put(item('a1', [1, 0, 0], more), { ReturnConsumedCapacity: 'INDEXES' });
    return (ConsumedCapacity as Record<string, unknown>).VectorIndexes;
  };
  const apart = 'pk'.length + 'a1'.length + 'embedding'.length + 4 * 3 + 'tenant'.length + 't1'.length + 'blob'.length;
  const bytes = (VectorWriteRequestBytes: number) => ({ vix: { VectorWriteRequestBytes } });
  assert.deepEqual(await written('t1', 2000), bytes(apart + 2000));
  assert.deepEqual(await written('t2', 2000), bytes(2 * (apart + 2000)));
  assert.deepEqual(await written('t1', 10), bytes(apart + 2000 + 1024));
  assert.deepEqual(await written('t1', 20), bytes(1024));
});

test('an item is written for four bytes a dimension, and read for its numbers', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('vix', { Dimensions: 6 })]);
  const wide = { L: Array.from({ length: 6 }, () => ({ N: '12345678901234567890123456789012345678' })) };
  const ofBytes = (bytes: number, pk: string) => {
    const pad = 'x'.repeat(bytes - 'pk'.length - pk.length - 'embedding'.length - 4 * 6 - 'pad'.length);
    return { pk: { S: pk }, embedding: wide, pad: { S: pad } };
  };
  const units = async (what: object) =>
    ((await shop.put(what, { ReturnConsumedCapacity: 'TOTAL' })).ConsumedCapacity as { CapacityUnits: number })
      .CapacityUnits;
  assert.deepEqual([await units(ofBytes(1024, 'a')), await units(ofBytes(1025, 'b'))], [1, 2]);
  await shop.put(ofBytes(4096, 'r'));
  const read = await shop.run('GetItem', {
    TableName: 'orders',
    Key: { pk: { S: 'r' } },
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
  });
  assert.equal((read.ConsumedCapacity as { CapacityUnits: number }).CapacityUnits, 2);
});
