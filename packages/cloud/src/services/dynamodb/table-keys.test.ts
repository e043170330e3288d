import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as Dynamo from '@aws-sdk/client-dynamodb';
import * as Kms from '@aws-sdk/client-kms';
import { testEndpoint } from '../../testing/test-endpoint.js';

const DAY_MS = 24 * 3_600_000;

function table(KMSMasterKeyId: string): Dynamo.CreateTableCommandInput {
  return {
    TableName: 'orders',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId },
  };
}

/** An endpoint, and for each region KMS with a new key, and DynamoDB. */
async function start(t: TestContext) {
  const endpoint = await testEndpoint(t);
  const clients = async (region = 'us-east-1') => {
    const options = { ...endpoint.clientOptions(), region };
    const kms = new Kms.KMSClient(options);
    const dynamodb = new Dynamo.DynamoDBClient(options);
    t.after(() => {
      kms.destroy();
      dynamodb.destroy();
    });
    const { KeyMetadata } = await kms.send(new Kms.CreateKeyCommand({}));
    const key = { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
    return { kms, dynamodb, key };
  };
  return { endpoint, clients, ...(await clients()) };
}

test('a table is inaccessible while its key is disabled, and archived after seven days', async (t) => {
  const { endpoint, kms, dynamodb, key } = await start(t);
  const KeyId = key.id;
  await kms.send(new Kms.CreateAliasCommand({ AliasName: 'alias/orders', TargetKeyId: KeyId }));
  const { TableDescription } = await dynamodb.send(new Dynamo.CreateTableCommand(table('alias/orders')));
  assert.equal(TableDescription?.SSEDescription?.KMSMasterKeyArn, key.arn);
  const Item = { id: { S: 'a' } };
  await dynamodb.send(new Dynamo.PutItemCommand({ TableName: 'orders', Item }));
  const get = () => dynamodb.send(new Dynamo.GetItemCommand({ TableName: 'orders', Key: Item }));
  const describe = async () => (await dynamodb.send(new Dynamo.DescribeTableCommand({ TableName: 'orders' }))).Table;

  await kms.send(new Kms.DisableKeyCommand({ KeyId }));
  await assert.rejects(get(), (error: Error) => {
    assert.equal(error.name, 'ValidationException');
    assert.match(
      error.message,
      /^KMS key disabled error: .*DisabledException: arn:aws:kms:.* is disabled\. \(Service: AWSKMS/,
    );
    return true;
  });
  assert.equal((await describe())?.TableStatus, 'INACCESSIBLE_ENCRYPTION_CREDENTIALS');
  assert.equal((await describe())?.SSEDescription?.InaccessibleEncryptionDateTime?.getTime(), endpoint.clock.nowMs());
  await kms.send(new Kms.EnableKeyCommand({ KeyId }));
  assert.deepEqual((await get()).Item, Item);

  await kms.send(new Kms.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
  await assert.rejects(get(), {
    message: /^KMS validation error: .*KMSInvalidStateException: .* is pending deletion\./,
  });
  endpoint.clock.advance(7 * DAY_MS + 1000);
  const archived = await describe();
  assert.equal(archived?.TableStatus, 'ARCHIVED');
  assert.equal(archived?.ArchivalSummary?.ArchivalReason, 'INACCESSIBLE_ENCRYPTION_CREDENTIALS');
  const BackupArn = archived?.ArchivalSummary?.ArchivalBackupArn;
  const { BackupDescription } = await dynamodb.send(new Dynamo.DescribeBackupCommand({ BackupArn }));
  assert.equal(BackupDescription?.SourceTableDetails?.TableName, 'orders');
  await dynamodb.send(new Dynamo.DeleteTableCommand({ TableName: 'orders' }));
});

test('a table is not made with a key that is not there, is disabled, or belongs to another region', async (t) => {
  const { kms, dynamodb, key } = await start(t);
  const create = (keyId: string) => dynamodb.send(new Dynamo.CreateTableCommand(table(keyId)));
  const missing = 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555';
  await assert.rejects(create(missing), {
    name: 'ValidationException',
    message: new RegExp(
      `^KMS validation error: .*NotFoundException: Key '${missing}' does not exist \\(Service: AWSKMS`,
    ),
  });
  await assert.rejects(create(missing.replace('us-east-1', 'eu-west-1')), { message: /Invalid arn eu-west-1/ });
  await assert.rejects(create('alias/none'), { message: /Alias arn:aws:kms:.*:alias\/none is not found\./ });
  await kms.send(new Kms.DisableKeyCommand({ KeyId: key.id }));
  await assert.rejects(create(key.id), { message: /^KMS key disabled error/ });
});

test('without its key, settings of a table change, but nothing that is encrypted with it', async (t) => {
  const { kms, dynamodb, key } = await start(t);
  const KeyId = key.arn;
  await dynamodb.send(new Dynamo.CreateTableCommand(table(KeyId)));
  await kms.send(new Kms.DisableKeyCommand({ KeyId }));
  const TableName = 'orders';
  const update = (input: Partial<Dynamo.UpdateTableCommandInput>) =>
    dynamodb.send(new Dynamo.UpdateTableCommand({ TableName, ...input }));
  await update({ DeletionProtectionEnabled: true });
  await update({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } });
  await update({ TableClass: 'STANDARD_INFREQUENT_ACCESS' });
  await update({ BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } });
  const describe = async () => (await dynamodb.send(new Dynamo.DescribeTableCommand({ TableName }))).Table;
  const changed = await describe();
  assert.deepEqual(
    [changed?.TableStatus, changed?.TableClassSummary?.TableClass, changed?.ProvisionedThroughput?.ReadCapacityUnits],
    ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'STANDARD_INFREQUENT_ACCESS', 1],
  );
  const refused = { name: 'ValidationException', message: /^KMS key disabled error: .* is disabled\. / };
  await assert.rejects(update({ SSESpecification: { Enabled: false } }), refused);
  await assert.rejects(
    dynamodb.send(
      new Dynamo.UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'at', Enabled: true },
      }),
    ),
    refused,
  );
  await assert.rejects(dynamodb.send(new Dynamo.CreateBackupCommand({ TableName, BackupName: 'without' })), refused);
  await assert.rejects(
    dynamodb.send(new Dynamo.UpdateContributorInsightsCommand({ TableName, ContributorInsightsAction: 'ENABLE' })),
    refused,
  );
  await kms.send(new Kms.EnableKeyCommand({ KeyId }));
  assert.equal((await describe())?.TableStatus, 'ACTIVE');
});

test('a key that a replica cannot use is told of with its region', async (t) => {
  const { dynamodb, key, clients } = await start(t);
  const { kms: west, key: theirs } = await clients('us-west-2');
  await west.send(new Kms.DisableKeyCommand({ KeyId: theirs.id }));
  await dynamodb.send(new Dynamo.CreateTableCommand(table(key.arn)));
  const replicate = (KMSMasterKeyId: string | undefined) =>
    dynamodb.send(
      new Dynamo.UpdateTableCommand({
        TableName: 'orders',
        ReplicaUpdates: [{ Create: { RegionName: 'us-west-2', KMSMasterKeyId } }],
      }),
    );
  await assert.rejects(replicate(key.arn), {
    name: 'ValidationException',
    message: /^KMS validation error for region us-west-2: .*NotFoundException: Invalid arn us-east-1 /,
  });
  await assert.rejects(replicate(theirs.id), {
    name: 'ValidationException',
    message: /^Operation cannot be performed while replica server-side encryption status is in UPDATING state\. /,
  });
});

test('a replica without its key is told of, and after twenty hours is a table of its own', async (t) => {
  const { endpoint, dynamodb, key, clients } = await start(t);
  const { kms: kmsWest, dynamodb: dynamodbWest, key: theirs } = await clients('us-west-2');
  const TableName = 'orders';
  await dynamodb.send(new Dynamo.CreateTableCommand(table(key.arn)));
  const Create = { RegionName: 'us-west-2', KMSMasterKeyId: theirs.arn };
  await dynamodb.send(new Dynamo.UpdateTableCommand({ TableName, ReplicaUpdates: [{ Create }] }));
  const describe = async (client: Dynamo.DynamoDBClient) =>
    (await client.send(new Dynamo.DescribeTableCommand({ TableName }))).Table;
  await kmsWest.send(new Kms.DisableKeyCommand({ KeyId: theirs.id }));
  const disabledMs = endpoint.clock.nowMs();
  await endpoint.advance('19h');
  const replica = (await describe(dynamodb))?.Replicas?.[0];
  assert.equal(replica?.ReplicaStatus, 'INACCESSIBLE_ENCRYPTION_CREDENTIALS');
  assert.equal(replica?.ReplicaInaccessibleDateTime?.getTime(), disabledMs);
  await endpoint.advance('2h');
  assert.ok(!('Replicas' in ((await describe(dynamodb)) ?? {})));
  await kmsWest.send(new Kms.EnableKeyCommand({ KeyId: theirs.id }));
  await dynamodb.send(new Dynamo.PutItemCommand({ TableName, Item: { id: { S: 'a' } } }));
  await endpoint.advance('1h');
  const alone = await describe(dynamodbWest);
  assert.deepEqual([alone?.TableStatus, alone?.GlobalTableVersion], ['ACTIVE', undefined]);
  assert.equal((await dynamodbWest.send(new Dynamo.ScanCommand({ TableName }))).Count, 0);
});
