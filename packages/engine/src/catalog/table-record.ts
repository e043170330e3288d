import type { DistanceFunction, IndexStatus, TableStatus } from './table.js';

/** As `AttributeDefinitions` and `KeySchema` name them; kept in the order in which they were given. */
export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: 'S' | 'N' | 'B';
}

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface ProjectionRecord {
  readonly ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly NonKeyAttributes?: readonly string[];
}

/** Provisioned capacity of a table or global index; 0/0 while the table is on demand. Times in epoch milliseconds. */
export interface ThroughputRecord {
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly lastIncreaseMs?: number;
  readonly lastDecreaseMs?: number;
  /** Times of the decreases since midnight UTC of the day of the last one. */
  readonly decreasesMs?: readonly number[];
}

/** Maximum request units of an on-demand table or index; absent means no maximum. */
export interface OnDemandRecord {
  readonly MaxReadRequestUnits?: number;
  readonly MaxWriteRequestUnits?: number;
}

export interface WarmThroughputRecord {
  readonly readUnitsPerSecond: number;
  readonly writeUnitsPerSecond: number;
}

export interface IndexRecord {
  readonly name: string;
  readonly storageNumber: number;
  readonly keySchema: readonly KeySchemaElement[];
  readonly projection: ProjectionRecord;
}

/** How far an index is that can be made and taken away while its table goes on. */
export interface OnlineIndexRecord {
  readonly name: string;
  readonly storageNumber: number;
  readonly status: IndexStatus;
  /** The index was added to a table that was there, and is filled from its items while CREATING. */
  readonly isAdded?: boolean;
  /** While the index is being filled from the table's items: the last item key done, hex; '' before the first. */
  readonly backfilledTo?: string;
  /** Items of the table that the backfill has read. */
  readonly backfilledItems?: number;
  /** Every entry is there, but the time that filling it takes is not over. */
  readonly isFilled?: true;
}

export interface GlobalIndexRecord extends IndexRecord, OnlineIndexRecord {
  readonly throughput: ThroughputRecord;
  readonly onDemand?: OnDemandRecord;
  readonly warm?: WarmThroughputRecord;
  readonly insights?: InsightsRecord;
  readonly warmBefore?: Before<WarmThroughputRecord>;
}

export interface SearchSchemaElement {
  readonly AttributeName: string;
  readonly SearchSchemaElementType: 'HASH' | 'INLINE_FILTER';
}

export interface VectorIndexRecord extends OnlineIndexRecord {
  readonly vectorAttribute: string;
  readonly dimensions: number;
  readonly distanceFunction: DistanceFunction;
  /** As it was given; absent when it was not. */
  readonly searchSchema?: readonly SearchSchemaElement[];
  readonly projection: ProjectionRecord;
}

/** What a setting was before its change, which shows until then; no value: it was not set. */
export interface Before<Value> {
  readonly untilMs: number;
  readonly value?: Value;
}

export type InsightsMode = 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS';

/** Contributor insights of a table or global index, once they have been switched on. */
export interface InsightsRecord {
  readonly mode: InsightsMode;
  /** What they are, or will be from `settlesMs` on. */
  readonly state: 'ENABLED' | 'DISABLED' | 'FAILED';
  readonly changedMs: number;
  /** When ENABLING or DISABLING ends; absent when it ended with the change. */
  readonly settlesMs?: number;
  /** While ENABLED: the rules that they have. */
  readonly rules?: InsightsRules;
}

export interface InsightsRules {
  /** The time in their names. */
  readonly createdMs: number;
  /** Of the counts. */
  readonly storageNumber: number;
}

export interface StreamRecord {
  readonly storageNumber: number;
  readonly viewType: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
  /** The time of its creation, `2026-01-01T00:00:00.000`. */
  readonly label: string;
  readonly enabled: boolean;
}

/** A Kinesis stream that changes of items go, went, or could not go to. */
export interface DestinationRecord {
  readonly streamArn: string;
  /** Of the records under way to it. */
  readonly storageNumber: number;
  /** Absent until it was set once. */
  readonly precision?: 'MILLISECOND' | 'MICROSECOND';
  /** What the latest change shows as until `settlesMs`. */
  readonly changing?: 'ENABLING' | 'DISABLING' | 'UPDATING';
  readonly settlesMs?: number;
  /** Set once it was switched off. */
  readonly disabledMs?: number;
  /** Why it could not be switched on. */
  readonly fault?: string;
}

export interface TimeToLiveRecord {
  readonly attributeName: string;
  readonly enabled: boolean;
  readonly changedMs: number;
  /** When ENABLING or DISABLING ends; absent when it ended with the change. */
  readonly settlesMs?: number;
  /** Of the expiry index. */
  readonly storageNumber: number;
  /** While the expiry index is being filled from the table's items: the last item key done, hex; '' before the first. */
  readonly indexedTo?: string;
}

/** Whether the table is on its way out of a backup or of the past. */
export function isBeingRestored({ restore, status }: TableRecord): boolean {
  return restore !== undefined && status === 'CREATING';
}

/** Whether the table is a replica that is being made. */
export function isJoining({ replication, status }: TableRecord): boolean {
  return replication !== undefined && status === 'CREATING';
}

/** Tables that are filled before they are there: next to no operation knows of them yet. */
export function isUnknownYet(record: TableRecord): boolean {
  return isBeingRestored(record) || isJoining(record);
}

/** Where a table came from that was restored. Shows as long as the table lives. */
export interface RestoreRecord {
  readonly sourceTableArn: string;
  readonly backupArn?: string;
  /** The point in time, or that of the backup. */
  readonly atMs: number;
  /** While the items are being copied: from the source's storage number, as of the stamp; keys in hex. */
  readonly copy?: {
    readonly storageNumber: number;
    readonly stamp: string;
    readonly phase: 'items' | 'journal';
    readonly after: string;
  };
}

/** One other replica, as a table knows it. */
export interface PeerRecord {
  readonly region: string;
  /** Storage number of the changes that wait to be replicated there. */
  readonly queue: number;
}

/** Read settings in which a replica goes its own way. */
export interface ReplicaOverrides {
  readonly table?: true;
  /** By name. */
  readonly indexes?: readonly string[];
}

/** That a global table is strongly consistent, and the region that only bears witness to its writes. */
export interface StrongRecord {
  readonly witness?: { readonly region: string; readonly activeMs: number; readonly isLeaving?: true };
}

/** A table's part in a global table, version 2019.11.21. */
export interface ReplicationRecord {
  /** In the order in which they came. */
  readonly peers: readonly PeerRecord[];
  /** Storage numbers of the items' versions, and of the keys of deleted items. */
  readonly versions: number;
  readonly deletions: number;
  readonly joinedMs: number;
  /** The region of the replica that this one was added from. */
  readonly source?: string;
  /** While the replica is filled from the others' items: the regions still to be read, and how far; key in hex. */
  readonly copy?: {
    readonly regions: readonly string[];
    readonly phase: 'items' | 'deletions';
    readonly after: string;
  };
  readonly overrides?: ReplicaOverrides;
  /** Absent for eventual consistency. */
  readonly strong?: StrongRecord;
  /** The replica is being deleted as soon as its last changes are replicated. */
  readonly isLeaving?: true;
}

/** The resource policy of a table or stream, or that one was deleted. */
export interface PolicyRecord {
  /** In AWS's form, see `control/policy-document.ts`; absent once it was deleted. */
  readonly document?: string;
  /** The time of the last change, in epoch milliseconds. */
  readonly revisionId: string;
}

export interface EncryptionRecord {
  readonly keyArn: string;
}

export interface TableClassRecord {
  readonly name: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  readonly updatedMs?: number;
  readonly changesMs?: readonly number[];
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** A table as the store keeps it (JSON). Replaced whole by every change. Times in epoch milliseconds. */
export interface TableRecord {
  readonly name: string;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly storageNumber: number;
  readonly createdMs: number;
  readonly status: TableStatus;
  /** When `status`, and the states of indexes, change next; set for CREATING, UPDATING and DELETING. */
  readonly settlesMs?: number;
  /** What UPDATING is about, where that decides what else can be changed. */
  readonly updating?: 'units' | 'stream' | 'class';
  readonly attributes: readonly AttributeDefinition[];
  readonly keySchema: readonly KeySchemaElement[];
  readonly localIndexes: readonly IndexRecord[];
  readonly globalIndexes: readonly GlobalIndexRecord[];
  /** Absent when there are none. */
  readonly vectorIndexes?: readonly VectorIndexRecord[];
  readonly billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** Set once the table has been on demand. */
  readonly lastOnDemandMs?: number;
  /** Times of the switches to on demand in the past day. */
  readonly onDemandSwitchesMs?: readonly number[];
  readonly throughput: ThroughputRecord;
  readonly onDemand?: OnDemandRecord;
  readonly warm?: WarmThroughputRecord;
  readonly warmBefore?: Before<WarmThroughputRecord>;
  /** The latest stream, enabled or not. */
  readonly stream?: StreamRecord;
  /** Set while the table is encrypted with a KMS key; absent for the key that AWS owns. */
  readonly encryption?: EncryptionRecord;
  readonly encryptionBefore?: Before<EncryptionRecord>;
  /** Times of the changes of the encryption in the past day. */
  readonly encryptionChangesMs?: readonly number[];
  /** Set from when the table's key can no longer be used, with the error that every request for its items gets. */
  readonly inaccessible?: { readonly sinceMs: number; readonly message: string };
  readonly archival?: { readonly atMs: number; readonly reason: string; readonly backupArn: string };
  /** Absent until it was set once; `changesMs` are the times of its latest changes. */
  readonly tableClass?: TableClassRecord;
  readonly classBefore?: Before<TableClassRecord>;
  readonly deletionProtection: boolean;
  /** Absent until it is set; without replicas it means nothing. */
  readonly settingsReplication?: 'ENABLED' | 'DISABLED';
  /** When deletion protection was set last, since the table was created. */
  readonly protectionSetMs?: number;
  readonly tags: readonly Tag[];
  /** The latest change first. */
  readonly kinesis?: readonly DestinationRecord[];
  /** Absent until it was enabled once. */
  readonly timeToLive?: TimeToLiveRecord;
  /** `enabledMs`: from when on the history is whole. The storage number is that of its index by time. */
  readonly pointInTimeRecovery?: {
    readonly enabledMs: number;
    readonly periodDays: number;
    readonly storageNumber: number;
  };
  /** The latest stamp in the history that a backup or restore needs, hex. */
  readonly latestPin?: string;
  readonly restore?: RestoreRecord;
  /** Absent for a table of one region. */
  readonly replication?: ReplicationRecord;
  readonly insights?: InsightsRecord;
  readonly resourcePolicy?: PolicyRecord;
}

/** The indexes that can be made and taken away while the table goes on; one at a time. */
export function onlineIndexes(record: TableRecord): readonly (GlobalIndexRecord | VectorIndexRecord)[] {
  return record.vectorIndexes === undefined ? record.globalIndexes : [...record.globalIndexes, ...record.vectorIndexes];
}

export function isVectorIndex(index: GlobalIndexRecord | VectorIndexRecord): index is VectorIndexRecord {
  return 'distanceFunction' in index;
}

export function withVectorIndexes(record: TableRecord, indexes: readonly VectorIndexRecord[]): TableRecord {
  const { vectorIndexes: _, ...rest } = record;
  return indexes.length === 0 ? rest : { ...rest, vectorIndexes: indexes };
}

/** The table with `next` in place of the index of the same storage number. */
export function withOnlineIndex(record: TableRecord, next: GlobalIndexRecord | VectorIndexRecord): TableRecord {
  const isSame = (one: OnlineIndexRecord): boolean => one.storageNumber === next.storageNumber;
  if (isVectorIndex(next)) {
    return withVectorIndexes(
      record,
      (record.vectorIndexes ?? []).map((one) => (isSame(one) ? next : one)),
    );
  }
  return { ...record, globalIndexes: record.globalIndexes.map((one) => (isSame(one) ? next : one)) };
}
