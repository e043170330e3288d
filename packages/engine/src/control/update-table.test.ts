import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BY_GROUP, EngineFixture, orders, units } from './engine-fixture.js';

const INVALID = 'One or more parameter values were invalid: ';
const HOUR_MS = 3600 * 1000;

async function onDemand(): Promise<EngineFixture> {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', orders());
  return fixture;
}

async function provisioned(): Promise<EngineFixture> {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', orders({ BillingMode: 'PROVISIONED', ProvisionedThroughput: units(5, 5) }));
  return fixture;
}

const refuses = (fixture: EngineFixture, input: Record<string, unknown>, message: string | RegExp): Promise<void> =>
  fixture.refuses('UpdateTable', { TableName: 'orders', ...input }, 'ValidationException', message);

test('an update must change something, and one thing only', async () => {
  const fixture = await onDemand();
  await refuses(fixture, { GlobalSecondaryIndexUpdates: [] }, /^At least one of ProvisionedThroughput, BillingMode, /);
  await refuses(
    fixture,
    { GlobalSecondaryIndexUpdates: [], DeletionProtectionEnabled: true },
    `${INVALID}List of GlobalSecondaryIndexUpdates is empty`,
  );
  const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } };
  const protection = { DeletionProtectionEnabled: true };
  const encryption = { SSESpecification: { Enabled: true } };
  const alone = (what: string): string => `${INVALID}${what} modification must be the only operation in the request`;
  await refuses(fixture, { ...stream, ...protection }, alone('DeletionProtection'));
  await refuses(fixture, { ...encryption, ...protection }, alone('Server-Side Encryption'));
  await refuses(fixture, { TableClass: 'STANDARD', ...protection }, alone('TableClass'));
  await refuses(
    fixture,
    { ...stream, BillingMode: 'PROVISIONED', ProvisionedThroughput: units(1, 1) },
    `${INVALID}You cannot modify stream status while updating table IOPS`,
  );
  await fixture.update({ ...stream, BillingMode: 'PAY_PER_REQUEST' });
});

test('throughput without members counts as none beside another change', async () => {
  const fixture = await onDemand();
  const before = (await fixture.describe()).WarmThroughput;
  await fixture.update({ WarmThroughput: {}, DeletionProtectionEnabled: true });
  await fixture.update({ WarmThroughput: {}, TableClass: 'STANDARD' });
  await fixture.update({ OnDemandThroughput: {}, BillingMode: 'PAY_PER_REQUEST' });
  const { DeletionProtectionEnabled, WarmThroughput, OnDemandThroughput } = await fixture.describe();
  assert.deepEqual([DeletionProtectionEnabled, WarmThroughput, OnDemandThroughput], [true, before, undefined]);
});

test('throughput without members is refused as the only change, of a table that is there', async () => {
  const fixture = await onDemand();
  const none = (what: string, members: string): string =>
    `${INVALID}${what} must have at least one of ${members} specified`;
  await refuses(fixture, { WarmThroughput: {} }, none('WarmThroughput', 'ReadUnitsPerSecond or WriteUnitsPerSecond'));
  const maximums = none('OnDemandThroughput', 'MaxReadRequestUnits or MaxWriteRequestUnits');
  await refuses(fixture, { OnDemandThroughput: {} }, maximums);
  const absent = { TableName: 'absent', WarmThroughput: {} };
  await fixture.refuses('UpdateTable', absent, 'ResourceNotFoundException', /^Requested resource not found/);
});

test('provisioned throughput answers UPDATING with the old units, then shows the new', async () => {
  const fixture = await provisioned();
  const answer = await fixture.update({ ProvisionedThroughput: units(8, 5) });
  assert.equal(answer.TableStatus, 'UPDATING');
  assert.deepEqual(answer.ProvisionedThroughput, { NumberOfDecreasesToday: 0, ...units(5, 5) });
  const table = await fixture.describe();
  assert.equal(table.TableStatus, 'ACTIVE');
  const lastIncrease = { LastIncreaseDateTime: fixture.clock.nowMs() / 1000 };
  assert.deepEqual(table.ProvisionedThroughput, { ...lastIncrease, NumberOfDecreasesToday: 0, ...units(8, 5) });
  assert.deepEqual(table.WarmThroughput, { ReadUnitsPerSecond: 8, WriteUnitsPerSecond: 5, Status: 'ACTIVE' });
  await refuses(fixture, { ProvisionedThroughput: units(8, 5) }, /^The provisioned throughput for the table will not/);
});

test('after four decreases in a day one more is let through each hour, and midnight UTC forgets them', async () => {
  const fixture = await provisioned();
  await fixture.update({ ProvisionedThroughput: units(100, 100) });
  for (const read of [99, 98, 97, 96]) await fixture.update({ ProvisionedThroughput: units(read, 100) });
  const fifth = { TableName: 'orders', ProvisionedThroughput: units(95, 100) };
  await fixture.refuses(
    'UpdateTable',
    fifth,
    'LimitExceededException',
    'Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first ' +
      '4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. ' +
      'Number of decreases today: 4. Last decrease at Thursday, January 1, 2026 at 12:00:00 AM Coordinated Universal ' +
      'Time. Next decrease can be made at Thursday, January 1, 2026 at 1:00:00 AM Coordinated Universal Time',
  );
  fixture.clock.advance(HOUR_MS);
  await fixture.run('UpdateTable', fifth);
  fixture.clock.advance(23 * HOUR_MS);
  const { ProvisionedThroughput } = await fixture.describe();
  assert.equal((ProvisionedThroughput as { NumberOfDecreasesToday: number }).NumberOfDecreasesToday, 0);
});

test('the billing mode can be switched to and fro', async () => {
  const fixture = await provisioned();
  const answer = await fixture.run('UpdateTable', { TableName: 'orders', TableThroughputMode: 'PAY_PER_REQUEST' });
  const { TableThroughputModeSummary: mode } = answer.TableDescription as Record<string, unknown>;
  assert.deepEqual(mode, { TableThroughputMode: 'PAY_PER_REQUEST' });
  const table = await fixture.describe();
  assert.deepEqual(table.ProvisionedThroughput, { NumberOfDecreasesToday: 0, ...units(0, 0) });
  assert.deepEqual(table.WarmThroughput, { ReadUnitsPerSecond: 12000, WriteUnitsPerSecond: 4000, Status: 'ACTIVE' });
  await refuses(
    fixture,
    { BillingMode: 'PROVISIONED' },
    `${INVALID}ProvisionedThroughput must be specified when BillingMode is PROVISIONED`,
  );
  await refuses(fixture, { ProvisionedThroughput: units(1, 1) }, /^.*Neither ReadCapacityUnits nor WriteCapacityUnits/);
  await fixture.update({ BillingMode: 'PROVISIONED', ProvisionedThroughput: units(2, 3) });
  const back = await fixture.describe();
  assert.equal((back.BillingModeSummary as { BillingMode: string }).BillingMode, 'PROVISIONED');
  assert.deepEqual(back.ProvisionedThroughput, { NumberOfDecreasesToday: 0, ...units(2, 3) });
});

test('a switch to provisioned needs throughput for every global index', async () => {
  const fixture = await onDemand();
  await fixture.update(BY_GROUP);
  const input = { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(1, 1) };
  await refuses(fixture, input, `${INVALID}ProvisionedThroughput must be specified for index: by-group`);
  const update = { Update: { IndexName: 'by-group', ProvisionedThroughput: units(2, 2) } };
  await fixture.update({ ...input, GlobalSecondaryIndexUpdates: [update] });
  const [index] = (await fixture.describe()).GlobalSecondaryIndexes as Record<string, unknown>[];
  assert.equal(index?.IndexStatus, 'ACTIVE');
  assert.deepEqual(index?.ProvisionedThroughput, { NumberOfDecreasesToday: 0, ...units(2, 2) });
  await refuses(
    fixture,
    { GlobalSecondaryIndexUpdates: [update] },
    /^The provisioned throughput for the index by-group will not change\. .* for index by-group: 2\. /,
  );
});

test('an index on demand takes on-demand and warm throughput, and something of them', async () => {
  const fixture = await onDemand();
  await fixture.update(BY_GROUP);
  const on = (update: Record<string, unknown>) => ({
    GlobalSecondaryIndexUpdates: [{ Update: { IndexName: 'by-group', ...update } }],
  });
  const only =
    `${INVALID}The only Updates for index: by-group when TableThroughputMode is PAY_PER_REQUEST can be to ` +
    'OnDemandThroughput, WarmThroughput';
  await refuses(fixture, on({}), only);
  await refuses(fixture, on({ OnDemandThroughput: {} }), only);
  await refuses(fixture, on({ ProvisionedThroughput: units(1, 1) }), only);
  const none =
    `${INVALID}WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified for ` +
    'index: by-group';
  await refuses(fixture, on({ WarmThroughput: {} }), none);
  await refuses(fixture, { TableClass: 'STANDARD', ...on({ WarmThroughput: {} }) }, none);
  const { GlobalSecondaryIndexes } = await fixture.update(on({ WarmThroughput: { ReadUnitsPerSecond: 13_000 } }));
  const [index] = GlobalSecondaryIndexes as Record<string, unknown>[];
  const warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000 };
  assert.deepEqual([index?.IndexStatus, index?.WarmThroughput], ['ACTIVE', { ...warm, Status: 'UPDATING' }]);
});

test('new units of an index show when they are there; a new index shows its own at once', async () => {
  const fixture = await provisioned();
  const Create = BY_GROUP.GlobalSecondaryIndexUpdates[0]?.Create;
  await refuses(
    fixture,
    BY_GROUP,
    `${INVALID}Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: by-group`,
  );
  const first = await fixture.update({
    ...BY_GROUP,
    GlobalSecondaryIndexUpdates: [{ Create: { ...Create, ProvisionedThroughput: units(5, 5) } }],
  });
  const readUnits = ({ GlobalSecondaryIndexes }: Record<string, unknown>): unknown =>
    (GlobalSecondaryIndexes as [{ ProvisionedThroughput: Record<string, unknown> }])[0].ProvisionedThroughput
      .ReadCapacityUnits;
  assert.equal(readUnits(first), 5);
  await fixture.engine.idle();
  const raise = { Update: { IndexName: 'by-group', ProvisionedThroughput: units(8, 8) } };
  assert.equal(readUnits(await fixture.update({ GlobalSecondaryIndexUpdates: [raise] })), 5);
  assert.equal(readUnits(await fixture.describe()), 8);
});

test('a stream is switched off and a new one on, each with a label of its own', async () => {
  const fixture = await onDemand();
  const on = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } };
  const off = { StreamSpecification: { StreamEnabled: false } };
  await refuses(fixture, off, 'Table has no stream to disable: TableName: orders');
  await fixture.update(on);
  const first = (await fixture.describe()).LatestStreamArn;
  await refuses(fixture, on, 'Table already has an enabled stream: TableName: orders');
  await fixture.update(off);
  const disabled = await fixture.describe();
  assert.equal('StreamSpecification' in disabled, false);
  assert.equal(disabled.LatestStreamArn, first);
  await fixture.update(on);
  assert.notEqual((await fixture.describe()).LatestStreamArn, first);
});

test('encryption changes between the key of AWS and a key of KMS', async () => {
  const fixture = await onDemand();
  await refuses(fixture, { SSESpecification: { Enabled: false } }, `${INVALID}Table is already encrypted by default`);
  const answer = await fixture.update({ SSESpecification: { Enabled: true } });
  assert.equal(answer.TableStatus, 'ACTIVE');
  assert.deepEqual(answer.SSEDescription, { Status: 'UPDATING' });
  const enabled = (await fixture.describe()).SSEDescription as { Status: string };
  assert.equal(enabled.Status, 'ENABLED');
  const disabling = await fixture.update({ SSESpecification: { Enabled: false } });
  assert.deepEqual(disabling.SSEDescription, { ...enabled, Status: 'UPDATING' });
  assert.equal('SSEDescription' in (await fixture.describe()), false);
});

test('the table class changes twice in thirty days', async () => {
  const fixture = await onDemand();
  await fixture.update({ TableClass: 'STANDARD' });
  assert.equal('TableClassSummary' in (await fixture.describe()), false);
  await fixture.update({ TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  await fixture.update({ TableClass: 'STANDARD' });
  await fixture.refuses(
    'UpdateTable',
    { TableName: 'orders', TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    'LimitExceededException',
    'Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).',
  );
});

test('on-demand maximums are merged, and -1 takes one away', async () => {
  const fixture = await onDemand();
  await fixture.update({ OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 20 } });
  const answer = await fixture.update({ OnDemandThroughput: { MaxReadRequestUnits: -1 } });
  assert.deepEqual(answer.OnDemandThroughput, { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 20 });
  assert.deepEqual((await fixture.describe()).OnDemandThroughput, { MaxWriteRequestUnits: 20 });
  await fixture.update({ OnDemandThroughput: { MaxWriteRequestUnits: -1 } });
  assert.equal('OnDemandThroughput' in (await fixture.describe()), false);
});

test('warm throughput rises and never falls', async () => {
  const fixture = await onDemand();
  await fixture.update({ WarmThroughput: { ReadUnitsPerSecond: 13000 } });
  const warm = { ReadUnitsPerSecond: 13000, WriteUnitsPerSecond: 4000, Status: 'ACTIVE' };
  assert.deepEqual((await fixture.describe()).WarmThroughput, warm);
  await refuses(
    fixture,
    { WarmThroughput: { ReadUnitsPerSecond: 12000 } },
    `${INVALID}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, ` +
      'decreasing WarmThroughput is not supported',
  );
});

test('an index takes its key attributes with it when it is deleted', async () => {
  const fixture = await onDemand();
  await fixture.update(BY_GROUP);
  assert.deepEqual((await fixture.describe()).AttributeDefinitions, BY_GROUP.AttributeDefinitions);
  await refuses(fixture, BY_GROUP, 'Attempting to create an index which already exists');
  const remove = { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-group' } }] };
  const answer = await fixture.update(remove);
  assert.equal((answer.GlobalSecondaryIndexes as { IndexStatus: string }[])[0]?.IndexStatus, 'DELETING');
  const table = await fixture.describe();
  assert.equal('GlobalSecondaryIndexes' in table, false);
  assert.deepEqual(table.AttributeDefinitions, [{ AttributeName: 'pk', AttributeType: 'S' }]);
  await fixture.refuses(
    'UpdateTable',
    { TableName: 'orders', ...remove },
    'ResourceNotFoundException',
    'Requested resource not found: Index by-group for table orders',
  );
});

test('one index is created or deleted at a time', async () => {
  const fixture = await onDemand();
  const [create] = BY_GROUP.GlobalSecondaryIndexUpdates;
  await fixture.refuses(
    'UpdateTable',
    { TableName: 'orders', ...BY_GROUP, GlobalSecondaryIndexUpdates: [create, { Delete: { IndexName: 'other' } }] },
    'LimitExceededException',
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );
});

test('the replication of settings can be set on a table without replicas, and shows', async () => {
  const fixture = await onDemand();
  assert.equal('GlobalTableSettingsReplicationMode' in (await fixture.describe()), false);
  for (const mode of ['ENABLED', 'DISABLED']) {
    await fixture.update({ GlobalTableSettingsReplicationMode: mode });
    assert.equal((await fixture.describe()).GlobalTableSettingsReplicationMode, mode);
  }
  await fixture.refuses(
    'UpdateTable',
    { TableName: 'orders', GlobalTableSettingsReplicationMode: 'ENABLED_WITH_OVERRIDES' },
    'ValidationException',
    /Only ENABLED and DISABLED settings replication are supported for a Regional Table\.$/,
  );
});
