import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeExportCommand,
  DescribeImportCommand,
  DynamoDBClient,
  type ExportFormat,
  ExportTableToPointInTimeCommand,
  ImportTableCommand,
  type ImportTableCommandInput,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
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
const TABLE = {
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
} satisfies ImportTableCommandInput['TableCreationParameters'];

function clients(endpoint: TestEndpoint): { dynamodb: DynamoDBClient; s3: S3Client; destroy(): void } {
  const dynamodb = new DynamoDBClient(endpoint.clientOptions(ACCOUNT));
  const s3 = new S3Client({ ...endpoint.clientOptions(ACCOUNT), forcePathStyle: true });
  return {
    dynamodb,
    s3,
    destroy() {
      dynamodb.destroy();
      s3.destroy();
    },
  };
}

/** A table with recovery and `count` items, and a bucket `files`. */
async function filled(endpoint: TestEndpoint, count: number) {
  const both = clients(endpoint);
  const { dynamodb, s3 } = both;
  await s3.send(new CreateBucketCommand({ Bucket: 'files' }));
  const { TableDescription: table } = await dynamodb.send(new CreateTableCommand(TABLE));
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: 'orders', PointInTimeRecoverySpecification }));
  for (let from = 0; from < count; from += 25) {
    const puts = Array.from({ length: Math.min(25, count - from) }, (_, at) => ({
      PutRequest: { Item: { id: { S: `order-${from + at}` }, n: { N: String(from + at) }, tags: { SS: ['a', 'é'] } } },
    }));
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { orders: puts } }));
  }
  return { ...both, tableArn: table?.TableArn };
}

async function ended(dynamodb: DynamoDBClient, ExportArn: string | undefined) {
  for (;;) {
    const { ExportDescription: described } = await dynamodb.send(new DescribeExportCommand({ ExportArn }));
    if (described?.ExportStatus !== 'IN_PROGRESS') return described;
  }
}

async function imported(dynamodb: DynamoDBClient, input: ImportTableCommandInput) {
  const { ImportTableDescription: begun } = await dynamodb.send(new ImportTableCommand(input));
  for (;;) {
    const { ImportTableDescription: described } = await dynamodb.send(
      new DescribeImportCommand({ ImportArn: begun?.ImportArn }),
    );
    if (described?.ImportStatus !== 'IN_PROGRESS') return described;
  }
}

async function items(dynamodb: DynamoDBClient, TableName: string): Promise<string[]> {
  const { Items: found = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  return found.map((one) => JSON.stringify(one)).sort();
}

for (const format of ['DYNAMODB_JSON', 'ION'] satisfies ExportFormat[]) {
  test(`a table goes through S3 as ${format} and back, with a restart in the middle of both`, async (t) => {
    const endpoint = await testEndpoint(t);
    const before = await filled(endpoint, 300);
    const { ExportDescription: begun } = await before.dynamodb.send(
      new ExportTableToPointInTimeCommand({ TableArn: before.tableArn, S3Bucket: 'files', ExportFormat: format }),
    );
    assert.equal(begun?.ExportStatus, 'IN_PROGRESS');
    before.destroy();
    await endpoint.restart();
    const between = clients(endpoint);
    const exported = await ended(between.dynamodb, begun?.ExportArn);
    assert.equal(exported?.ExportStatus, 'COMPLETED', exported?.FailureMessage);
    assert.equal(exported?.ItemCount, 300);
    const folder = `AWSDynamoDB/${begun?.ExportArn?.split('/').at(-1)}`;
    const input: ImportTableCommandInput = {
      ClientToken: 'a token',
      S3BucketSource: { S3Bucket: 'files', S3KeyPrefix: `${folder}/data/` },
      InputFormat: format,
      InputCompressionType: 'GZIP',
      TableCreationParameters: { ...TABLE, TableName: 'copy' },
    };
    const { ImportTableDescription: importing } = await between.dynamodb.send(new ImportTableCommand(input));
    between.destroy();
    await endpoint.restart();
    const after = clients(endpoint);
    let described = importing;
    while (described?.ImportStatus === 'IN_PROGRESS') {
      const answer = await after.dynamodb.send(new DescribeImportCommand({ ImportArn: importing?.ImportArn }));
      described = answer.ImportTableDescription;
    }
    assert.equal(described?.ImportStatus, 'COMPLETED', described?.FailureMessage);
    assert.equal(described?.ImportedItemCount, 300);
    assert.deepEqual(await items(after.dynamodb, 'copy'), await items(after.dynamodb, 'orders'));
    after.destroy();
  });
}

test('the files of an export are read back through S3, encrypted as asked', async (t) => {
  const endpoint = await testEndpoint(t);
  const { dynamodb, s3, tableArn, destroy } = await filled(endpoint, 10);
  const { ExportDescription: begun } = await dynamodb.send(
    new ExportTableToPointInTimeCommand({
      TableArn: tableArn,
      S3Bucket: 'files',
      S3Prefix: 'p',
      S3SseAlgorithm: 'KMS',
    }),
  );
  const described = await ended(dynamodb, begun?.ExportArn);
  const Key = described?.ExportManifest;
  const read = async (key: string | undefined): Promise<Uint8Array> => {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: key }));
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  };
  assert.equal((await s3.send(new HeadObjectCommand({ Bucket: 'files', Key }))).ServerSideEncryption, 'aws:kms');
  const summary = JSON.parse(Buffer.from(await read(Key)).toString());
  const files = Buffer.from(await read(summary.manifestFilesS3Key))
    .toString()
    .trim()
    .split('\n');
  let count = 0;
  for (const line of files) {
    const { dataFileS3Key, itemCount, etag } = JSON.parse(line);
    const text = gunzipSync(await read(dataFileS3Key)).toString();
    assert.equal(text.split('\n').length - 1, itemCount);
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'files', Key: dataFileS3Key }));
    assert.equal(head.ETag, `"${etag}"`);
    count += itemCount;
  }
  assert.equal(count, 10);
  const { Contents: objects = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: 'files', Prefix: 'p/AWSDynamoDB/' }),
  );
  assert.equal(objects.length, files.length + 5);
  destroy();
});

test('an import that fails tells CloudWatch Logs why', async (t) => {
  const endpoint = await testEndpoint(t);
  const { dynamodb, s3, destroy } = await filled(endpoint, 0);
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'in/a.csv', Body: 'title,year\nThe Dark Side,1973\n' }));
  const described = await imported(dynamodb, {
    S3BucketSource: { S3Bucket: 'files', S3KeyPrefix: 'in/' },
    InputFormat: 'CSV',
    TableCreationParameters: { ...TABLE, TableName: 'albums' },
  });
  assert.equal(described?.FailureCode, 'ItemValidationError');
  const id = described?.ImportArn?.split('/').at(-1) ?? '';
  const logs = new CloudWatchLogsClient(endpoint.clientOptions(ACCOUNT));
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName: '/aws-dynamodb/imports', logStreamName: `${id}/error` }),
  );
  logs.destroy();
  assert.deepEqual(
    events.map(({ message = '' }) => JSON.parse(message)),
    [
      {
        itemS3Pointer: { bucket: 'files', key: 'in/a.csv', itemIndex: 0 },
        importArn: described?.ImportArn,
        errorMessages: ['One or more parameter values were invalid: Missing the key id in the item'],
      },
    ],
  );
  destroy();
});

test('a bucket of another account is not written to', async (t) => {
  const endpoint = await testEndpoint(t);
  const { dynamodb, tableArn, destroy } = await filled(endpoint, 1);
  const other = new S3Client({ ...endpoint.clientOptions('444455556666'), forcePathStyle: true });
  await other.send(new CreateBucketCommand({ Bucket: 'theirs' }));
  const { ExportDescription: begun } = await dynamodb.send(
    new ExportTableToPointInTimeCommand({ TableArn: tableArn, S3Bucket: 'theirs' }),
  );
  const described = await ended(dynamodb, begun?.ExportArn);
  assert.equal(described?.FailureCode, 'S3AccessDenied');
  assert.match(described?.FailureMessage ?? '', /^Access Denied \(Service: Amazon S3; Status Code: 403;/);
  other.destroy();
  destroy();
});
