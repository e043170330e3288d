import type { TableKinesisDestination } from '../catalog/table.js';
import type { DestinationRecord, TableRecord } from '../catalog/table-record.js';

export type DestinationStatus = 'ENABLING' | 'ACTIVE' | 'UPDATING' | 'DISABLING' | 'DISABLED' | 'ENABLE_FAILED';

/** How long a destination that was switched off is still told of. */
const MEMORY_MS = 24 * 3600 * 1000;

export function destinationStatus(destination: DestinationRecord, nowMs: number): DestinationStatus {
  const { settlesMs, changing, disabledMs, fault } = destination;
  if (changing !== undefined && settlesMs !== undefined && nowMs < settlesMs) return changing;
  if (disabledMs !== undefined) return 'DISABLED';
  return fault === undefined ? 'ACTIVE' : 'ENABLE_FAILED';
}

/** A table has one destination at most that is not off or failed. */
export function isLive(destination: DestinationRecord, nowMs: number): boolean {
  const status = destinationStatus(destination, nowMs);
  return status !== 'DISABLED' && status !== 'ENABLE_FAILED';
}

export function remembered(record: TableRecord, nowMs: number): DestinationRecord[] {
  return (record.kinesis ?? []).filter(({ disabledMs }) => disabledMs === undefined || disabledMs + MEMORY_MS > nowMs);
}

/** Where the changes of a table's items go; undefined when they go nowhere. */
export function activeDestination(record: TableRecord): TableKinesisDestination | undefined {
  const active = record.kinesis?.find(({ disabledMs, fault }) => disabledMs === undefined && fault === undefined);
  if (active === undefined) return undefined;
  const { storageNumber, streamArn, precision } = active;
  return { storageNumber, streamArn, ...(precision !== undefined && { precision }) };
}
