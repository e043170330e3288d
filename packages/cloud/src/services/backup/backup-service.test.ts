import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
  DeleteBackupPlanCommand,
  DeleteBackupSelectionCommand,
  DeleteBackupVaultCommand,
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  DescribeBackupVaultCommand,
  DescribeProtectedResourceCommand,
  DescribeRecoveryPointCommand,
  GetBackupPlanCommand,
  GetBackupSelectionCommand,
  ListBackupJobsCommand,
  ListBackupPlanVersionsCommand,
  ListCopyJobsCommand,
  ListTagsCommand,
  PutBackupVaultLockConfigurationCommand,
  PutBackupVaultNotificationsCommand,
  StartCopyJobCommand,
  TagResourceCommand,
  UpdateBackupPlanCommand,
} from '@aws-sdk/client-backup';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteTableCommand, ListBackupsCommand } from '@aws-sdk/client-dynamodb';
import { DetachRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { arnOf, BackupVaultName, POLICIES, startBackup as start } from '../../testing/backup-fixture.js';

test('a plan runs for forty days, exactly the right recovery points remain, and one of them restores', async (context) => {
  const { backup, table, put, get, endpoint, IamRoleArn, points, restore, clients } = await start(context);
  await table('orders');
  await table('other');
  const { BackupPlanId } = await backup.send(
    new CreateBackupPlanCommand({
      BackupPlan: {
        BackupPlanName: 'daily',
        Rules: [
          {
            RuleName: 'daily',
            TargetBackupVaultName: BackupVaultName,
            ScheduleExpression: 'cron(0 5 ? * * *)',
            StartWindowMinutes: 60,
            Lifecycle: { DeleteAfterDays: 7 },
          },
          {
            RuleName: 'monthly',
            TargetBackupVaultName: BackupVaultName,
            ScheduleExpression: 'cron(0 5 1 * ? *)',
            Lifecycle: { DeleteAfterDays: 365, MoveToColdStorageAfterDays: 5 },
          },
        ],
      },
    }),
  );
  const BackupSelection = { SelectionName: 'orders', IamRoleArn, Resources: [arnOf('orders')] };
  await backup.send(new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));
  // The clock begins at 1 January 2026, 00:00.
  let now = clients();
  for (let day = 1; day <= 40; day++) {
    await put('orders', 'a', day, now.dynamodb);
    await endpoint.advance('1d');
    if (day !== 20) continue;
    await endpoint.restart();
    now = clients();
  }
  const left = await points(BackupVaultName, now.backup);
  const days = left.map(({ CreationDate }) => CreationDate?.toISOString().slice(0, 13));
  // On the first of a month both rules are due: the one that keeps its backup longer runs.
  assert.deepEqual(days, [
    '2026-02-09T05',
    '2026-02-08T05',
    '2026-02-07T05',
    '2026-02-06T05',
    '2026-02-05T05',
    '2026-02-04T05',
    '2026-02-03T05',
    '2026-02-01T05',
    '2026-01-01T05',
  ]);
  const first = left.at(-1);
  const { StorageClass, CalculatedLifecycle, CreatedBy } = await now.backup.send(
    new DescribeRecoveryPointCommand({ BackupVaultName, RecoveryPointArn: first?.RecoveryPointArn }),
  );
  assert.equal(StorageClass, 'COLD');
  assert.equal(CalculatedLifecycle?.DeleteAt?.toISOString(), '2027-01-01T05:00:00.000Z');
  assert.equal(CreatedBy?.BackupPlanId, BackupPlanId);
  const { BackupJobs } = await now.backup.send(new ListBackupJobsCommand({ MaxResults: 1000 }));
  // Those of the last thirty days.
  assert.equal(BackupJobs?.length, 30);
  assert.ok(BackupJobs?.every(({ State, ResourceArn }) => State === 'COMPLETED' && ResourceArn === arnOf('orders')));
  const restored = await restore(left[3]?.RecoveryPointArn, { targetTableName: 'orders-again' }, now.backup);
  assert.equal(restored.Status, 'COMPLETED');
  assert.equal(restored.CreatedResourceArn, arnOf('orders-again'));
  // 6 February is the 37th day.
  assert.equal(await get('orders-again', 'a', now.dynamodb), '37');
});

test('a backup on demand is restored when its table is gone, and DynamoDB does not list it', async (context) => {
  const { backup, dynamodb, table, put, get, backUp, restore, points } = await start(context);
  await table('orders');
  await put('orders', 'a', 1);
  const job = await backUp({ RecoveryPointTags: { by: 'hand' }, Lifecycle: { DeleteAfterDays: 3 } });
  assert.equal(job.State, 'COMPLETED');
  assert.equal(job.ResourceType, 'DynamoDB');
  assert.match(job.RecoveryPointArn ?? '', /^arn:aws:backup:us-east-1:000000000000:recovery-point:/);
  const { Tags } = await backup.send(new ListTagsCommand({ ResourceArn: job.RecoveryPointArn }));
  assert.deepEqual(Tags, { by: 'hand' });
  assert.deepEqual((await dynamodb.send(new ListBackupsCommand({ BackupType: 'ALL' }))).BackupSummaries, []);
  await put('orders', 'a', 2);
  await dynamodb.send(new DeleteTableCommand({ TableName: 'orders' }));
  const restored = await restore(job.RecoveryPointArn, { targetTableName: 'again', encryptionType: 'Default' });
  assert.equal(restored.Status, 'COMPLETED');
  assert.equal(await get('again', 'a'), '1');
  const again = await restore(job.RecoveryPointArn, { targetTableName: 'again' });
  assert.equal(again.Status, 'FAILED');
  assert.equal(again.StatusMessage, 'Table already exists: again');
  const resource = await backup.send(new DescribeProtectedResourceCommand({ ResourceArn: arnOf('orders') }));
  assert.equal(resource.LastRecoveryPointArn, job.RecoveryPointArn);
  await backup.send(new DeleteRecoveryPointCommand({ BackupVaultName, RecoveryPointArn: job.RecoveryPointArn }));
  assert.deepEqual(await points(), []);
});

test('a role without the permissions fails the job, one that cannot be assumed is refused', async (context) => {
  const { backup, iam, table, role, backUp, restore, IamRoleArn } = await start(context);
  await table('orders');
  const weak = await role('weak');
  const failed = await backUp({ IamRoleArn: weak });
  assert.equal(failed.State, 'FAILED');
  assert.equal(failed.StatusMessage, `IAM Role ${weak} does not have sufficient permissions to execute the backup`);
  await assert.rejects(backUp({ IamRoleArn: 'arn:aws:iam::000000000000:role/none' }), {
    name: 'InvalidParameterValueException',
    message: 'IAM Role arn:aws:iam::000000000000:role/none does not exist',
  });
  const done = await backUp();
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'backup-role', PolicyArn: `${POLICIES}Restores` }));
  const refused = await restore(done.RecoveryPointArn, { targetTableName: 'again' });
  assert.equal(refused.Status, 'FAILED');
  assert.equal(
    refused.StatusMessage,
    `IAM Role ${IamRoleArn} does not have sufficient permissions to execute the restore`,
  );
  const { BackupJobs } = await backup.send(new ListBackupJobsCommand({ ByState: 'FAILED' }));
  assert.equal(BackupJobs?.length, 1);
});

test('a job waits within its start window for a table that is being made, and expires after it', async (context) => {
  const { backup, table, backUp, endpoint } = await start(context, { transitionDelayMs: 2 * 3_600_000 });
  await table('orders');
  const waiting = await backUp({ StartWindowMinutes: 60 });
  assert.equal(waiting.State, 'CREATED');
  const patient = await backUp({ StartWindowMinutes: 180, CompleteWindowMinutes: 600 });
  await endpoint.advance('61m');
  const describe = (BackupJobId = '') => backup.send(new DescribeBackupJobCommand({ BackupJobId }));
  assert.equal((await describe(waiting.BackupJobId)).State, 'EXPIRED');
  assert.equal((await describe(patient.BackupJobId)).State, 'CREATED');
  await endpoint.advance('1h');
  assert.equal((await describe(patient.BackupJobId)).State, 'RUNNING');
  await endpoint.advance('2h');
  assert.equal((await describe(patient.BackupJobId)).State, 'COMPLETED');
});

test('selections by wildcard, tag, condition and exception', async (context) => {
  const { backup, table, endpoint, IamRoleArn } = await start(context);
  await table('app-users', 'prod');
  await table('app-logs', 'prod');
  await table('app-cache', 'dev');
  await table('billing', 'prod');
  const rule = { RuleName: 'r', TargetBackupVaultName: BackupVaultName };
  const chosen: [string, object, string[]][] = [
    ['wildcard', { Resources: [arnOf('app-*')], NotResources: [arnOf('app-logs')] }, ['app-cache', 'app-users']],
    [
      'tags',
      { ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'stage', ConditionValue: 'dev' }] },
      ['app-cache'],
    ],
    [
      'conditions',
      {
        Resources: ['*'],
        Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/stage', ConditionValue: 'prod' }] },
      },
      ['app-logs', 'app-users', 'billing'],
    ],
  ];
  for (const [name, selection, expected] of chosen) {
    const { BackupPlanId } = await backup.send(
      new CreateBackupPlanCommand({ BackupPlan: { BackupPlanName: name, Rules: [rule] } }),
    );
    const BackupSelection = { SelectionName: 's', IamRoleArn, ...selection };
    const { SelectionId } = await backup.send(new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));
    const ByCreatedAfter = new Date(endpoint.current().clock().nowMs);
    await endpoint.advance('1d');
    const { BackupJobs = [] } = await backup.send(new ListBackupJobsCommand({ ByCreatedAfter }));
    assert.deepEqual(BackupJobs.map(({ ResourceName }) => ResourceName).sort(), expected, name);
    await assert.rejects(backup.send(new DeleteBackupPlanCommand({ BackupPlanId })), {
      message: 'Related backup plan selections must be deleted prior to backup plan deletion',
    });
    const found = await backup.send(new GetBackupSelectionCommand({ BackupPlanId, SelectionId }));
    assert.equal(found.BackupSelection?.SelectionName, 's');
    await backup.send(new DeleteBackupSelectionCommand({ BackupPlanId, SelectionId }));
    await backup.send(new DeleteBackupPlanCommand({ BackupPlanId }));
    await assert.rejects(backup.send(new GetBackupPlanCommand({ BackupPlanId })), {
      name: 'ResourceNotFoundException',
    });
  }
});

test('copies go to other vaults and regions, outlive their source, and restore there', async (context) => {
  const { backup, table, put, backUp, clients, restore, get, points, IamRoleArn } = await start(context);
  await table('orders');
  await put('orders', 'a', 1);
  const there = clients('eu-west-1');
  await there.backup.send(new CreateBackupVaultCommand({ BackupVaultName: 'far' }));
  const { RecoveryPointArn } = await backUp();
  const DestinationBackupVaultArn = 'arn:aws:backup:eu-west-1:000000000000:backup-vault:far';
  await backup.send(
    new StartCopyJobCommand({
      RecoveryPointArn,
      SourceBackupVaultName: BackupVaultName,
      DestinationBackupVaultArn,
      IamRoleArn,
    }),
  );
  const { CopyJobs } = await backup.send(new ListCopyJobsCommand({}));
  assert.equal(CopyJobs?.[0]?.State, 'COMPLETED');
  await backup.send(new DeleteRecoveryPointCommand({ BackupVaultName, RecoveryPointArn }));
  const [copy] = await points('far', there.backup);
  assert.equal(copy?.RecoveryPointArn, CopyJobs?.[0]?.DestinationRecoveryPointArn);
  const restored = await restore(copy?.RecoveryPointArn, { targetTableName: 'orders' }, there.backup);
  assert.equal(restored.CreatedResourceArn, 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders');
  assert.equal(await get('orders', 'a', there.dynamodb), '1');
});

test('a vault with a lock keeps its recovery points, and takes none that live too short', async (context) => {
  const { backup, table, backUp, endpoint } = await start(context);
  await table('orders');
  const lock = { BackupVaultName, MinRetentionDays: 7, MaxRetentionDays: 30, ChangeableForDays: 3 };
  await backup.send(new PutBackupVaultLockConfigurationCommand(lock));
  const short = await backUp({ Lifecycle: { DeleteAfterDays: 1 } });
  assert.equal(short.State, 'FAILED');
  assert.match(short.StatusMessage ?? '', /retention period \(1 days\) does not satisfy the lock/);
  const { RecoveryPointArn } = await backUp({ Lifecycle: { DeleteAfterDays: 10 } });
  await assert.rejects(backup.send(new DeleteRecoveryPointCommand({ BackupVaultName, RecoveryPointArn })), {
    name: 'InvalidRequestException',
  });
  await assert.rejects(backup.send(new DeleteBackupVaultCommand({ BackupVaultName })), /contains recovery points/);
  await endpoint.advance('4d');
  await assert.rejects(backup.send(new PutBackupVaultLockConfigurationCommand(lock)), /can no longer be changed/);
  await endpoint.advance('7d');
  await backup.send(new DeleteBackupVaultCommand({ BackupVaultName }));
  await assert.rejects(backup.send(new DescribeBackupVaultCommand({ BackupVaultName })), {
    name: 'AccessDeniedException',
    message: 'Insufficient privileges to perform this action.',
  });
});

test('plans have versions and tags, defaults, and rules that are checked', async (context) => {
  const { backup } = await start(context);
  const rule = { RuleName: 'r', TargetBackupVaultName: BackupVaultName };
  const create = (Rules: object[]) =>
    backup.send(
      new CreateBackupPlanCommand({
        BackupPlan: { BackupPlanName: 'p', Rules: Rules.map((one) => ({ ...rule, ...one })) },
      }),
    );
  const { BackupPlanId, BackupPlanArn, VersionId } = await create([{}]);
  const { BackupPlan } = await backup.send(new GetBackupPlanCommand({ BackupPlanId }));
  assert.equal(BackupPlan?.Rules?.[0]?.ScheduleExpression, 'cron(0 5 ? * * *)');
  assert.equal(BackupPlan?.Rules?.[0]?.ScheduleExpressionTimezone, 'Etc/UTC');
  await assert.rejects(create([{}]), { name: 'AlreadyExistsException' });
  await backup.send(new UpdateBackupPlanCommand({ BackupPlanId, BackupPlan: { BackupPlanName: 'q', Rules: [rule] } }));
  const { BackupPlanVersionsList } = await backup.send(new ListBackupPlanVersionsCommand({ BackupPlanId }));
  assert.deepEqual(
    BackupPlanVersionsList?.map(({ BackupPlanName }) => BackupPlanName),
    ['q', 'p'],
  );
  const old = await backup.send(new GetBackupPlanCommand({ BackupPlanId, VersionId }));
  assert.equal(old.BackupPlan?.BackupPlanName, 'p');
  await backup.send(new TagResourceCommand({ ResourceArn: BackupPlanArn, Tags: { x: 'y' } }));
  assert.deepEqual((await backup.send(new ListTagsCommand({ ResourceArn: BackupPlanArn }))).Tags, { x: 'y' });

  const refusals: [object, RegExp][] = [
    [{ StartWindowMinutes: 30 }, /start window must be at least 60 minutes; it is 30/],
    [{ ScheduleExpression: 'cron(0 5 * * * *)' }, /Cron expression .* is not valid/],
    [{ ScheduleExpression: 'cron(0/30 * * * ? *)' }, /more often than once an hour/],
    [{ Lifecycle: { DeleteAfterDays: 60, MoveToColdStorageAfterDays: 30 } }, /cannot be less than 90 days apart/],
    [{ TargetBackupVaultName: 'none' }, /Backup vault none does not exist/],
    [{ EnableContinuousBackup: true }, /not supported for DynamoDB/],
  ];
  for (const [change, message] of refusals) await assert.rejects(create([change]), { message });
});

test('the end of jobs reaches the topic of the vault, and is counted', async (context) => {
  const { backup, table, backUp, endpoint } = await start(context);
  const options = endpoint.clientOptions();
  const [sns, sqs, cloudwatch] = [new SNSClient(options), new SQSClient(options), new CloudWatchClient(options)];
  context.after(() => {
    for (const client of [sns, sqs, cloudwatch]) client.destroy();
  });
  await table('orders');
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'backups' }));
  const Resource = 'arn:aws:sqs:us-east-1:000000000000:mail';
  const allowed = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allowed] });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'mail', Attributes: { Policy } }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Resource, Attributes }));
  await backup.send(
    new PutBackupVaultNotificationsCommand({
      BackupVaultName,
      SNSTopicArn: TopicArn,
      BackupVaultEvents: ['BACKUP_JOB_COMPLETED', 'BACKUP_JOB_FAILED'],
    }),
  );
  const done = await backUp();
  const failed = await backUp({ ResourceArn: arnOf('none') });
  assert.equal(failed.State, 'FAILED');
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const bodies = Messages.map(({ Body = '' }) => Body);
  assert.equal(bodies.length, 2);
  assert.ok(bodies.some((body) => body.includes('completed successfully') && body.includes(done.BackupJobId ?? '?')));
  assert.ok(bodies.some((body) => body.includes('failed') && body.includes(failed.BackupJobId ?? '?')));
  const nowMs = endpoint.current().clock().nowMs;
  const count = async (MetricName: string) => {
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Backup',
        MetricName,
        Dimensions: [{ Name: 'BackupVaultName', Value: BackupVaultName }],
        StartTime: new Date(nowMs - 3_600_000),
        EndTime: new Date(nowMs + 60_000),
        Period: 3600,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  assert.equal(await count('NumberOfBackupJobsCreated'), 2);
  assert.equal(await count('NumberOfBackupJobsCompleted'), 1);
  assert.equal(await count('NumberOfBackupJobsFailed'), 1);
  assert.equal(await count('NumberOfRecoveryPointsCompleted'), 1);
});
