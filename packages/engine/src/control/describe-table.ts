import { tableArn } from '../catalog/arn.js';
import type {
  AttributeDefinition,
  EncryptionRecord,
  GlobalIndexRecord,
  IndexRecord,
  OnlineIndexRecord,
  RestoreRecord,
  TableClassRecord,
  TableRecord,
  ThroughputRecord,
  VectorIndexRecord,
} from '../catalog/table-record.js';
import type { Counts } from '../catalog/table-statistics.js';
import { describeReplicas } from '../global/describe-replicas.js';
import { vectorIndexInput } from '../vectors/vector-index-rules.js';
import { describeBillingMode } from './billing-mode.js';
import { isUnderWay } from './under-way.js';

export type CountsOf = (storageNumber: number) => Counts;

/** AWS gives times as epoch seconds with milliseconds behind the point. */
export function epochSeconds(epochMs: number): number {
  return epochMs / 1000;
}

/**
 * `TableDescription`, as AWS echoes it. Members that do not apply are absent.
 *
 * @param peers the other replicas of a global table
 */
export function describeTable(
  record: TableRecord,
  countsOf: CountsOf,
  nowMs: number,
  peers: readonly TableRecord[] = [],
): Record<string, unknown> {
  const arn = tableArn(record, record.name);
  const counts = countsOf(record.storageNumber);
  return withoutUndefined({
    AttributeDefinitions: byName(record.attributes),
    TableName: record.name,
    KeySchema: record.keySchema,
    TableStatus: record.status,
    CreationDateTime: epochSeconds(record.createdMs),
    ProvisionedThroughput: describeThroughput(record.throughput, nowMs),
    TableSizeBytes: counts.bytes,
    ItemCount: counts.items,
    TableArn: arn,
    TableId: record.id,
    ...describeBillingMode(record),
    LocalSecondaryIndexes: listOrNothing(record.localIndexes, (index) => describeIndex(arn, index, countsOf)),
    GlobalSecondaryIndexes: listOrNothing(record.globalIndexes, (index) =>
      describeGlobalIndex(arn, index, countsOf, nowMs),
    ),
    VectorIndexes: listOrNothing(record.vectorIndexes ?? [], (index) => describeVectorIndex(arn, index, countsOf)),
    ...describeStream(record, arn),
    SSEDescription: describeEncryption(record, nowMs),
    ArchivalSummary: record.archival && {
      ArchivalDateTime: epochSeconds(record.archival.atMs),
      ArchivalReason: record.archival.reason,
      ArchivalBackupArn: record.archival.backupArn,
    },
    TableClassSummary: describeTableClass(
      isUnderWay(record.classBefore, nowMs) ? record.classBefore.value : record.tableClass,
    ),
    RestoreSummary: record.restore && describeRestore(record, record.restore),
    DeletionProtectionEnabled: record.deletionProtection,
    OnDemandThroughput: record.onDemand,
    WarmThroughput: describeWarm(record, nowMs),
    ...describeReplicas(record, peers, nowMs),
  });
}

/** AWS tells definitions in the order of their names, whatever the request's (seen in its own examples). */
function byName(definitions: readonly AttributeDefinition[]): AttributeDefinition[] {
  return [...definitions].sort((one, other) => (one.AttributeName < other.AttributeName ? -1 : 1));
}

function describeRestore(
  { status }: TableRecord,
  { backupArn, sourceTableArn, atMs }: RestoreRecord,
): Record<string, unknown> {
  return withoutUndefined({
    SourceBackupArn: backupArn,
    SourceTableArn: sourceTableArn,
    RestoreDateTime: epochSeconds(atMs),
    RestoreInProgress: status === 'CREATING',
  });
}

/** A change of the key shows the old one while it goes on, where there was one. */
function describeEncryption(record: TableRecord, nowMs: number): Record<string, unknown> | undefined {
  const { encryption, encryptionBefore, inaccessible } = record;
  const isChanging = isUnderWay(encryptionBefore, nowMs);
  if (!isChanging && encryption === undefined) return undefined;
  const shown = isChanging ? encryptionBefore.value : encryption;
  return withoutUndefined({
    ...(isChanging ? describeChangingEncryption(shown) : { Status: 'ENABLED', ...describeKey(shown) }),
    InaccessibleEncryptionDateTime: inaccessible && epochSeconds(inaccessible.sinceMs),
  });
}

/** @param former without one: the key that AWS owns, which is never told */
export function describeChangingEncryption(former: EncryptionRecord | undefined): Record<string, unknown> {
  return { Status: 'UPDATING', ...describeKey(former) };
}

function describeKey(encryption: EncryptionRecord | undefined): Record<string, unknown> {
  return encryption === undefined ? {} : { SSEType: 'KMS', KMSMasterKeyArn: encryption.keyArn };
}

function describeTableClass(tableClass: TableClassRecord | undefined): Record<string, unknown> | undefined {
  if (tableClass === undefined) return undefined;
  const { name, updatedMs } = tableClass;
  return withoutUndefined({ TableClass: name, LastUpdateDateTime: updatedMs && epochSeconds(updatedMs) });
}

/** The stream as tables show it: its label stays when it is switched off, its specification does not. */
export function describeStream(record: TableRecord, arn: string): Record<string, unknown> {
  if (record.stream === undefined) return {};
  const { label, viewType, enabled } = record.stream;
  return {
    ...(enabled ? { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } } : {}),
    LatestStreamLabel: label,
    LatestStreamArn: `${arn}/stream/${label}`,
  };
}

export function describeThroughput(throughput: ThroughputRecord, nowMs: number): Record<string, unknown> {
  return withoutUndefined({
    LastIncreaseDateTime: throughput.lastIncreaseMs && epochSeconds(throughput.lastIncreaseMs),
    LastDecreaseDateTime: throughput.lastDecreaseMs && epochSeconds(throughput.lastDecreaseMs),
    NumberOfDecreasesToday: decreasesToday(throughput, nowMs).length,
    ReadCapacityUnits: throughput.readUnits,
    WriteCapacityUnits: throughput.writeUnits,
  });
}

const DAY_MS = 24 * 3600 * 1000;

/** Times of the decreases since midnight UTC. */
export function decreasesToday(throughput: ThroughputRecord, nowMs: number): readonly number[] {
  const midnightMs = nowMs - (nowMs % DAY_MS);
  return (throughput.decreasesMs ?? []).filter((atMs) => atMs >= midnightMs);
}

function describeIndex(arn: string, index: IndexRecord, countsOf: CountsOf): Record<string, unknown> {
  return {
    IndexName: index.name,
    KeySchema: index.keySchema,
    Projection: index.projection,
    ...describeEntries(arn, index, countsOf),
  };
}

function describeVectorIndex(arn: string, index: VectorIndexRecord, countsOf: CountsOf): Record<string, unknown> {
  return withoutUndefined({
    ...vectorIndexInput(index),
    IndexStatus: index.status,
    Backfilling: isBackfilling(index),
    ...describeEntries(arn, index, countsOf),
  });
}

function describeEntries(
  arn: string,
  { name, storageNumber }: Pick<IndexRecord, 'name' | 'storageNumber'>,
  countsOf: CountsOf,
): Record<string, unknown> {
  const counts = countsOf(storageNumber);
  return { IndexSizeBytes: counts.bytes, ItemCount: counts.items, IndexArn: `${arn}/index/${name}` };
}

/** Told of an index that was added to a table, until it is there. */
function isBackfilling({ isAdded, status, backfilledTo }: OnlineIndexRecord): boolean | undefined {
  return isAdded === true && status === 'CREATING' ? backfilledTo !== undefined : undefined;
}

function describeGlobalIndex(
  arn: string,
  index: GlobalIndexRecord,
  countsOf: CountsOf,
  nowMs: number,
): Record<string, unknown> {
  return withoutUndefined({
    ...describeIndex(arn, index, countsOf),
    IndexStatus: index.status,
    Backfilling: isBackfilling(index),
    ProvisionedThroughput: describeThroughput(index.throughput, nowMs),
    OnDemandThroughput: index.onDemand,
    WarmThroughput: describeWarm(index, nowMs, index.status === 'CREATING' ? 'UPDATING' : undefined),
  });
}

/** @param status default: UPDATING while a change goes on, then ACTIVE */
export function describeWarm(
  { warm, warmBefore }: Pick<GlobalIndexRecord, 'warm' | 'warmBefore'>,
  nowMs: number,
  status?: 'UPDATING',
): Record<string, unknown> | undefined {
  const isChanging = isUnderWay(warmBefore, nowMs);
  const shown = isChanging ? warmBefore.value : warm;
  return (
    shown && {
      ReadUnitsPerSecond: shown.readUnitsPerSecond,
      WriteUnitsPerSecond: shown.writeUnitsPerSecond,
      Status: status ?? (isChanging ? 'UPDATING' : 'ACTIVE'),
    }
  );
}

function listOrNothing<T, R>(values: readonly T[], describe: (value: T) => R): R[] | undefined {
  return values.length === 0 ? undefined : values.map(describe);
}

export function withoutUndefined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
