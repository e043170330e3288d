import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as DynamoDb from '@aws-sdk/client-dynamodb';
import {
  CreateRoleCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  ListUsersCommand,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { IamMode } from '../kernel/authorizer.js';
import { iamOf, optionsAs, policyOf, type TestCredentials } from '../testing/iam-fixture.js';
import { send, type TestEndpoint, testEndpoint } from '../testing/test-endpoint.js';

const ACCOUNT = '000000000000';
const TABLE_ARN = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/orders`;
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;
const refusal = (action: string, resource = TABLE_ARN) =>
  `User: ${ANN} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

async function start(t: TestContext, iam: IamMode = 'enforce') {
  const endpoint = await testEndpoint(t, { iam });
  const root = new DynamoDb.DynamoDBClient(endpoint.clientOptions());
  t.after(() => root.destroy());
  await root.send(
    new DynamoDb.CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  return { endpoint, root, ...iamOf(t, endpoint) };
}

function tablesAs(t: TestContext, endpoint: TestEndpoint, credentials: TestCredentials): DynamoDb.DynamoDBClient {
  const client = new DynamoDb.DynamoDBClient(optionsAs(endpoint, credentials));
  t.after(() => client.destroy());
  return client;
}

const put = (pk: string) => new DynamoDb.PutItemCommand({ TableName: 'orders', Item: { pk: { S: pk } } });

test('a user may do what a policy allows, and is told in the words of AWS what none does', async (t) => {
  const { endpoint, user } = await start(t);
  const allow = { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: TABLE_ARN };
  const tables = tablesAs(t, endpoint, await user('ann', policyOf(allow)));
  await tables.send(put('a'));
  await assert.rejects(tables.send(new DynamoDb.ScanCommand({ TableName: 'orders' })), {
    name: 'AccessDeniedException',
    message: refusal('dynamodb:Scan'),
  });
});

test('each service refuses in its own form', async (t) => {
  const { endpoint, user } = await start(t);
  const ann = optionsAs(endpoint, await user('ann'));
  const clients = { s3: new S3Client({ ...ann, forcePathStyle: true }), lambda: new LambdaClient(ann) };
  for (const client of Object.values(clients)) t.after(() => client.destroy());
  await assert.rejects(
    clients.s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
    (error: Error & { $metadata: object }) => {
      assert.equal(error.name, 'AccessDenied');
      assert.match(error.message, /s3:GetObject on resource: "arn:aws:s3:::b\/k" because/);
      return true;
    },
  );
  await assert.rejects(clients.lambda.send(new ListFunctionsCommand({})), {
    name: 'AccessDeniedException',
    message: refusal('lambda:ListFunctions', '*'),
  });
  const other = new IAMClient(ann);
  t.after(() => other.destroy());
  await assert.rejects(other.send(new ListUsersCommand({})), {
    name: 'AccessDenied',
    message: refusal('iam:ListUsers', `arn:aws:iam::${ACCOUNT}:user/`),
  });
});

test('conditions on keys keep a user to its own items', async (t) => {
  const { endpoint, user } = await start(t);
  const own = {
    Effect: 'Allow',
    Action: ['dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
    Resource: TABLE_ARN,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${aws:username}'] } },
  };
  const tables = tablesAs(t, endpoint, await user('ann', policyOf(own)));
  await tables.send(put('ann'));
  await assert.rejects(tables.send(put('bob')), { name: 'AccessDeniedException' });
  const write = (...keys: string[]) =>
    new DynamoDb.BatchWriteItemCommand({
      RequestItems: { orders: keys.map((pk) => ({ PutRequest: { Item: { pk: { S: pk } } } })) },
    });
  await tables.send(write('ann'));
  await assert.rejects(tables.send(write('ann', 'bob')), { name: 'AccessDeniedException' });
});

test('a policy may ask when, from where and with what a request comes', async (t) => {
  const { endpoint, user } = await start(t);
  const Condition = {
    IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
    StringLike: { 'aws:UserAgent': 'aws-sdk-js/*' },
    DateLessThan: { 'aws:CurrentTime': new Date(endpoint.clock.nowMs() + 60_000).toISOString() },
    StringEquals: { 'aws:RequestedRegion': 'us-east-1' },
  };
  const tables = tablesAs(
    t,
    endpoint,
    await user('ann', policyOf({ Effect: 'Allow', Action: '*', Resource: '*', Condition })),
  );
  await tables.send(put('a'));
  endpoint.clock.advance(60_000);
  await assert.rejects(tables.send(put('a')), { name: 'AccessDeniedException' });
});

test('the policy of a table lets in whom it names, and shuts out whom it denies', async (t) => {
  const { endpoint, root, user } = await start(t);
  const tables = tablesAs(t, endpoint, await user('ann'));
  await assert.rejects(tables.send(put('a')));
  const policy = policyOf(
    { Effect: 'Allow', Principal: { AWS: ANN }, Action: 'dynamodb:*', Resource: TABLE_ARN },
    { Effect: 'Deny', Principal: '*', Action: 'dynamodb:DeleteItem', Resource: TABLE_ARN },
  );
  await root.send(new DynamoDb.PutResourcePolicyCommand({ ResourceArn: TABLE_ARN, Policy: policy }));
  await tables.send(put('a'));
  await assert.rejects(tables.send(new DynamoDb.DeleteItemCommand({ TableName: 'orders', Key: { pk: { S: 'a' } } })), {
    message: `User: ${ANN} is not authorized to perform: dynamodb:DeleteItem on resource: ${TABLE_ARN} with an explicit deny in a resource-based policy`,
  });
});

test('of several statements each is let through or denied alone, and what is invalid is told first', async (t) => {
  const { endpoint, root, user } = await start(t);
  const Condition = {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['public'], 'dynamodb:Attributes': ['pk', 'v'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
  const allow = { Effect: 'Allow', Action: 'dynamodb:PartiQL*', Resource: TABLE_ARN, Condition };
  const ann = tablesAs(t, endpoint, await user('ann', policyOf(allow)));
  const insert = (pk: string) => ({ Statement: `INSERT INTO orders VALUE {'pk': '${pk}', 'v': 1}` });
  const select = (pk: string, columns = '*') => ({ Statement: `SELECT ${columns} FROM orders WHERE pk = '${pk}'` });
  await ann.send(new DynamoDb.ExecuteStatementCommand(insert('public')));
  const batch = async (...Statements: { Statement: string }[]) => {
    const { Responses } = await ann.send(new DynamoDb.BatchExecuteStatementCommand({ Statements }));
    return Responses;
  };
  const denied = (verb: string) => ({ Code: 'AccessDenied', Message: refusal(`dynamodb:PartiQL${verb}`) });
  const refused = { Error: denied('Select'), TableName: 'orders' };
  const found = { Item: { v: { N: '1' } }, TableName: 'orders' };
  assert.deepEqual(await batch(select('public', 'v'), select('other')), [found, refused]);
  assert.deepEqual(await batch(select('public', 'secret')), [refused]);
  const absent = { Statement: `SELECT * FROM nowhere WHERE pk = 'a'` };
  const [unknown, invalid] = (await batch(absent, { Statement: `SELECT * FROM orders WHERE v = 1` })) ?? [];
  assert.deepEqual([unknown?.Error?.Code, invalid?.Error?.Code], ['AccessDenied', 'ValidationError']);
  const transact = (...TransactStatements: { Statement: string }[]) =>
    ann.send(new DynamoDb.ExecuteTransactionCommand({ TransactStatements }));
  await assert.rejects(transact(select('public'), select('other')), {
    name: 'TransactionCanceledException',
    message: /\[None, AccessDenied\]$/,
    CancellationReasons: [{ Code: 'None' }, denied('Select')],
  });
  const update = { Statement: `UPDATE orders SET secret = 1 WHERE pk = 'public'` };
  await assert.rejects(transact(update), { CancellationReasons: [denied('Update')] });
  const { Count } = await root.send(new DynamoDb.ScanCommand({ TableName: 'orders' }));
  assert.equal(Count, 1);
  assert.equal((await transact(select('public'))).Responses?.length, 1);
});

const LOCKED_OUT = {
  name: 'AccessDeniedException',
  message: 'The new resource policy will not allow you to update the resource policy in the future.',
};

test('nobody locks himself out of a table’s policy without saying so, the root of the account neither', async (t) => {
  const { endpoint, root, user } = await start(t);
  const ann = tablesAs(
    t,
    endpoint,
    await user('ann', policyOf({ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' })),
  );
  const putPolicy = (client: DynamoDb.DynamoDBClient, statement: object, more = {}) => {
    const rest = { Effect: 'Deny', Principal: '*', Action: 'dynamodb:PutResourcePolicy', Resource: TABLE_ARN };
    const Policy = policyOf({ ...rest, ...statement });
    return client.send(new DynamoDb.PutResourcePolicyCommand({ ResourceArn: TABLE_ARN, Policy, ...more }));
  };
  const annAlone = { Condition: { ArnEquals: { 'aws:PrincipalArn': ANN } } };
  const elsewhere = { Condition: { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } } };
  for (const statement of [{}, { Action: 'dynamodb:*' }, { Principal: { AWS: ANN } }, annAlone]) {
    await assert.rejects(putPolicy(ann, statement), LOCKED_OUT);
    await assert.rejects(putPolicy(ann, statement, { ConfirmRemoveSelfResourceAccess: false }), LOCKED_OUT);
  }
  await assert.rejects(putPolicy(root, {}), LOCKED_OUT);
  // What is no policy, or for no table, is told so first.
  await assert.rejects(putPolicy(root, { Resource: undefined }), { name: 'ValidationException' });
  const absent = { ResourceArn: `${TABLE_ARN}-not` };
  await assert.rejects(putPolicy(root, {}, absent), { name: 'ResourceNotFoundException' });
  await putPolicy(root, annAlone);
  await putPolicy(root, { Principal: { AWS: ANN }, Action: 'dynamodb:DeleteResourcePolicy' });
  await putPolicy(ann, elsewhere);
  await putPolicy(ann, {}, { ConfirmRemoveSelfResourceAccess: true });
  await assert.rejects(putPolicy(ann, elsewhere), /is not authorized to perform: dynamodb:PutResourcePolicy/);
});

test('who may change a policy by that policy alone cannot put one without it', async (t) => {
  const { endpoint, root, user } = await start(t);
  const ann = tablesAs(t, endpoint, await user('ann'));
  const putPolicy = (client: DynamoDb.DynamoDBClient, Action: string) => {
    const Policy = policyOf({ Effect: 'Allow', Principal: { AWS: ANN }, Action, Resource: TABLE_ARN });
    return client.send(new DynamoDb.PutResourcePolicyCommand({ ResourceArn: TABLE_ARN, Policy }));
  };
  await putPolicy(root, 'dynamodb:*');
  await assert.rejects(putPolicy(ann, 'dynamodb:GetItem'), LOCKED_OUT);
  await putPolicy(ann, 'dynamodb:Put*');
});

test('where policies are not enforced, nobody is locked out', async (t) => {
  for (const mode of ['audit', 'off'] as const) {
    const { endpoint, root } = await start(t, mode);
    const Policy = policyOf({ Effect: 'Deny', Principal: '*', Action: 'dynamodb:*', Resource: TABLE_ARN });
    await root.send(new DynamoDb.PutResourcePolicyCommand({ ResourceArn: TABLE_ARN, Policy }));
    const { body } = await send(endpoint.current().url, { method: 'GET', path: '/_tablewright/denials' });
    assert.equal(JSON.parse(body).denials.length, mode === 'audit' ? 1 : 0);
  }
});

test('a table’s policy names users and roles that are there, as far as their account is known', async (t) => {
  const { root, iam, user } = await start(t);
  const policy = (AWS: string) =>
    policyOf({ Effect: 'Allow', Principal: { AWS }, Action: 'dynamodb:GetItem', Resource: TABLE_ARN });
  const putPolicy = (principal: string) =>
    root.send(new DynamoDb.PutResourcePolicyCommand({ ResourceArn: TABLE_ARN, Policy: policy(principal) }));
  const invalid = {
    name: 'ValidationException',
    message: 'One or more parameter values were invalid: Invalid principal in policy document.',
  };
  const role = `arn:aws:iam::${ACCOUNT}:role/app/reader`;
  for (const principal of [ANN, role]) await assert.rejects(putPolicy(principal), invalid);
  await assert.rejects(
    root.send(
      new DynamoDb.CreateTableCommand({
        TableName: 'other',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        ResourcePolicy: policy(ANN),
      }),
    ),
    invalid,
  );
  await user('ann');
  const trust = policyOf({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  await iam.send(new CreateRoleCommand({ RoleName: 'reader', Path: '/app/', AssumeRolePolicyDocument: trust }));
  for (const principal of [ANN, role]) await putPolicy(principal);
  await assert.rejects(putPolicy(role.replace('/app', '')), invalid);
  await putPolicy('arn:aws:iam::111122223333:role/reader');
});

test('in audit mode what would be denied is carried out and noted, switched off nothing is', async (t) => {
  for (const mode of ['audit', 'off'] as const) {
    const { endpoint, user } = await start(t, mode);
    const tables = tablesAs(t, endpoint, await user('ann'));
    await tables.send(put('a'));
    const { body } = await send(endpoint.current().url, { method: 'GET', path: '/_tablewright/denials' });
    const answer = JSON.parse(body);
    assert.equal(answer.mode, mode);
    const noted = answer.denials.map((denial: { action: string; enforced: boolean }) => [
      denial.action,
      denial.enforced,
    ]);
    assert.deepEqual(noted, mode === 'audit' ? [['dynamodb:PutItem', false]] : []);
  }
});

test('a strict endpoint takes the keys that it issued, and no others', async (t) => {
  const { endpoint, user } = await start(t);
  const ann = await user('ann', policyOf({ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }));
  await endpoint.restart({ iam: 'strict' });
  await tablesAs(t, endpoint, ann).send(put('a'));
  const unknown = { accessKeyId: 'AKIDUNKNOWN', secretAccessKey: 'any' };
  await assert.rejects(tablesAs(t, endpoint, unknown).send(put('b')), {
    name: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  });
  const sts = new STSClient(optionsAs(endpoint, unknown));
  t.after(() => sts.destroy());
  await assert.rejects(sts.send(new GetCallerIdentityCommand({})), { name: 'InvalidClientTokenId' });
  const s3 = new S3Client({ ...optionsAs(endpoint, ann), forcePathStyle: true });
  t.after(() => s3.destroy());
  await assert.rejects(s3.send(new CreateBucketCommand({ Bucket: 'files' })), { name: 'AccessDenied' });
});

test('keys of IAM must sign, whatever the protocol; a key that is switched off or gone is refused', async (t) => {
  const { endpoint, iam, user } = await start(t);
  const good = await user('ann', 'arn:aws:iam::aws:policy/AdministratorAccess');
  const bad = { ...good, secretAccessKey: 'guessed' };
  const attempts = (credentials: TestCredentials) => {
    const options = optionsAs(endpoint, credentials);
    const sts = new STSClient(options);
    const s3 = new S3Client({ ...options, forcePathStyle: true });
    const lambda = new LambdaClient(options);
    const tables = tablesAs(t, endpoint, credentials);
    for (const client of [sts, s3, lambda]) t.after(() => client.destroy());
    return {
      dynamodb: () => tables.send(put('a')),
      sts: () => sts.send(new GetCallerIdentityCommand({})),
      s3: () => s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a b/ü+(1).txt', Body: 'x'.repeat(100_000) })),
      lambda: () => lambda.send(new ListFunctionsCommand({})),
    };
  };
  const admin = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  t.after(() => admin.destroy());
  await admin.send(new CreateBucketCommand({ Bucket: 'files' }));
  for (const attempt of Object.values(attempts(good))) await attempt();
  const refused = async (credentials: TestCredentials, codes: Record<string, string>) => {
    for (const [service, attempt] of Object.entries(attempts(credentials))) {
      await assert.rejects(attempt(), { name: codes[service] }, service);
    }
  };
  const mismatch = 'InvalidSignatureException';
  await refused(bad, {
    dynamodb: mismatch,
    sts: 'SignatureDoesNotMatch',
    s3: 'SignatureDoesNotMatch',
    lambda: mismatch,
  });
  const unknown = {
    dynamodb: 'UnrecognizedClientException',
    sts: 'InvalidClientTokenId',
    s3: 'InvalidAccessKeyId',
    lambda: 'UnrecognizedClientException',
  };
  const key = { UserName: 'ann', AccessKeyId: good.accessKeyId };
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
  await refused(good, unknown);
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }));
  await attempts(good).dynamodb();
  await iam.send(new UpdateUserCommand({ UserName: 'ann', NewUserName: 'anna' }));
  await attempts(good).dynamodb();
  await iam.send(new DeleteAccessKeyCommand({ ...key, UserName: 'anna' }));
  await endpoint.restart();
  await refused(good, unknown);
});
