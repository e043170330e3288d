import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN } from '../control/engine-fixture.js';
import { item, numbers, SCHEMA, vectorFixture, vectorIndex } from './vector-fixture.js';

const DELAY_MS = 1000;
const INVALID = 'One or more parameter values were invalid: ';

test('a table is made with its vector indexes, which are described as they were given', async () => {
  const shop = vectorFixture({ transitionDelayMs: DELAY_MS });
  await shop.table([vectorIndex('vix', SCHEMA.index)], { AttributeDefinitions: SCHEMA.definitions });
  assert.equal((await shop.vectorIndex('vix'))?.IndexStatus, 'CREATING');
  shop.clock.advance(DELAY_MS);
  assert.deepEqual(await shop.vectorIndex('vix'), {
    IndexName: 'vix',
    SearchSchema: SCHEMA.index.SearchSchema,
    Projection: { ProjectionType: 'ALL' },
    VectorAttribute: { AttributeName: 'embedding' },
    Dimensions: 3,
    DistanceFunction: 'COSINE',
    IndexStatus: 'ACTIVE',
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexArn: `${ARN}/index/vix`,
  });
  assert.equal((await shop.describe()).TableStatus, 'ACTIVE');
});

test('an index that is added to a table is made, filled and there, one after the other', async () => {
  const shop = vectorFixture({ transitionDelayMs: DELAY_MS });
  await shop.table([]);
  shop.clock.advance(DELAY_MS);
  for (let n = 0; n < 250; n++) await shop.put(item(`${n}`, [n, 1, 0]));
  const create = { VectorIndexUpdates: [{ Create: vectorIndex('vix') }] };
  const state = async () => {
    const { IndexStatus, Backfilling } = (await shop.vectorIndex('vix')) ?? {};
    return [(await shop.describe()).TableStatus, IndexStatus, Backfilling];
  };
  const search = { TableName: 'orders', IndexName: 'vix', SearchVector: numbers(249, 1, 0), TopK: 1 };
  const remove = { TableName: 'orders', VectorIndexUpdates: [{ Delete: { IndexName: 'vix' } }] };

  assert.equal((await shop.update(create)).TableStatus, 'UPDATING');
  assert.deepEqual(await state(), ['UPDATING', 'CREATING', false]);
  await shop.refuses(
    'SearchVectors',
    search,
    'ValidationException',
    'The table does not have the specified index: vix',
  );
  await shop.refuses(
    'UpdateTable',
    remove,
    'ResourceInUseException',
    'Attempt to change a resource which is still in use: Index creation is in resource allocation phase. Retry deletion ' +
      'during backfilling phase or when the index is active. Table: orders Index: vix',
  );
  await shop.refuses(
    'UpdateTable',
    { TableName: 'orders', VectorIndexUpdates: [{ Create: vectorIndex('other') }] },
    'LimitExceededException',
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );
  await shop.refuses(
    'UpdateTable',
    { TableName: 'orders', ...create },
    'ResourceInUseException',
    'Attempt to change a resource which is still in use: Index is being created.  Table: orders Index: vix',
  );

  shop.clock.advance(DELAY_MS);
  assert.deepEqual(await state(), ['ACTIVE', 'CREATING', true]);
  await shop.refuses('SearchVectors', search, 'ValidationException', 'Cannot search backfilling vector index: vix');
  await shop.refuses(
    'DeleteTable',
    { TableName: 'orders' },
    'ResourceInUseException',
    'Attempt to change a resource which is still in use: Cannot delete table while indexes are being created, updated, or deleted.',
  );
  await shop.put(item('new', [250, 1, 0]));
  await shop.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: '7' } } });
  await shop.engine.idle();
  shop.clock.advance(DELAY_MS);
  assert.deepEqual(await state(), ['ACTIVE', 'ACTIVE', undefined]);
  assert.equal((await shop.vectorIndex('vix'))?.ItemCount, 250);
  assert.equal((await shop.keys({ ...search, TopK: 100 })).length, 100);

  await shop.run('UpdateTable', remove);
  assert.equal((await shop.vectorIndex('vix'))?.IndexStatus, 'DELETING');
  await shop.refuses(
    'SearchVectors',
    search,
    'ValidationException',
    'The table does not have the specified index: vix',
  );
  await shop.put({ pk: { S: 'free' }, embedding: { S: 'as nobody looks at it any more' } });
  shop.clock.advance(DELAY_MS);
  await shop.engine.idle();
  assert.equal('VectorIndexes' in (await shop.describe()), false);
  assert.equal([...shop.store.range({ start: 'Df', end: 'Dg' })].length, 0);
});

test('an index can be taken back while it is being filled, and is filled after a kill', async () => {
  const shop = vectorFixture({ transitionDelayMs: DELAY_MS });
  await shop.table([]);
  shop.clock.advance(DELAY_MS);
  for (let n = 0; n < 250; n++) await shop.put(item(`${n}`, [n, 1, 0]));
  await shop.update({ VectorIndexUpdates: [{ Create: vectorIndex('first') }] });
  shop.clock.advance(DELAY_MS);
  await shop.update({ VectorIndexUpdates: [{ Delete: { IndexName: 'first' } }] });
  shop.clock.advance(DELAY_MS);
  await shop.update({ VectorIndexUpdates: [{ Create: vectorIndex('second') }] });
  shop.clock.advance(DELAY_MS);
  await shop.restart('killed');
  await shop.engine.idle();
  shop.clock.advance(DELAY_MS);
  assert.equal(await shop.vectorIndex('first'), undefined);
  const { IndexStatus, ItemCount } = (await shop.vectorIndex('second')) ?? {};
  assert.deepEqual([IndexStatus, ItemCount], ['ACTIVE', 250]);
});

test('what a vector index cannot be, on a new table', async () => {
  const shop = vectorFixture();
  const refuses = (indexes: object[], message: string | RegExp, more: object = {}) =>
    assert.rejects(shop.table(indexes, { ...more }), (error: Error) => {
      assert.equal(error.name, 'ValidationException');
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  const filters = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ AttributeName: `f${n}`, SearchSchemaElementType: 'INLINE_FILTER' }));
  const definitionsOf = (count: number) => [
    { AttributeName: 'pk', AttributeType: 'S' },
    ...filters(count).map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })),
  ];
  await refuses([vectorIndex('vix')], `${INVALID}Vector indexes are only supported for PAY_PER_REQUEST tables`, {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  });
  await refuses(
    [vectorIndex('vix', { SearchSchema: [{ AttributeName: 'tenant', SearchSchemaElementType: 'HASH' }] })],
    `${INVALID}One element in SearchSchema is not defined in attribute definitions`,
  );
  await refuses(
    [vectorIndex('vix', { Dimensions: 4097 })],
    `${INVALID}Number of dimensions must be between 1 and 4096 inclusive.`,
  );
  await refuses([vectorIndex('vix', { Dimensions: 0 })], /Member must have value greater than or equal to 1/);
  await refuses([vectorIndex('ab')], /Member must have length greater than or equal to 3/);
  await refuses(
    [vectorIndex('vix', { DistanceFunction: 'MANHATTAN' })],
    "1 validation error detected: Value 'MANHATTAN' at 'vectorIndexes.1.member.distanceFunction' failed to satisfy " +
      'constraint: Member must satisfy enum value set: [DOT_PRODUCT, COSINE, EUCLIDEAN]',
  );
  await refuses(
    Array.from({ length: 6 }, (_, n) => vectorIndex(`vix-${n}`)),
    `${INVALID}VectorIndex count exceeds the per-table limit of 5`,
  );
  await refuses(
    [vectorIndex('vix'), vectorIndex('two', { Dimensions: 4 })],
    `${INVALID}Conflicting attribute definition for 'embedding'. All VectorIndexes on the same vector attribute must use ` +
      'the same dimensions.',
  );
  await refuses([vectorIndex('vix'), vectorIndex('vix')], `${INVALID}Duplicate index name: vix`);
  await refuses(
    [vectorIndex('vix', { VectorAttribute: { AttributeName: 'pk' } })],
    `${INVALID}Conflicting attribute definition for 'pk'. An attribute cannot be defined in AttributeDefinitions when ` +
      'used as a VectorAttribute.',
  );
  await refuses(
    [vectorIndex('vix', { Projection: { ProjectionType: 'INCLUDE' } })],
    `${INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
  );
  await refuses(
    [vectorIndex('vix', { SearchSchema: filters(19) })],
    `${INVALID}Value '19' at 'SearchSchema' failed to satisfy constraint: Member must have INLINE_FILTER count less than ` +
      'or equal to 18',
    { AttributeDefinitions: definitionsOf(19) },
  );
  await refuses(
    [
      vectorIndex('vix', {
        SearchSchema: ['f0', 'f1'].map((AttributeName) => ({ AttributeName, SearchSchemaElementType: 'HASH' })),
      }),
    ],
    `${INVALID}Value '2' at 'SearchSchema' failed to satisfy constraint: Member must have HASH count less than or equal to 1`,
    { AttributeDefinitions: definitionsOf(2) },
  );
  await refuses(
    [
      vectorIndex('vix', {
        SearchSchema: filters(18),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a', 'b'] },
      }),
    ],
    /Number of attributes in vector index vix exceeds the limit of 20/,
    { AttributeDefinitions: definitionsOf(18) },
  );
  await refuses([vectorIndex('vix')], /Some AttributeDefinitions are not used/, {
    AttributeDefinitions: definitionsOf(1),
  });
});

test('what an update of vector indexes cannot be', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('vix')]);
  const refuses = (updates: object[], code: string, message: string, more: object = {}) =>
    shop.refuses('UpdateTable', { TableName: 'orders', VectorIndexUpdates: updates, ...more }, code, message);
  const create = (name: string, more: object = {}) => ({ Create: vectorIndex(name, { ...more }) });
  const tenant = { SearchSchema: [{ AttributeName: 'tenant', SearchSchemaElementType: 'HASH' }] };
  await refuses(
    [create('one'), create('two')],
    'LimitExceededException',
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );
  await refuses([create('vix')], 'ValidationException', 'Attempting to create an index which already exists');
  await refuses(
    [{}],
    'ValidationException',
    `${INVALID}One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null`,
  );
  await refuses(
    [{ ...create('one'), Delete: { IndexName: 'vix' } }],
    'ValidationException',
    `${INVALID}Only one vector index action is allowed per VectorIndexUpdate object`,
  );
  await refuses(
    [{ Delete: { IndexName: 'absent' } }],
    'ResourceNotFoundException',
    'Requested resource not found: Index absent for table orders',
  );
  await refuses(
    [create('one', tenant)],
    'ValidationException',
    `${INVALID}One element in SearchSchema is not defined in attribute definitions`,
  );
  await refuses(
    [create('one', { Dimensions: 4 })],
    'ValidationException',
    `${INVALID}Conflicting attribute definition for 'embedding'. All VectorIndexes on the same vector attribute must use ` +
      'the same dimensions.',
  );
  await refuses(
    [create('one', { VectorAttribute: { AttributeName: 'pk' } })],
    'ValidationException',
    `${INVALID}Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. ` +
      'Existing schema: Schema:[SchemaElement: key{pk:S:HASH}] New schema: VectorIndexSchema:[VectorAttribute: key{pk:L:3}]',
  );
  await shop.refuses(
    'UpdateTable',
    {
      TableName: 'orders',
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
    'ValidationException',
    `${INVALID}Vector indexes are only supported for PAY_PER_REQUEST tables`,
  );
  const definitions = { AttributeDefinitions: [{ AttributeName: 'tenant', AttributeType: 'S' }] };
  for (const name of ['two', 'three', 'four', 'five']) {
    await shop.update({ ...definitions, VectorIndexUpdates: [create(name, tenant)] });
    await shop.engine.idle();
  }
  await refuses(
    [create('six')],
    'LimitExceededException',
    'Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of 5',
  );
  const names = () => shop.describe().then((table) => (table.AttributeDefinitions as object[]).length);
  assert.equal(await names(), 2);
  for (const IndexName of ['two', 'three', 'four', 'five']) {
    await shop.update({ VectorIndexUpdates: [{ Delete: { IndexName } }] });
  }
  assert.equal(await names(), 1);
});
