import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DescribeBackupJobCommand,
  ListBackupJobsCommand,
  ListCopyJobsCommand,
  ListRestoreJobsCommand,
  StartCopyJobCommand,
} from '@aws-sdk/client-backup';
import { MemoryStore } from '@tablewright/store';
import { Records } from '../../kernel/records.js';
import { BackupVaultName, startBackup } from '../../testing/backup-fixture.js';
import { BackupAgenda } from './backup-agenda.js';
import type { BackupJobRecord, CopyJobRecord, RecoveryPointRecord, RestoreJobRecord } from './backup-records.js';

const DAY_MS = 86_400_000;
const place = { accountId: '000000000000', region: 'us-east-1' };

test('jobs of all kinds are forgotten thirty days after their end, also when the endpoint was down meanwhile', async (t) => {
  const { endpoint, table, backUp, restore, clients, IamRoleArn } = await startBackup(t);
  await table('orders');
  const { RecoveryPointArn, BackupJobId } = await backUp();
  const DestinationBackupVaultArn = `arn:aws:backup:us-east-1:000000000000:backup-vault:${BackupVaultName}`;
  const copy = { RecoveryPointArn, SourceBackupVaultName: BackupVaultName, DestinationBackupVaultArn, IamRoleArn };
  await clients().backup.send(new StartCopyJobCommand(copy));
  await restore(RecoveryPointArn, { targetTableName: 'again' });
  const jobs = async () => {
    const { backup } = clients();
    return [
      (await backup.send(new ListBackupJobsCommand({}))).BackupJobs?.length,
      (await backup.send(new ListCopyJobsCommand({}))).CopyJobs?.length,
      (await backup.send(new ListRestoreJobsCommand({}))).RestoreJobs?.length,
    ];
  };
  await endpoint.advance('29d');
  assert.deepEqual(await jobs(), [1, 1, 1]);
  await endpoint.restart();
  await endpoint.advance('1d');
  assert.deepEqual(await jobs(), [0, 0, 0]);
  await assert.rejects(clients().backup.send(new DescribeBackupJobCommand({ BackupJobId })), {
    name: 'ResourceNotFoundException',
  });
});

test('the agenda has what is to be looked at, the earliest first, and nothing of what needs no look', async () => {
  const store = new MemoryStore();
  const agenda = new BackupAgenda(store);
  const shown = () => [...agenda.entries()].map(({ kind, id, atMs }) => [kind, id, atMs / DAY_MS]);
  const job = { ...place, createdMs: 5 * DAY_MS } as BackupJobRecord;
  const point = { ...place, createdMs: 0, status: 'COMPLETED', storage: 'WARM' } as RecoveryPointRecord;
  const mortal = { ...point, lifecycle: { MoveToColdStorageAfterDays: 1, DeleteAfterDays: 100 } };
  await store.change((writer) => {
    agenda.move(writer, 'job', 'open', undefined, job);
    agenda.move(writer, 'job', 'ended', undefined, { ...job, completedMs: 6 * DAY_MS });
    agenda.move(writer, 'point', 'for ever', undefined, point);
    agenda.move(writer, 'point', 'mortal', undefined, mortal);
  });
  assert.deepEqual(shown(), [
    ['point', 'mortal', 1],
    ['job', 'open', 5],
    ['job', 'ended', 36],
  ]);
  await store.change((writer) => {
    agenda.move(writer, 'point', 'mortal', mortal, { ...mortal, storage: 'COLD' });
    agenda.move(writer, 'job', 'open', job, undefined);
  });
  assert.deepEqual(shown(), [
    ['job', 'ended', 36],
    ['point', 'mortal', 100],
  ]);
});

test('a data folder from before there was an agenda gets one', async () => {
  const store = new MemoryStore();
  const records = {
    job: new Records<BackupJobRecord>(store, 'backup.jobs'),
    copy: new Records<CopyJobRecord>(store, 'backup.copyJobs'),
    restore: new Records<RestoreJobRecord>(store, 'backup.restoreJobs'),
    point: new Records<RecoveryPointRecord>(store, 'backup.points'),
  };
  const ended = { ...place, createdMs: 0 };
  await records.job.put('p', 'a', { ...ended, id: 'a', completedMs: 1 } as BackupJobRecord);
  await records.copy.put('p', 'b', { ...ended, id: 'b', completedMs: 2 } as CopyJobRecord);
  await records.restore.put('p', 'c', { ...ended, id: 'c', completedMs: 3 } as RestoreJobRecord);
  const agenda = new BackupAgenda(store);
  await agenda.fill(records);
  const kinds = [...agenda.entries()].map(({ kind, id }) => `${kind} ${id}`);
  assert.deepEqual(kinds, ['job a', 'copy b', 'restore c']);
});
