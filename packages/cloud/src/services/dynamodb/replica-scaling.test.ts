import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DescribeScalableTargetsCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  type AutoScalingSettingsUpdate,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTableReplicaAutoScalingCommand,
  DynamoDBClient,
  UpdateTableCommand,
  UpdateTableReplicaAutoScalingCommand,
  type UpdateTableReplicaAutoScalingCommandInput,
} from '@aws-sdk/client-dynamodb';
import { testEndpoint } from '../../testing/test-endpoint.js';

const TableName = 'orders';
const IndexName = 'by-customer';
const HOME = 'us-east-1';
const FAR = 'eu-west-1';
const UNITS = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
const ROLE =
  'arn:aws:iam::000000000000:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/' +
  'AWSServiceRoleForApplicationAutoScaling_DynamoDBTable';

const DISABLED = { AutoScalingDisabled: true, ScalingPolicies: [] };

const scaledTo = (MaximumUnits: number, TargetValue = 70): AutoScalingSettingsUpdate => ({
  MinimumUnits: 5,
  MaximumUnits,
  ScalingPolicyUpdate: { TargetTrackingScalingPolicyConfiguration: { TargetValue } },
});

/** The provisioned table `orders` with an index, whose writes are scaled, in two regions. */
async function start(context: TestContext) {
  const endpoint = await testEndpoint(context);
  const clients = (region: string) => {
    const settings = { ...endpoint.clientOptions(), region };
    const made = { dynamodb: new DynamoDBClient(settings), scaling: new ApplicationAutoScalingClient(settings) };
    context.after(() => {
      made.dynamodb.destroy();
      made.scaling.destroy();
    });
    return made;
  };
  const home = clients(HOME);
  const far = clients(FAR);
  await home.dynamodb.send(
    new CreateTableCommand({
      TableName,
      ProvisionedThroughput: UNITS,
      AttributeDefinitions: ['id', 'customer'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName,
          KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: UNITS,
        },
      ],
    }),
  );
  const replicate = new UpdateTableCommand({ TableName, ReplicaUpdates: [{ Create: { RegionName: FAR } }] });
  const refused = (what: string) => ({
    message: `${what} write capacity should either be Pay-Per-Request or AutoScaled.`,
  });
  const policies = [];
  for (const [ResourceId, kind, what] of [
    [`table/${TableName}`, 'table', 'Table'],
    [`table/${TableName}/index/${IndexName}`, 'index', 'GSI'],
  ] as const) {
    const ScalableDimension = `dynamodb:${kind}:WriteCapacityUnits` as const;
    const target = { ServiceNamespace: 'dynamodb', ResourceId, ScalableDimension } as const;
    await home.scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 5, MaxCapacity: 10 }));
    // A target alone scales nothing.
    await assert.rejects(home.dynamodb.send(replicate), refused(what));
    const policy = { ...target, PolicyName: 'for-the-replica' };
    const TargetTrackingScalingPolicyConfiguration = {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBWriteCapacityUtilization' },
    } as const;
    const PolicyType = 'TargetTrackingScaling';
    await home.scaling.send(
      new PutScalingPolicyCommand({ ...policy, PolicyType, TargetTrackingScalingPolicyConfiguration }),
    );
    policies.push(policy);
  }
  await home.dynamodb.send(replicate);
  for (const policy of policies) await home.scaling.send(new DeleteScalingPolicyCommand(policy));
  return {
    endpoint,
    far,
    home,
    async update(input: Omit<UpdateTableReplicaAutoScalingCommandInput, 'TableName'>) {
      const command = new UpdateTableReplicaAutoScalingCommand({ TableName, ...input });
      return (await home.dynamodb.send(command)).TableAutoScalingDescription;
    },
    async describe(from = home.dynamodb) {
      const command = new DescribeTableReplicaAutoScalingCommand({ TableName });
      return (await from.send(command)).TableAutoScalingDescription;
    },
    async targets({ scaling } = far) {
      const { ScalableTargets = [] } = await scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: 'dynamodb' }),
      );
      return ScalableTargets.map(
        (target) => `${target.ResourceId} ${target.ScalableDimension?.split(':')[2]} ${target.MaxCapacity}`,
      ).sort();
    },
  };
}

test('one request scales the writes of all replicas, and the reads of one', async (t) => {
  const { update, describe, targets, home, far } = await start(t);
  const answer = await update({
    ProvisionedWriteCapacityAutoScalingUpdate: { ...scaledTo(40), MinimumUnits: 7 },
    GlobalSecondaryIndexUpdates: [{ IndexName, ProvisionedWriteCapacityAutoScalingUpdate: scaledTo(30) }],
    ReplicaUpdates: [
      {
        RegionName: FAR,
        ReplicaProvisionedReadCapacityAutoScalingUpdate: scaledTo(20, 50),
        ReplicaGlobalSecondaryIndexUpdates: [{ IndexName, ProvisionedReadCapacityAutoScalingUpdate: scaledTo(15) }],
      },
    ],
  });
  assert.deepEqual(await targets(), [
    'table/orders ReadCapacityUnits 20',
    'table/orders WriteCapacityUnits 40',
    'table/orders/index/by-customer ReadCapacityUnits 15',
    'table/orders/index/by-customer WriteCapacityUnits 30',
  ]);
  assert.deepEqual(await targets(home), [
    'table/orders WriteCapacityUnits 40',
    'table/orders/index/by-customer WriteCapacityUnits 30',
  ]);
  assert.deepEqual(await describe(), answer);
  assert.equal(answer?.TableName, TableName);
  assert.equal(answer?.TableStatus, 'ACTIVE');
  const policy = (metric: string, resource: string, TargetValue = 70) => ({
    PolicyName: `DynamoDB${metric}CapacityUtilization:${resource}`,
    TargetTrackingScalingPolicyConfiguration: { TargetValue },
  });
  const settings = (MaximumUnits: number, ScalingPolicies: object[], MinimumUnits = 5) => ({
    MinimumUnits,
    MaximumUnits,
    AutoScalingRoleArn: ROLE,
    ScalingPolicies,
  });
  assert.deepEqual(
    answer?.Replicas?.map(({ RegionName }) => RegionName),
    [FAR, HOME],
  );
  assert.deepEqual(answer?.Replicas?.[1]?.ReplicaProvisionedReadCapacityAutoScalingSettings, DISABLED);
  const index = `table/${TableName}/index/${IndexName}`;
  assert.deepEqual(answer?.Replicas?.[0], {
    RegionName: FAR,
    ReplicaStatus: 'ACTIVE',
    ReplicaProvisionedReadCapacityAutoScalingSettings: settings(20, [policy('Read', 'table/orders', 50)]),
    ReplicaProvisionedWriteCapacityAutoScalingSettings: settings(40, [policy('Write', 'table/orders')], 7),
    GlobalSecondaryIndexes: [
      {
        IndexName,
        IndexStatus: 'ACTIVE',
        ProvisionedReadCapacityAutoScalingSettings: settings(15, [policy('Read', index)]),
        ProvisionedWriteCapacityAutoScalingSettings: settings(30, [policy('Write', index)]),
      },
    ],
  });
  // The new minimum brought the capacity up, everywhere.
  const { Table } = await far.dynamodb.send(new DescribeTableCommand({ TableName }));
  assert.equal(Table?.ProvisionedThroughput?.WriteCapacityUnits, 7);
});

test('a policy keeps its name when it is changed, gives way to one of another name, and scaling is ended', async (t) => {
  const { update, describe, targets, far } = await start(t);
  const RegionName = FAR;
  const tracking = (TargetValue: number, more = {}) => ({
    TargetTrackingScalingPolicyConfiguration: { TargetValue, ...more },
  });
  const range = { MinimumUnits: 5, MaximumUnits: 20 };
  const reads = async (change: AutoScalingSettingsUpdate) => {
    const description = await update({
      ReplicaUpdates: [{ RegionName, ReplicaProvisionedReadCapacityAutoScalingUpdate: change }],
    });
    return description?.Replicas?.[0]?.ReplicaProvisionedReadCapacityAutoScalingSettings?.ScalingPolicies;
  };
  await reads({ ...range, ScalingPolicyUpdate: { PolicyName: 'mine', ...tracking(60) } });
  assert.deepEqual(await reads({ ...range, ScalingPolicyUpdate: tracking(80, { ScaleInCooldown: 90 }) }), [
    { PolicyName: 'mine', ...tracking(80, { ScaleInCooldown: 90 }) },
  ]);
  assert.deepEqual(await reads({ ...range, ScalingPolicyUpdate: { PolicyName: 'other', ...tracking(40) } }), [
    { PolicyName: 'other', ...tracking(40) },
  ]);
  await reads({ AutoScalingDisabled: true });
  await reads({ AutoScalingDisabled: true });
  assert.deepEqual(await targets(), []);
  const seen = await describe(far.dynamodb);
  assert.deepEqual(
    seen?.Replicas?.map(({ RegionName: region }) => region),
    [FAR, HOME],
  );
  assert.deepEqual(seen?.Replicas?.[0]?.ReplicaProvisionedReadCapacityAutoScalingSettings, DISABLED);
});

test('what cannot be scaled is refused in AWS’s words', async (t) => {
  const { update, describe, home } = await start(t);
  type Input = Parameters<typeof update>[0];
  const refused = (input: Input, message: string | RegExp, name = 'ValidationException') =>
    assert.rejects(update(input), { name, message });
  const failed = 'Failed to update settings for global table with name';
  const reads = (change: AutoScalingSettingsUpdate, RegionName = FAR) => ({
    RegionName,
    ReplicaProvisionedReadCapacityAutoScalingUpdate: change,
  });
  const writes = (change: AutoScalingSettingsUpdate): Input => ({ ProvisionedWriteCapacityAutoScalingUpdate: change });

  const { ScalingPolicyUpdate, ...range } = scaledTo(9);
  const required = (names: string): string =>
    `${failed}: ‘orders’: Parameters ${names} are required unless auto scaling is being disabled.`;
  await refused(writes({}), required("'MaximumUnits', 'ScalingPolicyUpdate', 'MinimumUnits'"));
  await refused({ ReplicaUpdates: [reads({ ScalingPolicyUpdate })] }, required("'MaximumUnits', 'MinimumUnits'"));
  await refused(writes({ ...range, AutoScalingDisabled: false }), required("'ScalingPolicyUpdate'"));
  await refused(
    writes({ ...range, AutoScalingDisabled: true }),
    `${failed} ‘orders’: Parameters 'MaximumUnits', 'MinimumUnits' must be left blank when disabling auto scaling.`,
  );
  const because = `${failed}: ‘orders’ because`;
  await refused({}, `${because} at least one update parameter must be specified.`);
  await refused(
    { ReplicaUpdates: [{ RegionName: FAR }] },
    `${because} at least one update parameter must be specified for region: ‘eu-west-1’.`,
  );
  await refused(
    { ReplicaUpdates: [reads(scaledTo(9)), reads(scaledTo(9))] },
    `${because} the regions: ‘[eu-west-1]’ were specified more than once.`,
  );

  const missing = 'ResourceNotFoundException';
  await refused(
    { ReplicaUpdates: [reads(scaledTo(9), 'ap-south-1')] },
    `${because} a replica does not exist in regions: ‘[ap-south-1]’.`,
    missing,
  );
  await refused(
    { GlobalSecondaryIndexUpdates: [{ IndexName: 'none', ProvisionedWriteCapacityAutoScalingUpdate: scaledTo(9) }] },
    `${because} the global secondary indexes with names: ‘[none]’ do not exist.`,
    missing,
  );
  const ofIndex = { IndexName: 'none', ProvisionedReadCapacityAutoScalingUpdate: scaledTo(9) };
  await refused(
    { ReplicaUpdates: [{ RegionName: FAR, ReplicaGlobalSecondaryIndexUpdates: [ofIndex] }] },
    `${because} a global secondary index with name: ‘none’ does not exist in region: ‘eu-west-1’.`,
    missing,
  );
  await refused(
    writes(scaledTo(9, 99)),
    /^For predefined metric type .+, but was '99.0'\. \(Service: AWSApplicationAutoScaling; Status Code: 400; Error Code: ValidationException; Request ID: [-0-9a-f]{36}; Proxy: null\)$/,
  );
  await refused(writes({ ...scaledTo(9, 50), MinimumUnits: 10 }), /^Maximum capacity cannot be less than minimum/);

  await home.dynamodb.send(new UpdateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST' }));
  const onDemand = (parameter: string): string =>
    "Failed to update global table with name ‘orders‘. Replicas 'EU-WEST-1', 'US-EAST-1' BillingMode is PayPerRequest. " +
    `You must convert table's BillingMode to PROVISIONED to set parameters: '${parameter}'.`;
  await refused(writes(scaledTo(9)), onDemand('GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate'));
  await refused(
    { ReplicaUpdates: [reads(scaledTo(9))] },
    onDemand('ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate'),
  );
  await update(writes({ AutoScalingDisabled: true }));
  assert.deepEqual((await describe())?.Replicas?.[0]?.ReplicaProvisionedWriteCapacityAutoScalingSettings, DISABLED);
});

test('tables without replicas, and those that are not there, are no global tables', async (t) => {
  const { home, far } = await start(t);
  const refused = (
    command: DescribeTableReplicaAutoScalingCommand | UpdateTableReplicaAutoScalingCommand,
    name: string,
  ) =>
    assert.rejects(home.dynamodb.send(command as DescribeTableReplicaAutoScalingCommand), {
      name: 'ResourceNotFoundException',
      message: `Global table with name: '${name}' does not exist.`,
    });
  await refused(new DescribeTableReplicaAutoScalingCommand({ TableName: 'none' }), 'none');
  await far.dynamodb.send(new DeleteTableCommand({ TableName }));
  await refused(new DescribeTableReplicaAutoScalingCommand({ TableName }), TableName);
  const ProvisionedWriteCapacityAutoScalingUpdate = scaledTo(9);
  await refused(
    new UpdateTableReplicaAutoScalingCommand({ TableName, ProvisionedWriteCapacityAutoScalingUpdate }),
    TableName,
  );
});
