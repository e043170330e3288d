import type { Backups } from '../backup/backups.js';
import type { History } from '../backup/history.js';
import type { Catalog } from '../catalog/catalog.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import type { EngineContext } from '../engine-context.js';
import type { Streams } from '../streams/streams.js';
import type { KmsKeyResolver } from './encryption.js';
import type { Lifecycle } from './lifecycle.js';

export interface ControlContext extends EngineContext {
  readonly tables: Catalog;
  readonly statistics: TableStatistics;
  readonly lifecycle: Lifecycle;
  readonly streams: Streams;
  readonly history: History;
  readonly backups: Backups;
  /** Calls for the work in the background. */
  readonly wake: () => void;
  /** How long tables, and settings with a state of their own, take to change; 0 for at once. */
  readonly transitionDelayMs: number;
  readonly resolveKmsKey: KmsKeyResolver;
  readonly endpointAddress?: string;
}
