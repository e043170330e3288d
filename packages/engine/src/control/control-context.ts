import type { Catalog } from '../catalog/catalog.js';
import type { EngineContext } from '../engine-context.js';

export interface ControlContext extends EngineContext {
  readonly tables: Catalog;
  /** How long CREATING, UPDATING and DELETING last on the clock; 0: the next request sees the state after it. */
  readonly transitionDelayMs: number;
}
