import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultKmsKeyArn } from './default-key.js';
import { BY_GROUP, CALLER, EngineFixture, orders } from './engine-fixture.js';

const DELAY_MS = 1000;
const KEY = 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-555555555555';

async function slowTable(): Promise<EngineFixture> {
  const fixture = new EngineFixture({ transitionDelayMs: DELAY_MS });
  await fixture.run('CreateTable', orders());
  fixture.clock.advance(DELAY_MS);
  return fixture;
}

function refusesDelete(fixture: EngineFixture, reason: string): Promise<void> {
  return fixture.refuses(
    'DeleteTable',
    { TableName: 'orders' },
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: ${reason}`,
  );
}

test('warm throughput is UPDATING with its old values; a further change takes over', async () => {
  const fixture = await slowTable();
  const warm = (read: number, write: number, Status: string) => ({
    ReadUnitsPerSecond: read,
    WriteUnitsPerSecond: write,
    Status,
  });
  await fixture.update({ WarmThroughput: { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 5000 } });
  fixture.clock.advance(DELAY_MS / 2);
  await fixture.update({ WarmThroughput: { ReadUnitsPerSecond: 14_000 } });
  const changing = await fixture.describe();
  assert.equal(changing.TableStatus, 'ACTIVE');
  assert.deepEqual(changing.WarmThroughput, warm(12_000, 4000, 'UPDATING'));
  fixture.clock.advance(DELAY_MS / 2);
  assert.deepEqual((await fixture.describe()).WarmThroughput, warm(12_000, 4000, 'UPDATING'));
  await refusesDelete(fixture, 'Table: orders is in the process of being updated.');
  fixture.clock.advance(DELAY_MS / 2);
  assert.deepEqual((await fixture.describe()).WarmThroughput, warm(14_000, 5000, 'ACTIVE'));
});

test('a change of the key is UPDATING with the old key, and lets in no other', async () => {
  const fixture = await slowTable();
  const description = async (): Promise<unknown> => (await fixture.describe()).SSEDescription;
  const sse = (Status: string, KMSMasterKeyArn: string) => ({ Status, SSEType: 'KMS', KMSMasterKeyArn });
  const ownKey = defaultKmsKeyArn(CALLER);
  await fixture.update({ SSESpecification: { Enabled: true, SSEType: 'KMS' } });
  assert.deepEqual(await description(), { Status: 'UPDATING' }, 'the key that AWS owns is not told');
  const updating = 'Server-Side Encryption is still being updated';
  await fixture.refuses(
    'UpdateTable',
    { TableName: 'orders', SSESpecification: { Enabled: false } },
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: ${updating}`,
  );
  await refusesDelete(fixture, updating);
  fixture.clock.advance(DELAY_MS);
  assert.deepEqual(await description(), sse('ENABLED', ownKey));
  await fixture.update({ SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY } });
  assert.deepEqual(await description(), sse('UPDATING', ownKey));
  fixture.clock.advance(DELAY_MS);
  assert.deepEqual(await description(), sse('ENABLED', KEY));
  await fixture.update({ SSESpecification: { Enabled: false } });
  assert.deepEqual(await description(), sse('UPDATING', KEY));
  fixture.clock.advance(DELAY_MS);
  assert.equal(await description(), undefined);
});

test('the table class changes when the update is through', async () => {
  const fixture = await slowTable();
  await fixture.update({ TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  const { TableStatus, TableClassSummary } = await fixture.describe();
  assert.deepEqual([TableStatus, TableClassSummary], ['UPDATING', undefined]);
  fixture.clock.advance(DELAY_MS);
  const after = (await fixture.describe()).TableClassSummary as Record<string, unknown>;
  assert.equal(after.TableClass, 'STANDARD_INFREQUENT_ACCESS');
});

test('an index in the making keeps the table, and cannot be taken back before it is being filled', async () => {
  const fixture = await slowTable();
  await fixture.update(BY_GROUP);
  await refusesDelete(fixture, 'Cannot delete table while indexes are being created, updated, or deleted.');
  await fixture.refuses(
    'UpdateTable',
    { TableName: 'orders', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-group' } }] },
    'ResourceInUseException',
    'Attempt to change a resource which is still in use: Index creation is in resource allocation phase. ' +
      'Retry deletion during backfilling phase or when the index is active. Table: orders Index: by-group',
  );
});

test('a table that is being created has neither backups nor time to live', async () => {
  const fixture = new EngineFixture({ transitionDelayMs: DELAY_MS });
  await fixture.run('CreateTable', orders());
  const backups = async (): Promise<unknown> =>
    (
      (await fixture.run('DescribeContinuousBackups', { TableName: 'orders' })).ContinuousBackupsDescription as Record<
        string,
        unknown
      >
    ).ContinuousBackupsStatus;
  assert.equal(await backups(), 'DISABLED');
  await fixture.refuses(
    'UpdateTimeToLive',
    { TableName: 'orders', TimeToLiveSpecification: { AttributeName: 'x', Enabled: true } },
    'ResourceInUseException',
    'Attempt to change a resource which is still in use: Table orders is being created',
  );
  fixture.clock.advance(DELAY_MS);
  assert.equal(await backups(), 'ENABLED');
});
