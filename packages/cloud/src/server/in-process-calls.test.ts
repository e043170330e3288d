import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import type { GatedRequest, Outcome } from '../kernel/gates.js';
import { serviceActor } from '../kernel/principal.js';
import { RequestLog } from '../kernel/request-log.js';
import { ServiceError } from '../wire/index.js';
import { openEstate } from './estate.js';

const ACTOR = serviceActor('backup.amazonaws.com', { accountId: '000000000000', region: 'eu-west-1' });

async function newEstate(context: { after(action: () => Promise<void>): void }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tablewright-estate-'));
  const machineClock = new VirtualClock();
  const requests = new RequestLog(machineClock, join(dataDir, 'requests.log'));
  const estate = await openEstate({
    machineClock,
    random: new SeededRandom(1),
    dataDir,
    requests,
    address: '127.0.0.1:1',
    throughput: 'enforced',
    iam: 'enforce',
    transitionDelayMs: 0,
    streamShards: 1,
  });
  context.after(async () => {
    await estate.close();
    requests.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return estate;
}

const TABLE = {
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
} as const;

test('a service calls DynamoDB and others as the API has them, errors included', async (context) => {
  const { kernel } = await newEstate(context);
  await kernel.calls.run('dynamodb', 'CreateTable', ACTOR, TABLE);
  await kernel.calls.run('dynamodb', 'PutItem', ACTOR, { TableName: 'orders', Item: { id: { S: 'a' } } });
  const got = await kernel.calls.run<{ Item?: object }>('dynamodb', 'GetItem', ACTOR, {
    TableName: 'orders',
    Key: { id: { S: 'a' } },
  });
  assert.deepEqual(got.Item, { id: { S: 'a' } });
  const identity = await kernel.calls.run<GetCallerIdentityCommandOutput>('sts', 'GetCallerIdentity', ACTOR, {});
  assert.equal(identity.Account, '000000000000');
  await assert.rejects(kernel.calls.run('dynamodb', 'DescribeTable', ACTOR, { TableName: 'none' }), {
    code: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: none not found',
  });
  await assert.rejects(kernel.calls.run('sts', 'AssumeRoot', ACTOR, {}), { code: 'UnknownOperationException' });
  await assert.rejects(kernel.calls.run('pinpoint', 'Anything', ACTOR, {}), { code: 'UnknownService' });
});

test('calls and requests over the wire pass the same gates, which refuse and see how each ended', async (context) => {
  const { kernel } = await newEstate(context);
  const seen: [GatedRequest, Outcome][] = [];
  kernel.gates.add({
    standsBefore: (service, operation) => service === 'dynamodb' && operation !== 'CreateTable',
    enter({ operation }) {
      if (operation === 'DeleteTable') throw new ServiceError('AccessDeniedException', 'not you');
    },
    leave: (request, outcome) => void seen.push([request, outcome]),
  });
  await kernel.calls.run('dynamodb', 'CreateTable', ACTOR, TABLE);
  await kernel.calls.run('dynamodb', 'DescribeTable', ACTOR, { TableName: 'orders' });
  await assert.rejects(kernel.calls.run('dynamodb', 'DeleteTable', ACTOR, { TableName: 'orders' }), /not you/);
  assert.deepEqual(
    seen.map(([{ operation, principal }, { errorCode }]) => [operation, principal.kind, errorCode]),
    [
      ['DescribeTable', 'service', undefined],
      ['DeleteTable', 'service', 'AccessDeniedException'],
    ],
  );
});

test('what a service asks with a role is held to what the role may do', async (context) => {
  const { kernel } = await newEstate(context);
  const roleArn = 'arn:aws:iam::000000000000:role/job';
  const trust = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const allow = { Effect: 'Allow', Action: 'dynamodb:DescribeTable', Resource: '*' };
  const documentOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await kernel.calls.run('iam', 'CreateRole', ACTOR, { RoleName: 'job', AssumeRolePolicyDocument: documentOf(trust) });
  const { identity } = kernel.ports;
  assert.equal(identity.mayServiceAssume(roleArn, 'backup.amazonaws.com'), true);
  assert.equal(identity.mayServiceAssume(roleArn, 'lambda.amazonaws.com'), false);
  const principal = identity.roleSession(roleArn, 'AWSBackup');
  assert.ok(principal);
  await kernel.calls.run('dynamodb', 'CreateTable', ACTOR, TABLE);
  const describe = () =>
    kernel.calls.run('dynamodb', 'DescribeTable', { caller: ACTOR.caller, principal }, { TableName: 'orders' });
  const action = 'dynamodb:DescribeTable';
  const resource = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders';
  const message =
    `User: arn:aws:sts::000000000000:assumed-role/job/AWSBackup is not authorized to perform: ${action} on resource: ` +
    `${resource} because no identity-based policy allows the ${action} action`;
  await assert.rejects(describe(), { code: 'AccessDeniedException', message });
  assert.equal(identity.denial(principal, { action, resource }, { region: 'eu-west-1' }), message);
  const input = { RoleName: 'job', PolicyName: 'p', PolicyDocument: documentOf(allow) };
  await kernel.calls.run('iam', 'PutRolePolicy', ACTOR, input);
  await describe();
  assert.equal(identity.denial(principal, { action, resource }, { region: 'eu-west-1' }), undefined);
});

test('a service delivers to where a policy lets it', async (context) => {
  const { kernel } = await newEstate(context);
  const topic = 'arn:aws:sns:eu-west-1:000000000000:news';
  const Condition = { ArnEquals: { 'aws:SourceArn': topic } };
  const allow = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: '*',
    Condition,
  };
  await kernel.calls.run('lambda', 'ListFunctions', ACTOR, {});
  kernel.resourcePolicies.offer('lambda', () => ({
    accountId: '000000000000',
    documents: [JSON.stringify({ Version: '2012-10-17', Statement: allow })],
  }));
  const invoke = (sourceArn: string) =>
    kernel.calls.run('lambda', 'Invoke', serviceActor('sns.amazonaws.com', ACTOR.caller, sourceArn), {
      FunctionName: 'f',
    });
  await assert.rejects(invoke(`${topic}2`), { code: 'AccessDeniedException' });
  await assert.rejects(invoke(topic), { code: 'ResourceNotFoundException' });
});
