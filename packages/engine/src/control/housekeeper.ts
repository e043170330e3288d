import type { Store } from '@tablewright/store';
import type { BackgroundFeed } from '../background-feed.js';
import type { Catalog } from '../catalog/catalog.js';
import { type ContentPrefix, contentRange, GARBAGE } from '../catalog/keys.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import { backfillStep } from './backfill.js';

/** Keys removed in one change. */
const GARBAGE_CHUNK = 1000;

/**
 * The work that goes on between requests, in bounded steps, each its own durable change: filling new indexes,
 * deleting expired items, trimming streams, removing what deleted tables and indexes left, counting items after a kill. All of it begins again where it was
 * after a restart.
 */
export class Housekeeper {
  #running: Promise<void> | undefined;
  /** Work may have come after the last step looked for it. */
  #woken = false;
  #closed = false;
  /** The step to look at first: whichever had work comes last the next time, so that none holds up the others. */
  #first = 0;

  constructor(
    private readonly store: Store,
    private readonly catalog: Catalog,
    private readonly statistics: TableStatistics,
    private readonly feed: BackgroundFeed,
    /** Further work, step by step: each resolves to false when it has nothing to do. */
    private readonly steps: readonly (() => Promise<boolean>)[] = [],
  ) {}

  /** Call it after a change that made work. */
  wake(): void {
    this.#woken = true;
    if (this.#running !== undefined || this.#closed) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    // A failing store shows in every request; the work is taken up again by the next start.
    this.#running.catch(() => {});
  }

  /** Resolves when there is nothing left to do. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running?.catch(() => {});
  }

  async #run(): Promise<void> {
    do {
      await nextTurn();
      this.#woken = false;
    } while (!this.#closed && ((await this.#step()) || this.#woken));
  }

  async #step(): Promise<boolean> {
    if (await backfillStep(this.catalog, this.statistics, this.feed)) return true;
    if (this.statistics.step()) return true;
    return (await this.#furtherStep()) || this.#removeGarbage();
  }

  async #furtherStep(): Promise<boolean> {
    const { length } = this.steps;
    for (let turn = 0; turn < length; turn++) {
      const at = (this.#first + turn) % length;
      if ((await this.steps[at]?.()) !== true) continue;
      this.#first = (at + 1) % length;
      return true;
    }
    return false;
  }

  async #removeGarbage(): Promise<boolean> {
    const [first] = this.store.range(GARBAGE);
    if (first === undefined) return false;
    const { number, prefix } = JSON.parse(first.value.toString('utf8')) as { number: number; prefix: ContentPrefix };
    await this.store.change((writer) => {
      let removed = 0;
      for (const { key } of [...take(this.store.range(contentRange(prefix, number)), GARBAGE_CHUNK)]) {
        writer.delete(key);
        removed += 1;
      }
      if (removed < GARBAGE_CHUNK) writer.delete(first.key);
    });
    return true;
  }
}

function* take<T>(values: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const value of values) {
    yield value;
    if (++taken === count) return;
  }
}

/** Lets requests that wait go first. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
