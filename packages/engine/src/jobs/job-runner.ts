/** Asks a job to stop where it is; the next start takes it up again. */
export class JobStopped extends Error {
  constructor() {
    super('the engine is closing');
    this.name = 'JobStopped';
  }
}

/** What a running job asks between chunks. */
export interface JobSignal {
  /** Lets requests go first. Throws {@link JobStopped} when the engine closes. */
  breathe(): Promise<void>;
}

/** Jobs that run at the same time; more of them wait. */
const MAX_RUNNING = 4;

/**
 * Runs the exports and imports of one engine beside its requests. Apart from the housekeeper, whose steps are short:
 * a job waits for object storage, and must not hold up what tables need.
 */
export class JobRunner implements JobSignal {
  readonly #waiting: [name: string, job: (signal: JobSignal) => Promise<void>][] = [];
  readonly #running = new Map<string, Promise<void>>();
  #isClosed = false;

  /** Runs `job` as soon as there is room. One that is running or waiting under this name is not begun again. */
  start(name: string, job: (signal: JobSignal) => Promise<void>): void {
    if (this.#isClosed || this.#running.has(name) || this.#waiting.some(([waiting]) => waiting === name)) return;
    this.#waiting.push([name, job]);
    this.#fill();
  }

  async breathe(): Promise<void> {
    await nextTurn();
    if (this.#isClosed) throw new JobStopped();
  }

  /** Resolves when no job is left. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    await this.idle();
  }

  #fill(): void {
    while (this.#running.size < MAX_RUNNING) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const [name, job] = next;
      // A job reports its own failure; what is left is a store that cannot write, which shows in every request.
      const running = nextTurn()
        .then(() => job(this))
        .catch(() => {})
        .finally(() => {
          this.#running.delete(name);
          this.#fill();
        });
      this.#running.set(name, running);
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
