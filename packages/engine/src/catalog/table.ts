/** The type of a key attribute. */
export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** A table has one hash key and at most one range key; a global index up to four of each. */
export interface KeySchema {
  readonly hash: readonly KeyAttribute[];
  readonly range: readonly KeyAttribute[];
}

export type Projection =
  | { readonly type: 'ALL' }
  | { readonly type: 'KEYS_ONLY' }
  | { readonly type: 'INCLUDE'; readonly attributes: readonly string[] };

export type TableStatus =
  | 'CREATING'
  | 'UPDATING'
  | 'DELETING'
  | 'ACTIVE'
  | 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'
  | 'ARCHIVED';
export type IndexStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE';

/** What a table or global index may consume, in units per second; undefined where there is no limit. */
export interface ThroughputLimits {
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly readUnits?: number | undefined;
  readonly writeUnits?: number | undefined;
}

/** That the keys of a table or global index are counted. */
export interface KeyInsights {
  /** Names the counts in the store; never reused. */
  readonly storageNumber: number;
  /** Whether what is accessed is counted, or only what is throttled. */
  readonly isAccessCounted: boolean;
}

/** What the data plane needs to know of an index. */
export interface TableIndex {
  readonly name: string;
  readonly arn: string;
  readonly kind: 'GSI' | 'LSI';
  /** Names the index's keys in the store; never reused. */
  readonly storageNumber: number;
  readonly keys: KeySchema;
  readonly projection: Projection;
  readonly status: IndexStatus;
  /** Of a global index; a local one has part in its table's. */
  readonly throughput?: ThroughputLimits;
  readonly insights?: KeyInsights;
}

export type DistanceFunction = 'COSINE' | 'EUCLIDEAN' | 'DOT_PRODUCT';

/** What the data plane needs to know of a vector index. */
export interface VectorIndex {
  readonly name: string;
  readonly arn: string;
  /** Names the index's entries in the store; never reused. */
  readonly storageNumber: number;
  readonly vectorAttribute: string;
  readonly dimensions: number;
  readonly distanceFunction: DistanceFunction;
  /** The attribute that a search must give a value of; undefined when it goes through the whole index. */
  readonly hash: KeyAttribute | undefined;
  /** The attributes that a search may give values of. */
  readonly filters: readonly KeyAttribute[];
  /** Of what is returned; what is searched is there in any case. */
  readonly projection: Projection;
  readonly status: IndexStatus;
  /** While CREATING: whether it is being filled from the table's items, or yet to be. */
  readonly isFilling: boolean;
}

/** The enabled stream of a table. */
export interface TableStream {
  /** Names the stream's records in the store; never reused. */
  readonly storageNumber: number;
}

/** Time to live, while it is enabled. */
export interface TableTimeToLive {
  readonly attributeName: string;
  /** Names the entries of the expiry index in the store; never reused. */
  readonly storageNumber: number;
}

/** The Kinesis stream that the changes of a table's items go to. */
export interface TableKinesisDestination {
  /** Names the records under way in the store; never reused. */
  readonly storageNumber: number;
  readonly streamArn: string;
  /** Of the times in the records; milliseconds, and not told there, unless it was chosen. */
  readonly precision?: 'MILLISECOND' | 'MICROSECOND';
}

/** What must be kept of the items' past. */
export interface TableJournal {
  /** Storage number of the index by time, with point-in-time recovery: every change is kept. */
  readonly timeIndex?: number;
  /** A stamp: of changes after it, the first of each item is kept. */
  readonly latestPin?: string;
}

/** That a table is a replica of a global table. */
export interface TableReplication {
  /** Storage numbers of the items' versions, and of the keys of deleted items. */
  readonly versions: number;
  readonly deletions: number;
  /** Storage numbers of the changes that wait for the other replicas, one for each. */
  readonly queues: readonly number[];
  /** Whether changes are there in all regions at once. */
  readonly isStrong: boolean;
}

/**
 * What the data plane needs to know of a table. The catalog hands out one such object per version of a table and
 * replaces it whole when the table changes, so that it can be cached and compared by identity.
 */
export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  /** Names the table's items in the store; never reused, also not by a table of the same name. */
  readonly storageNumber: number;
  readonly status: TableStatus;
  readonly keys: KeySchema;
  readonly indexes: readonly TableIndex[];
  /** Absent when there are none. */
  readonly vectorIndexes?: readonly VectorIndex[];
  /** Absent: on demand, without maximums. */
  readonly throughput?: ThroughputLimits;
  /** Why items can neither be read nor written: the table's key cannot be used. */
  readonly fault?: string;
  readonly stream?: TableStream;
  readonly kinesis?: TableKinesisDestination;
  readonly timeToLive?: TableTimeToLive;
  /** Absent while nothing needs the past. */
  readonly journal?: TableJournal;
  /** Absent for a table of one region. */
  readonly replication?: TableReplication;
  readonly insights?: KeyInsights;
  /** Whether the table or one of its indexes has insights. */
  readonly hasInsights: boolean;
}

/** On whose behalf, and where, an operation runs. */
export interface Caller {
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
  /**
   * Why policies deny the caller a statement of a batch or transaction of statements, by its place; undefined when they
   * do not. Each is told of alone, after all have been found valid.
   */
  readonly statementDenial?: ((at: number) => string | undefined) | undefined;
}

/** The catalog as the data plane sees it. */
export interface TableLookup {
  /**
   * The table, by name or ARN. Throws ResourceNotFoundException with AWS's words when there is none, or when it
   * is not in a state in which items can be read and written.
   */
  table(caller: Caller, nameOrArn: string): Table;
}
