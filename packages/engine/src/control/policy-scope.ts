import { javaSetOrder } from '../validation/java-set-order.js';

// What a policy of a table or of a stream can be about. The operations:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html, where PartiQL's have names of
// their own, and those of global tables of several accounts and of conditions in transactions are missing.

/** What a policy is put on. */
export type PolicyHolderKind = 'table' | 'stream';

interface Scope {
  readonly actions: readonly string[];
  /** Resources that belong to the other kind, or have no policy; what could be of this kind is taken. */
  readonly foreign: RegExp;
}

const OF_ANY = ['DeleteResourcePolicy', 'GetResourcePolicy', 'PutResourcePolicy'];
const ARN = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:(.*)$/s;

const SCOPES: Readonly<Record<PolicyHolderKind, Scope>> = {
  table: {
    actions: [
      ...OF_ANY,
      'AssociateTableReplica',
      'BatchGetItem',
      'BatchWriteItem',
      'ConditionCheckItem',
      'CreateBackup',
      'CreateTableReplica',
      'DeleteItem',
      'DeleteTable',
      'DeleteTableReplica',
      'DescribeContinuousBackups',
      'DescribeContributorInsights',
      'DescribeKinesisStreamingDestination',
      'DescribeTable',
      'DescribeTableReplicaAutoScaling',
      'DescribeTimeToLive',
      'DisableKinesisStreamingDestination',
      'EnableKinesisStreamingDestination',
      'ExportTableToPointInTime',
      'GetItem',
      'ListTagsOfResource',
      'PartiQLDelete',
      'PartiQLInsert',
      'PartiQLSelect',
      'PartiQLUpdate',
      'PutItem',
      'Query',
      'ReadDataForReplication',
      'ReplicateSettings',
      'RestoreTableToPointInTime',
      'Scan',
      'SearchVectors',
      'StartAwsBackupJob',
      'TagResource',
      'TransactGetItems',
      'TransactWriteItems',
      'UntagResource',
      'UpdateContinuousBackups',
      'UpdateContributorInsights',
      'UpdateItem',
      'UpdateKinesisStreamingDestination',
      'UpdateTable',
      'UpdateTableReplicaAutoScaling',
      'UpdateTimeToLive',
      'WriteDataForReplication',
    ],
    foreign: /^table\/[^/]+\/(stream|backup|export|import)\//,
  },
  stream: {
    actions: [...OF_ANY, 'DescribeStream', 'GetRecords', 'GetShardIterator'],
    foreign: /^table\/[^/*?]+(\/(index|backup|export|import)\/.*)?$/,
  },
};

/** The actions that no policy of this kind can have, each in quotation marks, as AWS lists them. */
export function foreignActions(kind: PolicyHolderKind, actions: readonly string[]): readonly string[] {
  const foreign = actions.filter((action) => !isKnown(SCOPES[kind].actions, action));
  return javaSetOrder([...new Set(foreign)].map((action) => `"${action}"`));
}

/** What follows the account in the ARN of a resource that such a policy cannot be about; undefined where it can. */
export function foreignResource(kind: PolicyHolderKind, arn: string): string | undefined {
  const relative = ARN.exec(arn)?.[1];
  return relative !== undefined && SCOPES[kind].foreign.test(relative) ? relative : undefined;
}

/** Letter case does not count; a pattern is known when it matches one at least. */
function isKnown(names: readonly string[], action: string): boolean {
  const pattern = action.replace(/[^*?]/g, (char) => (/\w/.test(char) ? char : `\\${char}`));
  const matching = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
  return names.some((name) => matching.test(`dynamodb:${name}`));
}
