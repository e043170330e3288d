import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BY_GROUP } from '../control/engine-fixture.js';
import { GlobalFixture, IRELAND, TOKYO, VIRGINIA } from './global-fixture.js';

const ENTRY = {
  RegionName: IRELAND,
  ReplicaStatus: 'ACTIVE',
  WarmThroughput: { ReadUnitsPerSecond: 12000, WriteUnitsPerSecond: 4000, Status: 'ACTIVE' },
  GlobalTableSettingsReplicationMode: 'ENABLED_WITH_OVERRIDES',
};
const PROVISIONED = {
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
};

test('every replica describes the others and never itself', async () => {
  const fixture = await GlobalFixture.create([IRELAND, TOKYO]);
  const table = await fixture.table(VIRGINIA);
  assert.deepEqual(table.Replicas, [ENTRY, { ...ENTRY, RegionName: TOKYO }]);
  assert.equal(table.GlobalTableVersion, '2019.11.21');
  assert.equal(table.GlobalTableSettingsReplicationMode, 'ENABLED_WITH_OVERRIDES');
  const ireland = await fixture.table(IRELAND);
  assert.deepEqual(regions(ireland), [VIRGINIA, TOKYO]);
  assert.equal(ireland.TableArn, 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders');
  assert.notEqual(ireland.TableId, table.TableId);
});

test('the answer shows the table under way, the replica as before, and a stream that was not asked for', async () => {
  const fixture = await GlobalFixture.create([]);
  const answer = await fixture.addReplica(IRELAND);
  assert.equal(answer.TableStatus, 'UPDATING');
  assert.deepEqual(answer.Replicas, []);
  assert.deepEqual(answer.StreamSpecification, { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' });
  const deleting = await fixture.deleteReplica(IRELAND);
  assert.deepEqual([deleting.TableStatus, statuses(deleting)], ['UPDATING', ['ACTIVE']]);
});

test('items that are there are copied; a large table is seen CREATING meanwhile, and writes go on', async () => {
  const fixture = await GlobalFixture.create([]);
  for (let at = 0; at < 700; at++) await fixture.put(VIRGINIA, `k${at}`, 'old');
  await fixture.addReplica(IRELAND);
  assert.deepEqual(statuses(await fixture.table(VIRGINIA)), ['CREATING']);
  assert.equal((await fixture.table(IRELAND)).TableStatus, 'CREATING');
  await fixture.refusesAt(IRELAND, 'GetItem', { Key: { pk: { S: 'k1' } } }, 'ResourceNotFoundException', /not found/);
  await fixture.put(VIRGINIA, 'k1', 'new');
  await fixture.delete(VIRGINIA, 'k2');
  await fixture.restart('killed');
  await fixture.engine.idle();
  assert.deepEqual(statuses(await fixture.table(VIRGINIA)), ['ACTIVE']);
  const values = await fixture.values(IRELAND);
  assert.deepEqual([Object.keys(values).length, values.k1, values.k2], [699, 'new', undefined]);
  assert.equal((await fixture.table(IRELAND)).ItemCount, 699);
});

test('states follow the delay of transitions, and nothing else is changed meanwhile', async () => {
  const fixture = new GlobalFixture({ transitionDelayMs: 1000 });
  const settle = async () => {
    fixture.clock.advance(1000);
    await fixture.engine.idle();
  };
  await fixture.at(VIRGINIA, 'CreateTable', {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await settle();
  await fixture.addReplica(IRELAND);
  assert.deepEqual(statuses(await fixture.table(VIRGINIA)), ['CREATING']);
  const protect = { DeletionProtectionEnabled: true };
  const inUse = /^The resource which you are attempting to change is in use\.$/;
  await fixture.refusesAt(VIRGINIA, 'UpdateTable', protect, 'ResourceInUseException', inUse);
  await settle();
  assert.deepEqual(statuses(await fixture.table(VIRGINIA)), ['ACTIVE']);
  await fixture.deleteReplica(IRELAND);
  assert.deepEqual(statuses(await fixture.table(VIRGINIA)), ['DELETING']);
  await settle();
  assert.equal((await fixture.table(VIRGINIA)).Replicas, undefined);
  assert.equal((await fixture.table(VIRGINIA)).TableStatus, 'ACTIVE');
});

test('the last replica to stay is a table of one region again, and nothing is left of the others', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.put(IRELAND, 'a', 'said before it went');
  await fixture.deleteReplica(IRELAND);
  assert.deepEqual(statuses(await fixture.table(VIRGINIA)), ['DELETING']);
  await fixture.engine.idle();
  assert.deepEqual(await fixture.values(VIRGINIA), { a: 'said before it went' });
  const table = await fixture.table(VIRGINIA);
  assert.deepEqual([table.Replicas, table.GlobalTableVersion], [undefined, undefined]);
  assert.notEqual(table.StreamSpecification, undefined);
  await fixture.refusesAt(IRELAND, 'DescribeTable', {}, 'ResourceNotFoundException', /orders not found/);
  await fixture.engine.idle();
  assert.equal(fixture.keys('Da') + fixture.keys('Dv') + fixture.keys('Dk'), 0);
  await fixture.put(VIRGINIA, 'b', '1');
  await fixture.addReplica(IRELAND);
  assert.deepEqual(Object.keys(await fixture.values(IRELAND)), ['a', 'b']);
});

test('a replica may be deleted as a table; one that others were added from within a day may not', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  const source = /^Replica cannot be deleted because it has acted as a source region/;
  await fixture.refusesAt(VIRGINIA, 'DeleteTable', {}, 'ValidationException', source);
  const { TableDescription } = await fixture.at(IRELAND, 'DeleteTable');
  assert.deepEqual(statuses(TableDescription as Record<string, unknown>), ['ACTIVE']);
  assert.equal((await fixture.table(VIRGINIA)).Replicas, undefined);
  await fixture.addReplica(IRELAND);
  fixture.clock.advance(24 * 3600 * 1000);
  await fixture.at(VIRGINIA, 'DeleteTable');
  assert.equal((await fixture.table(IRELAND)).Replicas, undefined);
});

test('deletion protection is each replica’s own, and keeps it', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.at(IRELAND, 'UpdateTable', { DeletionProtectionEnabled: true });
  assert.equal((await fixture.table(VIRGINIA)).DeletionProtectionEnabled, false);
  const message =
    'Cannot delete table orders in region eu-west-1 because it has deletion protection enabled. ' +
    'Disable deletion protection first.';
  const remove = { ReplicaUpdates: [{ Delete: { RegionName: IRELAND } }] };
  await fixture.refusesAt(VIRGINIA, 'UpdateTable', remove, 'ValidationException', message);
  await fixture.refusesAt(IRELAND, 'DeleteTable', {}, 'ValidationException', message);
});

test('indexes, time to live, encryption and billing mode are those of all replicas; tags and recovery are not', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.put(VIRGINIA, 'a', '1', { group: { S: 'g' } });
  await fixture.engine.idle();
  await fixture.at(IRELAND, 'UpdateTable', BY_GROUP);
  await fixture.engine.idle();
  assert.deepEqual(await fixture.values(VIRGINIA, 'by-group'), { a: '1' });
  await fixture.at(VIRGINIA, 'UpdateTimeToLive', {
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  });
  const ttl = (await fixture.at(IRELAND, 'DescribeTimeToLive')).TimeToLiveDescription;
  assert.deepEqual(ttl, { AttributeName: 'expires', TimeToLiveStatus: 'ENABLED' });
  await fixture.at(VIRGINIA, 'UpdateTable', { SSESpecification: { Enabled: true } });
  const [entry] = (await fixture.table(VIRGINIA)).Replicas as { KMSMasterKeyId: string }[];
  assert.match(entry?.KMSMasterKeyId ?? '', /^arn:aws:kms:eu-west-1:/);
  await fixture.at(VIRGINIA, 'UpdateTable', {
    ...PROVISIONED,
    GlobalSecondaryIndexUpdates: [
      { Update: { IndexName: 'by-group', ProvisionedThroughput: PROVISIONED.ProvisionedThroughput } },
    ],
  });
  assert.equal(throughput(await fixture.table(IRELAND)).WriteCapacityUnits, 5);
  await fixture.at(VIRGINIA, 'TagResource', {
    ResourceArn: (await fixture.table(VIRGINIA)).TableArn,
    Tags: [{ Key: 'k', Value: 'v' }],
  });
  await fixture.at(VIRGINIA, 'UpdateContinuousBackups', {
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  const tags = await fixture.at(IRELAND, 'ListTagsOfResource', {
    ResourceArn: (await fixture.table(IRELAND)).TableArn,
  });
  assert.deepEqual(tags, { Tags: [] });
  const backups = JSON.stringify(await fixture.at(IRELAND, 'DescribeContinuousBackups'));
  assert.match(backups, /"PointInTimeRecoveryStatus":"DISABLED"/);
});

test('provisioned tables need their write capacity scaled; read capacity may differ, until it is set to the table’s', async () => {
  const refused = await GlobalFixture.create([], PROVISIONED);
  const create = { ReplicaUpdates: [{ Create: { RegionName: IRELAND } }] };
  const message = 'Table write capacity should either be Pay-Per-Request or AutoScaled.';
  await refused.refusesAt(VIRGINIA, 'UpdateTable', create, 'ValidationException', message);
  const fixture = await GlobalFixture.create([IRELAND], PROVISIONED, { isWriteAutoScaled: () => true });
  const override = (units: number) => ({
    RegionName: IRELAND,
    ProvisionedThroughputOverride: { ReadCapacityUnits: units },
  });
  assert.equal(await readOverride(fixture), undefined);
  await fixture.updateReplica('Update', override(9));
  assert.deepEqual(await readOverride(fixture), { ReadCapacityUnits: 9 });
  const units = { ReadCapacityUnits: 6, WriteCapacityUnits: 7 };
  await fixture.at(VIRGINIA, 'UpdateTable', { ProvisionedThroughput: units });
  const { ReadCapacityUnits, WriteCapacityUnits } = throughput(await fixture.table(IRELAND));
  assert.deepEqual([ReadCapacityUnits, WriteCapacityUnits], [9, 7]);
  await fixture.updateReplica('Update', override(6));
  assert.equal(await readOverride(fixture), undefined);
  await fixture.at(IRELAND, 'UpdateTable', { ProvisionedThroughput: { ReadCapacityUnits: 8, WriteCapacityUnits: 7 } });
  assert.equal(throughput(await fixture.table(VIRGINIA)).ReadCapacityUnits, 8);
});

test('the table class of a replica can differ', async () => {
  const fixture = await GlobalFixture.create([]);
  await fixture.addReplica(IRELAND, { TableClassOverride: 'STANDARD_INFREQUENT_ACCESS' });
  const [entry] = (await fixture.table(VIRGINIA)).Replicas as { ReplicaTableClassSummary: unknown }[];
  assert.deepEqual(entry?.ReplicaTableClassSummary, { TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  assert.equal((await fixture.table(VIRGINIA)).TableClassSummary, undefined);
});

test('replicas of a table with a key of the owner’s need one each', async () => {
  const key = 'arn:aws:kms:us-east-1:000000000000:key/11111111-1111-4111-8111-111111111111';
  const fixture = await GlobalFixture.create([], {
    SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
  });
  const create = (settings: object) => ({ ReplicaUpdates: [{ Create: { RegionName: IRELAND, ...settings } }] });
  const prefix = 'One or more parameter values were invalid: ';
  const each = `${prefix}KMSMasterKeyId must be specified for each replica.`;
  await fixture.refusesAt(VIRGINIA, 'UpdateTable', create({}), 'ValidationException', each);
  const mixed = `${prefix}All replica keys must either be Customer Managed CMK or AWS Managed CMK.`;
  const managed = create({ KMSMasterKeyId: 'alias/aws/dynamodb' });
  await fixture.refusesAt(VIRGINIA, 'UpdateTable', managed, 'ValidationException', mixed);
  await fixture.addReplica(IRELAND, { KMSMasterKeyId: '22222222-2222-4222-8222-222222222222' });
  const [entry] = (await fixture.table(VIRGINIA)).Replicas as { KMSMasterKeyId: string }[];
  assert.equal(entry?.KMSMasterKeyId, 'arn:aws:kms:eu-west-1:000000000000:key/22222222-2222-4222-8222-222222222222');
});

test('what AWS refuses is refused in its words', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  const cases: [object[], RegExp, object?][] = [
    [
      [{ Create: { RegionName: VIRGINIA } }],
      /^Cannot add or delete the local region through ReplicaUpdates\. Use Create/,
    ],
    [[{ Create: { RegionName: IRELAND } }], /^Failed to create a the new replica of table with name: ‘orders’ because/],
    [
      [{ Create: { RegionName: 'us-fake-1' } }],
      /^Region us-fake-1 is not supported\. The latest version of global tab/,
    ],
    [[{ Create: {} }], /^One or more parameter values were invalid$/],
    [[{ Delete: { RegionName: TOKYO } }], /retry the request without these replicas: \[ap-northeast-1\]\.$/],
    [
      [{ Update: { RegionName: IRELAND } }],
      /^There are no actions specified in the Replica Update Action of the reque/,
    ],
    [[{}], /^There are no actions specified in the Replica Update Action of the request\.$/],
    [
      [{ Create: { RegionName: TOKYO }, Delete: { RegionName: IRELAND } }],
      /^Update table operation with more than one type of replica actions not allowed\.$/,
    ],
    [
      [{ Create: { RegionName: TOKYO } }, { Create: { RegionName: 'us-west-2' } }],
      /^Update table operation with more than one create or delete replica actions not allowed$/,
    ],
    [
      [{ Update: { RegionName: IRELAND, KMSMasterKeyId: 'alias/aws/dynamodb' } }],
      /: KMSMasterKeyId must be specified for each replica\.$/,
    ],
    [
      [{ Create: { RegionName: TOKYO } }],
      /: Replica modification must be the only operation in the request$/,
      { DeletionProtectionEnabled: true },
    ],
  ];
  for (const [ReplicaUpdates, message, more] of cases) {
    await fixture.refusesAt(VIRGINIA, 'UpdateTable', { ReplicaUpdates, ...more }, 'ValidationException', message);
  }
  const off = { StreamSpecification: { StreamEnabled: false } };
  const stream = /: Disabling Stream is not allowed for a Global Table replica\.$/;
  await fixture.refusesAt(IRELAND, 'UpdateTable', off, 'ValidationException', stream);
  await fixture.at(TOKYO, 'CreateTable', {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  const there = { ReplicaUpdates: [{ Create: { RegionName: TOKYO } }] };
  await fixture.refusesAt(VIRGINIA, 'UpdateTable', there, 'ValidationException', /already existed as tables\.$/);
});

test('the operations of the version of 2017 know no global table, and make none', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  const name = { GlobalTableName: 'orders' };
  const call = (operation: string, input: object) => fixture.run(operation, input);
  assert.deepEqual(await call('ListGlobalTables', {}), { GlobalTables: [] });
  await fixture.refuses(
    'DescribeGlobalTable',
    name,
    'GlobalTableNotFoundException',
    "Global table not found: Global table with name: 'orders' does not exist.",
  );
  const create = { ...name, ReplicationGroup: [{ RegionName: VIRGINIA }] };
  await fixture.refuses('CreateGlobalTable', create, 'ValidationException', /version 2017\.11\.29 is not supported/);
});

type Described = Record<string, unknown>;

function regions({ Replicas }: Described): string[] {
  return (Replicas as { RegionName: string }[]).map(({ RegionName }) => RegionName);
}

function statuses({ Replicas }: Described): string[] {
  return (Replicas as { ReplicaStatus: string }[]).map(({ ReplicaStatus }) => ReplicaStatus);
}

function throughput({ ProvisionedThroughput }: Described): { ReadCapacityUnits: number; WriteCapacityUnits: number } {
  return ProvisionedThroughput as { ReadCapacityUnits: number; WriteCapacityUnits: number };
}

async function readOverride(fixture: GlobalFixture): Promise<unknown> {
  const [entry] = (await fixture.table(VIRGINIA)).Replicas as { ProvisionedThroughputOverride?: unknown }[];
  return entry?.ProvisionedThroughputOverride;
}
