import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALLER, units } from '../control/engine-fixture.js';
import { BackupFixture } from './backup-fixture.js';

const WEST = { ...CALLER, region: 'us-west-2' };
const BY_VALUE = {
  IndexName: 'by-value',
  KeySchema: [{ AttributeName: 'value', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};
const INDEXED = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'value', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [BY_VALUE],
};
const PROVISIONED = {
  ...INDEXED,
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: units(5, 5),
  GlobalSecondaryIndexes: [{ ...BY_VALUE, ProvisionedThroughput: units(5, 5) }],
};

async function backedUp(changes: Record<string, unknown>): Promise<{ fixture: BackupFixture; arn: string }> {
  const fixture = new BackupFixture();
  await fixture.table('orders', changes);
  await fixture.put('a', 'first');
  return { fixture, arn: await fixture.backup() };
}

function refusals({ fixture, arn }: { readonly fixture: BackupFixture; readonly arn: string }) {
  return (overrides: Record<string, unknown>, words: string): Promise<void> =>
    fixture.refuses(
      'RestoreTableFromBackup',
      { BackupArn: arn, TargetTableName: 'restored', ...overrides },
      'ValidationException',
      `Invalid Request: ${words}`,
    );
}

test('capacity is overridden only as the billing mode to be allows', async () => {
  const refuses = refusals(await backedUp(PROVISIONED));
  await refuses(
    { BillingModeOverride: 'PAY_PER_REQUEST', ProvisionedThroughputOverride: units(1, 1) },
    'Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST',
  );
  await refuses(
    {
      BillingModeOverride: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexOverride: [{ ...BY_VALUE, ProvisionedThroughput: units(1, 1) }],
    },
    'Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST for index by-value',
  );
  await refuses(
    { OnDemandThroughputOverride: { MaxReadRequestUnits: 5 } },
    'Cannot override MaxReadRequestUnits for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST',
  );
  await refuses(
    { BillingModeOverride: 'PAY_PER_REQUEST', OnDemandThroughputOverride: { MaxReadRequestUnits: 0 } },
    'Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range',
  );
  await refuses({ GlobalSecondaryIndexOverride: [BY_VALUE] }, 'Must specify provisioned throughput for index by-value');
});

test('a backup of a table on demand needs throughput for all to be provisioned', async () => {
  const refuses = refusals(await backedUp(INDEXED));
  await refuses(
    { ProvisionedThroughputOverride: units(1, 1) },
    'Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED',
  );
  await refuses(
    { BillingModeOverride: 'PROVISIONED' },
    'Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED',
  );
  await refuses(
    { BillingModeOverride: 'PROVISIONED', ProvisionedThroughputOverride: units(1, 1) },
    'Must specify provisioned throughput for index by-value',
  );
});

test('an index is known by its keys and projection, and takes the name that the override gives it', async () => {
  const { fixture, arn } = await backedUp(PROVISIONED);
  await fixture.restoreFrom(arn, 'restored', {
    GlobalSecondaryIndexOverride: [{ ...BY_VALUE, IndexName: 'renamed', ProvisionedThroughput: units(8, 8) }],
  });
  assert.deepEqual(Object.fromEntries(await fixture.items('restored', 'renamed')), { a: 'first' });
  const { ProvisionedThroughput } = await fixture.describe('restored');
  assert.deepEqual(ProvisionedThroughput, { NumberOfDecreasesToday: 0, ...units(5, 5) });
});

test('a restored table is of the standard class', async () => {
  const { fixture, arn } = await backedUp({ TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  await fixture.restoreFrom(arn, 'restored');
  await fixture.engine.idle();
  assert.ok(!('TableClassSummary' in (await fixture.describe('restored'))));
});

test('tables are restored in another region, with their own encryption', async () => {
  const { fixture, arn } = await backedUp(PROVISIONED);
  await fixture.recovery(true);
  const sources = [
    ['RestoreTableFromBackup', 'from-backup', { BackupArn: arn }],
    [
      'RestoreTableToPointInTime',
      'from-past',
      { SourceTableArn: arn.split('/backup/')[0], UseLatestRestorableTime: true },
    ],
  ] as const;
  for (const [operation, TargetTableName, source] of sources) {
    const input = { TargetTableName, ...source };
    await assert.rejects(fixture.run(operation, input, WEST), {
      name: 'ValidationException',
      message: 'Invalid Request: sseSpecificationOverride must be provided for cross-region restores',
    });
    await fixture.run(operation, { ...input, SSESpecificationOverride: { Enabled: true } }, WEST);
    await fixture.engine.idle();
    const { Table } = await fixture.run('DescribeTable', { TableName: TargetTableName }, WEST);
    const { TableArn, SSEDescription } = Table as Record<string, unknown>;
    assert.equal(TableArn, `arn:aws:dynamodb:us-west-2:000000000000:table/${TargetTableName}`);
    assert.match((SSEDescription as { KMSMasterKeyArn: string }).KMSMasterKeyArn, /^arn:aws:kms:us-west-2:/);
    const { Count } = await fixture.run('Scan', { TableName: TargetTableName }, WEST);
    assert.equal(Count, 1);
  }
  await assert.rejects(fixture.run('DescribeBackup', { BackupArn: arn }, WEST), /^BackupNotFoundException/);
});

test('the region in a backup\u2019s ARN is not looked at, its form is', async () => {
  const { fixture, arn } = await backedUp({});
  const elsewhere = arn.replace('us-east-1', 'eu-west-1');
  const { BackupDescription } = await fixture.run('DescribeBackup', { BackupArn: elsewhere });
  assert.equal((BackupDescription as { BackupDetails: { BackupArn: string } }).BackupDetails.BackupArn, elsewhere);
  const refused = [
    ['', 'Invalid Backup ARN'],
    [arn.split('/backup/')[0], 'Invalid Backup ARN'],
    [arn.replace('us-east-1', 'xx-fake-1'), 'Invalid Request: BackupArn is not valid'],
    [arn.replace('arn:aws:', 'arn:aws-cn:'), 'Invalid Request: BackupArn is not valid'],
  ];
  for (const [BackupArn, words = ''] of refused) {
    await fixture.refuses('DescribeBackup', { BackupArn }, 'ValidationException', words);
  }
  await fixture.refuses(
    'ListBackups',
    { ExclusiveStartBackupArn: elsewhere },
    'ValidationException',
    'Invalid Request: The supplied ExclusiveStartBackupArn does not match the region',
  );
  await fixture.run('DeleteBackup', { BackupArn: elsewhere });
  await fixture.refuses('DescribeBackup', { BackupArn: arn }, 'BackupNotFoundException', `Backup not found: ${arn}`);
});

test('a table in the making by a restore is known to DescribeTable and DeleteTable alone', async () => {
  const fixture = new BackupFixture({ transitionDelayMs: 1000 });
  await fixture.table();
  fixture.clock.advance(1000);
  const arn = await fixture.backup();
  fixture.clock.advance(1000);
  await fixture.restoreFrom(arn, 'restored');
  const missing = 'Requested resource not found: Table: restored not found';
  const TableName = 'restored';
  const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/restored';
  const unknown = [
    ['UpdateTable', { TableName, DeletionProtectionEnabled: true }],
    ['DescribeTimeToLive', { TableName }],
    ['UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'at', Enabled: true } }],
    ['ListTagsOfResource', { ResourceArn }],
    ['TagResource', { ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] }],
    ['GetResourcePolicy', { ResourceArn }],
    ['DescribeContributorInsights', { TableName }],
  ] as const;
  for (const [operation, input] of unknown) {
    await fixture.refuses(operation, input, 'ResourceNotFoundException', missing);
  }
  for (const [operation, input] of [
    ['DescribeContinuousBackups', { TableName }],
    ['CreateBackup', { TableName, BackupName: 'early' }],
  ] as const) {
    await fixture.refuses(operation, input, 'TableNotFoundException', 'Table not found: restored');
  }
  await fixture.refuses('DeleteTable', { TableName }, 'ResourceInUseException', /restored/);
  await assert.rejects(fixture.table(TableName), {
    name: 'ResourceInUseException',
    message: 'Table is being used: restored',
  });
  assert.equal((await fixture.describe('restored')).TableStatus, 'CREATING');
});

test('what a table that was deleted leaves can be restored, not deleted', async () => {
  const fixture = new BackupFixture();
  await fixture.table();
  await fixture.recovery(true);
  await fixture.run('DeleteTable', { TableName: 'orders' });
  const output = await fixture.run('ListBackups', { BackupType: 'SYSTEM' });
  const [{ BackupArn }] = output.BackupSummaries as [{ BackupArn: string }];
  assert.match(BackupArn, /-00000000$/);
  await fixture.refuses(
    'DeleteBackup',
    { BackupArn },
    'ValidationException',
    /^Invalid Request: User is not allowed to delete the system backup with arn .*\/backup\/\d{14}-00000000\. It will /,
  );
  const { BackupDescription } = await fixture.run('DescribeBackup', { BackupArn });
  assert.deepEqual((BackupDescription as Record<string, unknown>).SourceTableFeatureDetails, {});
});
