import type { AttributeMap } from '../value/index.js';
import type { Path } from './path.js';

export interface UpdateResult {
  /** A new item where anything changed; unchanged values are shared with the item given. */
  readonly item: AttributeMap;
  readonly updatedPaths: readonly Path[];
}

/** An update expression bound to the substitutions of one request. */
export interface Update {
  /**
   * Applies the update to an item (for a new item: its key attributes). The item given is not changed.
   * Throws ValidationException when the update cannot be applied to this item.
   */
  apply(item: AttributeMap): UpdateResult;
  /** The top-level attributes that the expression writes. */
  topLevelAttributes(): ReadonlySet<string>;
}
