import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultKmsKeyArn } from './default-key.js';
import { ARN, CALLER, EngineFixture, orders } from './engine-fixture.js';

const DAY_MS = 24 * 3600 * 1000;

async function table(): Promise<EngineFixture> {
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', orders());
  return fixture;
}

test('tags are added, replaced, removed and listed all at once', async () => {
  const fixture = await table();
  const tags = Array.from({ length: 50 }, (_, at) => ({ Key: `key-${at}`, Value: `${at}` }));
  await fixture.run('TagResource', { ResourceArn: ARN, Tags: tags });
  await fixture.run('TagResource', { ResourceArn: ARN, Tags: [{ Key: 'key-0', Value: 'new' }] });
  const listed = await fixture.run('ListTagsOfResource', { ResourceArn: ARN });
  assert.deepEqual(listed, { Tags: [{ Key: 'key-0', Value: 'new' }, ...tags.slice(1)] });
  await fixture.run('UntagResource', { ResourceArn: ARN, TagKeys: tags.slice(1).map((tag) => tag.Key) });
  const left = await fixture.run('ListTagsOfResource', { ResourceArn: ARN });
  assert.deepEqual(left, { Tags: [{ Key: 'key-0', Value: 'new' }] });
});

test('tags obey the rules of AWS', async () => {
  const fixture = await table();
  const refuses = (tags: unknown[], message: string): Promise<void> =>
    fixture.refuses('TagResource', { ResourceArn: ARN, Tags: tags }, 'ValidationException', message);
  await refuses([], 'Atleast one Tag needs to be provided as Input.');
  await refuses([{ Key: 'aws:x', Value: '' }], 'Tag Key cannot be prefixed with aws:, Key: aws:x');
  await refuses([{ Key: 'a|b', Value: '' }], 'The Tag Key provided is invalid, Key: a|b');
  const long = 'k'.repeat(129);
  await refuses([{ Key: long, Value: '' }], `The Tag Key provided is invalid, Key: ${long}`);
  await refuses([{}], 'The Tag Key provided is invalid, Key: null');
  await refuses([{ Key: 'k' }], 'The Tag Value provided is invalid, Value: null');
  const many = Array.from({ length: 51 }, (_, at) => ({ Key: `${at}`, Value: '' }));
  await refuses(many, 'Number of Tags exceed the current limit for the provided ResourceArn');
  const remove = (TagKeys: string[], message: string): Promise<void> =>
    fixture.refuses('UntagResource', { ResourceArn: ARN, TagKeys }, 'ValidationException', message);
  await remove([''], 'The Tag Key provided is invalid, Key: ');
  await remove(
    many.map(({ Key }) => Key),
    'Number of Tags exceed the current limit for the provided ResourceArn',
  );
  const missing = ARN.replace('orders', 'missing');
  await fixture.refuses(
    'ListTagsOfResource',
    { ResourceArn: missing },
    'ResourceNotFoundException',
    `Requested resource not found: ResourcArn: ${missing} not found`,
  );
  const stream = `${ARN}/stream/2026-01-01T00:00:00.000`;
  await fixture.refuses(
    'ListTagsOfResource',
    { ResourceArn: stream },
    'ResourceNotFoundException',
    `Requested resource not found: ResourcArn: ${stream} not found`,
  );
});

test('time to live is switched on for one attribute, and off', async () => {
  const fixture = await table();
  const set = (AttributeName: string, Enabled: boolean): Record<string, unknown> => ({
    TableName: 'orders',
    TimeToLiveSpecification: { AttributeName, Enabled },
  });
  const describe = async (): Promise<unknown> =>
    (await fixture.run('DescribeTimeToLive', { TableName: 'orders' })).TimeToLiveDescription;
  assert.deepEqual(await describe(), { TimeToLiveStatus: 'DISABLED' });
  await fixture.refuses('UpdateTimeToLive', set('x', false), 'ValidationException', 'TimeToLive is already disabled');
  assert.deepEqual(await fixture.run('UpdateTimeToLive', set('x', true)), {
    TimeToLiveSpecification: { AttributeName: 'x', Enabled: true },
  });
  assert.deepEqual(await describe(), { TimeToLiveStatus: 'ENABLED', AttributeName: 'x' });
  await fixture.refuses('UpdateTimeToLive', set('x', true), 'ValidationException', 'TimeToLive is already enabled');
  await fixture.refuses(
    'UpdateTimeToLive',
    set('y', true),
    'ValidationException',
    'TimeToLive is active on a different AttributeName: current AttributeName is x',
  );
  await fixture.run('UpdateTimeToLive', set('x', false));
  assert.deepEqual(await describe(), { TimeToLiveStatus: 'DISABLED' });
});

test('the window of point-in-time recovery follows the clock', async () => {
  const fixture = await table();
  const set = async (specification: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const input = { TableName: 'orders', PointInTimeRecoverySpecification: specification };
    const output = await fixture.run('UpdateContinuousBackups', input);
    const { PointInTimeRecoveryDescription } = output.ContinuousBackupsDescription as Record<string, unknown>;
    return PointInTimeRecoveryDescription as Record<string, unknown>;
  };
  const startSeconds = Math.floor(fixture.clock.nowMs() / 1000);
  // The earliest is told by the second only.
  fixture.clock.advance(startSeconds * 1000 + 750 - fixture.clock.nowMs());
  assert.deepEqual(await set({ PointInTimeRecoveryEnabled: true }), {
    PointInTimeRecoveryStatus: 'ENABLED',
    RecoveryPeriodInDays: 35,
    EarliestRestorableDateTime: startSeconds,
    LatestRestorableDateTime: startSeconds,
  });
  fixture.clock.advance(10 * DAY_MS);
  assert.deepEqual(await set({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 }), {
    PointInTimeRecoveryStatus: 'ENABLED',
    RecoveryPeriodInDays: 7,
    EarliestRestorableDateTime: startSeconds + 3 * 24 * 3600,
    LatestRestorableDateTime: startSeconds + 0.75 + 10 * 24 * 3600 - 300,
  });
  assert.deepEqual(await set({ PointInTimeRecoveryEnabled: false }), { PointInTimeRecoveryStatus: 'DISABLED' });
  await fixture.refuses(
    'DescribeContinuousBackups',
    { TableName: 'missing' },
    'TableNotFoundException',
    'Table not found: missing',
  );
});

test('the default key is the same for an account and region, and another elsewhere', async () => {
  assert.equal(defaultKmsKeyArn(CALLER), defaultKmsKeyArn({ ...CALLER }));
  assert.notEqual(defaultKmsKeyArn(CALLER), defaultKmsKeyArn({ ...CALLER, region: 'eu-west-1' }));
  const fixture = new EngineFixture();
  await fixture.run('CreateTable', orders({ SSESpecification: { Enabled: true } }));
  const { SSEDescription } = await fixture.describe();
  assert.equal((SSEDescription as { KMSMasterKeyArn: string }).KMSMasterKeyArn, defaultKmsKeyArn(CALLER));
});

test('members of SSESpecification that do not go together are refused', async () => {
  const fixture = new EngineFixture();
  const refused = (SSESpecification: Record<string, unknown>, problem: string): Promise<void> =>
    fixture.refuses(
      'CreateTable',
      orders({ SSESpecification }),
      'ValidationException',
      `One or more parameter values were invalid: ${problem}`,
    );
  await refused({ Enabled: false, SSEType: 'KMS' }, 'SSEType can not be specified if Enabled is false');
  await refused({ Enabled: false, KMSMasterKeyId: 'k' }, 'KMSMasterKeyId can not be specified if Enabled is false');
  await refused({ Enabled: true, SSEType: 'AES256' }, 'SSEType AES256 is not supported');
  await refused({ Enabled: true, KMSMasterKeyId: 'k' }, 'SSEType KMS is required if KMSMasterKeyId is specified');
});

test('an alias that is not the default key is refused with the words of KMS', async () => {
  const fixture = new EngineFixture();
  await fixture.refuses(
    'CreateTable',
    orders({ SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/mine' } }),
    'ValidationException',
    /^KMS validation error: com\.amazonaws\.services\.kms\.model\.NotFoundException: Alias arn:aws:kms:.*alias\/mine is not found/,
  );
});

test('what is not emulated says so by name, and limits are those of a new account', async () => {
  const fixture = new EngineFixture();
  const missing = 'DescribeTableReplicaAutoScaling';
  await fixture.refuses(
    missing,
    { TableName: 'orders' },
    'UnknownOperationException',
    `The operation ${missing} is not emulated.`,
  );
  await fixture.refuses(
    'CreateTable',
    orders({ GlobalTableSourceArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders' }),
    'UnknownOperationException',
    'CreateTable with GlobalTableSourceArn is not emulated.',
  );
  await fixture.refuses('Bogus', {}, 'UnknownOperationException', 'The operation Bogus is unknown.');
  assert.equal(fixture.engine.operations.length, 62);
  assert.equal((await fixture.run('DescribeLimits', {})).TableMaxReadCapacityUnits, 40000);
});
