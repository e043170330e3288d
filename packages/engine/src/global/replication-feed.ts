import type { Table } from '../catalog/table.js';

/** A change that has arrived in another region. */
export interface ReplicatedChange {
  /** The replica that was written to. */
  readonly table: Table;
  readonly receivingRegion: string;
  /** From the write to its arrival, on the clock. */
  readonly latencyMs: number;
  readonly atMs: number;
}

/** Called after the change; must be quick and not throw. */
export type ReplicationListener = (change: ReplicatedChange) => void;

/** Changes that are still to arrive. */
export interface PendingChanges {
  readonly accountId: string;
  readonly tableName: string;
  /** Where they were written. */
  readonly region: string;
  readonly receivingRegion: string;
  readonly count: number;
  /** Age of the oldest, on the clock; 0 when there is none. */
  readonly oldestAgeMs: number;
}

/**
 * Replication between regions as those outside the engine see it: what it does (for the metrics ReplicationLatency and
 * PendingReplicationCount), and the fault switch. A region that is cut off goes on serving requests; its changes wait,
 * and so do those for it. When it rejoins, all of them are replicated, and the last writer wins.
 */
export interface ReplicationControl {
  /** Returns what ends it. */
  observe(listener: ReplicationListener): () => void;
  /** One for each pair of a replica and another; reads through what waits. */
  pending(): PendingChanges[];
  /** Acts at once, also for regions without tables; durable when this resolves. */
  cutOff(region: string): Promise<void>;
  rejoin(region: string): Promise<void>;
  cutRegions(): string[];
}
