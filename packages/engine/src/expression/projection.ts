import type { AttributeMap } from '../value/index.js';

/** A projection expression bound to the substitutions of one request. */
export interface Projection {
  /** The part of the item that the paths name; list elements keep their order and close up. */
  project(item: AttributeMap): AttributeMap;
  topLevelAttributes(): ReadonlySet<string>;
}
