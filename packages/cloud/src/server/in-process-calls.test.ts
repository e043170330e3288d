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
