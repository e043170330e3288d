import type { Clock, Random } from '@tablewright/base';
import type { Store, Writer } from '@tablewright/store';
import type { Catalog } from '../catalog/catalog.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import type { Lifecycle } from '../control/lifecycle.js';
import type { ItemChange } from '../data/replace-item.js';
import { Backups } from './backups.js';
import { History } from './history.js';
import { HistoryCleanup } from './history-cleanup.js';
import { RestoreJob } from './restore-job.js';

export interface BackupServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly catalog: Catalog;
  readonly statistics: TableStatistics;
  readonly transitionDelayMs: number;
  readonly change: (writer: Writer, change: ItemChange) => void;
  readonly wake: () => void;
}

/** Histories, backups and restores of one engine, and their work in the background. */
export class BackupService {
  readonly history: History;
  readonly backups: Backups;
  readonly #cleanup: HistoryCleanup;
  #restores: RestoreJob | undefined;

  constructor(private readonly options: BackupServiceOptions) {
    this.history = new History(options);
    this.backups = new Backups({ ...options, history: this.history });
    this.#cleanup = new HistoryCleanup({ ...options, backups: this.backups });
    // Backups first: the system backup of a deleted table keeps what the history would give up.
    options.catalog.observe(this.backups);
    options.catalog.observe(this.history);
  }

  /** Lets restores go on. */
  start(lifecycle: Lifecycle): void {
    this.#restores = new RestoreJob({ ...this.options, history: this.history, lifecycle });
  }

  /** One bounded change; false when there is nothing to do. */
  async step(): Promise<boolean> {
    return (await this.#restores?.step()) === true || this.#cleanup.step();
  }

  close(): void {
    this.#cleanup.close();
  }
}
