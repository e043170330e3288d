/** A timer handed out by a {@link Clock}; cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The one source of time. Everything that needs the time, or needs to wait, is given a Clock;
 * a frozen or advanced clock therefore moves expiry, schedules and states together.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. */
  nowMs(): number;
  /**
   * Calls `action` once, when `delayMs` have passed on this clock. Does not keep the process alive. A promise that the
   * action returns is part of it: a clock that is advanced waits for it before it goes on. It must not reject.
   */
  after(delayMs: number, action: () => unknown): Timer;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    const handle = setTimeout(action, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Waits on `clock`. On the machine's own clock the wait keeps the process alive. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (clock === systemClock) setTimeout(resolve, delayMs);
    else clock.after(delayMs, resolve);
  });
}

/** Milliseconds on a clock that never goes back; for durations, never for dates. */
export function monotonicMs(): number {
  return performance.now();
}
