import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALLER, EngineFixture } from './engine-fixture.js';

const HOUR_MS = 3600 * 1000;
const TABLE = {
  TableName: 'orders',
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};

test('a table goes on demand four times in a day, and a fifth time when the first is a day ago', async () => {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', TABLE);
  const { ProvisionedThroughput } = TABLE;
  for (let count = 0; count < 4; count++) {
    await fixture.update({ BillingMode: 'PAY_PER_REQUEST' });
    await fixture.update({ BillingMode: 'PROVISIONED', ProvisionedThroughput });
    fixture.clock.advance(HOUR_MS);
  }
  await assert.rejects(fixture.update({ BillingMode: 'PAY_PER_REQUEST' }), {
    name: 'LimitExceededException',
    message:
      'Subscriber limit exceeded: Update to PayPerRequest mode are limited to 4 times in 1 day(s). ' +
      'Last update at Thu Jan 01 03:00:00 UTC 2026. Next update can be made at Fri Jan 02 00:00:00 UTC 2026',
  });
  fixture.clock.advance(20 * HOUR_MS);
  await fixture.update({ BillingMode: 'PAY_PER_REQUEST' });
  await fixture.engine.close();
});

test('the encryption changes four times in a day, then once in six hours', async () => {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', TABLE);
  const on = { SSESpecification: { Enabled: true, SSEType: 'KMS' } };
  const off = { SSESpecification: { Enabled: false } };
  for (const change of [on, off, on, off]) await fixture.update(change);
  await assert.rejects(fixture.update(on), {
    name: 'LimitExceededException',
    message: /^Subscriber limit exceeded: Encryption mode changes are limited in the 24h window ending at 2026-01-02T/,
  });
  // What changes nothing is told first.
  await assert.rejects(fixture.update(off), {
    name: 'ValidationException',
    message: /: Table is already encrypted by/,
  });
  fixture.clock.advance(6 * HOUR_MS);
  await fixture.update(on);
  await assert.rejects(fixture.update(off), { message: /Number of updates today: 5\./ });
  await fixture.engine.close();
});

test('no more than 500 tables are created at once, in one account and region', async () => {
  const fixture = new EngineFixture({ transitionDelayMs: 1000 });
  const create = (n: number, caller = CALLER) => fixture.run('CreateTable', { ...TABLE, TableName: `t-${n}` }, caller);
  for (let n = 0; n < 500; n++) await create(n);
  await assert.rejects(create(500), {
    name: 'LimitExceededException',
    message: 'Subscriber limit exceeded: Only 500 tables can be created, updated, or deleted simultaneously',
  });
  await create(500, { ...CALLER, region: 'eu-west-1' });
  fixture.clock.advance(1000);
  await create(500);
  await fixture.engine.close();
});
