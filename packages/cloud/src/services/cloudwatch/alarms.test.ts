import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricDataCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { testEndpoint } from '../../testing/test-endpoint.js';

const ALARM: PutMetricAlarmCommandInput = {
  AlarmName: 'busy',
  AlarmDescription: 'too many',
  MetricName: 'Requests',
  Namespace: 'App',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: ['arn:aws:ssm:us-east-1:000000000000:opsitem:1'],
};

async function start(context: TestContext) {
  const endpoint = await testEndpoint(context);
  const clients: CloudWatchClient[] = [];
  const client = (): CloudWatchClient => {
    const made = new CloudWatchClient(endpoint.clientOptions());
    clients.push(made);
    return made;
  };
  context.after(() => {
    for (const one of clients) one.destroy();
  });
  const cloudwatch = client();
  const put = (Value: number, MetricName = 'Requests') =>
    client().send(new PutMetricDataCommand({ Namespace: 'App', MetricData: [{ MetricName, Value }] }));
  const alarm = async (AlarmName = 'busy') => {
    const { MetricAlarms, CompositeAlarms } = await client().send(
      new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    );
    return MetricAlarms?.[0] ?? CompositeAlarms?.[0];
  };
  /** Puts a value into each minute. */
  const minutes = async (...values: number[]) => {
    for (const value of values) {
      await put(value);
      await endpoint.advance('1m');
    }
  };
  return { endpoint, cloudwatch, client, put, alarm, minutes };
}

test('an alarm goes off on the clock, comes back, and its history tells both', async (context) => {
  const { endpoint, cloudwatch, alarm, minutes } = await start(context);
  await cloudwatch.send(new PutMetricAlarmCommand(ALARM));
  const fresh = await alarm();
  assert.equal(fresh?.StateValue, 'INSUFFICIENT_DATA');
  assert.equal(fresh?.StateReason, 'Unchecked: Initial alarm creation');
  assert.equal(fresh?.AlarmArn, 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:busy');
  await minutes(1, 9);
  assert.equal((await alarm())?.StateValue, 'OK');
  await minutes(8);
  const alarming = await alarm();
  assert.equal(alarming?.StateValue, 'ALARM');
  assert.match(
    alarming?.StateReason ?? '',
    /^Threshold Crossed: 2 out of the last 2 datapoints \[8.0 .*, 9.0 .*\] were/,
  );
  assert.deepEqual(JSON.parse(alarming?.StateReasonData ?? '').recentDatapoints, [9, 8]);
  await minutes(1);
  assert.equal((await alarm())?.StateValue, 'OK');
  await endpoint.advance('10m');
  assert.equal((await alarm())?.StateValue, 'INSUFFICIENT_DATA');
  const { AlarmHistoryItems } = await cloudwatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: 'busy', ScanBy: 'TimestampAscending' }),
  );
  assert.deepEqual(
    AlarmHistoryItems?.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary]),
    [
      ['ConfigurationUpdate', 'Alarm "busy" created'],
      ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to OK'],
      ['StateUpdate', 'Alarm updated from OK to ALARM'],
      [
        'Action',
        'Failed to execute action arn:aws:ssm:us-east-1:000000000000:opsitem:1. Received error: "actions of ssm are not emulated by this endpoint"',
      ],
      ['StateUpdate', 'Alarm updated from ALARM to OK'],
      ['StateUpdate', 'Alarm updated from OK to INSUFFICIENT_DATA'],
    ],
  );
});

test('alarms go on after a restart, and wait for data without a timer', async (context) => {
  const { endpoint, cloudwatch, alarm, minutes } = await start(context);
  await cloudwatch.send(
    new PutMetricAlarmCommand({ ...ALARM, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' }),
  );
  await endpoint.advance('40d');
  assert.equal((await alarm())?.StateValue, 'OK');
  await endpoint.restart();
  await minutes(9);
  assert.equal((await alarm())?.StateValue, 'ALARM');
  await endpoint.advance('3m');
  assert.equal((await alarm())?.StateValue, 'OK');
});

test('alarms on metric math, on percentiles, and composite ones', async (context) => {
  const { endpoint, cloudwatch, alarm, put } = await start(context);
  const stat = (MetricName: string) => ({ Metric: { Namespace: 'App', MetricName }, Period: 60, Stat: 'Sum' });
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'share',
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Metrics: [
        { Id: 'errors', MetricStat: stat('Errors'), ReturnData: false },
        { Id: 'all', MetricStat: stat('All'), ReturnData: false },
        { Id: 'share', Expression: 'errors / all' },
      ],
    }),
  );
  const { Statistic: _, ...percentile } = ALARM;
  await cloudwatch.send(
    new PutMetricAlarmCommand({ ...percentile, AlarmName: 'slow', ExtendedStatistic: 'p90', EvaluationPeriods: 1 }),
  );
  await cloudwatch.send(
    new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'ALARM("share") AND NOT OK(slow)' }),
  );
  await put(10, 'All');
  await put(5, 'Errors');
  for (let at = 0; at < 20; at++) await put(at < 3 ? 9 : 1);
  await endpoint.advance('1m');
  assert.equal((await alarm('share'))?.StateValue, 'ALARM');
  assert.equal((await alarm('slow'))?.StateValue, 'ALARM');
  assert.equal((await alarm('both'))?.StateValue, 'ALARM');
  await put(10, 'All');
  await put(4, 'Errors');
  await put(9);
  await endpoint.advance('1m');
  assert.equal((await alarm('share'))?.StateValue, 'OK');
  assert.equal((await alarm('both'))?.StateValue, 'OK');
  await assert.rejects(cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['slow'] })), {
    message: /Cannot delete slow as there are composite alarm\(s\) depending on it/,
  });
  await assert.rejects(cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: 'x', AlarmRule: 'ALARM(none)' })), {
    message: /alarms \[none\] in the alarm rule do not exist/,
  });
});

test('states are set by hand, actions switched off and on, tags kept; changes keep the state', async (context) => {
  const { cloudwatch, alarm } = await start(context);
  await cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, Tags: [{ Key: 'a', Value: '1' }] }));
  const set = { AlarmName: 'busy', StateValue: 'ALARM', StateReason: 'a test', StateReasonData: '{"x":1}' } as const;
  await cloudwatch.send(new SetAlarmStateCommand(set));
  assert.equal((await alarm())?.StateReason, 'a test');
  await cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, Threshold: 7, Tags: [{ Key: 'b', Value: '2' }] }));
  assert.equal((await alarm())?.StateValue, 'ALARM');
  const ResourceARN = (await alarm())?.AlarmArn;
  await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'c', Value: '3' }] }));
  const { Tags } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
  assert.deepEqual(Tags, [
    { Key: 'a', Value: '1' },
    { Key: 'c', Value: '3' },
  ]);
  await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['busy'] }));
  assert.equal((await alarm())?.ActionsEnabled, false);
  await cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames: ['busy'] }));
  assert.equal((await alarm())?.ActionsEnabled, true);
  await assert.rejects(cloudwatch.send(new SetAlarmStateCommand({ ...set, AlarmName: 'none' })), {
    name: 'ResourceNotFound',
  });
  await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['busy', 'none'] }));
  assert.equal(await alarm(), undefined);
});

test('alarms are found by prefix, state and metric, page by page', async (context) => {
  const { cloudwatch } = await start(context);
  for (const AlarmName of ['a-1', 'a-2', 'b-1'])
    await cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, AlarmName }));
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'a-2', StateValue: 'OK', StateReason: 'x' }));
  const names = async (input: object) => {
    const page = await cloudwatch.send(new DescribeAlarmsCommand(input));
    return { names: page.MetricAlarms?.map(({ AlarmName }) => AlarmName), token: page.NextToken };
  };
  assert.deepEqual((await names({ AlarmNamePrefix: 'a-' })).names, ['a-1', 'a-2']);
  assert.deepEqual((await names({ StateValue: 'OK' })).names, ['a-2']);
  assert.deepEqual((await names({ ActionPrefix: 'arn:aws:sns' })).names, []);
  const first = await names({ MaxRecords: 2 });
  assert.deepEqual((await names({ MaxRecords: 2, NextToken: first.token })).names, ['b-1']);
  const { MetricAlarms } = await cloudwatch.send(
    new DescribeAlarmsForMetricCommand({ Namespace: 'App', MetricName: 'Requests', Statistic: 'Sum' }),
  );
  assert.equal(MetricAlarms?.length, 3);
});

test('mistakes are refused with the value', async (context) => {
  const { cloudwatch } = await start(context);
  const refusals: [Partial<PutMetricAlarmCommandInput>, RegExp][] = [
    [{ EvaluationPeriods: 0 }, /EvaluationPeriods must be greater than 0/],
    [{ DatapointsToAlarm: 3 }, /DatapointsToAlarm must be between 1 and EvaluationPeriods \(2\)/],
    [{ TreatMissingData: 'never' }, /TreatMissingData must be one of .*; it is never/],
    [{ Period: 45 }, /Period must be a multiple of 60/],
    [{ Period: 3000, EvaluationPeriods: 50 }, /EvaluationPeriods \* Period must be <= 86400/],
    [{ ExtendedStatistic: 'p99' }, /Exactly one of Statistic and ExtendedStatistic/],
    [{ Metrics: [] }, /cannot be given together/],
  ];
  for (const [change, message] of refusals) {
    await assert.rejects(cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, ...change })), { message });
  }
});

test('GetMetricData answers expressions beside metrics, newest first unless asked otherwise', async (context) => {
  const { endpoint, cloudwatch, minutes } = await start(context);
  const startMs = endpoint.current().clock().nowMs;
  await minutes(1, 2, 3);
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(startMs),
      EndTime: new Date(startMs + 180_000),
      MetricDataQueries: [
        { Id: 'm', MetricStat: { Metric: { Namespace: 'App', MetricName: 'Requests' }, Period: 60, Stat: 'Sum' } },
        { Id: 'e', Expression: 'm * 10', Label: 'ten times' },
      ],
    }),
  );
  assert.deepEqual(
    MetricDataResults?.map(({ Id, Label, Values }) => [Id, Label, Values]),
    [
      ['m', 'Requests', [3, 2, 1]],
      ['e', 'ten times', [30, 20, 10]],
    ],
  );
});
