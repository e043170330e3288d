import { DynamoError, validationError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { stillInUse } from './table-errors.js';

// The pauses that AWS wants between two changes of one setting. They are part of how long changes take, and are asked
// for where changes take time at all (`transitionDelayMs`).

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html */
const PAUSE_MS = 15_000;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html */
const TIME_TO_LIVE_PAUSE_MS = 3600 * 1000;

type Timing = Pick<ControlContext, 'clock' | 'transitionDelayMs'>;

/** @param changedMs when it was changed last; undefined when it never was */
export function checkProtectionPause(context: Timing, tableName: string, changedMs: number | undefined): void {
  if (!isPaused(context, changedMs, PAUSE_MS)) return;
  throw tooSoon(`Deletion protection setting for table ${tableName}`, changedMs, '');
}

/** @param subject `table orders` or `stream 2026-01-01T00:00:00.000` */
export function checkPolicyPause(context: Timing, subject: string, changedMs: number | undefined): void {
  if (isPaused(context, changedMs, Math.min(context.transitionDelayMs, PAUSE_MS))) {
    const [kind = '', name = ''] = subject.split(' ');
    const what = kind.slice(0, 1).toUpperCase() + kind.slice(1);
    throw stillInUse(`${what} is pending previous resource-based policy update: ${name}`);
  }
  if (isPaused(context, changedMs, PAUSE_MS)) throw tooSoon(`Resource-based policy for ${subject}`, changedMs, '.');
}

/** @param isBuilding whether the last change is not carried out yet, however long ago it was */
export function checkTimeToLivePause(context: Timing, changedMs: number | undefined, isBuilding: boolean): void {
  if (!isBuilding && !isPaused(context, changedMs, TIME_TO_LIVE_PAUSE_MS)) return;
  throw validationError('Time to live has been modified multiple times within a fixed interval');
}

function isPaused(
  { clock, transitionDelayMs }: Timing,
  changedMs: number | undefined,
  pauseMs: number,
): changedMs is number {
  return transitionDelayMs > 0 && changedMs !== undefined && clock.nowMs() < changedMs + pauseMs;
}

function tooSoon(what: string, changedMs: number, end: string): DynamoError {
  return new DynamoError(
    'ThrottlingException',
    `${what} modified within the previous ${PAUSE_MS} milliseconds. ` +
      `Please try again after ${new Date(changedMs + PAUSE_MS).toISOString()}${end}`,
  );
}
