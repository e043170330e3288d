import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlobalFixture, IRELAND, TABLE, TOKYO, VIRGINIA } from './global-fixture.js';

const NOT_WHILE_ADDED =
  'Create/Update/Delete of replica is not allowed while the replica is being added to table with name: ‘orders’ in ' +
  `region: ‘${IRELAND}’.`;
const TIME_TO_LIVE = { TimeToLiveSpecification: { AttributeName: 'at', Enabled: true } };

async function joining(): Promise<GlobalFixture> {
  const fixture = new GlobalFixture({ transitionDelayMs: 1000 });
  await fixture.run('CreateTable', {
    ...TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
  fixture.clock.advance(1000);
  await fixture.addReplica(IRELAND);
  return fixture;
}

test('a replica that is being made is known to DescribeTable and DeleteTable alone', async () => {
  const fixture = await joining();
  assert.equal((await fixture.table(IRELAND)).TableStatus, 'CREATING');
  const refuses = (operation: string, input: Record<string, unknown>, code: string, message: string | RegExp) =>
    fixture.refusesAt(IRELAND, operation, input, code, message);
  const missing = ['ResourceNotFoundException', 'Requested resource not found: Table: orders not found'] as const;
  await refuses('DescribeTimeToLive', {}, ...missing);
  await refuses('UpdateTimeToLive', TIME_TO_LIVE, ...missing);
  await refuses('UpdateTable', { DeletionProtectionEnabled: true }, ...missing);
  await refuses('DescribeContinuousBackups', {}, 'TableNotFoundException', 'Table not found: orders');
  await refuses('DeleteTable', {}, 'ResourceInUseException', /orders/);
  const another = { ReplicaUpdates: [{ Create: { RegionName: TOKYO } }] };
  await refuses('UpdateTable', another, 'ValidationException', NOT_WHILE_ADDED);
});

test('while a replica is being made, what all have in common stays', async () => {
  const fixture = await joining();
  const refuses = (operation: string, input: Record<string, unknown>, code: string, message: string) =>
    fixture.refusesAt(VIRGINIA, operation, input, code, message);
  await refuses('UpdateTimeToLive', TIME_TO_LIVE, 'ValidationException', NOT_WHILE_ADDED);
  await refuses(
    'UpdateTable',
    { ReplicaUpdates: [{ Create: { RegionName: IRELAND } }] },
    'ResourceInUseException',
    `Global table with name: orders already exists with replicas in regions: ${IRELAND}, ${VIRGINIA}.`,
  );
  await refuses(
    'UpdateTable',
    { StreamSpecification: { StreamEnabled: false } },
    'ValidationException',
    'One or more parameter values were invalid: Disabling Stream is not allowed for a Global Table replica.',
  );
  fixture.clock.advance(2000);
  await fixture.engine.idle();
  await fixture.at(VIRGINIA, 'UpdateTimeToLive', TIME_TO_LIVE);
});
