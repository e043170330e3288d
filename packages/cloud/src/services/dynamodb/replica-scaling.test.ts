import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  type AutoScalingSettingsUpdate,
  CreateTableCommand,
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
  for (const [ResourceId, kind] of [
    [`table/${TableName}`, 'table'],
    [`table/${TableName}/index/${IndexName}`, 'index'],
  ] as const) {
    const ScalableDimension = `dynamodb:${kind}:WriteCapacityUnits` as const;
    const target = {
      ServiceNamespace: 'dynamodb',
      ResourceId,
      ScalableDimension,
      MinCapacity: 5,
      MaxCapacity: 10,
    } as const;
    await home.scaling.send(new RegisterScalableTargetCommand(target));
  }
  const ReplicaUpdates = [{ Create: { RegionName: FAR } }];
  await home.dynamodb.send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
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
    [HOME, FAR],
  );
  assert.deepEqual(answer?.Replicas?.[0]?.ReplicaProvisionedReadCapacityAutoScalingSettings, {
    AutoScalingDisabled: true,
  });
  const index = `table/${TableName}/index/${IndexName}`;
  assert.deepEqual(answer?.Replicas?.[1], {
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

test('a policy keeps its name when it is changed, and scaling is ended', async (t) => {
  const { update, describe, targets, far } = await start(t);
  const RegionName = FAR;
  const reads = (change: AutoScalingSettingsUpdate) =>
    update({ ReplicaUpdates: [{ RegionName, ReplicaProvisionedReadCapacityAutoScalingUpdate: change }] });
  const named = { PolicyName: 'mine', TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 } };
  await reads({ MinimumUnits: 5, MaximumUnits: 20, ScalingPolicyUpdate: named });
  const again = await reads({
    ScalingPolicyUpdate: { TargetTrackingScalingPolicyConfiguration: { TargetValue: 80, ScaleInCooldown: 90 } },
  });
  const policies = again?.Replicas?.[1]?.ReplicaProvisionedReadCapacityAutoScalingSettings?.ScalingPolicies;
  assert.deepEqual(policies, [
    { PolicyName: 'mine', TargetTrackingScalingPolicyConfiguration: { TargetValue: 80, ScaleInCooldown: 90 } },
  ]);
  await reads({ AutoScalingDisabled: true });
  assert.deepEqual(await targets(), []);
  const seen = await describe(far.dynamodb);
  assert.deepEqual(
    seen?.Replicas?.map(({ RegionName: region }) => region),
    [FAR, HOME],
  );
  assert.deepEqual(seen?.Replicas?.[0]?.ReplicaProvisionedReadCapacityAutoScalingSettings, {
    AutoScalingDisabled: true,
  });
});

test('what cannot be scaled is refused', async (t) => {
  const { update, home } = await start(t);
  const refused = (input: Parameters<typeof update>[0], message: string | RegExp) =>
    assert.rejects(update(input), { name: 'ValidationException', message });
  await refused(
    { ReplicaUpdates: [{ RegionName: 'ap-south-1', ReplicaProvisionedReadCapacityAutoScalingUpdate: scaledTo(9) }] },
    'Failed to update the replica in region ap-south-1: the table has no replica there',
  );
  await refused(
    { GlobalSecondaryIndexUpdates: [{ IndexName: 'none', ProvisionedWriteCapacityAutoScalingUpdate: scaledTo(9) }] },
    'The table does not have the specified index: none',
  );
  await refused({ ProvisionedWriteCapacityAutoScalingUpdate: scaledTo(9, 99) }, /between 20 and 90 percent/);
  await refused({}, /names no auto scaling settings/);
  const missing = new DescribeTableReplicaAutoScalingCommand({ TableName: 'none' });
  await assert.rejects(home.dynamodb.send(missing), {
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: none not found',
  });
  await home.dynamodb.send(new UpdateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST' }));
  await refused({ ProvisionedWriteCapacityAutoScalingUpdate: scaledTo(9) }, /BillingMode PAY_PER_REQUEST$/);
});
