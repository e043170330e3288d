import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALLER } from '../control/engine-fixture.js';
import { MemoryObjects } from '../jobs/memory-objects.js';
import { item, numbers, SCHEMA, type VectorFixture, vectorFixture, vectorIndex } from './vector-fixture.js';

const IRELAND = { ...CALLER, region: 'eu-west-1' };
const SEARCH = { SearchVector: numbers(1, 0, 0) };

async function shopWithBackup(): Promise<{ shop: VectorFixture; BackupArn: string }> {
  const shop = vectorFixture();
  await shop.table([vectorIndex('plain'), vectorIndex('scoped', SCHEMA.index)], {
    AttributeDefinitions: SCHEMA.definitions,
  });
  await shop.put(item('a', [1, 0, 0], { tenant: { S: 't' } }));
  await shop.put(item('b', [0, 1, 0]));
  const { BackupDetails } = await shop.run('CreateBackup', { TableName: 'orders', BackupName: 'nightly' });
  return { shop, BackupArn: (BackupDetails as { BackupArn: string }).BackupArn };
}

async function keysOf(shop: VectorFixture, TableName: string, caller = CALLER, IndexName = 'plain'): Promise<string[]> {
  const input = { TableName, IndexName, TopK: 10, ...SEARCH };
  const { SearchResults } = await shop.run('SearchVectors', input, caller);
  const found = JSON.parse(JSON.stringify(SearchResults)) as { Item: { pk: { S: string } } }[];
  return found.map(({ Item }) => Item.pk.S);
}

const namesIn = (table: Record<string, unknown>) =>
  ((table.VectorIndexes ?? []) as { IndexName: string }[]).map(({ IndexName }) => IndexName);

test('a backup tells of vector indexes, and a restore makes them again', async () => {
  const { shop, BackupArn } = await shopWithBackup();
  const { BackupDescription } = await shop.run('DescribeBackup', { BackupArn });
  const { SourceTableFeatureDetails: features } = BackupDescription as Record<string, Record<string, unknown>>;
  assert.deepEqual(features?.VectorIndexes, [vectorIndex('plain'), vectorIndex('scoped', SCHEMA.index)]);
  await shop.put(item('later', [1, 0, 0]));
  await shop.run('RestoreTableFromBackup', { BackupArn, TargetTableName: 'restored' });
  await shop.engine.idle();
  assert.deepEqual(await keysOf(shop, 'restored'), ['a', 'b']);
  const restored = await shop.describe('restored');
  assert.deepEqual(namesIn(restored), ['plain', 'scoped']);
  const counts = (restored.VectorIndexes as { ItemCount: number }[]).map(({ ItemCount }) => ItemCount);
  assert.deepEqual(counts, [2, 1]);
});

test('a restore may leave vector indexes out, and can make no others', async () => {
  const { shop, BackupArn } = await shopWithBackup();
  const restore = (TargetTableName: string, VectorIndexOverride: object[], more: object = {}) =>
    shop.run('RestoreTableFromBackup', { BackupArn, TargetTableName, VectorIndexOverride, ...more });
  await restore('without', []);
  await shop.engine.idle();
  const without = await shop.describe('without');
  assert.deepEqual(namesIn(without), []);
  assert.equal((without.AttributeDefinitions as object[]).length, 1);
  await restore('one', [vectorIndex('renamed')]);
  await shop.engine.idle();
  assert.deepEqual(await keysOf(shop, 'one', CALLER, 'renamed'), ['a', 'b']);
  await shop.refuses(
    'RestoreTableFromBackup',
    {
      BackupArn,
      TargetTableName: 'other',
      VectorIndexOverride: [vectorIndex('plain', { DistanceFunction: 'EUCLIDEAN' })],
    },
    'ValidationException',
    'Invalid Request: Index plain does not match a secondary index that existed in the source table and cannot be created ' +
      'during the restore operation',
  );
  const provisioned = {
    BillingModeOverride: 'PROVISIONED',
    ProvisionedThroughputOverride: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  };
  await shop.refuses(
    'RestoreTableFromBackup',
    { BackupArn, TargetTableName: 'other', ...provisioned },
    'ValidationException',
    'One or more parameter values were invalid: Vector indexes are only supported for PAY_PER_REQUEST tables',
  );
  await restore('provisioned', [], provisioned);
});

test('a table restored to a point in time is searched as it was then', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('plain')]);
  await shop.run('UpdateContinuousBackups', {
    TableName: 'orders',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await shop.put(item('a', [1, 0, 0]));
  shop.clock.advance(10_000);
  const atSeconds = shop.clock.nowMs() / 1000;
  shop.clock.advance(10_000);
  await shop.put(item('a', [-1, 0, 0]));
  await shop.put(item('b', [0, 1, 0]));
  shop.clock.advance(600_000);
  await shop.run('RestoreTableToPointInTime', {
    SourceTableName: 'orders',
    TargetTableName: 'then',
    RestoreDateTime: atSeconds,
  });
  await shop.engine.idle();
  assert.deepEqual([await keysOf(shop, 'then'), await keysOf(shop, 'orders')], [['a'], ['b', 'a']]);
});

test('replicas have the indexes of their table, those that come later too, and are searched in their own region', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('plain')]);
  await shop.put(item('a', [1, 0, 0]));
  await shop.update({ ReplicaUpdates: [{ Create: { RegionName: IRELAND.region } }] });
  await shop.engine.idle();
  await shop.put(item('b', [0, 1, 0]));
  await shop.engine.idle();
  assert.deepEqual(await keysOf(shop, 'orders', IRELAND), ['a', 'b']);
  await shop.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'a' } } }, IRELAND);
  await shop.update({
    AttributeDefinitions: [{ AttributeName: 'tenant', AttributeType: 'S' }],
    VectorIndexUpdates: [
      {
        Create: vectorIndex('late', {
          SearchSchema: [{ AttributeName: 'tenant', SearchSchemaElementType: 'INLINE_FILTER' }],
        }),
      },
    ],
  });
  await shop.engine.idle();
  for (const caller of [CALLER, IRELAND]) assert.deepEqual(await keysOf(shop, 'orders', caller, 'late'), ['b']);
  await shop.update({ VectorIndexUpdates: [{ Delete: { IndexName: 'plain' } }] });
  await shop.engine.idle();
  const { Table } = await shop.run('DescribeTable', { TableName: 'orders' }, IRELAND);
  assert.deepEqual(namesIn(Table as Record<string, unknown>), ['late']);
});

test('items that time to live deletes leave the index', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('plain')]);
  await shop.run('UpdateTimeToLive', {
    TableName: 'orders',
    TimeToLiveSpecification: { AttributeName: 'ends', Enabled: true },
  });
  const endsAt = Math.floor(shop.clock.nowMs() / 1000) + 60;
  await shop.put(item('a', [1, 0, 0], { ends: { N: String(endsAt) } }));
  await shop.put(item('b', [0, 1, 0]));
  shop.clock.advance(3 * 24 * 3600 * 1000);
  await shop.engine.idle();
  assert.deepEqual(await keysOf(shop, 'orders'), ['b']);
});

test('an import fills vector indexes, and leaves out what does not fit them', async () => {
  const objects = new MemoryObjects();
  const shop = vectorFixture({ objectStore: objects });
  const lines = [item('a', [1, 0, 0]), item('short', [1, 0]), { pk: { S: 'none' } }];
  objects.objects.set('data/1', Buffer.from(lines.map((Item) => `${JSON.stringify({ Item })}\n`).join('')));
  const { ImportTableDescription } = await shop.run('ImportTable', {
    ClientToken: 'once',
    S3BucketSource: { S3Bucket: 'files', S3KeyPrefix: 'data/' },
    InputFormat: 'DYNAMODB_JSON',
    TableCreationParameters: {
      TableName: 'imported',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      VectorIndexes: [vectorIndex('plain')],
    },
  });
  await shop.engine.idle();
  const { ImportArn } = ImportTableDescription as { ImportArn: string };
  const described = await shop.run('DescribeImport', { ImportArn });
  const { ErrorCount, ImportedItemCount } = described.ImportTableDescription as Record<string, number>;
  assert.deepEqual([ErrorCount, ImportedItemCount], [1, 2]);
  assert.deepEqual(await keysOf(shop, 'imported'), ['a']);
});
