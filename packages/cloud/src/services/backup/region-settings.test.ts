import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BackupSelection,
  type Condition,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  DescribeRegionSettingsCommand,
  ListBackupJobsCommand,
  UpdateRegionSettingsCommand,
} from '@aws-sdk/client-backup';
import { BackupVaultName, startBackup } from '../../testing/backup-fixture.js';

test('without the opt-in for DynamoDB, tables are backed up only where a selection names them', async (t) => {
  const { endpoint, backup, clients, table, IamRoleArn } = await startBackup(t);
  for (const name of ['tagged', 'named']) await table(name, name);
  const Rules = [{ RuleName: 'daily', TargetBackupVaultName: BackupVaultName }];
  const BackupPlan = { BackupPlanName: 'daily', Rules };
  const { BackupPlanId } = await backup.send(new CreateBackupPlanCommand({ BackupPlan }));
  const byTag: Condition[] = [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'stage', ConditionValue: 'tagged' }];
  for (const [SelectionName, what] of [
    ['by-tag', { ListOfTags: byTag }],
    ['by-name', { Resources: ['arn:aws:dynamodb:*:*:table/named'] }],
  ] satisfies [string, Partial<BackupSelection>][]) {
    const BackupSelection = { SelectionName, IamRoleArn, ...what };
    await backup.send(new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));
  }
  const backedUp = async () => {
    const { BackupJobs = [] } = await backup.send(new ListBackupJobsCommand({}));
    return BackupJobs.map(({ ResourceArn }) => ResourceArn?.split('/')[1]).sort();
  };

  await backup.send(new UpdateRegionSettingsCommand({ ResourceTypeOptInPreference: { DynamoDB: false, S3: true } }));
  await endpoint.advance('1d');
  assert.deepEqual(await backedUp(), ['named']);
  await endpoint.restart();
  const again = clients().backup;
  const { ResourceTypeOptInPreference } = await again.send(new DescribeRegionSettingsCommand({}));
  assert.deepEqual(ResourceTypeOptInPreference, { DynamoDB: false, S3: true });
  await again.send(
    new UpdateRegionSettingsCommand({
      ResourceTypeOptInPreference: { DynamoDB: true },
      ResourceTypeManagementPreference: { DynamoDB: true },
    }),
  );
  await endpoint.advance('1d');
  const { BackupJobs = [] } = await again.send(new ListBackupJobsCommand({}));
  assert.equal(BackupJobs.length, 3);
  for (const input of [
    {},
    { ResourceTypeOptInPreference: { 'no such name': true } },
    { ResourceTypeManagementPreference: { DynamoDB: false } },
  ]) {
    await assert.rejects(again.send(new UpdateRegionSettingsCommand(input)), /ParameterValueException/);
  }
});
