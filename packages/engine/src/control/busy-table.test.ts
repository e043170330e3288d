import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineFixture, orders, units } from './engine-fixture.js';

const DELAY_MS = 1000;
const STREAM = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } };

async function slowTable(): Promise<EngineFixture> {
  const fixture = new EngineFixture({ transitionDelayMs: DELAY_MS });
  await fixture.run('CreateTable', orders({ BillingMode: 'PROVISIONED', ProvisionedThroughput: units(5, 5) }));
  fixture.clock.advance(DELAY_MS);
  return fixture;
}

test('what a table that is being updated refuses names the change that goes on', async () => {
  const fixture = await slowTable();
  const refuses = (input: Record<string, unknown>, reason: string, operation = 'UpdateTable'): Promise<void> =>
    fixture.refuses(
      operation,
      { TableName: 'orders', ...input },
      'ResourceInUseException',
      `Attempt to change a resource which is still in use: ${reason}`,
    );
  await fixture.update({ ProvisionedThroughput: units(6, 6) });
  await refuses({ ProvisionedThroughput: units(7, 7) }, 'Table IOPS are currently being updated. Table: orders');
  await refuses(STREAM, "Can't enable or disable stream while table IOPS are being updated. Table: orders");
  await refuses({}, 'Table: orders is in the process of being updated.', 'DeleteTable');
  await fixture.update({ DeletionProtectionEnabled: true });
  fixture.clock.advance(15_000);
  await fixture.update({ DeletionProtectionEnabled: false });
  await fixture.update(STREAM);
  const { LatestStreamLabel } = await fixture.describe();
  const change = `Table: orders Stream: ${LatestStreamLabel} Operation: ENABLE`;
  await refuses(
    { StreamSpecification: { StreamEnabled: false } },
    `A stream status change is currently in progress. ${change}`,
  );
  await refuses(
    { ProvisionedThroughput: units(7, 7) },
    `Can't change table IOPS when stream status is being updated. ${change}`,
  );
  await refuses({}, 'Cannot delete table while stream is being enabled/disabled.', 'DeleteTable');
  fixture.clock.advance(DELAY_MS);
  await fixture.update({ TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  await refuses(
    { TableClass: 'STANDARD' },
    "Can't update table class when a table class update is in progress. Table: orders " +
      'TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS',
  );
  fixture.clock.advance(DELAY_MS);
  assert.equal((await fixture.describe()).TableStatus, 'ACTIVE');
  await fixture.run('DeleteTable', { TableName: 'orders' });
});
