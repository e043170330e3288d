import type { Timer } from '@tablewright/base';
import type { Caller } from '../../kernel/caller.js';
import { DAY_MS } from './log-record.js';
import type { LogStore } from './log-store.js';

/** Least time between two sweeps: events of a group go in batches, as on AWS, where it may take days. */
const LEAST_WAIT_MS = 3_600_000;

/** Removes events that are older than their group retains them, on the kernel's clock. */
export class Retention {
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(private readonly store: LogStore) {}

  start(): void {
    this.#arm(0);
  }

  /** A group is to retain its events for another time. */
  changed(): void {
    this.#arm(0);
  }

  /** Events came: where nothing was to expire, something will be. */
  added(): void {
    if (this.#timer === undefined) this.#arm(LEAST_WAIT_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #arm(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#isClosed) return;
    const { kernel } = this.store;
    this.#timer = kernel.clock.after(delayMs, () =>
      this.#sweep().catch((fault) => kernel.reportFault('retention of logs', fault)),
    );
  }

  async #sweep(): Promise<void> {
    const { kernel, groups } = this.store;
    this.#timer = undefined;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [partition, group] of [...groups.entries()]) {
      const [accountId = '', region = ''] = partition.split('/');
      const caller: Caller = { accountId, region };
      nextMs = Math.min(nextMs, (await this.store.expire(caller, group)) ?? nextMs);
    }
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#arm(Math.min(Math.max(nextMs - kernel.clock.nowMs(), LEAST_WAIT_MS), DAY_MS));
  }
}
