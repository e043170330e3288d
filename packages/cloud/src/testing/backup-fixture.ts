import type { TestContext } from 'node:test';
import {
  BackupClient,
  CreateBackupVaultCommand,
  DescribeBackupJobCommand,
  DescribeRestoreJobCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartBackupJobCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { testEndpoint } from './test-endpoint.js';

/** Before the name of what a role may do: `Backup` or `Restores`. */
export const POLICIES = 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor';
/** The vault that is there. */
export const BackupVaultName = 'vault';
/** ARN of a table in `us-east-1`. */
export const arnOf = (table: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`;

/** An endpoint with the vault `vault`, a role that may back up and restore, and clients; all closed after the test. */
export async function startBackup(context: TestContext, options: { transitionDelayMs?: number } = {}) {
  const endpoint = await testEndpoint(context, options);
  const open: { destroy(): void }[] = [];
  context.after(() => {
    for (const client of open) client.destroy();
  });
  const clients = (region = 'us-east-1') => {
    const settings = { ...endpoint.clientOptions(), region };
    const made = {
      backup: new BackupClient(settings),
      dynamodb: new DynamoDBClient(settings),
      iam: new IAMClient(settings),
    };
    open.push(...Object.values(made));
    return made;
  };
  const made = clients();
  const { backup, dynamodb, iam } = made;
  const table = async (TableName: string, stage = 'dev') => {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        Tags: [{ Key: 'stage', Value: stage }],
      }),
    );
  };
  const role = async (RoleName: string, ...policies: ('Backup' | 'Restores')[]) => {
    const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'backup.amazonaws.com' } };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    for (const policy of policies) {
      const PolicyArn = POLICIES + policy;
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    }
    return Role?.Arn ?? '';
  };
  await backup.send(new CreateBackupVaultCommand({ BackupVaultName, BackupVaultTags: { a: '1' } }));
  const IamRoleArn = await role('backup-role', 'Backup', 'Restores');
  return {
    ...made,
    endpoint,
    clients,
    table,
    role,
    IamRoleArn,
    put: (TableName: string, id: string, n: number, to = dynamodb) =>
      to.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: String(n) } } })),
    get: async (TableName: string, id: string, from = dynamodb) =>
      (await from.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item?.n?.N,
    /** Starts a job and lets it run. */
    async backUp(input: object = {}) {
      const ResourceArn = arnOf('orders');
      const job = await backup.send(new StartBackupJobCommand({ BackupVaultName, ResourceArn, IamRoleArn, ...input }));
      await endpoint.advance('1s');
      return backup.send(new DescribeBackupJobCommand({ BackupJobId: job.BackupJobId }));
    },
    async restore(RecoveryPointArn: string | undefined, Metadata: Record<string, string>, from = backup) {
      const { RestoreJobId } = await from.send(new StartRestoreJobCommand({ RecoveryPointArn, Metadata, IamRoleArn }));
      await endpoint.advance('10s');
      return from.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    },
    async points(vault = BackupVaultName, from = backup) {
      const { RecoveryPoints = [] } = await from.send(
        new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: vault }),
      );
      return RecoveryPoints;
    },
  };
}
