/**
 * What goes on beside the requests: work that an event set off and that nobody waits for. It is counted, so that an
 * advance of the clock can wait for all consequences of one instant before it goes on to the next.
 *
 * Work that is tracked must end by itself: it never waits on the kernel's clock, which would wait for it. Where time
 * has to pass first, it ends, and a timer takes it up again.
 */
export class Activity {
  readonly #running = new Map<Promise<void>, string>();
  readonly #sources: (() => Promise<void>)[] = [];
  /** Counts beginnings, so that {@link settled} sees work that came and went while it waited. */
  #begun = 0;

  constructor(private readonly reportFault: (where: string, fault: unknown) => void) {}

  /** `label` says what runs, for the one who waits: `event source mapping users-stream`. A rejection is reported. */
  track(label: string, work: Promise<unknown>): void {
    this.#begun += 1;
    const running = work.then(
      () => {},
      (fault) => this.reportFault(label, fault),
    );
    this.#running.set(running, label);
    running.finally(() => this.#running.delete(running));
  }

  /** Work that is counted elsewhere: `idle` resolves when there is none. */
  addSource(idle: () => Promise<void>): void {
    this.#sources.push(idle);
  }

  /** Labels of what runs now. */
  labels(): string[] {
    return [...this.#running.values()];
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    let seen: number;
    do {
      seen = this.#begun;
      // Two turns: consequences often begin on the turn after their cause.
      await nextTurn();
      await nextTurn();
      while (this.#running.size > 0) await Promise.all(this.#running.keys());
      for (const idle of this.#sources) await idle();
    } while (this.#begun !== seen || this.#running.size > 0);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
