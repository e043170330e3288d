import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, CALLER } from '../control/engine-fixture.js';
import { BackupFixture } from './backup-fixture.js';
import { RESTORE_CHUNK } from './restore-job.js';

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 3600 * 1000;

async function withRecovery(days?: number): Promise<BackupFixture> {
  const fixture = new BackupFixture();
  await fixture.table();
  await fixture.recovery(true, days);
  fixture.clock.advance(1);
  return fixture;
}

test('a table without backups or recovery keeps no history', async () => {
  const fixture = new BackupFixture();
  await fixture.table();
  await fixture.put('a', '1');
  await fixture.put('a', '2');
  await fixture.remove('a');
  assert.deepEqual(fixture.historyKeys(), []);
});

test('a write that changes nothing adds nothing to the history', async () => {
  const fixture = await withRecovery();
  await fixture.put('a', '1');
  const before = fixture.historyKeys().length;
  await fixture.put('a', '1');
  await fixture.remove('missing');
  assert.equal(fixture.historyKeys().length, before);
});

test('a table is restored to the second before a mistake, and describes where it came from', async () => {
  const fixture = await withRecovery();
  await fixture.put('a', 'good');
  await fixture.put('b', 'good');
  fixture.clock.advance(10_000);
  const beforeSeconds = fixture.clock.nowMs() / 1000;
  fixture.clock.advance(1000);
  await fixture.put('a', 'bad');
  await fixture.remove('b');
  await fixture.put('c', 'bad');
  fixture.clock.advance(6 * MINUTE_MS);
  const answer = await fixture.run('RestoreTableToPointInTime', {
    SourceTableArn: ARN,
    TargetTableName: 'restored',
    RestoreDateTime: beforeSeconds,
  });
  const summary = { SourceTableArn: ARN, RestoreDateTime: beforeSeconds };
  const { TableStatus, RestoreSummary } = answer.TableDescription as Record<string, unknown>;
  assert.deepEqual([TableStatus, RestoreSummary], ['CREATING', { ...summary, RestoreInProgress: true }]);
  assert.deepEqual(Object.fromEntries(await fixture.items('restored')), { a: 'good', b: 'good' });
  const restored = await fixture.describe('restored');
  assert.deepEqual(
    [restored.TableStatus, restored.RestoreSummary],
    ['ACTIVE', { ...summary, RestoreInProgress: false }],
  );
});

test('the latest restorable time lies five minutes back', async () => {
  const fixture = await withRecovery();
  await fixture.put('a', 'early');
  fixture.clock.advance(4 * MINUTE_MS);
  await fixture.put('a', 'late');
  fixture.clock.advance(4 * MINUTE_MS);
  await fixture.run('RestoreTableToPointInTime', {
    SourceTableName: 'orders',
    TargetTableName: 'restored',
    UseLatestRestorableTime: true,
  });
  assert.deepEqual(Object.fromEntries(await fixture.items('restored')), { a: 'early' });
});

test('a transaction is restored whole or not at all', async () => {
  const fixture = await withRecovery();
  const put = (pk: string) => ({
    Put: { TableName: 'orders', Item: { pk: { S: pk }, value: { S: 'x' } } },
  });
  const times: number[] = [];
  for (let number = 0; number < 5; number++) {
    fixture.clock.advance(1000);
    await fixture.run('TransactWriteItems', { TransactItems: [put(`a${number}`), put(`b${number}`)] });
    times.push(fixture.clock.nowMs());
  }
  fixture.clock.advance(6 * MINUTE_MS);
  for (const [number, atMs] of times.entries()) {
    await fixture.restoreTo((atMs - 1) / 1000, `before-${number}`);
    await fixture.restoreTo(atMs / 1000, `after-${number}`);
    assert.equal((await fixture.items(`before-${number}`)).size, 2 * number);
    assert.equal((await fixture.items(`after-${number}`)).size, 2 * number + 2);
  }
});

test('a restore goes on in bounded steps over a restart, past writes to its source and the deletion of it', async () => {
  const fixture = await withRecovery();
  const count = 3 * RESTORE_CHUNK;
  for (let number = 0; number < count; number++) await fixture.put(`item-${number}`, 'old');
  const atSeconds = fixture.clock.nowMs() / 1000;
  fixture.clock.advance(6 * MINUTE_MS);
  for (let number = 0; number < count; number += 3) await fixture.remove(`item-${number}`);
  await fixture.restoreTo(atSeconds, 'restored');
  await fixture.restart('stopped');
  assert.equal((await fixture.describe('restored')).TableStatus, 'CREATING');
  for (let number = 1; number < count; number += 3) await fixture.put(`item-${number}`, 'new');
  await fixture.restart('stopped');
  await fixture.run('DeleteTable', { TableName: 'orders' });
  const items = await fixture.items('restored');
  assert.equal(items.size, count);
  assert.deepEqual(new Set(items.values()), new Set(['old']));
  assert.equal((await fixture.describe('restored')).ItemCount, count);
});

test('history older than the recovery period is removed as time passes', async () => {
  const fixture = await withRecovery(2);
  for (let number = 0; number < 50; number++) await fixture.put('a', `${number}`);
  const full = fixture.historyKeys().length;
  fixture.clock.advance(DAY_MS);
  await fixture.engine.idle();
  assert.equal(fixture.historyKeys().length, full);
  await fixture.put('a', 'last');
  fixture.clock.advance(1.5 * DAY_MS);
  await fixture.engine.idle();
  // The entry of the last write, in the journal and in the index by time.
  assert.equal(fixture.historyKeys().length, 2);
  const { earliest } = await fixture.window();
  await fixture.restoreTo(earliest, 'restored');
  assert.deepEqual(Object.fromEntries(await fixture.items('restored')), { a: '49' });
});

test('the earliest restorable time is taken without what lies behind its point, too', async () => {
  const fixture = new BackupFixture();
  await fixture.table();
  fixture.clock.advance(700);
  await fixture.put('a', 'before');
  await fixture.recovery(true);
  fixture.clock.advance(1);
  await fixture.put('a', 'after');
  const { earliest } = await fixture.window();
  await fixture.restoreTo(Math.floor(earliest), 'restored');
  assert.deepEqual(Object.fromEntries(await fixture.items('restored')), { a: 'before' });
});

test('a longer period does not bring back what has left a shorter one', async () => {
  const fixture = await withRecovery(1);
  fixture.clock.advance(5 * DAY_MS);
  await fixture.recovery(true, 35);
  assert.equal((await fixture.window()).earliest, Math.floor(fixture.clock.nowMs() / 1000) - 24 * 3600);
});

test('switching recovery off removes the history, and on again begins a new window', async () => {
  const fixture = await withRecovery();
  for (let number = 0; number < 10; number++) await fixture.put('a', `${number}`);
  fixture.clock.advance(DAY_MS);
  await fixture.recovery(false);
  await fixture.recovery(true);
  const { earliest, latest } = await fixture.window();
  const nowSecond = Math.floor(fixture.clock.nowMs() / 1000);
  assert.deepEqual([earliest, latest], [nowSecond, nowSecond]);
  fixture.clock.advance(1);
  await fixture.put('a', 'new');
  await fixture.engine.idle();
  assert.equal(fixture.historyKeys().length, 2);
});

const second = (atSeconds: number): string => `${new Date(atSeconds * 1000).toISOString().slice(0, 19)}Z`;

test('restores that AWS refuses are refused', async () => {
  const fixture = new BackupFixture();
  await fixture.table();
  await fixture.table('other');
  const request = { SourceTableName: 'orders', TargetTableName: 'restored', UseLatestRestorableTime: true };
  const refuses = (changes: Record<string, unknown>, code: string, message: string | RegExp) =>
    fixture.refuses('RestoreTableToPointInTime', { ...request, ...changes }, code, message);
  await refuses(
    {},
    'PointInTimeRecoveryUnavailableException',
    "Point in time recovery is not enabled for table 'orders'",
  );
  await fixture.recovery(true);
  await refuses({ TargetTableName: 'other' }, 'TableAlreadyExistsException', 'Table already exists: other');
  await refuses({ SourceTableName: 'gone' }, 'TableNotFoundException', 'Table not found: gone');
  const nowSeconds = fixture.clock.nowMs() / 1000;
  for (const RestoreDateTime of [nowSeconds - 1, nowSeconds + 1]) {
    await refuses(
      { UseLatestRestorableTime: false, RestoreDateTime },
      'InvalidRestoreTimeException',
      `RestoreDateTime '${second(RestoreDateTime)}' must be within EarliestRestorableDateTime '${second(nowSeconds)}' ` +
        `and LatestRestorableDateTime '${second(nowSeconds)}'`,
    );
  }
  await refuses(
    { RestoreDateTime: nowSeconds },
    'ValidationException',
    /^Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set/,
  );
  await refuses(
    { UseLatestRestorableTime: false },
    'ValidationException',
    /^Invalid Request: Either one of RestoreDateTime or/,
  );
  await refuses(
    { SourceTableName: undefined, SourceTableArn: ARN.replace('us-east-1', 'eu-west-1') },
    'ValidationException',
    'Invalid Request: sseSpecificationOverride must be provided for cross-region restores',
  );
  await refuses({ SourceTableArn: ARN }, 'ValidationException', /Must provide exactly one of/);
  await refuses(
    { SourceTableName: undefined, SourceTableArn: 'foo' },
    'ValidationException',
    /sourceTableArn is not a valid ARN$/,
  );
  const foreign = ARN.replace(CALLER.accountId, '111122223333');
  await refuses(
    { SourceTableName: undefined, SourceTableArn: foreign },
    'ValidationException',
    'This action is only supported by accounts that match the resource owner’s account.',
  );
  await assert.rejects(
    fixture.run('RestoreTableToPointInTime', request, { ...CALLER, region: 'eu-west-1' }),
    /Table not found: orders/,
  );
});
