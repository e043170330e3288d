// The services that watch, scale and back up tables, as the AWS CLI of both versions uses them, on the endpoint's clock.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type LocalEndpoint, startLocalEndpoint } from '@tablewright/cloud';
import { AWS_ENV } from './support/aws-env.js';
import { cleanEnv } from './support/cli.js';
import { standAtNoon } from './support/noon.js';
import { findAwsCli, run } from './support/programs.js';

const ACCOUNT = '000000000000';
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/orders`;

for (const major of [1, 2] as const) {
  const program = findAwsCli(major);
  const skip = program === undefined && `the AWS CLI of version ${major} is not installed`;

  test(`AWS CLI ${major}: a provisioned table is watched, scaled and its capacity told`, { skip }, async (t) => {
    const { aws, endpoint } = await open(t, program);
    await createTable(aws, '--provisioned-throughput', 'ReadCapacityUnits=5,WriteCapacityUnits=5');
    const target = ['--service-namespace', 'dynamodb', '--resource-id', 'table/orders'];
    const dimension = ['--scalable-dimension', 'dynamodb:table:WriteCapacityUnits'];
    const scale = (command: string, ...rest: string[]) => aws('application-autoscaling', command, ...target, ...rest);
    await scale('register-scalable-target', ...dimension, '--min-capacity', '8', '--max-capacity', '20');
    const tracking = {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBWriteCapacityUtilization' },
    };
    const policy = ['--policy-name', 'writes', '--policy-type', 'TargetTrackingScaling'];
    const configuration = ['--target-tracking-scaling-policy-configuration', JSON.stringify(tracking)];
    await scale('put-scaling-policy', ...dimension, ...policy, ...configuration);
    const night = ['--scheduled-action-name', 'night', '--schedule', 'cron(0 22 * * ? *)'];
    await scale(
      'put-scheduled-action',
      ...dimension,
      ...night,
      '--scalable-target-action',
      'MinCapacity=1,MaxCapacity=2',
    );
    const units = ['--query', 'Table.ProvisionedThroughput.WriteCapacityUnits'];
    const capacity = () => aws('dynamodb', 'describe-table', '--table-name', 'orders', ...units);
    assert.equal(await capacity(), 8);
    const causes = await scale('describe-scaling-activities', '--query', 'ScalingActivities[].Cause');
    assert.deepEqual(causes, ['minimum capacity was set to 8']);
    const alarms = () =>
      aws('cloudwatch', 'describe-alarms', '--alarm-name-prefix', 'TargetTracking-', '--query', 'length(MetricAlarms)');
    assert.equal(await alarms(), 4);

    await endpoint.setClock({ advance: '10m' });
    const averages = await aws(
      'cloudwatch',
      'get-metric-statistics',
      ...['--namespace', 'AWS/DynamoDB', '--metric-name', 'ProvisionedWriteCapacityUnits'],
      ...['--dimensions', 'Name=TableName,Value=orders', '--statistics', 'Average', '--period', '300'],
      ...['--start-time', at(endpoint, -3600), '--end-time', at(endpoint, 60)],
      ...['--query', 'Datapoints[-1:].Average'],
    );
    assert.deepEqual(averages, [8]);
    await endpoint.setClock({ advance: '1d' });
    assert.equal(await capacity(), 2);
    await scale('deregister-scalable-target', ...dimension);
    assert.equal(await alarms(), 0);
  });

  test(`AWS CLI ${major}: a plan backs a table up, a copy goes to another region, a point is restored`, {
    skip,
  }, async (t) => {
    const { aws, endpoint } = await open(t, program);
    await createTable(aws, '--billing-mode', 'PAY_PER_REQUEST');
    await aws('dynamodb', 'put-item', '--table-name', 'orders', '--item', '{"id":{"S":"a"}}');
    const statement = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await aws('iam', 'create-role', '--role-name', 'backups', '--assume-role-policy-document', trust);
    for (const kind of ['Backup', 'Restores']) {
      const arn = `arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor${kind}`;
      await aws('iam', 'attach-role-policy', '--role-name', 'backups', '--policy-arn', arn);
    }
    const role = `arn:aws:iam::${ACCOUNT}:role/backups`;
    await aws('backup', 'create-backup-vault', '--backup-vault-name', 'vault');
    await aws('backup', 'create-backup-vault', '--backup-vault-name', 'far', '--region', 'eu-west-1');
    const far = `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:far`;
    const rule = {
      RuleName: 'daily',
      TargetBackupVaultName: 'vault',
      ScheduleExpression: 'cron(0 5 ? * * *)',
      Lifecycle: { DeleteAfterDays: 2 },
      CopyActions: [{ DestinationBackupVaultArn: far }],
    };
    const plan = JSON.stringify({ BackupPlanName: 'plan', Rules: [rule] });
    const planId = await aws('backup', 'create-backup-plan', '--backup-plan', plan, '--query', 'BackupPlanId');
    const selection = JSON.stringify({ SelectionName: 's', IamRoleArn: role, Resources: [TABLE] });
    await aws('backup', 'create-backup-selection', '--backup-plan-id', String(planId), '--backup-selection', selection);
    await endpoint.setClock({ advance: '5d' });
    const states = await aws('backup', 'list-backup-jobs', '--query', 'BackupJobs[].State');
    assert.deepEqual(states, Array(5).fill('COMPLETED'));
    const points = (vault: string, ...rest: string[]) =>
      aws('backup', 'list-recovery-points-by-backup-vault', '--backup-vault-name', vault, ...rest);
    assert.equal(await points('vault', '--query', 'length(RecoveryPoints)'), 2);
    assert.equal(await points('far', '--region', 'eu-west-1', '--query', 'length(RecoveryPoints)'), 5);
    const point = String(await points('vault', '--query', 'RecoveryPoints[0].RecoveryPointArn'));
    const restore = ['backup', 'start-restore-job', '--iam-role-arn', role, '--metadata', 'targetTableName=again'];
    const jobId = String(await aws(...restore, '--recovery-point-arn', point, '--query', 'RestoreJobId'));
    await endpoint.setClock({ advance: '1m' });
    const status = ['--query', '[Status, StatusMessage]'];
    const ended = await aws('backup', 'describe-restore-job', '--restore-job-id', jobId, ...status);
    assert.deepEqual(ended, ['COMPLETED', null]);
    const key = ['--key', '{"id":{"S":"a"}}', '--query', 'Item'];
    assert.deepEqual(await aws('dynamodb', 'get-item', '--table-name', 'again', ...key), { id: { S: 'a' } });
    const attribute = ['--lookup-attributes', 'AttributeKey=EventName,AttributeValue=StartRestoreJob'];
    assert.equal(await aws('cloudtrail', 'lookup-events', ...attribute, '--query', 'length(Events)'), 1);
  });

  test(`AWS CLI ${major}: logs are put, read and filtered`, { skip }, async (t) => {
    const { aws, endpoint } = await open(t, program);
    const group = ['--log-group-name', '/aws/lambda/orders'];
    await aws('logs', 'create-log-group', ...group);
    await aws('logs', 'create-log-stream', ...group, '--log-stream-name', 's');
    const events = ['ERROR one', '{"level":"WARN"}', 'fine'].map((message) => ({
      timestamp: endpoint.clock().nowMs,
      message,
    }));
    await aws('logs', 'put-log-events', ...group, '--log-stream-name', 's', '--log-events', JSON.stringify(events));
    const filter = (pattern: string) =>
      aws('logs', 'filter-log-events', ...group, '--filter-pattern', pattern, '--query', 'events[].message');
    assert.deepEqual(await filter('ERROR'), ['ERROR one']);
    assert.deepEqual(await filter('{ $.level = "WARN" }'), ['{"level":"WARN"}']);
    const read = ['--log-stream-name', 's', '--start-from-head', '--query', 'length(events)'];
    assert.equal(await aws('logs', 'get-log-events', ...group, ...read), 3);
    await aws('logs', 'put-retention-policy', ...group, '--retention-in-days', '1');
    await endpoint.setClock({ advance: '3d' });
    assert.deepEqual(await filter(''), []);
  });
}

/** Runs a command of the AWS CLI; resolves with what it prints, which `--query` picks from the answer. */
type Aws = (...args: string[]) => Promise<unknown>;

async function open(t: TestContext, program: string | undefined): Promise<{ aws: Aws; endpoint: LocalEndpoint }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tablewright-services-'));
  const endpoint = await startLocalEndpoint({ port: 0, dataDir: path.join(folder, 'data') });
  t.after(async () => {
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await standAtNoon(endpoint);
  const env = { ...cleanEnv(), ...AWS_ENV };
  const aws: Aws = async (...args) => {
    const all = [...args, '--endpoint-url', endpoint.url, '--output', 'json'];
    const { code, stdout, stderr } = await run(program ?? '', all, { cwd: folder, env });
    assert.equal(code, 0, `aws ${args.join(' ')}\n${stderr}`);
    return stdout.trim() === '' ? {} : JSON.parse(stdout);
  };
  return { aws, endpoint };
}

async function createTable(aws: Aws, ...rest: string[]): Promise<void> {
  const attributes = ['--attribute-definitions', 'AttributeName=id,AttributeType=S'];
  const keys = ['--key-schema', 'AttributeName=id,KeyType=HASH'];
  await aws('dynamodb', 'create-table', '--table-name', 'orders', ...attributes, ...keys, ...rest);
}

/** Seconds from now on the endpoint's clock, as the CLI takes times. */
function at(endpoint: LocalEndpoint, seconds: number): string {
  return new Date(endpoint.clock().nowMs + seconds * 1000).toISOString();
}
