import { tableArn } from '../catalog/arn.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { Counts } from '../catalog/table-statistics.js';
import { describeThroughput, epochSeconds, withoutUndefined } from '../control/describe-table.js';
import { vectorIndexInput } from '../vectors/vector-index-rules.js';

/** A backup as the store keeps it (JSON): the table's settings, and the name of the pin that keeps its items. */
export interface BackupRecord {
  readonly arn: string;
  readonly name: string;
  /** Those of AWS Backup are its recovery points' and not shown by DynamoDB. */
  readonly type: 'USER' | 'SYSTEM' | 'AWS_BACKUP';
  readonly createdMs: number;
  /** When CREATING ends. */
  readonly availableMs: number;
  /** System backups only. */
  readonly expiresMs?: number;
  /** Of the items at the time of the backup, hex. */
  readonly stamp: string;
  readonly table: TableRecord;
  readonly counts: Counts;
}

export function backupStatus(backup: BackupRecord, nowMs: number): 'CREATING' | 'AVAILABLE' {
  return nowMs < backup.availableMs ? 'CREATING' : 'AVAILABLE';
}

export function describeBackupDetails(backup: BackupRecord, status: string): Record<string, unknown> {
  return withoutUndefined({
    BackupArn: backup.arn,
    BackupName: backup.name,
    BackupSizeBytes: backup.counts.bytes,
    BackupStatus: status,
    BackupType: backup.type,
    BackupCreationDateTime: epochSeconds(backup.createdMs),
    BackupExpiryDateTime: backup.expiresMs && epochSeconds(backup.expiresMs),
  });
}

export function describeBackup(backup: BackupRecord, status: string): Record<string, unknown> {
  return {
    BackupDetails: describeBackupDetails(backup, status),
    SourceTableDetails: describeSource(backup),
    // What AWS makes on its own records none (recorded by a public project).
    SourceTableFeatureDetails: backup.type === 'SYSTEM' ? {} : describeFeatures(backup.table),
  };
}

export function summarizeBackup(backup: BackupRecord, nowMs: number): Record<string, unknown> {
  const { table } = backup;
  return {
    TableName: table.name,
    TableId: table.id,
    TableArn: tableArn(table, table.name),
    ...describeBackupDetails(backup, backupStatus(backup, nowMs)),
  };
}

function describeSource({ table, counts }: BackupRecord): Record<string, unknown> {
  return withoutUndefined({
    TableName: table.name,
    TableId: table.id,
    TableArn: tableArn(table, table.name),
    TableSizeBytes: counts.bytes,
    KeySchema: table.keySchema,
    TableCreationDateTime: epochSeconds(table.createdMs),
    ProvisionedThroughput: units(table),
    OnDemandThroughput: table.onDemand,
    ItemCount: counts.items,
    BillingMode: table.billingMode,
  });
}

function describeFeatures(table: TableRecord): Record<string, unknown> {
  const local = table.localIndexes.map((index) => ({
    IndexName: index.name,
    KeySchema: index.keySchema,
    Projection: index.projection,
  }));
  const global = table.globalIndexes.map((index) =>
    withoutUndefined({
      IndexName: index.name,
      KeySchema: index.keySchema,
      Projection: index.projection,
      ProvisionedThroughput: units(index),
      OnDemandThroughput: index.onDemand,
    }),
  );
  return withoutUndefined({
    LocalSecondaryIndexes: local.length === 0 ? undefined : local,
    GlobalSecondaryIndexes: global.length === 0 ? undefined : global,
    VectorIndexes: table.vectorIndexes?.map(vectorIndexInput),
    StreamDescription: table.stream?.enabled === true ? stream(table.stream) : undefined,
    TimeToLiveDescription: table.timeToLive?.enabled === true ? timeToLive(table.timeToLive) : undefined,
    SSEDescription: table.encryption && {
      Status: 'ENABLED',
      SSEType: 'KMS',
      KMSMasterKeyArn: table.encryption.keyArn,
    },
  });
}

function stream({ viewType }: NonNullable<TableRecord['stream']>): Record<string, unknown> {
  return { StreamEnabled: true, StreamViewType: viewType };
}

function timeToLive({ attributeName }: NonNullable<TableRecord['timeToLive']>): Record<string, unknown> {
  return { TimeToLiveStatus: 'ENABLED', AttributeName: attributeName };
}

function units(holder: Pick<TableRecord, 'throughput'>): Record<string, unknown> {
  const { ReadCapacityUnits, WriteCapacityUnits } = describeThroughput(holder.throughput, 0);
  return { ReadCapacityUnits, WriteCapacityUnits };
}
