import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { SIGNED, send, testEndpoint } from '../../testing/test-endpoint.js';

const START = new Date('2026-01-01T00:00:00Z');
const END = new Date('2026-01-01T01:00:00Z');
const Dimensions = [{ Name: 'TableName', Value: 'users' }];

test('statistics add up what was put, by period, also after a restart', async (t) => {
  const endpoint = await testEndpoint(t);
  let client = new CloudWatchClient(endpoint.clientOptions());
  const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'App',
      MetricData: [
        { MetricName: 'Latency', Dimensions, Timestamp: at(0), Value: 10, Unit: 'Milliseconds' },
        { MetricName: 'Latency', Dimensions, Timestamp: at(1), Values: [20, 40], Counts: [1, 2], Unit: 'Milliseconds' },
        {
          MetricName: 'Latency',
          Dimensions,
          Timestamp: at(6),
          StatisticValues: { Sum: 6, SampleCount: 3, Minimum: 1, Maximum: 3 },
          Unit: 'Milliseconds',
        },
      ],
    }),
  );
  client.destroy();
  await endpoint.restart();
  client = new CloudWatchClient(endpoint.clientOptions());
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'Latency',
      Dimensions,
      StartTime: START,
      EndTime: END,
      Period: 300,
      Statistics: ['Sum', 'Average', 'SampleCount', 'Minimum', 'Maximum'],
    }),
  );
  assert.deepEqual(Datapoints, [
    { Timestamp: at(0), Unit: 'Milliseconds', Sum: 110, Average: 27.5, SampleCount: 4, Minimum: 10, Maximum: 40 },
    { Timestamp: at(5), Unit: 'Milliseconds', Sum: 6, Average: 2, SampleCount: 3, Minimum: 1, Maximum: 3 },
  ]);
  const Metric = { Namespace: 'App', MetricName: 'Latency', Dimensions };
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: START,
      EndTime: END,
      MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    }),
  );
  assert.deepEqual(MetricDataResults?.[0]?.Timestamps, [at(6), at(1), at(0)]);
  assert.deepEqual(MetricDataResults?.[0]?.Values, [6, 100, 10]);
  client.destroy();
});

test('metrics are listed by namespace, name and dimension', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new CloudWatchClient(endpoint.clientOptions());
  const MetricData = [
    { MetricName: 'A', Dimensions, Value: 1 },
    { MetricName: 'A', Value: 1 },
    { MetricName: 'B', Value: 1 },
  ];
  await client.send(new PutMetricDataCommand({ Namespace: 'App', MetricData }));
  const all = await client.send(new ListMetricsCommand({ Namespace: 'App' }));
  assert.equal(all.Metrics?.length, 3);
  const one = await client.send(new ListMetricsCommand({ MetricName: 'A', Dimensions: [{ Name: 'TableName' }] }));
  assert.deepEqual(one.Metrics, [{ Namespace: 'App', MetricName: 'A', Dimensions }]);
  assert.deepEqual((await client.send(new ListMetricsCommand({ Namespace: 'Other' }))).Metrics ?? [], []);
  client.destroy();
});

test('the older protocols are understood, too', async (t) => {
  const endpoint = await testEndpoint(t);
  const { url } = endpoint.current();
  const authorization = SIGNED.replace('/dynamodb/', '/monitoring/');
  const query = await send(url, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
    body:
      'Action=PutMetricData&Version=2010-08-01&Namespace=App&MetricData.member.1.MetricName=M' +
      '&MetricData.member.1.Value=2',
  });
  assert.equal(query.status, 200, query.body);
  const json = await send(url, {
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics',
      authorization,
    },
    body: '{"Namespace":"App"}',
  });
  assert.deepEqual(JSON.parse(json.body).Metrics, [{ Namespace: 'App', MetricName: 'M', Dimensions: [] }]);
});

test('mistakes get the errors of CloudWatch', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new CloudWatchClient(endpoint.clientOptions());
  const put = (Namespace: string, datum: object) =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'M', ...datum }] }));
  await assert.rejects(put('AWS/DynamoDB', { Value: 1 }), { name: 'InvalidParameterValueException' });
  await assert.rejects(put('App', {}), { name: 'MissingRequiredParameterException' });
  await assert.rejects(put('App', { Value: 1, Values: [1] }), { name: 'InvalidParameterCombinationException' });
  const old = new Date(endpoint.clock.nowMs() - 15 * 24 * 3_600_000);
  await assert.rejects(put('App', { Value: 1, Timestamp: old }), { name: 'InvalidParameterValueException' });
  const tooMany = new GetMetricStatisticsCommand({
    Namespace: 'App',
    MetricName: 'M',
    StartTime: START,
    EndTime: new Date('2026-02-01T00:00:00Z'),
    Period: 60,
    Statistics: ['Sum'],
  });
  await assert.rejects(client.send(tooMany), { name: 'InvalidParameterCombinationException' });
  const dashboard = new PutDashboardCommand({ DashboardName: 'a', DashboardBody: '{}' });
  await assert.rejects(client.send(dashboard), { message: 'CloudWatch PutDashboard is not emulated by this endpoint' });
  client.destroy();
});
