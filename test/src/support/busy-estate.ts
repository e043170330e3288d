import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  BackupClient,
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
} from '@aws-sdk/client-backup';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { zipOfFiles } from '@tablewright/testkit';

const ACCOUNT = '000000000000';
export const HOME = 'us-east-1';
export const FAR = 'eu-west-1';
export const VAULT = 'vault';
const BACKUP_POLICY = 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup';
const METERED = {
  ServiceNamespace: 'dynamodb',
  ResourceId: 'table/metered',
  ScalableDimension: 'dynamodb:table:WriteCapacityUnits',
} as const;

/**
 * Code of the function `worker`, which appends each record's version to the item of its key in `copies`, and `gone`
 * when the key's item is deleted. The first that sees `killedAt` kills the endpoint, with part of its batch done.
 */
const workerCode = (marker: string, killedAt: string) => `
  import { writeFileSync } from 'node:fs';
  import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  const isFirst = () => {
    try {
      writeFileSync(${JSON.stringify(marker)}, 'killed', { flag: 'wx' });
      return true;
    } catch {
      return false;
    }
  };
  export const handler = async ({ Records }) => {
    for (const { dynamodb } of Records) {
      const version = dynamodb.NewImage?.n.N ?? 'gone';
      await client.send(new UpdateItemCommand({
        TableName: 'copies',
        Key: { id: dynamodb.Keys.id },
        UpdateExpression: 'SET seen = list_append(if_not_exists(seen, :none), :version)',
        ExpressionAttributeValues: { ':none': { L: [] }, ':version': { L: [{ S: version }] } },
      }));
      if (dynamodb.Keys.id.S + '/' + version === ${JSON.stringify(killedAt)} && isFirst()) {
        process.kill(process.ppid, 'SIGKILL');
        for (;;);
      }
    }
  };`;

/** Code of the function `errands`: counts in `copies` how often it was told of each; the first time is in vain. */
const ERRANDS_CODE = `
  import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  export const handler = async ({ id }) => {
    const { Attributes } = await client.send(new UpdateItemCommand({
      TableName: 'copies',
      Key: { id: { S: id } },
      UpdateExpression: 'ADD told :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }));
    if (Attributes.told.N === '1') throw new Error('come again');
  };`;

export function connection(endpoint: string, region = HOME) {
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
}

export interface BusyEstateOptions {
  /** A file that the worker writes when it kills the endpoint. */
  readonly marker: string;
  /** `id/version` of the record at which it does. */
  readonly killedAt: string;
}

/**
 * Everything that acts by itself, on one endpoint: `orders` (stream, expiry, replica) feeds the function `worker`,
 * `metered` scales and rings an alarm whose topic tells the queue `bell`, a plan backs `orders` up daily at 5 o'clock,
 * and the function `errands` waits for events. The endpoint's tables must change at once (`transitionDelayMs: 0`).
 */
export async function setUpBusyEstate(url: string, options: BusyEstateOptions): Promise<void> {
  const roles = await setUpRoles(url);
  const streamArn = await setUpTables(url);
  await setUpFunctions(url, roles.functions, streamArn, options);
  await setUpScaling(url);
  await setUpAlarm(url, await setUpTopic(url));
  await setUpPlan(url, roles.backup);
}

async function setUpRoles(url: string): Promise<{ functions: string; backup: string }> {
  const iam = new IAMClient(connection(url));
  const role = async (RoleName: string, service: string, PolicyArn: string): Promise<string> => {
    const Statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    return `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
  };
  const functions = await role('functions', 'lambda.amazonaws.com', 'arn:aws:iam::aws:policy/AdministratorAccess');
  const backup = await role('backup', 'backup.amazonaws.com', BACKUP_POLICY);
  iam.destroy();
  return { functions, backup };
}

async function setUpTables(url: string): Promise<string | undefined> {
  const dynamodb = new DynamoDBClient(connection(url));
  const create = (TableName: string, settings: Partial<CreateTableCommandInput>) =>
    dynamodb.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        ...settings,
      }),
    );
  const { TableDescription } = await create('orders', {
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  await create('copies', { BillingMode: 'PAY_PER_REQUEST' });
  await create('metered', { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } });
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: 'orders', TimeToLiveSpecification }));
  const ReplicaUpdates = [{ Create: { RegionName: FAR } }];
  await dynamodb.send(new UpdateTableCommand({ TableName: 'orders', ReplicaUpdates }));
  dynamodb.destroy();
  return TableDescription?.LatestStreamArn;
}

async function setUpFunctions(
  url: string,
  Role: string,
  EventSourceArn: string | undefined,
  { marker, killedAt }: BusyEstateOptions,
): Promise<void> {
  const lambda = new LambdaClient(connection(url));
  const common = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role, Timeout: 60 } as const;
  for (const [FunctionName, code] of [
    ['worker', workerCode(marker, killedAt)],
    ['errands', ERRANDS_CODE],
  ]) {
    const Code = { ZipFile: zipOfFiles({ 'index.mjs': code ?? '' }) };
    await lambda.send(new CreateFunctionCommand({ FunctionName, ...common, Code }));
  }
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'worker',
      EventSourceArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10,
      ParallelizationFactor: 2,
    }),
  );
  lambda.destroy();
}

async function setUpScaling(url: string): Promise<void> {
  const scaling = new ApplicationAutoScalingClient(connection(url));
  await scaling.send(new RegisterScalableTargetCommand({ ...METERED, MinCapacity: 5, MaxCapacity: 50 }));
  await scaling.send(
    new PutScalingPolicyCommand({
      ...METERED,
      PolicyName: 'writes',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 70,
        PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBWriteCapacityUtilization' },
      },
    }),
  );
  scaling.destroy();
}

/** Resolves to the topic's ARN. */
async function setUpTopic(url: string): Promise<string> {
  const sqs = new SQSClient(connection(url));
  const Endpoint = `arn:aws:sqs:${HOME}:${ACCOUNT}:bell`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'bell' }));
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: Endpoint,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  sqs.destroy();
  const sns = new SNSClient(connection(url));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'bell' }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  sns.destroy();
  return TopicArn;
}

/** Rings when more than 300 units are written to `metered` in a minute, and again when it is over. */
async function setUpAlarm(url: string, TopicArn: string): Promise<void> {
  const cloudwatch = new CloudWatchClient(connection(url));
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'busy',
      Namespace: 'AWS/DynamoDB',
      MetricName: 'ConsumedWriteCapacityUnits',
      Dimensions: [{ Name: 'TableName', Value: 'metered' }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 300,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [TopicArn],
      OKActions: [TopicArn],
    }),
  );
  cloudwatch.destroy();
}

async function setUpPlan(url: string, IamRoleArn: string): Promise<void> {
  const backup = new BackupClient(connection(url));
  await backup.send(new CreateBackupVaultCommand({ BackupVaultName: VAULT }));
  const { BackupPlanId } = await backup.send(
    new CreateBackupPlanCommand({
      BackupPlan: {
        BackupPlanName: 'daily',
        Rules: [{ RuleName: 'daily', TargetBackupVaultName: VAULT, ScheduleExpression: 'cron(0 5 ? * * *)' }],
      },
    }),
  );
  const Resources = [`arn:aws:dynamodb:${HOME}:${ACCOUNT}:table/orders`];
  const BackupSelection = { SelectionName: 'orders', IamRoleArn, Resources };
  await backup.send(new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));
  backup.destroy();
}
