import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  ListTagsForResourceCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  TagResourceCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { testEndpoint } from '../../testing/test-endpoint.js';

const TableName = 'orders';
const WRITE = {
  ServiceNamespace: 'dynamodb',
  ResourceId: `table/${TableName}`,
  ScalableDimension: 'dynamodb:table:WriteCapacityUnits',
} as const;
const TRACKING = {
  TargetValue: 70,
  PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBWriteCapacityUtilization' },
} as const;

async function start(context: TestContext, options: { transitionDelayMs?: number } = {}) {
  const endpoint = await testEndpoint(context, options);
  const open: { destroy(): void }[] = [];
  const keep = <T extends { destroy(): void }>(client: T): T => {
    open.push(client);
    return client;
  };
  context.after(() => {
    for (const client of open) client.destroy();
  });
  const clients = () => ({
    scaling: keep(new ApplicationAutoScalingClient(endpoint.clientOptions())),
    cloudwatch: keep(new CloudWatchClient(endpoint.clientOptions())),
    dynamodb: keep(new DynamoDBClient(endpoint.clientOptions())),
  });
  let now = clients();
  await now.dynamodb.send(
    new CreateTableCommand({
      TableName,
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await endpoint.advance('1s');
  return {
    endpoint,
    scaling: now.scaling,
    cloudwatch: now.cloudwatch,
    dynamodb: now.dynamodb,
    keep,
    async restart() {
      await endpoint.restart();
      now = clients();
      return now;
    },
    async writeUnits() {
      const { Table } = await now.dynamodb.send(new DescribeTableCommand({ TableName }));
      return Table?.ProvisionedThroughput?.WriteCapacityUnits;
    },
    async alarms() {
      const { MetricAlarms = [] } = await now.cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: 'TargetTracking-' }),
      );
      const kind = (name = '') => name.replace(`TargetTracking-table/${TableName}-`, '').split('-')[0] ?? '';
      return Object.fromEntries(MetricAlarms.map((alarm) => [kind(alarm.AlarmName), alarm] as const));
    },
    async activities() {
      const { ScalingActivities = [] } = await now.scaling.send(
        new DescribeScalingActivitiesCommand({ ServiceNamespace: 'dynamodb', IncludeNotScaledActivities: true }),
      );
      return ScalingActivities;
    },
    /** Minutes of traffic: each puts items of 100 units; resolves with how many were throttled. */
    async traffic(minutes: number, putsPerMinute: number) {
      let throttled = 0;
      for (let minute = 0; minute < minutes; minute++) {
        for (let at = 0; at < putsPerMinute; at++) {
          const Item = { id: { S: `${at}` }, text: { S: 'x'.repeat(102_300) } };
          try {
            await now.dynamodb.send(new PutItemCommand({ TableName, Item }));
          } catch (error) {
            assert.equal(error instanceof Error && error.name, 'ProvisionedThroughputExceededException');
            throttled += 1;
          }
        }
        await endpoint.advance('1m');
      }
      return throttled;
    },
  };
}

test('an overdriven table throttles, is scaled out by its alarm, and scaled in later', async (context) => {
  const { scaling, traffic, alarms, activities, writeUnits, restart, endpoint } = await start(context);
  await scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 5, MaxCapacity: 50 }));
  const put = await scaling.send(
    new PutScalingPolicyCommand({
      ...WRITE,
      PolicyName: 'writes',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: TRACKING,
    }),
  );
  assert.equal(put.Alarms?.length, 4);
  const before = await alarms();
  assert.deepEqual(Object.fromEntries(Object.entries(before).map(([kind, { Threshold }]) => [kind, Threshold])), {
    AlarmHigh: 210,
    AlarmLow: 150,
    ProvisionedCapacityHigh: 5,
    ProvisionedCapacityLow: 5,
  });
  assert.equal(
    before.AlarmHigh?.AlarmDescription,
    `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${put.PolicyARN}.`,
  );
  assert.match(before.AlarmHigh?.AlarmActions?.[0] ?? '', /:policyName\/writes:createdBy\//);

  // 400 units in the first minute; the burst bears it, the third minute does not.
  assert.equal(await traffic(1, 4), 0);
  assert.equal(await writeUnits(), 5);
  await traffic(1, 4);
  const out = await writeUnits();
  assert.equal(out, Math.ceil(400 / 60 / 0.7));
  const [activity] = await activities();
  assert.equal(activity?.Description, `Setting write capacity units to ${out}.`);
  assert.match(
    activity?.Cause ?? '',
    /^monitor alarm TargetTracking-table\/orders-AlarmHigh-.* in state ALARM triggered policy writes$/,
  );
  assert.equal(activity?.StatusCode, 'Successful');
  assert.equal(
    activity?.StatusMessage,
    `Successfully set write capacity units to ${out}. Change successfully fulfilled by dynamodb.`,
  );
  assert.equal((await alarms()).AlarmHigh?.Threshold, 0.7 * (out ?? 0) * 60);

  await restart();
  // Little traffic: fifteen minutes below, then it goes down to what that needs, within the bounds.
  await traffic(14, 1);
  assert.equal(await writeUnits(), out);
  await traffic(3, 1);
  assert.equal(await writeUnits(), 5);
  assert.match((await activities())[0]?.Cause ?? '', /-AlarmLow-/);
  await endpoint.advance('20m');
  assert.equal((await alarms()).AlarmLow?.StateValue, 'INSUFFICIENT_DATA');
});

test('more than the table takes is throttled, and what stays at its maximum says so', async (context) => {
  const { scaling, traffic, activities, writeUnits } = await start(context);
  await scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 1, MaxCapacity: 6 }));
  await scaling.send(
    new PutScalingPolicyCommand({
      ...WRITE,
      PolicyName: 'writes',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: TRACKING,
    }),
  );
  await traffic(2, 6);
  assert.equal(await writeUnits(), 6);
  assert.ok((await traffic(5, 25)) > 0);
  assert.equal(await writeUnits(), 6);
  const [latest] = await activities();
  assert.deepEqual(latest?.NotScaledReasons, [
    { Code: 'AlreadyAtMaxCapacity', CurrentCapacity: 6, MaxCapacity: 6, MinCapacity: 1 },
  ]);
  assert.equal((await activities()).length, 2);
});

test('a cooldown holds the next step back, scaling in can be switched off', async (context) => {
  const { scaling, traffic, writeUnits, alarms } = await start(context);
  await scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 5, MaxCapacity: 100 }));
  await scaling.send(
    new PutScalingPolicyCommand({
      ...WRITE,
      PolicyName: 'writes',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: { ...TRACKING, ScaleOutCooldown: 600, DisableScaleIn: true },
    }),
  );
  await traffic(2, 4);
  const first = await writeUnits();
  await traffic(5, 8);
  assert.equal(await writeUnits(), first);
  await traffic(5, 8);
  const second = (await writeUnits()) ?? 0;
  assert.ok(second > (first ?? 0));
  assert.deepEqual(Object.keys(await alarms()).sort(), [
    'AlarmHigh',
    'ProvisionedCapacityHigh',
    'ProvisionedCapacityLow',
  ]);
  await traffic(20, 1);
  assert.equal(await writeUnits(), second);
});

test('registering brings capacity inside the bounds; deregistering takes policies, actions and alarms along', async (context) => {
  const { scaling, writeUnits, alarms, activities, endpoint, keep } = await start(context);
  await scaling.send(
    new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 8, MaxCapacity: 20, Tags: { a: '1' } }),
  );
  assert.equal(await writeUnits(), 8);
  assert.equal((await activities())[0]?.Cause, 'minimum capacity was set to 8');
  await scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 1, MaxCapacity: 4 }));
  assert.equal(await writeUnits(), 4);
  assert.equal((await activities())[0]?.Cause, 'maximum capacity was set to 4');
  const { ScalableTargets } = await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'dynamodb' }));
  const [target] = ScalableTargets ?? [];
  const role = 'AWSServiceRoleForApplicationAutoScaling_DynamoDBTable';
  assert.match(
    target?.RoleARN ?? '',
    new RegExp(`:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/${role}$`),
  );
  const iam = keep(new IAMClient(endpoint.clientOptions()));
  assert.equal((await iam.send(new GetRoleCommand({ RoleName: role }))).Role?.Arn, target?.RoleARN);
  const ResourceARN = target?.ScalableTargetARN;
  await scaling.send(new TagResourceCommand({ ResourceARN, Tags: { b: '2' } }));
  assert.deepEqual((await scaling.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags, { a: '1', b: '2' });

  const policy = { ...WRITE, PolicyName: 'writes' };
  await scaling.send(
    new PutScalingPolicyCommand({
      ...policy,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: TRACKING,
    }),
  );
  await scaling.send(
    new PutScheduledActionCommand({
      ...WRITE,
      ScheduledActionName: 'night',
      Schedule: 'cron(0 22 * * ? *)',
      ScalableTargetAction: { MaxCapacity: 2 },
    }),
  );
  await scaling.send(new DeregisterScalableTargetCommand(WRITE));
  assert.deepEqual(await alarms(), {});
  const { ScalingPolicies } = await scaling.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'dynamodb' }));
  assert.deepEqual(ScalingPolicies, []);
  const { ScheduledActions } = await scaling.send(
    new DescribeScheduledActionsCommand({ ServiceNamespace: 'dynamodb' }),
  );
  assert.deepEqual(ScheduledActions, []);
  await assert.rejects(scaling.send(new DeregisterScalableTargetCommand(WRITE)), {
    name: 'ObjectNotFoundException',
    message:
      'No scalable target found for service namespace: dynamodb, resource ID: table/orders, scalable dimension: ' +
      'dynamodb:table:WriteCapacityUnits',
  });
  await assert.rejects(scaling.send(new DeleteScalingPolicyCommand(policy)), { name: 'ObjectNotFoundException' });
});

test('scheduled actions change the bounds at their times, in their time zone, also across a restart', async (context) => {
  const { scaling, writeUnits, endpoint, activities, restart } = await start(context);
  await scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 1, MaxCapacity: 50 }));
  const schedule = (ScheduledActionName: string, Schedule: string, MinCapacity: number, MaxCapacity: number) =>
    scaling.send(
      new PutScheduledActionCommand({
        ...WRITE,
        ScheduledActionName,
        Schedule,
        Timezone: 'Europe/Berlin',
        ScalableTargetAction: { MinCapacity, MaxCapacity },
      }),
    );
  // The test begins on 1 January 2026, 00:00 UTC, which is 01:00 in Berlin.
  await schedule('morning', 'cron(0 8 * * ? *)', 10, 50);
  await schedule('evening', 'cron(0 20 * * ? *)', 1, 3);
  await endpoint.advance('6h');
  assert.equal(await writeUnits(), 5);
  await endpoint.advance('1h');
  assert.equal(await writeUnits(), 10);
  assert.equal((await activities())[0]?.Cause, 'scheduled action name morning was triggered');
  await restart();
  await endpoint.advance('12h');
  assert.equal(await writeUnits(), 3);
  await endpoint.advance('12h');
  assert.equal(await writeUnits(), 10);
});

test('a refused decrease is an activity that failed, and a table that is being updated one in progress', async (context) => {
  const { scaling, dynamodb, endpoint, activities } = await start(context, { transitionDelayMs: 20_000 });
  await endpoint.advance('1m');
  await scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 10, MaxCapacity: 50 }));
  assert.equal((await activities())[0]?.StatusCode, 'InProgress');
  await endpoint.advance('30s');
  assert.equal((await activities())[0]?.StatusCode, 'Successful');
  for (const WriteCapacityUnits of [9, 8, 7, 6]) {
    await dynamodb.send(
      new UpdateTableCommand({ TableName, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits } }),
    );
    await endpoint.advance('30s');
  }
  await scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 1, MaxCapacity: 2 }));
  const [refused] = await activities();
  assert.equal(refused?.StatusCode, 'Failed');
  assert.match(
    refused?.StatusMessage ?? '',
    /^Failed to set write capacity units to 2. Reason: Subscriber limit exceeded/,
  );
});

test('mistakes are refused in the words of AWS', async (context) => {
  const { scaling } = await start(context);
  await assert.rejects(
    scaling.send(
      new RegisterScalableTargetCommand({ ...WRITE, ResourceId: 'table/none', MinCapacity: 1, MaxCapacity: 2 }),
    ),
    { name: 'ValidationException', message: 'DynamoDB table does not exist: table/none' },
  );
  await assert.rejects(scaling.send(new RegisterScalableTargetCommand({ ...WRITE, MinCapacity: 3, MaxCapacity: 2 })), {
    message: 'Maximum capacity cannot be less than minimum capacity',
  });
  await assert.rejects(
    scaling.send(
      new RegisterScalableTargetCommand({ ...WRITE, ResourceId: TableName, MinCapacity: 1, MaxCapacity: 2 }),
    ),
    { message: 'Unsupported service namespace, resource type or scalable dimension' },
  );
  const policy = { ...WRITE, PolicyName: 'p', PolicyType: 'TargetTrackingScaling' } as const;
  await assert.rejects(
    scaling.send(new PutScalingPolicyCommand({ ...policy, TargetTrackingScalingPolicyConfiguration: TRACKING })),
    { name: 'ObjectNotFoundException', message: /^No scalable target registered for service namespace: dynamodb/ },
  );
  await assert.rejects(
    scaling.send(
      new PutScalingPolicyCommand({
        ...policy,
        TargetTrackingScalingPolicyConfiguration: { ...TRACKING, TargetValue: 95 },
      }),
    ),
    {
      message:
        "For predefined metric type DynamoDBWriteCapacityUtilization, target value must be between '10.0' and '90.0', " +
        "but was '95.0'.",
    },
  );
  await assert.rejects(scaling.send(new PutScalingPolicyCommand({ ...WRITE, PolicyName: 'p' })), {
    message: /StepScaling policies are not supported/,
  });
});
