import type { Clock, Timer } from '@tablewright/base';

interface Pending {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => unknown;
}

/** A clock that stands still until it is advanced; timers fire in order of time, then of creation. */
export class VirtualClock implements Clock {
  #pending: Pending[] = [];
  #order = 0;

  constructor(private currentMs: number = Date.UTC(2026, 0, 1)) {}

  nowMs(): number {
    return this.currentMs;
  }

  after(delayMs: number, action: () => unknown): Timer {
    const entry: Pending = { atMs: this.currentMs + Math.max(0, delayMs), order: this.#order++, action };
    this.#pending.push(entry);
    const cancel = (): void => {
      this.#pending = this.#pending.filter((other) => other !== entry);
    };
    return { cancel };
  }

  /** Moves the clock forward, running every timer that falls due, each at its own time. */
  advance(durationMs: number): void {
    const endMs = this.currentMs + durationMs;
    for (;;) {
      const due = this.#pending.filter((entry) => entry.atMs <= endMs);
      const next = due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (next === undefined) break;
      this.#pending = this.#pending.filter((entry) => entry !== next);
      this.currentMs = Math.max(this.currentMs, next.atMs);
      next.action();
    }
    this.currentMs = endMs;
  }
}
