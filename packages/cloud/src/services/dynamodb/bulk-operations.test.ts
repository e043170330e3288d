import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CancelBulkOperationCommand,
  CreateTableCommand,
  DescribeBulkOperationCommand,
  DynamoDBClient,
  paginateListBulkOperations,
  ScanCommand,
  StartBulkPutItemsCommand,
  type StartBulkPutItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const ACCOUNT = '111122223333';
const UNLESS_THERE = { ConditionExpression: 'attribute_not_exists(id)' };

function clients(endpoint: TestEndpoint) {
  const dynamodb = new DynamoDBClient(endpoint.clientOptions(ACCOUNT));
  const s3 = new S3Client({ ...endpoint.clientOptions(ACCOUNT), forcePathStyle: true });
  const destroy = (): void => {
    dynamodb.destroy();
    s3.destroy();
  };
  return { dynamodb, s3, destroy };
}

/** The table `orders`, a bucket `input` with an object of these lines, and a bucket `output`. */
async function prepared(endpoint: TestEndpoint, lines: readonly object[]) {
  const both = clients(endpoint);
  for (const Bucket of ['input', 'output']) await both.s3.send(new CreateBucketCommand({ Bucket }));
  const Body = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await both.s3.send(new PutObjectCommand({ Bucket: 'input', Key: 'orders/1.json.gz', Body }));
  await both.dynamodb.send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  return both;
}

function request(changes: Partial<StartBulkPutItemsCommandInput> = {}): StartBulkPutItemsCommand {
  return new StartBulkPutItemsCommand({
    TableName: 'orders',
    InputS3Configuration: {
      S3Bucket: 'input',
      S3KeyPrefix: 'orders/',
      InputFormat: 'DYNAMODB_JSON',
      InputCompressionType: 'GZIP',
    },
    OutputS3Configuration: { S3Bucket: 'output', OutputType: ['ERROR', 'CONDITION_CHECK_FAILURE'] },
    ...changes,
  });
}

function orders(count: number, more: object = {}): object[] {
  return Array.from({ length: count }, (_, at) => ({ Item: { id: { S: `order-${at}` } }, ...more }));
}

async function ended(dynamodb: DynamoDBClient, BulkOperationArn: string | undefined) {
  for (;;) {
    const answer = await dynamodb.send(new DescribeBulkOperationCommand({ BulkOperationArn }));
    if (answer.BulkOperationDescription?.EndTime !== undefined) return answer.BulkOperationDescription;
  }
}

async function count(dynamodb: DynamoDBClient): Promise<number> {
  return (await dynamodb.send(new ScanCommand({ TableName: 'orders', Select: 'COUNT' }))).Count ?? 0;
}

test('items go from S3 into a table, and what did not comes back in reports', async (t) => {
  const endpoint = await testEndpoint(t);
  const lines = [
    ...orders(300),
    { Item: {} },
    { Item: { id: { S: 'order-7' }, late: { BOOL: true } }, ...UNLESS_THERE },
  ];
  const { dynamodb, s3, destroy } = await prepared(endpoint, lines);
  const { BulkOperationDescription: begun } = await dynamodb.send(request({ PerformanceTier: 'ACCELERATED' }));
  assert.equal(begun?.BulkOperationStatus, 'IN_PROGRESS');
  assert.ok(begun?.StartTime instanceof Date);
  assert.match(begun?.ClientToken ?? '', /^[0-9a-f-]{36}$/, 'the SDK makes one up');
  const described = await ended(dynamodb, begun?.BulkOperationArn);
  assert.equal(described.BulkOperationStatus, 'COMPLETED_WITH_ERRORS');
  assert.deepEqual([described.ProcessedItemCount, described.FailedItemCount], [302, 1]);
  assert.equal(described.ProcessedInputBytes, described.TotalInputBytes);
  assert.equal(described.PerformanceTier, 'ACCELERATED');
  assert.equal(await count(dynamodb), 300);
  const read = async (Key: string | undefined): Promise<Buffer> => {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: 'output', Key }));
    return Buffer.from((await body?.transformToByteArray()) ?? []);
  };
  const { Contents: contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'output' }));
  const folder = `AWSDynamoDB/${begun?.BulkOperationArn?.split('/').at(-1)}`;
  assert.deepEqual(
    contents.map(({ Key }) => Key),
    [
      `${folder}/CONDITION_CHECK_FAILURE/00000.json.gz`,
      `${folder}/ERROR/00000.json.gz`,
      `${folder}/manifest.json`,
      `${folder}/manifest.md5`,
    ],
  );
  const manifest = JSON.parse((await read(`${folder}/manifest.json`)).toString());
  assert.equal(manifest.bulkOperationArn, begun?.BulkOperationArn);
  const reports = new Map<string, object[]>();
  for (const { outputType, dataFileS3Key, etag } of manifest.outputFiles) {
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'output', Key: dataFileS3Key }));
    assert.equal(head.ETag, `"${etag}"`);
    const text = gunzipSync(await read(dataFileS3Key)).toString();
    reports.set(
      outputType,
      [...text.trim().split('\n')].map((line) => JSON.parse(line)),
    );
  }
  const at = (itemIndex: number) => ({ itemS3Pointer: { bucket: 'input', key: 'orders/1.json.gz', itemIndex } });
  assert.deepEqual(reports.get('ERROR'), [
    {
      ...at(300),
      errorMessages: ['One or more parameter values were invalid: Missing the key id in the item'],
      Item: {},
    },
  ]);
  assert.deepEqual(reports.get('CONDITION_CHECK_FAILURE'), [
    { ...at(301), ...lines[301], ExistingItem: { id: { S: 'order-7' } } },
  ]);
  destroy();
});

test('a rate follows the clock of the endpoint, over a restart, until it is cancelled', async (t) => {
  const endpoint = await testEndpoint(t);
  const before = await prepared(endpoint, orders(6000, UNLESS_THERE));
  const { BulkOperationDescription: begun } = await before.dynamodb.send(request({ MaxWriteRequestUnits: 1024 }));
  await endpoint.advance('1s');
  const BulkOperationArn = begun?.BulkOperationArn;
  const describe = new DescribeBulkOperationCommand({ BulkOperationArn });
  const { BulkOperationDescription: early } = await before.dynamodb.send(describe);
  assert.deepEqual([early?.BulkOperationStatus, early?.ProcessedItemCount], ['IN_PROGRESS', 2048]);
  before.destroy();
  await endpoint.restart();
  const { dynamodb, destroy } = clients(endpoint);
  await endpoint.advance('1s');
  const { BulkOperationDescription: later } = await dynamodb.send(describe);
  assert.equal(later?.ProcessedItemCount, 4096);
  assert.deepEqual(later?.InputS3Configuration, begun?.InputS3Configuration);
  const cancelled = await dynamodb.send(new CancelBulkOperationCommand({ BulkOperationArn }));
  assert.equal(cancelled.BulkOperationStatus, 'CANCELLING');
  const described = await ended(dynamodb, BulkOperationArn);
  assert.deepEqual([described.BulkOperationStatus, described.FailureCode], ['CANCELLED', 'Cancelled']);
  await endpoint.advance('1h');
  assert.equal(await count(dynamodb), 4096);
  destroy();
});

test('operations are listed page by page', async (t) => {
  const endpoint = await testEndpoint(t);
  const { dynamodb, destroy } = await prepared(endpoint, orders(1));
  const arns: (string | undefined)[] = [];
  for (let at = 0; at < 5; at++) {
    const { BulkOperationDescription: begun } = await dynamodb.send(request());
    arns.unshift(begun?.BulkOperationArn);
    await endpoint.advance('1m');
  }
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateListBulkOperations({ client: dynamodb, pageSize: 2 }, {})) {
    pages.push((page.BulkOperationsSummaryList ?? []).map((summary) => summary.BulkOperationArn));
  }
  assert.deepEqual(pages, [arns.slice(0, 2), arns.slice(2, 4), arns.slice(4)]);
  destroy();
});

test('reports are encrypted as asked, or as their bucket says', async (t) => {
  const endpoint = await testEndpoint(t);
  const { dynamodb, s3, destroy } = await prepared(endpoint, orders(1));
  const encryptionOf = async (asked: object): Promise<string | undefined> => {
    const OutputS3Configuration = { S3Bucket: 'output', OutputType: ['ERROR' as const], ...asked };
    const { BulkOperationDescription: begun } = await dynamodb.send(request({ OutputS3Configuration }));
    const described = await ended(dynamodb, begun?.BulkOperationArn);
    if (described.FailureCode !== undefined) return described.FailureCode;
    const Key = `AWSDynamoDB/${begun?.BulkOperationArn?.split('/').at(-1)}/manifest.json`;
    return (await s3.send(new HeadObjectCommand({ Bucket: 'output', Key }))).ServerSideEncryption;
  };
  assert.equal(await encryptionOf({}), 'AES256');
  const kms = { S3SseAlgorithm: 'KMS' };
  assert.equal(await encryptionOf({ ...kms, S3SseKmsKeyId: 'alias/aws/s3' }), 'aws:kms');
  assert.equal(await encryptionOf({ ...kms, S3SseKmsKeyId: 'alias/none' }), 'KmsNotFoundException');
  destroy();
});

test('policies decide who begins an operation and who may see it', async (t) => {
  const endpoint = await testEndpoint(t);
  const root = await prepared(endpoint, orders(1));
  const iam = new IAMClient(endpoint.clientOptions(ACCOUNT));
  await iam.send(new CreateUserCommand({ UserName: 'loader' }));
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: 'loader' }));
  const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const table = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/orders`;
  const Statement = [
    allow('dynamodb:StartBulkPutItems', table),
    allow('dynamodb:DescribeBulkOperation', `${table}/bulk-operation/*`),
  ];
  await iam.send(
    new PutUserPolicyCommand({
      UserName: 'loader',
      PolicyName: 'load',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  iam.destroy();
  const loader = new DynamoDBClient({
    ...endpoint.clientOptions(ACCOUNT),
    credentials: { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' },
  });
  const { BulkOperationDescription: begun } = await loader.send(request());
  const BulkOperationArn = begun?.BulkOperationArn;
  assert.equal((await ended(loader, BulkOperationArn)).BulkOperationStatus, 'COMPLETED');
  await assert.rejects(loader.send(new CancelBulkOperationCommand({ BulkOperationArn })), (error: Error) => {
    assert.equal(error.name, 'AccessDeniedException');
    assert.match(
      error.message,
      /not authorized to perform: dynamodb:CancelBulkOperation on resource: .*bulk-operation/,
    );
    return true;
  });
  loader.destroy();
  root.destroy();
});
