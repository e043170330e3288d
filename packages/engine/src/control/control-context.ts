import type { Catalog } from '../catalog/catalog.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import type { EngineContext } from '../engine-context.js';
import type { KmsKeyResolver } from './encryption.js';
import type { Lifecycle } from './lifecycle.js';

export interface ControlContext extends EngineContext {
  readonly tables: Catalog;
  readonly statistics: TableStatistics;
  readonly lifecycle: Lifecycle;
  readonly resolveKmsKey: KmsKeyResolver;
  readonly endpointAddress?: string;
}
