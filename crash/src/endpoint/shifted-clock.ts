import { type Clock, systemClock } from '@tablewright/base';

/** The machine's clock, so many milliseconds ahead. */
export function shiftedClock(aheadMs: number): Clock {
  return {
    nowMs: () => systemClock.nowMs() + aheadMs,
    after: (delayMs, action) => systemClock.after(delayMs, action),
  };
}
