import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentRange } from '../catalog/keys.js';
import { BACKFILL_CHUNK } from './backfill.js';
import { BY_GROUP, EngineFixture, orders } from './engine-fixture.js';

async function withItems(
  count: number,
  options?: ConstructorParameters<typeof EngineFixture>[0],
): Promise<EngineFixture> {
  const fixture = new EngineFixture(options);
  await fixture.run('CreateTable', orders());
  for (let number = 0; number < count; number++) {
    // Every third item has a number where the index wants a string, and stays out of it.
    const group = number % 3 === 0 ? { N: '1' } : { S: `group-${number % 5}` };
    await fixture.run('PutItem', { TableName: 'orders', Item: { pk: { S: `item-${number}` }, group } });
  }
  return fixture;
}

async function index(fixture: EngineFixture): Promise<Record<string, unknown>> {
  const [first] = (await fixture.describe()).GlobalSecondaryIndexes as Record<string, unknown>[];
  assert.ok(first, 'the table has an index');
  return first;
}

/** Keys of items and index entries in the store, whatever their table. */
function contentKeys(fixture: EngineFixture): number {
  return [...fixture.store.range({ start: 'Dd', end: 'De' }), ...fixture.store.range({ start: 'Dx', end: 'Dy' })]
    .length;
}

test('an index on a small table is there with its entries at once', async () => {
  const fixture = await withItems(9);
  await fixture.update(BY_GROUP);
  const { IndexStatus, ItemCount } = await index(fixture);
  assert.deepEqual({ IndexStatus, ItemCount }, { IndexStatus: 'ACTIVE', ItemCount: 6 });
});

test('an index on a large table is filled in the background, and says so', async () => {
  const fixture = await withItems(3 * BACKFILL_CHUNK);
  const answer = await fixture.update(BY_GROUP);
  const [created] = answer.GlobalSecondaryIndexes as Record<string, unknown>[];
  assert.deepEqual([answer.TableStatus, created?.IndexStatus, created?.Backfilling], ['UPDATING', 'CREATING', false]);
  const filling = await index(fixture);
  assert.deepEqual([filling.IndexStatus, filling.Backfilling], ['CREATING', true]);
  await fixture.engine.idle();
  const filled = await index(fixture);
  assert.deepEqual(
    [filled.IndexStatus, 'Backfilling' in filled, filled.ItemCount],
    ['ACTIVE', false, 2 * BACKFILL_CHUNK],
  );
});

test('writes while an index is filled are in it, once', async () => {
  const fixture = await withItems(3 * BACKFILL_CHUNK);
  await fixture.update(BY_GROUP);
  for (let number = 0; number < 30; number++) {
    await fixture.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: `item-${number}` } } });
    await fixture.run('PutItem', { TableName: 'orders', Item: { pk: { S: `new-${number}` }, group: { S: 'new' } } });
  }
  await fixture.engine.idle();
  assert.equal((await index(fixture)).ItemCount, 2 * BACKFILL_CHUNK - 20 + 30);
});

test('filling an index goes on after a restart', async () => {
  const fixture = await withItems(3 * BACKFILL_CHUNK);
  await fixture.update(BY_GROUP);
  await fixture.restart('stopped');
  assert.equal((await index(fixture)).IndexStatus, 'CREATING');
  await fixture.engine.idle();
  const filled = await index(fixture);
  assert.deepEqual([filled.IndexStatus, filled.ItemCount], ['ACTIVE', 2 * BACKFILL_CHUNK]);
});

test('a deleted table is gone at once, its name free, and its items follow in the background', async () => {
  const fixture = await withItems(1500);
  const answer = (await fixture.run('DeleteTable', { TableName: 'orders' })).TableDescription as Record<
    string,
    unknown
  >;
  assert.deepEqual([answer.TableStatus, answer.ItemCount], ['DELETING', 1500]);
  await fixture.refuses(
    'DescribeTable',
    { TableName: 'orders' },
    'ResourceNotFoundException',
    'Requested resource not found: Table: orders not found',
  );
  await fixture.run('CreateTable', orders());
  assert.equal((await fixture.describe()).ItemCount, 0);
  assert.ok(contentKeys(fixture) > 0);
  await fixture.restart('stopped');
  await fixture.engine.idle();
  assert.equal(contentKeys(fixture), 0);
});

test('a table under deletion protection stays', async () => {
  const fixture = await withItems(0);
  await fixture.update({ DeletionProtectionEnabled: true });
  await fixture.refuses(
    'DeleteTable',
    { TableName: 'orders' },
    'ValidationException',
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );
});

test('counts are right after a clean stop and after a kill', async () => {
  const fixture = await withItems(40);
  const counts = async (): Promise<unknown[]> => {
    const { ItemCount, TableSizeBytes } = await fixture.describe();
    return [ItemCount, TableSizeBytes];
  };
  const before = await counts();
  await fixture.restart('stopped');
  assert.deepEqual(await counts(), before);
  await fixture.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'item-1' } } });
  const changed = await counts();
  assert.equal(changed[0], 39);
  await fixture.restart('killed');
  await fixture.engine.idle();
  assert.deepEqual(await counts(), changed);
});

test('with a delay, states last as long on the clock, also over a restart', async () => {
  const fixture = new EngineFixture({ transitionDelayMs: 5000 });
  await fixture.run('CreateTable', orders());
  assert.equal((await fixture.describe()).TableStatus, 'CREATING');
  await fixture.refuses(
    'DeleteTable',
    { TableName: 'orders' },
    'ResourceInUseException',
    /Table is being created: orders$/,
  );
  await fixture.refuses(
    'PutItem',
    { TableName: 'orders', Item: { pk: { S: 'a' } } },
    'ResourceNotFoundException',
    'Requested resource not found',
  );
  fixture.clock.advance(4999);
  await fixture.restart('killed');
  assert.equal((await fixture.describe()).TableStatus, 'CREATING');
  fixture.clock.advance(1);
  assert.equal((await fixture.describe()).TableStatus, 'ACTIVE');
  await fixture.run('DeleteTable', { TableName: 'orders' });
  assert.equal((await fixture.describe()).TableStatus, 'DELETING');
  await fixture.refuses('CreateTable', orders(), 'ResourceInUseException', 'Table already exists: orders');
  fixture.clock.advance(5000);
  assert.deepEqual(await fixture.run('ListTables', {}), { TableNames: [] });
});

test('settings survive a restart', async () => {
  const fixture = await withItems(1);
  await fixture.update(BY_GROUP);
  const before = await fixture.describe();
  await fixture.restart('stopped');
  assert.deepEqual(await fixture.describe(), before);
});

test('storage numbers are never handed out twice', async () => {
  const fixture = await withItems(1);
  await fixture.run('DeleteTable', { TableName: 'orders' });
  await fixture.engine.idle();
  await fixture.restart('stopped');
  await fixture.run('CreateTable', orders());
  await fixture.run('PutItem', { TableName: 'orders', Item: { pk: { S: 'a' } } });
  assert.equal([...fixture.store.range(contentRange('Dd', 1))].length, 0);
  assert.equal([...fixture.store.range(contentRange('Dd', 2))].length, 1);
});

test('where changes take time, filling an index takes as long again, and shows, also after a restart', async () => {
  for (const count of [9, 2 * BACKFILL_CHUNK]) {
    const fixture = new EngineFixture({ transitionDelayMs: 1000 });
    await fixture.run('CreateTable', orders());
    fixture.clock.advance(1000);
    for (let number = 0; number < count; number++) {
      const group = number % 3 === 0 ? { N: '1' } : { S: `group-${number % 5}` };
      await fixture.run('PutItem', { TableName: 'orders', Item: { pk: { S: `item-${number}` }, group } });
    }
    const shown = async (): Promise<unknown[]> => {
      const { IndexStatus, Backfilling } = await index(fixture);
      return [(await fixture.describe()).TableStatus, IndexStatus, Backfilling];
    };
    await fixture.update(BY_GROUP);
    assert.deepEqual(await shown(), ['UPDATING', 'CREATING', false]);
    fixture.clock.advance(1000);
    await fixture.engine.idle();
    assert.deepEqual(await shown(), ['ACTIVE', 'CREATING', true]);
    await fixture.refuses(
      'Scan',
      { TableName: 'orders', IndexName: 'by-group' },
      'ValidationException',
      'Cannot read from backfilling global secondary index: by-group',
    );
    await fixture.restart('killed');
    await fixture.engine.idle();
    await fixture.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'item-1' } } });
    fixture.clock.advance(1000);
    await fixture.engine.idle();
    assert.deepEqual(await shown(), ['ACTIVE', 'ACTIVE', undefined]);
    const { Count } = await fixture.run('Scan', { TableName: 'orders', IndexName: 'by-group', Select: 'COUNT' });
    assert.equal(Count, count - Math.ceil(count / 3) - 1);
    assert.equal((await index(fixture)).ItemCount, Count);
  }
});
