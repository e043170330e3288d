import type { TableRecord } from '../catalog/table-record.js';

const DAY_MS = 24 * 3600 * 1000;
/** The latest restorable time lies about five minutes back. */
const LAG_MS = 5 * 60 * 1000;

export interface RecoveryWindow {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** The instants that a table can be restored to; undefined without point-in-time recovery. */
export function recoveryWindow(record: TableRecord, nowMs: number): RecoveryWindow | undefined {
  const recovery = record.pointInTimeRecovery;
  if (recovery === undefined) return undefined;
  const earliestMs = Math.max(recovery.enabledMs, nowMs - recovery.periodDays * DAY_MS);
  return { earliestMs, latestMs: Math.max(earliestMs, nowMs - LAG_MS) };
}
