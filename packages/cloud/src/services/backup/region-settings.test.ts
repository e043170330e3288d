import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BackupClient,
  type BackupSelection,
  type Condition,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
  DescribeRegionSettingsCommand,
  ListBackupJobsCommand,
  UpdateRegionSettingsCommand,
} from '@aws-sdk/client-backup';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { testEndpoint } from '../../testing/test-endpoint.js';

test('without the opt-in for DynamoDB, tables are backed up only where a selection names them', async (t) => {
  const endpoint = await testEndpoint(t);
  const backup = new BackupClient(endpoint.clientOptions());
  const dynamodb = new DynamoDBClient(endpoint.clientOptions());
  const iam = new IAMClient(endpoint.clientOptions());
  t.after(() => {
    for (const client of [backup, dynamodb, iam]) client.destroy();
  });
  for (const TableName of ['tagged', 'named']) {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        Tags: [{ Key: 'backup', Value: TableName }],
      }),
    );
  }
  const Statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'backup.amazonaws.com' } };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'backup', AssumeRolePolicyDocument }));
  await backup.send(new CreateBackupVaultCommand({ BackupVaultName: 'vault' }));
  const Rules = [{ RuleName: 'daily', TargetBackupVaultName: 'vault' }];
  const BackupPlan = { BackupPlanName: 'daily', Rules };
  const { BackupPlanId } = await backup.send(new CreateBackupPlanCommand({ BackupPlan }));
  const byTag: Condition[] = [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'tagged' }];
  for (const [SelectionName, what] of [
    ['by-tag', { ListOfTags: byTag }],
    ['by-name', { Resources: ['arn:aws:dynamodb:*:*:table/named'] }],
  ] satisfies [string, Partial<BackupSelection>][]) {
    const BackupSelection = { SelectionName, IamRoleArn: Role?.Arn, ...what };
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
  const again = new BackupClient(endpoint.clientOptions());
  t.after(() => again.destroy());
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
