import type { TableRecord } from '../catalog/table-record.js';

const DAY_MS = 24 * 3600 * 1000;
/** The latest restorable time lies about five minutes back. */
const LAG_MS = 5 * 60 * 1000;

export interface RecoveryWindow {
  readonly earliestMs: number;
  /** The whole second in which it lies, which is what clients are told and may ask for. */
  readonly toldEarliestMs: number;
  readonly latestMs: number;
}

/** The instants that a table can be restored to; undefined without point-in-time recovery. */
export function recoveryWindow(record: TableRecord, nowMs: number): RecoveryWindow | undefined {
  const recovery = record.pointInTimeRecovery;
  if (recovery === undefined) return undefined;
  // Of its first second all is kept: the earliest time is told in whole seconds, and must hold.
  const earliestMs = Math.max(recovery.enabledMs, wholeSecond(nowMs - recovery.periodDays * DAY_MS));
  return { earliestMs, toldEarliestMs: wholeSecond(earliestMs), latestMs: Math.max(earliestMs, nowMs - LAG_MS) };
}

function wholeSecond(atMs: number): number {
  return Math.floor(atMs / 1000) * 1000;
}
