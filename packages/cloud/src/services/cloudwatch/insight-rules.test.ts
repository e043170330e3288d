import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudWatchClient, DescribeInsightRulesCommand, GetInsightRuleReportCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DescribeContributorInsightsCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateContributorInsightsCommand,
} from '@aws-sdk/client-dynamodb';
import { testEndpoint } from '../../testing/test-endpoint.js';

test('the rules of DynamoDB’s contributor insights are listed, and report what was read and written', async (t) => {
  const endpoint = await testEndpoint(t);
  const dynamodb = new DynamoDBClient(endpoint.clientOptions());
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'users',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await dynamodb.send(
    new UpdateContributorInsightsCommand({ TableName: 'users', ContributorInsightsAction: 'ENABLE' }),
  );
  const { ContributorInsightsRuleList: names = [] } = await dynamodb.send(
    new DescribeContributorInsightsCommand({ TableName: 'users' }),
  );
  for (const id of ['a', 'b', 'a']) {
    await dynamodb.send(new PutItemCommand({ TableName: 'users', Item: { id: { S: id } } }));
  }
  await endpoint.advance('1m');
  await dynamodb.send(new GetItemCommand({ TableName: 'users', Key: { id: { S: 'b' } }, ConsistentRead: true }));
  dynamodb.destroy();
  const cloudwatch = new CloudWatchClient(endpoint.clientOptions());
  const first = await cloudwatch.send(new DescribeInsightRulesCommand({ MaxResults: 1 }));
  const second = await cloudwatch.send(new DescribeInsightRulesCommand({ NextToken: first.NextToken }));
  const rules = [...(first.InsightRules ?? []), ...(second.InsightRules ?? [])];
  assert.deepEqual(
    rules.map(({ Name, State }) => [Name, State]),
    names.map((name) => [name, 'ENABLED']),
  );
  assert.equal(second.NextToken, undefined);
  await assert.rejects(cloudwatch.send(new DescribeInsightRulesCommand({ NextToken: 'none' })), {
    name: 'InvalidNextToken',
  });
  const window = { StartTime: new Date('2026-01-01T00:00:00Z'), EndTime: new Date('2026-01-01T01:00:00Z') };
  const report = await cloudwatch.send(
    new GetInsightRuleReportCommand({
      RuleName: names[0],
      ...window,
      Period: 60,
      Metrics: ['MaxContributorValue', 'UniqueContributors'],
    }),
  );
  const minutes = [window.StartTime, new Date('2026-01-01T00:01:00Z')];
  assert.deepEqual(report.KeyLabels, ['PartitionKey']);
  assert.equal(report.AggregateValue, 10);
  assert.equal(report.ApproximateUniqueCount, 2);
  assert.deepEqual(report.Contributors, [
    { Keys: ['a'], ApproximateAggregateValue: 6, Datapoints: [{ Timestamp: minutes[0], ApproximateValue: 6 }] },
    {
      Keys: ['b'],
      ApproximateAggregateValue: 4,
      Datapoints: [
        { Timestamp: minutes[0], ApproximateValue: 3 },
        { Timestamp: minutes[1], ApproximateValue: 1 },
      ],
    },
  ]);
  assert.deepEqual(report.MetricDatapoints, [
    { Timestamp: minutes[0], MaxContributorValue: 6, UniqueContributors: 2 },
    { Timestamp: minutes[1], MaxContributorValue: 1, UniqueContributors: 1 },
  ]);
  const refused = async (input: object): Promise<string> => {
    const command = new GetInsightRuleReportCommand({ RuleName: names[0], ...window, Period: 60, ...input });
    const error = await cloudwatch.send(command).catch((fault: Error) => fault);
    return error instanceof Error ? error.name : 'accepted';
  };
  assert.deepEqual(
    [
      await refused({ RuleName: 'other' }),
      await refused({ Period: 90 }),
      await refused({ MaxContributorCount: 101 }),
      await refused({ OrderBy: 'Least' }),
    ],
    ['ResourceNotFoundException', ...Array(3).fill('InvalidParameterValueException')],
  );
  cloudwatch.destroy();
});
