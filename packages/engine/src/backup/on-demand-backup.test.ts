import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, units } from '../control/engine-fixture.js';
import { BackupFixture } from './backup-fixture.js';

const DAY_MS = 24 * 3600 * 1000;

const WITH_INDEXES = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'value', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-value',
      KeySchema: [{ AttributeName: 'value', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

async function withItems(changes: Record<string, unknown> = {}): Promise<BackupFixture> {
  const fixture = new BackupFixture();
  await fixture.table('orders', changes);
  for (const key of ['a', 'b', 'c']) await fixture.put(key, 'first');
  return fixture;
}

async function summaries(fixture: BackupFixture, input: Record<string, unknown> = {}): Promise<string[]> {
  const output = await fixture.run('ListBackups', input);
  return (output.BackupSummaries as { BackupName: string }[]).map((backup) => backup.BackupName);
}

test('a backup holds the table as it was, whatever is written later', async () => {
  const fixture = await withItems(WITH_INDEXES);
  const first = await fixture.backup('first');
  await fixture.put('a', 'second');
  await fixture.remove('b');
  const second = await fixture.backup('second');
  await fixture.put('b', 'third');
  await fixture.put('d', 'third');
  await fixture.restoreFrom(first, 'from-first');
  await fixture.restoreFrom(second, 'from-second');
  assert.deepEqual(Object.fromEntries(await fixture.items('from-first', 'by-value')), {
    a: 'first',
    b: 'first',
    c: 'first',
  });
  assert.deepEqual(Object.fromEntries(await fixture.items('from-second')), { a: 'second', c: 'first' });
});

test('after a backup only the first change of an item is kept', async () => {
  const fixture = await withItems();
  await fixture.backup();
  const before = fixture.historyKeys().length;
  for (let number = 0; number < 20; number++) await fixture.put('a', `${number}`);
  assert.equal(fixture.historyKeys().length, before + 1);
});

test('a backup is described with its table as it was', async () => {
  const fixture = await withItems({
    ...WITH_INDEXES,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  });
  const table = await fixture.describe();
  const created = await fixture.run('CreateBackup', { TableName: ARN, BackupName: 'nightly' });
  const details = created.BackupDetails as Record<string, unknown>;
  const arn = details.BackupArn as string;
  assert.match(arn, /^arn:aws:dynamodb:us-east-1:000000000000:table\/orders\/backup\/\d{14}-[0-9a-f]{8}$/);
  const expected = {
    BackupArn: arn,
    BackupName: 'nightly',
    BackupSizeBytes: table.TableSizeBytes,
    BackupType: 'USER',
    BackupCreationDateTime: fixture.clock.nowMs() / 1000,
  };
  assert.deepEqual(details, { ...expected, BackupStatus: 'CREATING' });
  await fixture.remove('a');
  const { BackupDescription } = await fixture.run('DescribeBackup', { BackupArn: arn });
  assert.deepEqual(BackupDescription, {
    BackupDetails: { ...expected, BackupStatus: 'AVAILABLE' },
    SourceTableDetails: {
      TableName: 'orders',
      TableId: table.TableId,
      TableArn: ARN,
      TableSizeBytes: table.TableSizeBytes,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TableCreationDateTime: table.CreationDateTime,
      ProvisionedThroughput: units(0, 0),
      ItemCount: 3,
      BillingMode: 'PAY_PER_REQUEST',
    },
    SourceTableFeatureDetails: {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-value',
          KeySchema: [{ AttributeName: 'value', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: units(0, 0),
        },
      ],
      StreamDescription: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    },
  });
});

test('a restored table has the keys, indexes, capacity and encryption of its source, and nothing else', async () => {
  const fixture = await withItems({
    ...WITH_INDEXES,
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: units(5, 6),
    GlobalSecondaryIndexes: [{ ...WITH_INDEXES.GlobalSecondaryIndexes[0], ProvisionedThroughput: units(7, 8) }],
    SSESpecification: { Enabled: true },
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    DeletionProtectionEnabled: true,
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  await fixture.recovery(true);
  await fixture.run('UpdateTimeToLive', {
    TableName: 'orders',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  });
  await fixture.restoreFrom(await fixture.backup(), 'restored');
  await fixture.engine.idle();
  const [source, restored] = [await fixture.describe(), await fixture.describe('restored')];
  for (const member of ['KeySchema', 'AttributeDefinitions', 'ProvisionedThroughput', 'SSEDescription']) {
    assert.deepEqual(restored[member], source[member], member);
  }
  assert.equal(restored.DeletionProtectionEnabled, false);
  assert.ok(!('StreamSpecification' in restored) && !('LatestStreamArn' in restored));
  const arn = restored.TableArn as string;
  assert.deepEqual(await fixture.run('ListTagsOfResource', { ResourceArn: arn }), { Tags: [] });
  const ttl = await fixture.run('DescribeTimeToLive', { TableName: 'restored' });
  assert.deepEqual(ttl.TimeToLiveDescription, { TimeToLiveStatus: 'DISABLED' });
  const { ContinuousBackupsDescription } = await fixture.run('DescribeContinuousBackups', { TableName: 'restored' });
  assert.deepEqual((ContinuousBackupsDescription as Record<string, unknown>).PointInTimeRecoveryDescription, {
    PointInTimeRecoveryStatus: 'DISABLED',
  });
  await fixture.run('DeleteTable', { TableName: 'restored' });
});

test('indexes can be left out, and capacity and encryption be others', async () => {
  const fixture = await withItems(WITH_INDEXES);
  const arn = await fixture.backup();
  await fixture.restoreFrom(arn, 'restored', {
    GlobalSecondaryIndexOverride: [],
    BillingModeOverride: 'PROVISIONED',
    ProvisionedThroughputOverride: units(3, 4),
    SSESpecificationOverride: { Enabled: true },
  });
  await fixture.engine.idle();
  const restored = await fixture.describe('restored');
  assert.ok(!('GlobalSecondaryIndexes' in restored));
  assert.deepEqual(restored.BillingModeSummary, { BillingMode: 'PROVISIONED' });
  assert.deepEqual(restored.ProvisionedThroughput, { NumberOfDecreasesToday: 0, ...units(3, 4) });
  assert.equal((restored.SSEDescription as Record<string, unknown>).SSEType, 'KMS');
  assert.deepEqual(restored.AttributeDefinitions, [{ AttributeName: 'pk', AttributeType: 'S' }]);
  await fixture.refuses(
    'RestoreTableFromBackup',
    {
      BackupArn: arn,
      TargetTableName: 'another',
      GlobalSecondaryIndexOverride: [
        {
          IndexName: 'new',
          KeySchema: [{ AttributeName: 'value', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    },
    'ValidationException',
    /^Invalid Request: Index new does not match a secondary index that existed in the source table/,
  );
});

test('a backup outlives its table and a restart; its items go with the last backup', async () => {
  const fixture = await withItems();
  const [first, second] = [await fixture.backup('first'), await fixture.backup('second')];
  await fixture.remove('a');
  await fixture.run('DeleteTable', { TableName: 'orders' });
  await fixture.engine.idle();
  await fixture.restart('stopped');
  await fixture.run('DeleteBackup', { BackupArn: first });
  await fixture.table();
  await fixture.put('a', 'of the new table');
  await fixture.restoreFrom(second, 'restored');
  assert.equal((await fixture.items('restored')).size, 3);
  await fixture.run('DeleteTable', { TableName: 'restored' });
  await fixture.run('DeleteBackup', { BackupArn: second });
  await fixture.engine.idle();
  assert.deepEqual([fixture.itemKeys().length, fixture.historyKeys()], [1, []]);
});

test('a table deleted with point-in-time recovery leaves a system backup for 35 days', async () => {
  const fixture = await withItems();
  await fixture.recovery(true);
  await fixture.put('a', 'last');
  await fixture.run('DeleteTable', { TableName: 'orders' });
  assert.deepEqual(await summaries(fixture), []);
  const output = await fixture.run('ListBackups', { BackupType: 'SYSTEM', TableName: 'orders' });
  const [backup] = output.BackupSummaries as Record<string, unknown>[];
  assert.deepEqual(
    [backup?.BackupName, backup?.BackupType, backup?.BackupExpiryDateTime],
    ['orders$DeletedTableBackup', 'SYSTEM', fixture.clock.nowMs() / 1000 + 35 * 24 * 3600],
  );
  await fixture.engine.idle();
  fixture.clock.advance(34 * DAY_MS);
  await fixture.restoreFrom(backup?.BackupArn as string, 'orders');
  assert.deepEqual(Object.fromEntries(await fixture.items('orders')), { a: 'last', b: 'first', c: 'first' });
  for (let day = 0; day < 2; day++) {
    fixture.clock.advance(DAY_MS);
    await fixture.engine.idle();
  }
  assert.deepEqual(await summaries(fixture, { BackupType: 'ALL' }), []);
  assert.deepEqual([fixture.itemKeys().length, fixture.historyKeys()], [3, []]);
});

test('a system backup is kept for as many days as the table could be taken back', async () => {
  const fixture = await withItems();
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 2 };
  await fixture.run('UpdateContinuousBackups', { TableName: 'orders', PointInTimeRecoverySpecification });
  await fixture.run('DeleteTable', { TableName: 'orders' });
  const output = await fixture.run('ListBackups', { BackupType: 'SYSTEM' });
  const [backup] = output.BackupSummaries as Record<string, unknown>[];
  assert.equal(backup?.BackupExpiryDateTime, fixture.clock.nowMs() / 1000 + 2 * 24 * 3600);
});

test('backups are listed by page, table, time and kind', async () => {
  const fixture = await withItems();
  const startSeconds = fixture.clock.nowMs() / 1000;
  for (let number = 0; number < 5; number++) {
    await fixture.backup(`day-${number}`);
    fixture.clock.advance(1000);
  }
  const page = await fixture.run('ListBackups', { Limit: 2 });
  const start = page.LastEvaluatedBackupArn;
  assert.deepEqual(await summaries(fixture, { Limit: 2 }), ['day-0', 'day-1']);
  assert.deepEqual(await summaries(fixture, { Limit: 3, ExclusiveStartBackupArn: start }), ['day-2', 'day-3', 'day-4']);
  const last = await fixture.run('ListBackups', { Limit: 3, ExclusiveStartBackupArn: start });
  assert.ok(!('LastEvaluatedBackupArn' in last));
  assert.deepEqual(
    await summaries(fixture, { TimeRangeLowerBound: startSeconds + 1, TimeRangeUpperBound: startSeconds + 3 }),
    ['day-1', 'day-2'],
  );
  assert.deepEqual(await summaries(fixture, { TableName: 'other' }), []);
  assert.equal((await summaries(fixture, { TableName: ARN, BackupType: 'ALL' })).length, 5);
});

test('a backup in the making, or being restored, is in use', async () => {
  const fixture = new BackupFixture({ transitionDelayMs: 1000 });
  await fixture.table();
  await fixture.refuses(
    'CreateBackup',
    { TableName: 'orders', BackupName: 'early' },
    'TableNotFoundException',
    'Table not found: orders',
  );
  fixture.clock.advance(1000);
  const arn = await fixture.backup();
  const restore = { BackupArn: arn, TargetTableName: 'restored' };
  await fixture.refuses('DeleteBackup', { BackupArn: arn }, 'BackupInUseException', /is being created/);
  await fixture.refuses('RestoreTableFromBackup', restore, 'BackupInUseException', /is being created/);
  fixture.clock.advance(1000);
  await fixture.run('RestoreTableFromBackup', restore);
  await fixture.refuses(
    'DeleteBackup',
    { BackupArn: arn },
    'BackupInUseException',
    `Backup is being used to restore table: ${arn}`,
  );
  await fixture.refuses(
    'RestoreTableFromBackup',
    { ...restore, TargetTableName: 'second' },
    'BackupInUseException',
    `Backup is being used to restore another table: ${arn}`,
  );
  await fixture.refuses(
    'RestoreTableFromBackup',
    restore,
    'TableInUseException',
    `Table: restored is already being restored from backup: ${arn}`,
  );
  await fixture.engine.idle();
  assert.equal((await fixture.describe('restored')).TableStatus, 'CREATING');
  fixture.clock.advance(1000);
  assert.equal((await fixture.describe('restored')).TableStatus, 'ACTIVE');
  const deleted = await fixture.run('DeleteBackup', { BackupArn: arn });
  const { BackupDetails } = deleted.BackupDescription as { BackupDetails: Record<string, unknown> };
  assert.equal(BackupDetails.BackupStatus, 'DELETED');
  const missing = ['BackupNotFoundException', `Backup not found: ${arn}`] as const;
  await fixture.refuses('DescribeBackup', { BackupArn: arn }, ...missing);
  await fixture.refuses('DeleteBackup', { BackupArn: arn }, ...missing);
  await fixture.refuses('RestoreTableFromBackup', { ...restore, TargetTableName: 'more' }, ...missing);
  const foreign = { BackupArn: arn.replace(/:\d{12}:/, ':111122223333:') };
  for (const operation of ['DescribeBackup', 'DeleteBackup', 'RestoreTableFromBackup']) {
    const input = operation.startsWith('Restore') ? { ...foreign, TargetTableName: 'more' } : foreign;
    await fixture.refuses(operation, input, 'AccessDeniedException', 'Access is denied');
  }
  await fixture.refuses(
    'CreateBackup',
    { TableName: 'gone', BackupName: 'late' },
    'TableNotFoundException',
    'Table not found: gone',
  );
});
