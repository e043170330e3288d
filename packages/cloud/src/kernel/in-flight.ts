import { delay, monotonicMs, systemClock } from '@tablewright/base';

const LOOK_AGAIN_MS = 5;

/** How many requests are under way. */
export class InFlight {
  #count = 0;

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
  }

  /** Resolves when none is under way but the one that asks, at the latest after a while: some wait for what may not come. */
  async ended(limitMs: number): Promise<void> {
    const startedMs = monotonicMs();
    while (this.#count > 0 && monotonicMs() - startedMs < limitMs) await delay(systemClock, LOOK_AGAIN_MS);
  }
}
