import {
  ApplicationAutoScalingClient,
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
  paginateDescribeScheduledActions,
} from '@aws-sdk/client-application-auto-scaling';
import { BackupClient, ListBackupPlansCommand, ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DynamoDBClient,
  ListBackupsCommand,
  ListContributorInsightsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { IAMClient, ListAttachedRolePoliciesCommand, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';

/**
 * All that stands in the account, in every service that the module deploys to, as `kind name` in order: two of them
 * compare what was there before with what is there after. Roles that AWS makes for its own services, and that stay
 * there, are left out.
 */
export async function standing(url: string): Promise<string[]> {
  const options = (region = 'us-east-1') => ({
    endpoint: url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const found: string[] = [];
  const add = (kind: string, names: readonly (string | undefined)[] = []): void => {
    for (const name of names) found.push(`${kind} ${name}`);
  };
  for (const region of ['us-east-1', 'eu-west-1']) {
    const dynamodb = new DynamoDBClient(options(region));
    add(`table in ${region}`, (await dynamodb.send(new ListTablesCommand({}))).TableNames);
    const backups = await dynamodb.send(new ListBackupsCommand({ BackupType: 'USER' }));
    add(
      `table backup in ${region}`,
      backups.BackupSummaries?.map(({ BackupName }) => BackupName),
    );
    const insights = await dynamodb.send(new ListContributorInsightsCommand({}));
    add(
      `insights in ${region}`,
      insights.ContributorInsightsSummaries?.map(({ TableName }) => TableName),
    );
    dynamodb.destroy();
  }

  const client = new ApplicationAutoScalingClient(options());
  const ServiceNamespace = 'dynamodb';
  for await (const page of paginateDescribeScalableTargets({ client }, { ServiceNamespace }))
    add(
      'scalable target',
      page.ScalableTargets?.map((it) => `${it.ResourceId} ${it.ScalableDimension}`),
    );
  for await (const page of paginateDescribeScalingPolicies({ client }, { ServiceNamespace }))
    add(
      'scaling policy',
      page.ScalingPolicies?.map(({ PolicyName }) => PolicyName),
    );
  for await (const page of paginateDescribeScheduledActions({ client }, { ServiceNamespace }))
    add(
      'scheduled action',
      page.ScheduledActions?.map(({ ScheduledActionName }) => ScheduledActionName),
    );
  client.destroy();

  const cloudwatch = new CloudWatchClient(options());
  const alarms = await cloudwatch.send(new DescribeAlarmsCommand({}));
  add(
    'alarm',
    alarms.MetricAlarms?.map(({ AlarmName }) => AlarmName),
  );
  cloudwatch.destroy();

  const logs = new CloudWatchLogsClient(options());
  add(
    'log group',
    (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map(({ logGroupName }) => logGroupName),
  );
  logs.destroy();

  const backup = new BackupClient(options());
  const vaults = await backup.send(new ListBackupVaultsCommand({}));
  add(
    'vault',
    vaults.BackupVaultList?.map(({ BackupVaultName }) => BackupVaultName),
  );
  const plans = await backup.send(new ListBackupPlansCommand({}));
  add(
    'backup plan',
    plans.BackupPlansList?.map(({ BackupPlanName }) => BackupPlanName),
  );
  backup.destroy();

  const lambda = new LambdaClient(options());
  const mappings = await lambda.send(new ListEventSourceMappingsCommand({}));
  add(
    'mapping',
    mappings.EventSourceMappings?.map(({ UUID }) => UUID),
  );
  lambda.destroy();

  const iam = new IAMClient(options());
  add(
    'policy',
    (await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies?.map(({ Arn }) => Arn),
  );
  for (const { RoleName, Path } of (await iam.send(new ListRolesCommand({}))).Roles ?? []) {
    if (Path?.startsWith('/aws-service-role/') === true) continue;
    add('role', [RoleName]);
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    add(
      `attachment to ${RoleName}:`,
      attached.AttachedPolicies?.map(({ PolicyArn }) => PolicyArn),
    );
  }
  iam.destroy();
  return found.sort();
}
