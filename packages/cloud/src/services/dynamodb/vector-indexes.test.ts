import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  type AttributeValue,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  SearchVectorsCommand,
  UpdateTableCommand,
  type VectorIndex,
} from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { testEndpoint } from '../../testing/test-endpoint.js';

const TableName = 'notes';
const INDEX: VectorIndex = {
  IndexName: 'near',
  VectorAttribute: { AttributeName: 'embedding' },
  SearchSchema: [{ AttributeName: 'owner', SearchSchemaElementType: 'HASH' }],
  Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] },
  Dimensions: 4,
  DistanceFunction: 'EUCLIDEAN',
};

const numbers = (values: readonly number[]): AttributeValue[] => values.map((value) => ({ N: String(value) }));

async function start(context: TestContext) {
  const endpoint = await testEndpoint(context);
  const dynamodb = new DynamoDBClient(endpoint.clientOptions());
  context.after(() => dynamodb.destroy());
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'owner', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      VectorIndexes: [INDEX],
    }),
  );
  const put = (id: string, owner: string, vector: readonly number[]) =>
    dynamodb.send(
      new PutItemCommand({
        TableName,
        ReturnConsumedCapacity: 'INDEXES',
        Item: { id: { S: id }, owner: { S: owner }, title: { S: `the ${id}` }, embedding: { L: numbers(vector) } },
      }),
    );
  return { endpoint, dynamodb, put };
}

function search(owner: string, vector: readonly number[]): SearchVectorsCommand {
  return new SearchVectorsCommand({
    TableName,
    IndexName: 'near',
    SearchVector: numbers(vector),
    TopK: 2,
    SearchConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': { S: owner } },
    ReturnConsumedCapacity: 'TOTAL',
  });
}

test('a vector index is made, written and searched through the SDK, and counted', async (context) => {
  const { endpoint, dynamodb, put } = await start(context);
  const { ConsumedCapacity } = await put('first', 'ada', [1, 0, 0, 0]);
  assert.deepEqual(ConsumedCapacity?.VectorIndexes, { near: { VectorWriteRequestBytes: 1024 } });
  await put('second', 'ada', [3, 4, 0, 0]);
  await put('third', 'ada', [100, 0, 0, 0]);
  await put('fourth', 'bob', [0, 0, 0, 0]);
  const found = await dynamodb.send(search('ada', [0, 0, 0, 0]));
  assert.deepEqual(found.SearchResults, [
    { Item: { id: { S: 'first' }, owner: { S: 'ada' }, title: { S: 'the first' } }, Score: 1 },
    { Item: { id: { S: 'second' }, owner: { S: 'ada' }, title: { S: 'the second' } }, Score: 5 },
  ]);
  assert.deepEqual(found.ConsumedCapacity, { VectorSearchRequestBytes: 1024 });
  await assert.rejects(put('bad', 'ada', [1, 2]), { name: 'ValidationException', message: /Expected: 4, Actual: 2/ });

  const cloudwatch = new CloudWatchClient(endpoint.clientOptions());
  context.after(() => cloudwatch.destroy());
  const sum = async (MetricName: string) => {
    const nowMs = endpoint.current().clock().nowMs;
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/DynamoDB',
        MetricName,
        Dimensions: [
          { Name: 'TableName', Value: TableName },
          { Name: 'VectorIndexName', Value: 'near' },
        ],
        StartTime: new Date(nowMs - 3600_000),
        EndTime: new Date(nowMs + 60_000),
        Period: 7200,
        Statistics: ['Sum', 'SampleCount'],
      }),
    );
    return Datapoints.map(({ Sum, SampleCount }) => [Sum, SampleCount]);
  };
  assert.deepEqual(await sum('VectorWriteRequestBytes'), [[4 * 1024, 4]]);
  assert.deepEqual(await sum('VectorSearchRequestBytes'), [[1024, 1]]);
});

test('an index is added to a table and taken away again, and the endpoint can stop in between', async (context) => {
  const { endpoint, dynamodb, put } = await start(context);
  await put('first', 'ada', [1, 0, 0, 0]);
  const { SearchSchema: _, ...Create } = { ...INDEX, IndexName: 'everywhere', DistanceFunction: 'COSINE' as const };
  const { TableDescription } = await dynamodb.send(
    new UpdateTableCommand({ TableName, VectorIndexUpdates: [{ Create }] }),
  );
  assert.equal(TableDescription?.TableStatus, 'UPDATING');
  await endpoint.restart();
  const again = new DynamoDBClient(endpoint.clientOptions());
  context.after(() => again.destroy());
  const everywhere = new SearchVectorsCommand({
    TableName,
    IndexName: 'everywhere',
    SearchVector: numbers([-2, 0, 0, 0]),
    TopK: 1,
    ProjectionExpression: 'id, embedding',
  });
  const { SearchResults } = await again.send(everywhere);
  assert.deepEqual(SearchResults, [
    { Item: { id: { S: 'first' }, embedding: { L: ['1.0', '0.0', '0.0', '0.0'].map((N) => ({ N })) } }, Score: 2 },
  ]);
  await again.send(
    new UpdateTableCommand({ TableName, VectorIndexUpdates: [{ Delete: { IndexName: 'everywhere' } }] }),
  );
  const { Table } = await again.send(new DescribeTableCommand({ TableName }));
  assert.deepEqual(
    Table?.VectorIndexes?.map(({ IndexName }) => IndexName),
    ['near'],
  );
  await assert.rejects(again.send(everywhere), {
    name: 'ValidationException',
    message: 'The table does not have the specified index: everywhere',
  });
});

test('whoever searches needs dynamodb:SearchVectors on the index', async (context) => {
  const { endpoint, put } = await start(context);
  await put('first', 'ada', [1, 0, 0, 0]);
  const iam = new IAMClient(endpoint.clientOptions());
  context.after(() => iam.destroy());
  await iam.send(new CreateUserCommand({ UserName: 'reader' }));
  const allow = (Action: string, Resource: string, Condition?: object) =>
    iam.send(
      new PutUserPolicyCommand({
        UserName: 'reader',
        PolicyName: 'search',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action, Resource, ...(Condition !== undefined && { Condition }) }],
        }),
      }),
    );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'reader' }));
  const reader = new DynamoDBClient({
    ...endpoint.clientOptions(),
    credentials: { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' },
  });
  context.after(() => reader.destroy());
  const table = 'arn:aws:dynamodb:*:*:table/notes';
  const denied = {
    name: 'AccessDeniedException',
    message: /dynamodb:SearchVectors on resource: .*table\/notes\/index\/near/,
  };
  await allow('dynamodb:*', table);
  await assert.rejects(reader.send(search('ada', [0, 0, 0, 0])), denied);
  await allow('dynamodb:Query', `${table}/index/*`);
  await assert.rejects(reader.send(search('ada', [0, 0, 0, 0])), denied);
  await allow('dynamodb:SearchVectors', `${table}/index/near`, {
    StringEquals: { 'dynamodb:LeadingKeys': 'ada' },
  });
  await assert.rejects(reader.send(search('ada', [0, 0, 0, 0])), denied);
  await allow('dynamodb:SearchVectors', `${table}/index/near`);
  assert.equal((await reader.send(search('ada', [0, 0, 0, 0]))).SearchResults?.length, 1);
});
