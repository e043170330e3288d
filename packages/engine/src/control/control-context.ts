import type { Backups } from '../backup/backups.js';
import type { History } from '../backup/history.js';
import type { BulkJobs } from '../bulk/bulk-jobs.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import type { EngineContext } from '../engine-context.js';
import type { Exports } from '../export/exports.js';
import type { ReplicaScaling, Replication } from '../global/index.js';
import type { Imports } from '../import/imports.js';
import type { KinesisStreams } from '../kinesis/index.js';
import type { ObjectStore } from '../object-store.js';
import type { Streams } from '../streams/streams.js';
import type { KmsKeyResolver } from './encryption.js';
import type { Lifecycle } from './lifecycle.js';
import type { PrincipalLookup } from './policy-document.js';

/** Whether a target and a policy scale the write capacity of a table, or of one of its indexes. */
export type WriteScalingLookup = (place: Caller, tableName: string, indexName?: string) => boolean;

export interface ControlContext extends EngineContext {
  readonly tables: Catalog;
  readonly statistics: TableStatistics;
  readonly lifecycle: Lifecycle;
  readonly streams: Streams;
  readonly history: History;
  readonly backups: Backups;
  readonly replication: Replication;
  readonly exports: Exports;
  readonly imports: Imports;
  readonly bulk: BulkJobs;
  readonly objectStore?: ObjectStore;
  /** Calls for the work in the background. */
  readonly wake: () => void;
  /** How long tables, and settings with a state of their own, take to change; 0 for at once. */
  readonly transitionDelayMs: number;
  readonly resolveKmsKey: KmsKeyResolver;
  readonly isWriteAutoScaled: WriteScalingLookup;
  readonly isPrincipal: PrincipalLookup;
  /** Absent where there is no Application Auto Scaling. */
  readonly replicaScaling?: ReplicaScaling;
  readonly endpointAddress?: string;
  /** Absent where there is no Kinesis. */
  readonly kinesis?: KinesisStreams;
}
