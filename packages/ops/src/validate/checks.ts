import type { GlobalSecondaryIndexDescription, KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import type { CheckResult, CheckStatus } from './check-result.js';
import type { Reading, TableFacts } from './table-facts.js';

type Finding = Omit<CheckResult, 'id' | 'title'>;
type Check = { readonly id: string; readonly title: string; readonly look: (facts: TableFacts) => Finding };

/** Every check, in the order of the report. */
const CHECKS: readonly Check[] = [
  { id: 'status', title: 'Status', look: ({ table }) => statusOf(table) },
  { id: 'keys', title: 'Key schema', look: ({ table }) => pass(keysOf(table.KeySchema, table)) },
  { id: 'billing', title: 'Billing mode', look: ({ table }) => billingOf(table) },
  {
    id: 'table-class',
    title: 'Table class',
    look: ({ table }) => info(table.TableClassSummary?.TableClass ?? 'STANDARD'),
  },
  { id: 'encryption', title: 'Encryption at rest', look: ({ table }) => encryptionOf(table) },
  { id: 'point-in-time-recovery', title: 'Point-in-time recovery', look: pointInTimeRecoveryOf },
  { id: 'deletion-protection', title: 'Deletion protection', look: ({ table }) => deletionProtectionOf(table) },
  { id: 'backups', title: 'On-demand backups', look: backupsOf },
  { id: 'ttl', title: 'Time to live', look: timeToLiveOf },
  { id: 'stream', title: 'Stream', look: ({ table }) => streamOf(table) },
  { id: 'global-indexes', title: 'Global indexes', look: ({ table }) => globalIndexesOf(table) },
  { id: 'local-indexes', title: 'Local indexes', look: ({ table }) => localIndexesOf(table) },
  { id: 'replicas', title: 'Replicas', look: ({ table }) => replicasOf(table) },
  { id: 'tags', title: 'Tags', look: tagsOf },
  { id: 'size', title: 'Size', look: ({ table }) => sizeOf(table) },
];

/** Looks at a table from every side. */
export function runChecks(facts: TableFacts): CheckResult[] {
  return CHECKS.map(({ id, title, look }) => ({ id, title, ...look(facts) }));
}

function pass(detail: string): Finding {
  return { status: 'pass', detail };
}

function info(detail: string): Finding {
  return { status: 'info', detail };
}

function warn(detail: string, remedy: string): Finding {
  return { status: 'warn', detail, remedy };
}

function fail(detail: string, remedy: string): Finding {
  return { status: 'fail', detail, remedy };
}

function statusOf(table: TableDescription): Finding {
  const status: string = table.TableStatus ?? 'UNKNOWN';
  if (status === 'ACTIVE') return pass(status);
  if (status === 'UPDATING')
    return warn(status, 'Reads and writes work; wait until the change is done before the next one.');
  if (status === 'CREATING') return fail(status, 'Wait until the table is ACTIVE, then validate again.');
  if (status === 'INACCESSIBLE_ENCRYPTION_CREDENTIALS') {
    return fail(status, 'Enable the KMS key again and let DynamoDB use it; after seven days the table is archived.');
  }
  return fail(status, 'The table does not serve requests; deploy it again or restore it from a backup.');
}

function keysOf(schema: readonly KeySchemaElement[] | undefined, table: TableDescription): string {
  const types = new Map(table.AttributeDefinitions?.map((one) => [one.AttributeName, one.AttributeType]));
  const one = ({ AttributeName: name, KeyType: role }: KeySchemaElement): string =>
    `${name} (${types.get(name) ?? '?'}, ${role === 'HASH' ? 'hash' : 'range'})`;
  return (schema ?? []).map(one).join(', ');
}

function billingOf(table: TableDescription): Finding {
  if (table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST') return pass('on-demand');
  const { ReadCapacityUnits: read = 0, WriteCapacityUnits: write = 0 } = table.ProvisionedThroughput ?? {};
  return pass(`provisioned, ${read} read and ${write} write units`);
}

/** SSEDescription is absent for the key that AWS owns, which encrypts too: no table is stored unencrypted. */
function encryptionOf({ SSEDescription: encryption }: TableDescription): Finding {
  if (encryption === undefined || encryption.Status === 'DISABLED') return pass('with a key that AWS owns');
  if (encryption.InaccessibleEncryptionDateTime !== undefined) {
    return fail(`key ${encryption.KMSMasterKeyArn} cannot be used`, 'Enable the KMS key again and check its policy.');
  }
  const detail = `${encryption.SSEType ?? 'KMS'}, key ${encryption.KMSMasterKeyArn ?? 'aws/dynamodb'}`;
  return encryption.Status === 'ENABLED'
    ? pass(detail)
    : warn(`${encryption.Status}: ${detail}`, 'Wait until it is ENABLED.');
}

function pointInTimeRecoveryOf({ continuousBackups }: TableFacts): Finding {
  if ('unreadable' in continuousBackups) return unread(continuousBackups.unreadable);
  const recovery = continuousBackups.value.PointInTimeRecoveryDescription;
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED') {
    return warn('off', 'Set point_in_time_recovery = true: without it, deleted or overwritten items are gone.');
  }
  const days = recovery.RecoveryPeriodInDays;
  const since = recovery.EarliestRestorableDateTime?.toISOString();
  return pass(
    `on${days === undefined ? '' : `, ${days} days`}${since === undefined ? '' : `, restorable from ${since}`}`,
  );
}

function deletionProtectionOf(table: TableDescription): Finding {
  if (table.DeletionProtectionEnabled === true) return pass('on');
  return warn('off', 'Set deletion_protection = true for a table that must not be deleted by mistake.');
}

function backupsOf({ backups, continuousBackups }: TableFacts): Finding {
  if ('unreadable' in backups) return { ...info(`could not be read: ${backups.unreadable}`) };
  const latest = backups.value
    .map((backup) => backup.BackupCreationDateTime)
    .filter((date) => date !== undefined)
    .sort((a, b) => b.getTime() - a.getTime())[0];
  if (latest !== undefined) return pass(`${backups.value.length}, the latest of ${latest.toISOString()}`);
  const recovery = readValue(continuousBackups)?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  if (recovery === 'ENABLED') return info('none; point-in-time recovery covers the table');
  return warn('none', 'Make one (aws dynamodb create-backup), or set enable_backup_plan = true.');
}

function timeToLiveOf({ timeToLive }: TableFacts): Finding {
  if ('unreadable' in timeToLive) return unread(timeToLive.unreadable);
  const { TimeToLiveStatus: status = 'DISABLED', AttributeName: attribute } = timeToLive.value;
  return status === 'DISABLED' ? info('off') : pass(`${status.toLowerCase()}, attribute ${attribute}`);
}

function streamOf(table: TableDescription): Finding {
  if (table.StreamSpecification?.StreamEnabled !== true) return info('off');
  return pass(`on, ${table.StreamSpecification.StreamViewType}, ${table.LatestStreamArn}`);
}

function globalIndexesOf(table: TableDescription): Finding {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  if (indexes.length === 0) return info('none');
  const detail = indexes.map((index) => `${describeIndex(index, table)} ${index.IndexStatus ?? 'UNKNOWN'}`).join('; ');
  return worst(
    indexes.map((index) => index.IndexStatus),
    detail,
    'Wait until every index is ACTIVE; queries on the others fail.',
  );
}

function describeIndex(index: GlobalSecondaryIndexDescription, table: TableDescription): string {
  return `${index.IndexName}: ${keysOf(index.KeySchema, table)}, ${index.Projection?.ProjectionType ?? 'ALL'}`;
}

function localIndexesOf(table: TableDescription): Finding {
  const indexes = table.LocalSecondaryIndexes ?? [];
  return indexes.length === 0 ? info('none') : pass(indexes.map((index) => describeIndex(index, table)).join('; '));
}

function replicasOf(table: TableDescription): Finding {
  const replicas = table.Replicas ?? [];
  if (replicas.length === 0) return info('none');
  const detail = replicas.map((replica) => `${replica.RegionName} ${replica.ReplicaStatus ?? 'UNKNOWN'}`).join('; ');
  return worst(
    replicas.map((replica) => replica.ReplicaStatus),
    detail,
    'Wait until every replica is ACTIVE; if one stays, read its ReplicaStatusDescription.',
  );
}

const IN_MOTION = new Set(['CREATING', 'UPDATING', 'DELETING']);

/** All ACTIVE passes; some still on the way warns; anything else fails. */
function worst(statuses: readonly (string | undefined)[], detail: string, remedy: string): Finding {
  const others = statuses.filter((status) => status !== 'ACTIVE');
  if (others.length === 0) return pass(detail);
  const status: CheckStatus = others.every((one) => IN_MOTION.has(one ?? '')) ? 'warn' : 'fail';
  return { status, detail, remedy };
}

function tagsOf({ tags }: TableFacts): Finding {
  if ('unreadable' in tags) return unread(tags.unreadable);
  if (tags.value.length === 0) return warn('none', 'Set tags, so that costs and owners can be told apart.');
  return pass(tags.value.map((tag) => `${tag.Key}=${tag.Value}`).join(', '));
}

function sizeOf({ ItemCount: items = 0, TableSizeBytes: bytes = 0 }: TableDescription): Finding {
  return info(`${items} items, ${bytes} bytes (AWS brings these up to date about every six hours)`);
}

function unread(reason: string): Finding {
  return warn(`could not be read: ${reason}`, 'Allow the call named, or check this by hand.');
}

function readValue<T>(reading: Reading<T>): T | undefined {
  return 'value' in reading ? reading.value : undefined;
}
