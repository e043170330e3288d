import type { Clock } from '@tablewright/base';
import type { Reader } from '@tablewright/store';
import type { BackgroundFeed } from '../background-feed.js';
import type { Catalog, CatalogWriter } from '../catalog/catalog.js';
import { type CountedPrefix, garbageKey } from '../catalog/keys.js';
import { beginsToFill, settled } from '../catalog/settle.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import { backfillChunk, countedPrefix, isComplete } from './backfill.js';

export interface LifecycleOptions {
  readonly catalog: Catalog;
  readonly statistics: TableStatistics;
  readonly feed: BackgroundFeed;
  readonly clock: Clock;
  readonly transitionDelayMs: number;
  /** Whether a backup still needs the items of a table that goes. */
  readonly isPinned: (reader: Reader, storageNumber: number) => boolean;
  /** Called after there is something for the housekeeper to do. */
  readonly wake: () => void;
}

/**
 * Carries tables through CREATING, UPDATING and DELETING. A change stores the transitional state with the time at
 * which it ends; a timer on the clock (or the next start, if that comes first) stores what follows. With no delay
 * what follows is stored in the change itself, and the transitional state is seen in the answer only.
 */
export class Lifecycle {
  constructor(private readonly options: LifecycleOptions) {}

  /** Stores `record`, which is in a transitional state, inside a change. */
  begin(changes: CatalogWriter, record: TableRecord): void {
    if (this.options.transitionDelayMs === 0) {
      this.#settle(changes, record);
      return;
    }
    changes.put(this.#delayed(record));
  }

  #delayed(record: TableRecord): TableRecord {
    const { clock, transitionDelayMs } = this.options;
    clock.after(transitionDelayMs, () => this.settleDue());
    return { ...record, settlesMs: clock.nowMs() + transitionDelayMs };
  }

  /** Ends every transition whose time has come; sets timers for the others. */
  start(): void {
    this.settleDue();
    const nowMs = this.options.clock.nowMs();
    for (const record of this.options.catalog.all()) {
      if (record.settlesMs !== undefined) {
        this.options.clock.after(record.settlesMs - nowMs, () => this.settleDue());
      }
    }
  }

  settleDue(): void {
    const nowMs = this.options.clock.nowMs();
    const due = this.options.catalog.all().filter(({ settlesMs }) => settlesMs !== undefined && settlesMs <= nowMs);
    if (due.length === 0) return;
    const done = this.options.catalog.change((changes) => {
      for (const { name, ...place } of due) {
        // One settling may change another's table, too.
        const record = changes.read(place, name);
        if (record?.settlesMs !== undefined && record.settlesMs <= nowMs) this.#settle(changes, record);
      }
    });
    // A store that cannot write fails every request that follows with the same error; the start will settle again.
    done.catch(() => {});
  }

  #settle(changes: CatalogWriter, record: TableRecord): void {
    const after = settled(record);
    if (after === undefined) changes.remove(record);
    else
      this.#store(
        changes,
        this.options.transitionDelayMs > 0 && beginsToFill(record, after) ? this.#delayed(after) : after,
      );
    const kept = new Set(after === undefined ? [] : storageNumbers(after).map(([number]) => number));
    for (const [number, prefix] of storageNumbers(record)) {
      if (kept.has(number)) continue;
      this.options.statistics.remove(number);
      if (this.options.isPinned(changes.writer, number)) continue;
      changes.writer.put(garbageKey(number), Buffer.from(JSON.stringify({ number, prefix })));
    }
    changes.afterwards(this.options.wake);
  }

  /** The first chunk of a new index is filled at once, so that on a small table the index is there with it. */
  #store(changes: CatalogWriter, record: TableRecord): void {
    const { statistics, feed } = this.options;
    const filled = backfillChunk(changes, record, statistics, feed);
    if (filled === undefined) changes.put(record);
    else if (isComplete(filled)) {
      changes.afterwards(() => statistics.recount(filled.storageNumber, countedPrefix(filled)));
    }
  }
}

/** The storage numbers of a table and its indexes. */
export function storageNumbers(record: TableRecord): (readonly [number, CountedPrefix])[] {
  const indexes = [...record.localIndexes, ...record.globalIndexes];
  return [
    [record.storageNumber, 'Dd'],
    ...indexes.map((index) => [index.storageNumber, 'Dx'] as const),
    ...(record.vectorIndexes ?? []).map((index) => [index.storageNumber, 'Df'] as const),
  ];
}
