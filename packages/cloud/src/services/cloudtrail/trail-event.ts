import type { GatedRequest, Outcome } from '../../kernel/gates.js';
import type { Principal } from '../../kernel/principal.js';
import type { TrailRecord } from '../../kernel/trail-port.js';

/** Operations on data, which CloudTrail does not record unless it is told to. */
const DATA_OPERATIONS: Readonly<Record<string, RegExp>> = {
  dynamodb:
    /^((Batch|Transact)?(Get|Put|Update|Delete|Write)Items?|Query|Scan|SearchVectors|(Batch)?ExecuteStatement|ExecuteTransaction|GetRecords|GetShardIterator)$/,
  lambda: /^(Invoke.*|RunFunction)$/,
  s3: /Object|Part|MultipartUpload/,
  logs: /^(PutLogEvents|GetLogEvents|FilterLogEvents|StartLiveTail|CreateLogStream)$/,
  monitoring: /^(PutMetricData|GetMetric.*|ListMetrics|DescribeAlarms|GetInsightRuleReport)$/,
  kinesis: /^(PutRecords?|GetRecords|GetShardIterator|SubscribeToShard)$/,
  sqs: /^((Send|Receive|Delete)Message(Batch)?|ChangeMessageVisibility(Batch)?)$/,
  sns: /^Publish(Batch)?$/,
  backup: /^Run/,
};

/** Names of services in events, where they are not the signing name. */
const SOURCES: Readonly<Record<string, string>> = {
  'application-autoscaling': 'autoscaling',
};

/** Members that hold secrets, or code. */
const SECRET = /secret|password|token|plaintext|zipfile|environment|credential/i;

/** The kinds of resources that events name, by the member of the input. */
const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  TableName: 'AWS::DynamoDB::Table',
  FunctionName: 'AWS::Lambda::Function',
  RoleName: 'AWS::IAM::Role',
  PolicyArn: 'AWS::IAM::Policy',
  UserName: 'AWS::IAM::User',
  Bucket: 'AWS::S3::Bucket',
  KeyId: 'AWS::KMS::Key',
  BackupVaultName: 'AWS::Backup::BackupVault',
  BackupPlanId: 'AWS::Backup::BackupPlan',
  StreamName: 'AWS::Kinesis::Stream',
  logGroupName: 'AWS::Logs::LogGroup',
  AlarmName: 'AWS::CloudWatch::Alarm',
  TopicArn: 'AWS::SNS::Topic',
  QueueUrl: 'AWS::SQS::Queue',
};

/** Whether calls of an operation are recorded. */
export function isRecorded(service: string, operation: string): boolean {
  let known = recorded.get(service);
  if (known === undefined) {
    known = new Map();
    recorded.set(service, known);
  }
  let answer = known.get(operation);
  if (answer === undefined) {
    answer = service !== 'cloudtrail' && DATA_OPERATIONS[service]?.test(operation) !== true;
    known.set(operation, answer);
  }
  return answer;
}

/** Asked before every request. */
const recorded = new Map<string, Map<string, boolean>>();

/** The event of one call. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html */
export function trailRecord(request: GatedRequest, outcome: Outcome, id: string, atMs: number): TrailRecord {
  const { service, operation, caller, principal, accessKeyId, input, requestId, userAgent } = request;
  const isReadOnly = /^(Describe|Get|List|Lookup|Head|Batch?Get|Simulate|Search)/.test(operation);
  const source = `${SOURCES[service] ?? service}.amazonaws.com`;
  const resources = resourcesOf(input);
  const event = {
    eventVersion: '1.11',
    userIdentity: identityOf(principal, accessKeyId),
    eventTime: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    eventSource: source,
    eventName: operation,
    awsRegion: caller.region,
    sourceIPAddress: principal.kind === 'service' ? principal.service : '127.0.0.1',
    userAgent: principal.kind === 'service' ? principal.service : userAgent,
    ...(outcome.errorCode !== undefined && { errorCode: outcome.errorCode, errorMessage: outcome.errorMessage }),
    requestParameters: shown(input),
    responseElements: null,
    requestID: requestId,
    eventID: id,
    readOnly: isReadOnly,
    resources: resources.map(({ type, name }) => ({ accountId: caller.accountId, type, ARN: name })),
    eventType: principal.kind === 'service' ? 'AwsServiceEvent' : 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: caller.accountId,
    eventCategory: 'Management',
  };
  return {
    id,
    atMs,
    name: operation,
    source,
    isReadOnly,
    userName: userNameOf(principal),
    accessKeyId,
    resources,
    event: JSON.stringify(event),
  };
}

function userNameOf(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
      return principal.userName;
    case 'role-session':
      return principal.sessionName;
    case 'service':
      return principal.service;
    default:
      return 'root';
  }
}

function identityOf(principal: Principal, accessKeyId: string): object {
  const { accountId } = principal;
  switch (principal.kind) {
    case 'user':
      return {
        type: 'IAMUser',
        principalId: principal.userId,
        arn: principal.arn,
        accountId,
        accessKeyId,
        userName: principal.userName,
      };
    case 'role-session':
      return {
        type: 'AssumedRole',
        principalId: principal.userId,
        arn: principal.arn,
        accountId,
        accessKeyId,
        sessionContext: { sessionIssuer: { type: 'Role', arn: principal.roleArn, accountId } },
      };
    case 'service':
      return { type: 'AWSService', invokedBy: principal.service };
    default:
      return { type: 'Root', principalId: accountId, arn: `arn:aws:iam::${accountId}:root`, accountId, accessKeyId };
  }
}

function resourcesOf(input: object): TrailRecord['resources'] {
  return Object.entries(input).flatMap(([member, name]) => {
    const type = RESOURCE_TYPES[member];
    return type === undefined || typeof name !== 'string' ? [] : [{ type, name }];
  });
}

/** The input with names as CloudTrail writes them, without secrets and code. */
function shown(input: object): object {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      SECRET.test(name) ? 'HIDDEN_DUE_TO_SECURITY_REASONS' : shownValue(value),
    ]),
  );
}

function shownValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.map(shownValue);
  if (typeof value !== 'object' || value === null) return value;
  // A body that is a stream, and the like.
  return Object.getPrototypeOf(value) === Object.prototype ? shown(value) : undefined;
}
