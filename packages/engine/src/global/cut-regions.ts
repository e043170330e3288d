import type { Store } from '@tablewright/store';
import { CUT_REGIONS, cutRegionKey } from './replication-keys.js';

const EMPTY = Buffer.alloc(0);

/** The regions that a fault switch has cut off from the others; kept in the store, so that a restart changes nothing. */
export class CutRegions {
  readonly #regions: Set<string>;

  constructor(private readonly store: Store) {
    const keys = [...store.range(CUT_REGIONS)].map(({ key }) => key);
    this.#regions = new Set(keys.map((key) => key.slice(CUT_REGIONS.start.length)));
  }

  has(region: string): boolean {
    return this.#regions.has(region);
  }

  all(): string[] {
    return [...this.#regions].sort();
  }

  /** Acts at once; durable when this resolves. */
  async add(region: string): Promise<void> {
    this.#regions.add(region);
    await this.store.change((writer) => writer.put(cutRegionKey(region), EMPTY));
  }

  async remove(region: string): Promise<void> {
    this.#regions.delete(region);
    await this.store.change((writer) => writer.delete(cutRegionKey(region)));
  }
}
