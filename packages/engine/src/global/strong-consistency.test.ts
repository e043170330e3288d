import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineOptions } from '../engine.js';
import { GlobalFixture, IRELAND, TOKYO, VIRGINIA } from './global-fixture.js';

const OREGON = 'us-west-2';
const OHIO = 'us-east-2';
const creates = (...regions: string[]) => regions.map((RegionName) => ({ Create: { RegionName } }));
const deletes = (...regions: string[]) => regions.map((RegionName) => ({ Delete: { RegionName } }));
const STRONG = { MultiRegionConsistency: 'STRONG' };
const WITH_WITNESS = { ...STRONG, ReplicaUpdates: creates(OREGON), GlobalTableWitnessUpdates: creates(OHIO) };
const ONLY_ONE =
  'Deletion of only one table replica is not supported for global tables with MultiRegionConsistency set to STRONG.';

async function strongTable(update: object, options: Partial<EngineOptions> = {}): Promise<GlobalFixture> {
  const fixture = await GlobalFixture.create([], {}, options);
  fixture.clock.advance(options.transitionDelayMs ?? 0);
  await fixture.at(VIRGINIA, 'UpdateTable', { ...update });
  return fixture;
}

test('a write is in all three regions when it is answered, and conditions see the latest everywhere', async () => {
  const fixture = await strongTable({ ...STRONG, ReplicaUpdates: creates(IRELAND, TOKYO) });
  const regions = [VIRGINIA, IRELAND, TOKYO];
  for (const region of regions) {
    const { MultiRegionConsistency, GlobalTableWitnesses, Replicas } = await fixture.table(region);
    const states = (Replicas as Record<string, unknown>[]).map(({ RegionName, ReplicaStatus }) => [
      RegionName,
      ReplicaStatus,
    ]);
    assert.deepEqual(states.map(([name]) => name).sort(), regions.filter((one) => one !== region).sort());
    assert.ok(states.every(([, status]) => status === 'ACTIVE'));
    assert.deepEqual([MultiRegionConsistency, GlobalTableWitnesses], ['STRONG', undefined]);
  }
  await fixture.put(IRELAND, 'a', '1');
  for (const region of regions) assert.deepEqual(await fixture.values(region), { a: '1' });
  await fixture.refusesAt(
    TOKYO,
    'PutItem',
    { Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' },
    'ConditionalCheckFailedException',
    'The conditional request failed',
  );
  await fixture.at(TOKYO, 'UpdateItem', {
    Key: { pk: { S: 'a' } },
    UpdateExpression: 'SET v = :v',
    ExpressionAttributeValues: { ':v': { S: '2' } },
  });
  await fixture.delete(VIRGINIA, 'a');
  await fixture.put(VIRGINIA, 'b', '3');
  for (const region of regions) assert.deepEqual(await fixture.values(region), { b: '3' });
  assert.equal(fixture.keys('Da'), 0);
  await fixture.restart('killed');
  await fixture.put(TOKYO, 'c', '4');
  for (const region of regions) assert.deepEqual(await fixture.values(region), { b: '3', c: '4' });
});

test('a region that is cut off is brought up to date when it rejoins', async () => {
  const fixture = await strongTable({ ...STRONG, ReplicaUpdates: creates(IRELAND, TOKYO) });
  await fixture.engine.replication.cutOff(TOKYO);
  await fixture.put(VIRGINIA, 'a', '1');
  assert.deepEqual([await fixture.values(IRELAND), await fixture.values(TOKYO)], [{ a: '1' }, {}]);
  await fixture.engine.replication.rejoin(TOKYO);
  await fixture.engine.idle();
  assert.deepEqual(await fixture.values(TOKYO), { a: '1' });
});

test('two regions and a witness come and go together', async () => {
  const fixture = await strongTable(WITH_WITNESS, { transitionDelayMs: 1000 });
  const witnesses = async (region: string): Promise<unknown> => (await fixture.table(region)).GlobalTableWitnesses;
  assert.deepEqual(await witnesses(VIRGINIA), [{ RegionName: OHIO, WitnessStatus: 'CREATING' }]);
  fixture.clock.advance(1000);
  await fixture.engine.idle();
  fixture.clock.advance(1000);
  for (const region of [VIRGINIA, OREGON]) {
    assert.deepEqual(await witnesses(region), [{ RegionName: OHIO, WitnessStatus: 'ACTIVE' }]);
  }
  await fixture.refusesAt(OHIO, 'DescribeTable', {}, 'ResourceNotFoundException', /Table: orders not found/);
  await fixture.put(OREGON, 'a', '1');
  assert.deepEqual(await fixture.values(VIRGINIA), { a: '1' });
  const refused = (input: object, message: string): Promise<void> =>
    fixture.refusesAt(VIRGINIA, 'UpdateTable', { ...input }, 'ValidationException', message);
  await refused(
    { ReplicaUpdates: creates(IRELAND) },
    'Cannot add replicas to a global table with strong MultiRegionConsistency',
  );
  await refused(
    { MultiRegionConsistency: 'EVENTUAL', ReplicaUpdates: creates(IRELAND) },
    'MultiRegionConsistency parameter is unsupported on existing global table',
  );
  await refused({ ReplicaUpdates: deletes(OREGON) }, 'Update table delete operation does not include all witnesses.');
  await refused(
    { ReplicaUpdates: deletes(OREGON), GlobalTableWitnessUpdates: deletes(IRELAND) },
    'Update global table operation failed because one or more witnesses were not part of the global table. ' +
      `Please retry the request without these witnesses: [${IRELAND}].`,
  );
  await fixture.refusesAt(OREGON, 'DeleteTable', {}, 'ValidationException', ONLY_ONE);
  await fixture.at(VIRGINIA, 'UpdateTable', {
    ReplicaUpdates: deletes(OREGON),
    GlobalTableWitnessUpdates: deletes(OHIO),
  });
  assert.deepEqual(await witnesses(VIRGINIA), [{ RegionName: OHIO, WitnessStatus: 'DELETING' }]);
  await fixture.engine.idle();
  fixture.clock.advance(1000);
  await fixture.engine.idle();
  const { MultiRegionConsistency, GlobalTableWitnesses, Replicas, GlobalTableVersion } = await fixture.table(VIRGINIA);
  assert.deepEqual(
    [MultiRegionConsistency, GlobalTableWitnesses, Replicas, GlobalTableVersion],
    Array(4).fill(undefined),
  );
  assert.deepEqual(await fixture.values(VIRGINIA), { a: '1' });
});

test('all replicas are deleted at once, or none', async () => {
  const fixture = await strongTable({ ...STRONG, ReplicaUpdates: creates(IRELAND, TOKYO) });
  await fixture.refusesAt(
    VIRGINIA,
    'UpdateTable',
    { ReplicaUpdates: deletes(IRELAND) },
    'ValidationException',
    ONLY_ONE,
  );
  await fixture.at(VIRGINIA, 'UpdateTable', { ReplicaUpdates: deletes(IRELAND, TOKYO) });
  await fixture.engine.idle();
  assert.equal((await fixture.table(VIRGINIA)).Replicas, undefined);
  await fixture.refusesAt(TOKYO, 'DescribeTable', {}, 'ResourceNotFoundException', /not found/);
  await fixture.at(VIRGINIA, 'DeleteTable');
});

test('what is no global table of three supported regions is refused', async () => {
  const fixture = await GlobalFixture.create([]);
  const refused = (input: object, message: string | RegExp): Promise<void> =>
    fixture.refusesAt(VIRGINIA, 'UpdateTable', { ...input }, 'ValidationException', message);
  const strong = 'global tables with MultiRegionConsistency set to STRONG';
  await refused({ ...STRONG, ReplicaUpdates: creates(IRELAND) }, `Unsupported replica count for ${strong}.`);
  await refused(
    { ...STRONG, ReplicaUpdates: creates('us-west-1', OHIO) },
    `Unsupported Region(s) specified for ${strong}: [us-west-1].`,
  );
  await refused(
    { ...WITH_WITNESS, GlobalTableWitnessUpdates: creates(OREGON) },
    'Cannot target multiple regions with the same action',
  );
  await refused(
    { ...WITH_WITNESS, GlobalTableWitnessUpdates: creates(VIRGINIA) },
    'Cannot add a witness in the same region as an existing replica when creating a global table with ' +
      'MultiRegionConsistency set to STRONG.',
  );
  const { MultiRegionConsistency: _, ...eventual } = WITH_WITNESS;
  await refused(
    eventual,
    'MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.',
  );
  await refused(
    { ...STRONG, ReplicaUpdates: deletes(IRELAND, TOKYO) },
    'Only Replica Create actions are supported when MultiRegionConsistency parameter is provided.',
  );
  await refused(
    { ...WITH_WITNESS, DeletionProtectionEnabled: true },
    'One or more parameter values were invalid: Requests that modify replicas or witnesses must not also modify ' +
      'other fields',
  );
  await refused(
    { ...STRONG, GlobalTableWitnessUpdates: creates(OHIO) },
    /^At least one of .* ReplicaTransitRoleArn, Del/,
  );
  await refused(
    { ReplicaUpdates: creates(IRELAND, TOKYO) },
    'Update table operation with more than one create or delete replica actions not allowed',
  );
  await fixture.put(VIRGINIA, 'a', '1');
  await refused(WITH_WITNESS, /must be empty/);
});

test('neither transactions nor time to live go with strong consistency', async () => {
  const fixture = await strongTable(WITH_WITNESS);
  const refused = (operation: string, input: object): Promise<void> =>
    fixture.refusesAt(
      OREGON,
      operation,
      { ...input },
      'ValidationException',
      /not supported for global tables with MultiRegionConsistency set to STRONG\.$/,
    );
  const Key = { pk: { S: 'a' } };
  await refused('TransactWriteItems', { TransactItems: [{ Put: { TableName: 'orders', Item: Key } }] });
  await refused('TransactGetItems', { TransactItems: [{ Get: { TableName: 'orders', Key } }] });
  await refused('ExecuteTransaction', {
    TransactStatements: [{ Statement: `SELECT * FROM "orders" WHERE pk = 'a'` }],
  });
  await refused('UpdateTimeToLive', { TimeToLiveSpecification: { Enabled: true, AttributeName: 'x' } });
});
