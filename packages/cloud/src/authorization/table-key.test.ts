import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Dynamo from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { iamOf, optionsAs, policyOf, type TestCredentials } from '../testing/iam-fixture.js';
import { testEndpoint } from '../testing/test-endpoint.js';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

test("a table with a customer's key is for those who may use the key through DynamoDB, too", async (t) => {
  const endpoint = await testEndpoint(t, { iam: 'enforce' });
  const root = new Dynamo.DynamoDBClient(endpoint.clientOptions());
  const kms = new KMSClient(endpoint.clientOptions());
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
  const create = (TableName: string, KMSMasterKeyId?: string) =>
    root.send(
      new Dynamo.CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        SSESpecification: { Enabled: true, SSEType: 'KMS', ...(KMSMasterKeyId !== undefined && { KMSMasterKeyId }) },
      }),
    );
  await create('orders', key?.Arn);
  await create('managed');
  const { user } = iamOf(t, endpoint);
  const items = { Effect: 'Allow', Action: 'dynamodb:*', Resource: [TABLE, TABLE.replace('orders', 'managed')] };
  const decrypt = (via: string) => ({
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: key?.Arn,
    Condition: { StringEquals: { 'kms:ViaService': via } },
  });
  const using = (credentials: TestCredentials) => {
    const client = new Dynamo.DynamoDBClient(optionsAs(endpoint, credentials));
    t.after(() => client.destroy());
    return (TableName = 'orders') => [
      client.send(new Dynamo.PutItemCommand({ TableName, Item: { id: { S: 'a' } } })),
      client.send(new Dynamo.ScanCommand({ TableName })),
      client.send(new Dynamo.ExecuteStatementCommand({ Statement: `SELECT * FROM ${TableName}` })),
    ];
  };
  const as = async (name: string, ...statements: object[]) => using(await user(name, policyOf(...statements)));
  t.after(() => {
    for (const client of [root, kms]) client.destroy();
  });
  const denied = {
    name: 'AccessDeniedException',
    message:
      /^KMS key access denied error: .*The ciphertext refers to a customer master key that does not exist, .* \(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: /,
  };
  const ann = await user('ann', policyOf(items));
  const without = using(ann);
  for (const request of without()) await assert.rejects(request, denied);
  const Statements = [{ Statement: "SELECT * FROM orders WHERE id = 'a'" }];
  const statement = async (credentials: TestCredentials) => {
    const client = new Dynamo.DynamoDBClient(optionsAs(endpoint, credentials));
    const { Responses } = await client.send(new Dynamo.BatchExecuteStatementCommand({ Statements }));
    client.destroy();
    return Responses?.[0]?.Error;
  };
  assert.equal((await statement(ann))?.Code, 'AccessDenied');
  assert.match((await statement(ann))?.Message ?? '', denied.message);
  // The policy of AWS's own key lets everybody in who comes through DynamoDB.
  await Promise.all(without('managed'));
  const elsewhere = await as('bob', items, decrypt('s3.us-east-1.amazonaws.com'));
  for (const request of elsewhere()) await assert.rejects(request, denied);
  await Promise.all((await as('cid', items, decrypt('dynamodb.us-east-1.amazonaws.com')))());
  // A key's policy allows, too, also before anybody has asked KMS.
  const Policy = policyOf({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::000000000000:user/ann' },
    Action: 'kms:*',
    Resource: '*',
  });
  await kms.send(new PutKeyPolicyCommand({ KeyId: key?.KeyId, Policy }));
  await Promise.all(without());
  await endpoint.restart();
  await Promise.all(using(ann)());
});
