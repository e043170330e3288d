import type { Timer } from '@tablewright/base';
import type { Kernel } from '../../kernel/kernel.js';

/** What a wait ends by. */
export type WaitEnd = 'told' | 'over';

export interface Wait {
  /** Of the machine's time. */
  readonly waitMs: number;
  /** When, on the endpoint's clock, there will be something to receive. */
  readonly nextMs: number | undefined;
  /** The client went away. */
  readonly gone: AbortSignal;
}

/**
 * Who waits for messages of a queue. The wait itself is in the machine's time, in which the client waits, too: a clock
 * that stands still must not hang it, nor one that is advanced cut it short. What becomes receivable does so in the
 * endpoint's time.
 */
export class Receivers {
  readonly #waiting = new Map<string, Set<(end: WaitEnd) => void>>();
  #isClosed = false;

  constructor(private readonly kernel: Kernel) {}

  /** There may be something to receive. */
  tell(queueId: string): void {
    this.kernel.ports.queues.tell(queueId);
    for (const end of [...(this.#waiting.get(queueId) ?? [])]) end('told');
  }

  /** Resolves when the queue is told of, when there is something to receive, or when the wait is over. */
  wait(queueId: string, { waitMs, nextMs, gone }: Wait): Promise<WaitEnd> {
    if (this.#isClosed) return Promise.resolve('over');
    const { clock, machineClock } = this.kernel;
    return new Promise((resolve) => {
      const timers: Timer[] = [];
      const waiting = this.#waiting.get(queueId) ?? new Set();
      const end = (how: WaitEnd): void => {
        for (const timer of timers) timer.cancel();
        gone.removeEventListener('abort', giveUp);
        waiting.delete(end);
        if (waiting.size === 0) this.#waiting.delete(queueId);
        resolve(how);
      };
      const giveUp = (): void => end('over');
      gone.addEventListener('abort', giveUp);
      waiting.add(end);
      this.#waiting.set(queueId, waiting);
      timers.push(machineClock.after(waitMs, () => end('over')));
      if (nextMs !== undefined) timers.push(clock.after(nextMs - clock.nowMs(), () => end('told')));
    });
  }

  /** Nobody waits any more. */
  close(): void {
    this.#isClosed = true;
    for (const waiting of [...this.#waiting.values()]) for (const end of [...waiting]) end('over');
  }
}
