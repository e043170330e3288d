import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { dataStreamFixture } from '../testing/data-stream-fixture.js';
import { lambdaFixture } from '../testing/lambda-fixture.js';
import { type MappingFixture, mappingFixture } from '../testing/mapping-fixture.js';

const TRUST = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};
const READ_STREAM = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

async function poorRole({ endpoint }: Pick<MappingFixture, 'endpoint'>, t: { after(done: () => void): void }) {
  const iam = new IAMClient(endpoint.clientOptions());
  t.after(() => iam.destroy());
  const RoleName = 'poor';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
  const PolicyName = 'grant';
  return {
    Role: `arn:aws:iam::000000000000:role/${RoleName}`,
    iam,
    async allow(Resource: string, ...Action: string[]) {
      const Statement = { Effect: 'Allow', Action, Resource };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    },
    async forbid() {
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    },
    async attach(PolicyArn: string) {
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    },
  };
}

test('a mapping needs a role that may read the stream, and says so when it no longer may', async (t) => {
  const fixture = await mappingFixture(t);
  const { createWorker, map, mapping, put, batches, endpoint, streamArn } = fixture;
  const { Role, allow, forbid } = await poorRole(fixture, t);
  await createWorker('', { Role });
  const refusal =
    `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, ` +
    'DescribeStream, and ListStreams Actions on your stream in IAM.';
  await assert.rejects(map(), { name: 'InvalidParameterValueException', message: refusal });
  const onStream = (actions: readonly string[]): Promise<void> =>
    allow(streamArn.replace(/[^/]+$/, '*'), ...actions.map((action) => `dynamodb:${action}`));
  await onStream(READ_STREAM.filter((action) => action !== 'ListStreams'));
  await assert.rejects(map(), { name: 'InvalidParameterValueException', message: refusal });
  await onStream(READ_STREAM);
  const uuid = await map();
  await put('a');
  await endpoint.advance('1s');
  assert.equal((await mapping(uuid)).LastProcessingResult, 'OK');
  await forbid();
  await put('b');
  await endpoint.advance('1s');
  const troubled = await mapping(uuid);
  assert.deepEqual([troubled.State, troubled.LastProcessingResult], ['Enabled', `PROBLEM: ${refusal}`]);
  assert.deepEqual(batches(), [['a']]);
  await onStream(READ_STREAM);
  await endpoint.advance('10s');
  assert.equal((await mapping(uuid)).LastProcessingResult, 'OK');
  assert.deepEqual(batches(), [['a'], ['b']]);
});

test('a mapping on a Kinesis stream needs a role that may read it, too', async (t) => {
  const fixture = await dataStreamFixture(t);
  const { createWorker, map, mapping, put, batches, endpoint, streamArn } = fixture;
  const { Role, allow, forbid } = await poorRole(fixture, t);
  await createWorker('', { Role });
  const refusal =
    `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, ` +
    'DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.';
  const actions = [...READ_STREAM, 'ListShards'].map((action) => `kinesis:${action}`);
  for (const missing of actions) {
    await allow(streamArn, ...actions.filter((action) => action !== missing));
    await assert.rejects(map(), { name: 'InvalidParameterValueException', message: refusal }, missing);
  }
  await allow(streamArn, ...actions);
  const uuid = await map();
  await put('a-0');
  await endpoint.advance('1s');
  assert.deepEqual(batches(), [['a-0']]);
  await forbid();
  await put('a-1');
  await endpoint.advance('1s');
  assert.equal((await mapping(uuid)).LastProcessingResult, `PROBLEM: ${refusal}`);
  await allow(streamArn, ...actions);
  await endpoint.advance('10s');
  assert.deepEqual(batches(), [['a-0'], ['a-1']]);
});

test("a function's code may do what its role may, and no more", async (t) => {
  const fixture = await lambdaFixture(t);
  const { endpoint, create, invoke, lambda } = fixture;
  const dynamodb = new DynamoDBClient(endpoint.clientOptions());
  t.after(() => dynamodb.destroy());
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: 'a' }, n: { N: '1' } } }));
  assert.ok((await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'a' } } }))).Item);
  const { Role, allow } = await poorRole(fixture, t);
  const code = `
    import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
    const client = new DynamoDBClient({});
    export const handler = async () =>
      (await client.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'a' } } }))).Item;`;
  await create('reader', code, { Role, Timeout: 30, MemorySize: 256 });
  const denied = await invoke('reader');
  assert.equal(denied.error, 'Unhandled');
  const { errorType, errorMessage } = denied.payload as { errorType: string; errorMessage: string };
  assert.equal(errorType, 'AccessDeniedException');
  assert.equal(
    errorMessage,
    'User: arn:aws:sts::000000000000:assumed-role/poor/reader is not authorized to perform: dynamodb:GetItem on ' +
      'resource: arn:aws:dynamodb:us-east-1:000000000000:table/orders because no identity-based policy allows the ' +
      'dynamodb:GetItem action',
  );
  await allow('*', 'dynamodb:GetItem');
  assert.deepEqual(await invoke('reader'), { error: undefined, payload: { id: { S: 'a' }, n: { N: '1' } } });
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'reader' }));
  assert.equal(Configuration?.Role, Role);
});

test('a function needs a role that is there and trusts Lambda', async (t) => {
  const { create } = await lambdaFixture(t);
  const Role = 'arn:aws:iam::000000000000:role/nobody';
  await assert.rejects(create('worker', 'export const handler = () => 1;', { Role }), {
    name: 'InvalidParameterValueException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  });
  const other = Role.replace('000000000000', '111111111111');
  await assert.rejects(create('worker', 'export const handler = () => 1;', { Role: other }), {
    name: 'AccessDeniedException',
  });
});

test('where policies are not enforced, a role need not be there: the function acts as the account', async (t) => {
  const { create, invoke } = await lambdaFixture(t, { iam: 'off' });
  const code = `
    import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
    export const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;`;
  const settings = { Role: 'arn:aws:iam::000000000000:role/nobody', Timeout: 30, MemorySize: 256 };
  await create('worker', code, settings);
  assert.deepEqual(await invoke('worker'), { error: undefined, payload: 'arn:aws:iam::000000000000:root' });
});
