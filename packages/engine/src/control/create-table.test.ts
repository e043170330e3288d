import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, EngineFixture, orders, units } from './engine-fixture.js';

const INVALID = 'One or more parameter values were invalid: ';
const AB = [
  { AttributeName: 'a', AttributeType: 'S' },
  { AttributeName: 'b', AttributeType: 'N' },
];
const HASH_A = { AttributeName: 'a', KeyType: 'HASH' };
const RANGE_B = { AttributeName: 'b', KeyType: 'RANGE' };
const ALL = { ProjectionType: 'ALL' };

test('an on-demand table answers CREATING and is then described as ACTIVE, with what AWS adds', async () => {
  const fixture = new EngineFixture();
  const created = (await fixture.run('CreateTable', orders())).TableDescription as Record<string, unknown>;
  assert.equal(created.TableStatus, 'CREATING');
  assert.deepEqual(created.BillingModeSummary, { BillingMode: 'PAY_PER_REQUEST' });
  assert.deepEqual(created.TableThroughputModeSummary, { TableThroughputMode: 'PAY_PER_REQUEST' });
  assert.equal('WarmThroughput' in created, false);
  const nowSeconds = fixture.clock.nowMs() / 1000;
  assert.deepEqual(await fixture.describe(), {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    TableName: 'orders',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    TableStatus: 'ACTIVE',
    CreationDateTime: nowSeconds,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    TableSizeBytes: 0,
    ItemCount: 0,
    TableArn: ARN,
    TableId: created.TableId,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: nowSeconds },
    TableThroughputModeSummary: {
      TableThroughputMode: 'PAY_PER_REQUEST',
      LastUpdateToPayPerRequestDateTime: nowSeconds,
    },
    DeletionProtectionEnabled: false,
    WarmThroughput: { ReadUnitsPerSecond: 12000, WriteUnitsPerSecond: 4000, Status: 'ACTIVE' },
  });
});

test('the throughput mode is another name of the billing mode, which comes first', async () => {
  const modes = (BillingMode: unknown, TableThroughputMode: unknown) => orders({ BillingMode, TableThroughputMode });
  const first = new EngineFixture();
  await first.run('CreateTable', modes(undefined, 'PAY_PER_REQUEST'));
  const onDemand = (await first.describe()).BillingModeSummary as { BillingMode: string };
  assert.equal(onDemand.BillingMode, 'PAY_PER_REQUEST');
  const second = new EngineFixture();
  await second.run('CreateTable', {
    ...modes('PROVISIONED', 'PAY_PER_REQUEST'),
    ProvisionedThroughput: units(1, 1),
  });
  assert.equal('TableThroughputModeSummary' in (await second.describe()), false);
  const invalid = (mode: string, member: string) =>
    `Value '${mode}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: ` +
    '[PROVISIONED, PAY_PER_REQUEST]';
  await first.refuses(
    'CreateTable',
    modes('LOW', 'HIGH'),
    'ValidationException',
    `2 validation errors detected: ${invalid('LOW', 'billingMode')}; ${invalid('HIGH', 'tableThroughputMode')}`,
  );
});

test('a provisioned table has no billing mode summary, and is as warm as its throughput', async () => {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', orders({ BillingMode: undefined, ProvisionedThroughput: units(5, 6) }));
  const table = await fixture.describe();
  assert.equal('BillingModeSummary' in table, false);
  assert.deepEqual(table.WarmThroughput, { ReadUnitsPerSecond: 5, WriteUnitsPerSecond: 6, Status: 'ACTIVE' });
});

test('attribute definitions are told in the order of their names', async () => {
  const fixture = new EngineFixture();
  const AttributeDefinitions = [
    { AttributeName: 'b', AttributeType: 'N' },
    { AttributeName: 'a', AttributeType: 'S' },
  ];
  const created = await fixture.run('CreateTable', orders({ AttributeDefinitions, KeySchema: [HASH_A, RANGE_B] }));
  const told = [AttributeDefinitions[1], AttributeDefinitions[0]];
  assert.deepEqual((created.TableDescription as Record<string, unknown>).AttributeDefinitions, told);
  assert.deepEqual((await fixture.describe()).AttributeDefinitions, told);
});

test('every setting is echoed as it was given', async () => {
  const fixture = new EngineFixture();
  const settings = {
    AttributeDefinitions: AB,
    KeySchema: [HASH_A, RANGE_B],
    LocalSecondaryIndexes: [
      { IndexName: 'local', KeySchema: [HASH_A, RANGE_B], Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'global',
        KeySchema: [{ AttributeName: 'b', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] },
        OnDemandThroughput: { MaxReadRequestUnits: 7 },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    SSESpecification: { Enabled: true },
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    DeletionProtectionEnabled: true,
    OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 20 },
    WarmThroughput: { ReadUnitsPerSecond: 13000, WriteUnitsPerSecond: 5000 },
    Tags: [{ Key: 'stage', Value: 'dev' }],
  };
  const { TableDescription } = await fixture.run('CreateTable', orders(settings));
  assert.equal(((TableDescription as typeof settings).WarmThroughput as { Status?: string }).Status, 'UPDATING');
  const table = await fixture.describe();
  assert.deepEqual(table.StreamSpecification, settings.StreamSpecification);
  assert.equal(table.LatestStreamLabel, '2026-01-01T00:00:00.000');
  assert.equal(table.LatestStreamArn, `${ARN}/stream/2026-01-01T00:00:00.000`);
  assert.deepEqual(table.TableClassSummary, { TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  assert.equal(table.DeletionProtectionEnabled, true);
  assert.deepEqual(table.OnDemandThroughput, settings.OnDemandThroughput);
  assert.deepEqual(table.WarmThroughput, { ...settings.WarmThroughput, Status: 'ACTIVE' });
  assert.match(
    (table.SSEDescription as { KMSMasterKeyArn: string }).KMSMasterKeyArn,
    /^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f]{8}-[0-9a-f]{4}-4/,
  );
  const [local] = table.LocalSecondaryIndexes as Record<string, unknown>[];
  assert.deepEqual(local, {
    ...settings.LocalSecondaryIndexes[0],
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexArn: `${ARN}/index/local`,
  });
  const [global] = table.GlobalSecondaryIndexes as Record<string, unknown>[];
  assert.equal(global?.IndexStatus, 'ACTIVE');
  assert.equal('Backfilling' in (global ?? {}), false);
  assert.deepEqual(global?.OnDemandThroughput, { MaxReadRequestUnits: 7 });
  assert.deepEqual((await fixture.run('ListTagsOfResource', { ResourceArn: ARN })).Tags, settings.Tags);
});

test('throughput and billing mode must agree', async () => {
  const fixture = new EngineFixture();
  const refuses = (changes: Record<string, unknown>, message: string): Promise<void> =>
    fixture.refuses('CreateTable', orders(changes), 'ValidationException', INVALID + message);
  await refuses(
    { ProvisionedThroughput: units(1, 1) },
    'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );
  await refuses(
    { BillingMode: undefined },
    'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
  );
  await refuses(
    { OnDemandThroughput: { MaxReadRequestUnits: 0 } },
    'Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range',
  );
  await refuses(
    { WarmThroughput: { ReadUnitsPerSecond: 1 } },
    'Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand. See: ' +
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial',
  );
});

test('what is asked for of a table or an index stays within the quota of the account', async () => {
  const fixture = new EngineFixture();
  const index = {
    IndexName: 'by-b',
    KeySchema: [{ AttributeName: 'b', KeyType: 'HASH' }],
    Projection: ALL,
  };
  const attributes = [...(orders({}).AttributeDefinitions as typeof AB), AB[1]];
  const refuses = (operation: string, input: Record<string, unknown>, what: string): Promise<void> =>
    fixture.refuses(
      operation,
      input,
      'LimitExceededException',
      `Subscriber limit exceeded: Requested ${what}CapacityUnits of the account in region us-east-1`,
    );
  const maximum = { OnDemandThroughput: { MaxReadRequestUnits: 40_001 } };
  const warm = { WarmThroughput: { WriteUnitsPerSecond: 40_001 } };
  const ofTable = 'MaxReadRequestUnits for OnDemandThroughput for table exceeds TableMaxRead';
  const ofIndex = 'MaxReadRequestUnits for OnDemandThroughput for index : by-b exceeds TableMaxRead';
  const warmTable = 'WriteUnitsPerSecond for WarmThroughput for table exceeds TableMaxWrite';
  const warmIndex = 'WriteUnitsPerSecond for WarmThroughput for index by-b exceeds TableMaxWrite';
  const withIndex = (changes: object) =>
    orders({ AttributeDefinitions: attributes, GlobalSecondaryIndexes: [{ ...index, ...changes }] });
  await refuses('CreateTable', orders(maximum), ofTable);
  await refuses('CreateTable', orders(warm), warmTable);
  await refuses('CreateTable', withIndex(maximum), ofIndex);
  await refuses('CreateTable', withIndex(warm), warmIndex);
  await fixture.run('CreateTable', withIndex({ OnDemandThroughput: { MaxReadRequestUnits: 40_000 } }));
  const TableName = 'orders';
  const update = (changes: object) => ({ Update: { IndexName: 'by-b', ...changes } });
  const create = (changes: object) => ({ Create: { ...index, IndexName: 'by-c', ...changes } });
  await refuses('UpdateTable', { TableName, ...maximum }, ofTable);
  await refuses('UpdateTable', { TableName, ...warm }, warmTable);
  await refuses('UpdateTable', { TableName, GlobalSecondaryIndexUpdates: [update(maximum)] }, ofIndex);
  await refuses('UpdateTable', { TableName, GlobalSecondaryIndexUpdates: [update(warm)] }, warmIndex);
  const added = { TableName, AttributeDefinitions: attributes, GlobalSecondaryIndexUpdates: [create(maximum)] };
  await refuses('UpdateTable', added, ofIndex.replace('by-b', 'by-c'));
});

test('keys must be defined, in order, and use every definition', async () => {
  const fixture = new EngineFixture();
  const refuses = (changes: Record<string, unknown>, message: string): Promise<void> =>
    fixture.refuses('CreateTable', orders(changes), 'ValidationException', message);
  await refuses({ AttributeDefinitions: [] }, 'Invalid KeySchema: Some index key attribute have no definition');
  await refuses(
    { KeySchema: [HASH_A] },
    `${INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: [pk]`,
  );
  await refuses({ AttributeDefinitions: [AB[0], AB[0]], KeySchema: [HASH_A] }, 'Attribute Name is duplicated: a');
  await refuses(
    { AttributeDefinitions: AB, KeySchema: [RANGE_B, HASH_A] },
    'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
  );
  await refuses(
    { AttributeDefinitions: AB, KeySchema: [HASH_A] },
    `${INVALID}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  );
  await refuses(
    { AttributeDefinitions: AB, KeySchema: [HASH_A, { AttributeName: 'b', KeyType: 'HASH' }] },
    'Invalid KeySchema: The second KeySchemaElement is not a RANGE key type',
  );
});

test('indexes obey the rules of their kind', async () => {
  const fixture = new EngineFixture();
  const refuses = (changes: Record<string, unknown>, message: string): Promise<void> =>
    fixture.refuses(
      'CreateTable',
      orders({ AttributeDefinitions: AB, ...changes }),
      'ValidationException',
      INVALID + message,
    );
  const table = { KeySchema: [HASH_A, RANGE_B] };
  const local = { IndexName: 'local', KeySchema: [HASH_A, RANGE_B], Projection: ALL };
  await refuses({ ...table, LocalSecondaryIndexes: [] }, 'List of LocalSecondaryIndexes is empty');
  await refuses(
    { KeySchema: [HASH_A], LocalSecondaryIndexes: [local] },
    'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
  );
  await refuses(
    { ...table, LocalSecondaryIndexes: [{ ...local, KeySchema: [HASH_A] }] },
    'Index KeySchema does not have a range key for index: local',
  );
  await refuses({ ...table, LocalSecondaryIndexes: [local, local] }, 'Duplicate index name: local');
  await refuses({ ...table, LocalSecondaryIndexes: [{ ...local, Projection: {} }] }, 'Unknown ProjectionType: null');
  await refuses(
    { ...table, LocalSecondaryIndexes: [{ ...local, Projection: { ProjectionType: 'INCLUDE' } }] },
    'ProjectionType is INCLUDE, but NonKeyAttributes is not specified',
  );
  await refuses(
    { ...table, GlobalSecondaryIndexes: [{ ...local, ProvisionedThroughput: units(1, 1) }] },
    'ProvisionedThroughput should not be specified for index: local when BillingMode is PAY_PER_REQUEST',
  );
  await refuses(
    { KeySchema: [HASH_A], GlobalSecondaryIndexes: [{ ...local, KeySchema: [HASH_A] }] },
    'Some AttributeDefinitions are not used. AttributeDefinitions: [a, b], keys used: [a]',
  );
});

test('a name is taken once per account and region', async () => {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', orders());
  await fixture.refuses('CreateTable', orders(), 'ResourceInUseException', 'Table already exists: orders');
  await fixture.run('CreateTable', orders(), { accountId: '111111111111', region: 'us-east-1' });
  await fixture.run('CreateTable', orders(), { accountId: '000000000000', region: 'eu-west-1' });
  assert.deepEqual(await fixture.run('ListTables', {}), { TableNames: ['orders'] });
});

test('tables can be named by ARN', async () => {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', orders());
  const described = await fixture.run('DescribeTable', { TableName: ARN });
  assert.equal((described.Table as { TableName: string }).TableName, 'orders');
  await fixture.refuses(
    'DescribeTable',
    { TableName: ARN.replace('orders', 'other') },
    'ResourceNotFoundException',
    'Requested resource not found: Table: other not found',
  );
});

test('what is no ARN of a table here is refused before whether there is such a table', async () => {
  const fixture = new EngineFixture();
  const refuses = (TableName: string, message: string): Promise<void> =>
    fixture.refuses('DescribeTable', { TableName }, 'ValidationException', `1 validation error detected: ${message}`);
  const places = { 'AWS region': ['us-east-1', 'eu-west-1'], 'AWS partition': ['aws', 'aws-cn'] } as const;
  for (const [part, [here, there]] of Object.entries(places)) {
    const elsewhere = ARN.replace(here, there);
    await refuses(elsewhere, `Invalid ${part} in '${elsewhere}'`);
  }
  const group = ARN.replace(':table', ':global-table');
  await refuses(group, `Invalid resource type in '${group}'`);
  const constraint = (arn: string): string => `Value '${arn}' at 'tableName' failed to satisfy constraint: `;
  const short = ARN.replace('orders', 'or');
  await refuses(short, `${constraint(short)}Table name of ARN must have length greater than or equal to 3`);
  const long = ARN.replace('orders', 'x'.repeat(256));
  const parts = ['/index/by-group', '/stream/2026-01-01T00:00:00.000', '!'].map((part) => ARN + part);
  for (const arn of [...parts, 'arn:aws', long, ARN.replace(/\d{12}:/, '')]) {
    await refuses(
      arn,
      `${constraint(arn)}Valid ARN format is 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName', ` +
        'where Resource name must have length less than or equal to 255, Resource name must have length greater than or ' +
        'equal to 3, Resource name must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    );
  }
});

test('tables are listed by name, a page at a time', async () => {
  const fixture = new EngineFixture();
  for (const name of ['table-c', 'table-a', 'table-b']) await fixture.run('CreateTable', orders({ TableName: name }));
  const first = await fixture.run('ListTables', { Limit: 2 });
  assert.deepEqual(first, { LastEvaluatedTableName: 'table-b', TableNames: ['table-a', 'table-b'] });
  assert.deepEqual(await fixture.run('ListTables', { ExclusiveStartTableName: 'table-b' }), {
    TableNames: ['table-c'],
  });
});
