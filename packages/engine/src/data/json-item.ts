import type { AttributeMap } from '../value/index.js';

/** An item, or a part of one, that answers carry as bytes of JSON: these are copied, and nothing is printed. */
export abstract class JsonItem {
  /** Length of the JSON, in bytes. */
  abstract readonly jsonLength: number;

  /** Copies the JSON to `target` and returns the position after it. */
  abstract copyJson(target: Buffer, at: number): number;

  abstract readonly item: AttributeMap;

  toJSON(): AttributeMap {
    return this.item;
  }
}
