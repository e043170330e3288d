import type { Caller } from '../kernel/caller.js';
import type { Need } from '../kernel/identity-port.js';
import { listOf, tagContext, textOf } from './input-reader.js';
import { passRole } from './pass-role.js';

/** How a service names its resources: by the member of the input that tells which. */
interface ServiceRules {
  /** The prefix of its actions. */
  readonly vendor: string;
  /** Members that hold an ARN, or a name from which `arn` makes one; the first that the input has counts. */
  readonly members: Readonly<Record<string, (value: string, place: Caller) => string>>;
  /** The resource of a request that has none of these; default `*`. */
  readonly otherwise?: (input: object, place: Caller, operation: string) => string;
  /** Actions that are not called as their operations. */
  readonly actions?: Readonly<Record<string, string>>;
  /** Members that hold a role that is handed on, and the service that gets it. */
  readonly passes?: Readonly<Record<string, string>>;
  /** Further condition keys, and the members that hold their values. */
  readonly keys?: Readonly<Record<string, string>>;
}

const asIs = (value: string): string => value;

function arn(vendor: string, type: string) {
  return (value: string, { region, accountId }: Caller): string =>
    value.startsWith('arn:') ? value : `arn:aws:${vendor}:${region}:${accountId}:${type}${value}`;
}

/** Permissions of CloudWatch Logs are always for a stream, which may be left open. */
const logStream = (input: object, place: Caller): string => {
  const group = textOf(input, 'logGroupIdentifier') ?? textOf(input, 'logGroupName') ?? '';
  const groupArn = arn('logs', 'log-group:')(group, place).replace(/:\*$/, '');
  return `${groupArn}:log-stream:${textOf(input, 'logStreamName') ?? ''}`;
};

/** The account is the URL's, which may be another than the caller's. */
function queueOfUrl(url: string, { region, accountId }: Caller): string {
  const [name = '', owner = ''] = url.split('/').reverse();
  return `arn:aws:sqs:${region}:${/^\d{12}$/.test(owner) ? owner : accountId}:${name}`;
}

/** What is read is the iterator's stream (see `services/kinesis/shard-iterator.ts`), whatever else a request names. */
function streamOfIterator(iterator: string): string {
  try {
    const parts: unknown = JSON.parse(Buffer.from(iterator, 'base64').toString('utf8'));
    const [accountId, region, stream] = Array.isArray(parts) ? (parts as unknown[]) : [];
    return stream === undefined ? '*' : `arn:aws:kinesis:${region}:${accountId}:stream/${stream}`;
  } catch {
    return '*';
  }
}

const iamEntity =
  (kind: string) =>
  (name: string, { accountId }: Caller): string =>
    `arn:aws:iam::${accountId}:${kind}/${name}`;

const KINDS: Readonly<Record<string, string>> = {
  User: 'user',
  Role: 'role',
  Group: 'group',
  InstanceProfile: 'instance-profile',
  Policie: 'policy',
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const RULES: Readonly<Record<string, ServiceRules>> = {
  iam: {
    vendor: 'iam',
    members: {
      PolicySourceArn: asIs,
      RoleName: iamEntity('role'),
      GroupName: iamEntity('group'),
      UserName: iamEntity('user'),
      InstanceProfileName: iamEntity('instance-profile'),
      PolicyArn: asIs,
      PolicyName: iamEntity('policy'),
    },
    otherwise: (_input, { accountId }, operation) => {
      const kind = /^List(User|Role|Group|InstanceProfile|Policie)s$/.exec(operation)?.[1];
      return kind === undefined ? '*' : `arn:aws:iam::${accountId}:${KINDS[kind]}/`;
    },
    keys: {
      'iam:PolicyARN': 'PolicyArn',
      'iam:PermissionsBoundary': 'PermissionsBoundary',
      'iam:AWSServiceName': 'AWSServiceName',
    },
  },
  sts: { vendor: 'sts', members: {} },
  kms: {
    vendor: 'kms',
    members: { KeyId: asIs, TargetKeyId: asIs, SourceKeyId: asIs },
    keys: { 'kms:RequestAlias': 'KeyId' },
  },
  kinesis: {
    vendor: 'kinesis',
    members: {
      ShardIterator: streamOfIterator,
      StreamARN: asIs,
      StreamName: arn('kinesis', 'stream/'),
      ResourceARN: asIs,
    },
  },
  logs: { vendor: 'logs', members: { resourceArn: asIs }, otherwise: logStream },
  monitoring: {
    vendor: 'cloudwatch',
    members: {
      AlarmName: arn('cloudwatch', 'alarm:'),
      ResourceARN: asIs,
      RuleName: arn('cloudwatch', 'insight-rule/'),
    },
    keys: { 'cloudwatch:namespace': 'Namespace' },
  },
  sqs: {
    vendor: 'sqs',
    members: {
      QueueUrl: queueOfUrl,
      QueueName: arn('sqs', ''),
      SourceArn: asIs,
    },
    actions: {
      SendMessageBatch: 'SendMessage',
      DeleteMessageBatch: 'DeleteMessage',
      ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
    },
  },
  sns: {
    vendor: 'sns',
    members: { TopicArn: asIs, TargetArn: asIs, SubscriptionArn: asIs, ResourceArn: asIs, Name: arn('sns', '') },
    actions: { PublishBatch: 'Publish' },
    keys: { 'sns:Protocol': 'Protocol', 'sns:Endpoint': 'Endpoint' },
  },
  'application-autoscaling': {
    vendor: 'application-autoscaling',
    members: { ResourceARN: asIs },
    passes: { RoleARN: 'application-autoscaling.amazonaws.com' },
    keys: {
      'application-autoscaling:service-namespace': 'ServiceNamespace',
      'application-autoscaling:scalable-dimension': 'ScalableDimension',
    },
  },
  backup: {
    vendor: 'backup',
    members: {
      RecoveryPointArn: asIs,
      BackupVaultName: arn('backup', 'backup-vault:'),
      BackupPlanId: arn('backup', 'backup-plan:'),
      ResourceArn: asIs,
      ReportPlanName: arn('backup', 'report-plan:'),
    },
    passes: { IamRoleArn: 'backup.amazonaws.com' },
    keys: { 'backup:CopyTargets': 'DestinationBackupVaultArn' },
  },
  cloudtrail: {
    vendor: 'cloudtrail',
    members: { Name: arn('cloudtrail', 'trail/'), TrailName: arn('cloudtrail', 'trail/') },
  },
};

/** What an operation of a service needs that has no rules of its own: one action on the resource that it names. */
export function generalNeeds(service: string, operation: string, input: object, place: Caller): readonly Need[] {
  const rules = RULES[service] ?? { vendor: service, members: {} };
  const action = `${rules.vendor}:${rules.actions?.[operation] ?? operation}`;
  const context: Record<string, string | readonly string[] | undefined> = tagContext(tagsOf(input));
  for (const [key, member] of Object.entries(rules.keys ?? {})) context[key] = textOf(input, member);
  const roles = Object.entries(rules.passes ?? {}).flatMap(([member, to]) => passRole(textOf(input, member), to));
  const alarms = service === 'monitoring' ? listOf(input, 'AlarmNames') : [];
  if (alarms.length > 0 && !operation.startsWith('Describe')) {
    const toArn = arn('cloudwatch', 'alarm:');
    return alarms.map((name) => ({ action, resource: toArn(String(name), place), context }));
  }
  return [{ action, resource: resourceOf(rules, operation, input, place), context }, ...roles];
}

function resourceOf(rules: ServiceRules, operation: string, input: object, place: Caller): string {
  for (const [member, toArn] of Object.entries(rules.members)) {
    const value = textOf(input, member);
    if (value !== undefined) return toArn(value, place);
  }
  return rules.otherwise?.(input, place, operation) ?? '*';
}

function tagsOf(input: object): unknown {
  if ('Tags' in input) return input.Tags;
  if ('tags' in input) return input.tags;
  return 'BackupVaultTags' in input ? input.BackupVaultTags : undefined;
}
