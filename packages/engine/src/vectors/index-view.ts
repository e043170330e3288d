import { JsonItem } from '../data/json-item.js';
import { pickAttributes } from '../data/own-attribute.js';
import { AttributeNames } from '../data/pick-json.js';
import type { StoredItem } from '../data/stored-item.js';
import type { Projection } from '../expression/index.js';
import { type AttributeMap, attributeSizeBytes, itemSizeBytes } from '../value/index.js';
import { floatText, readVector } from './read-vector.js';
import type { VectorLayout } from './vector-layout.js';

/** An item as a search gives it back. */
export interface FoundItem {
  readonly shown: JsonItem;
  /** The size of what the index holds of it, without the vector. */
  readonly indexedBytes: number;
  readonly hasVector: boolean;
}

/**
 * Items as a vector index has them: the attributes that it projects, and the vector in 32 bits, which is given back only
 * where a projection expression names it. What is not in the index is not given back, without a word.
 */
export class IndexView {
  readonly #vectorName: AttributeNames;

  constructor(
    private readonly layout: VectorLayout,
    private readonly projection: Projection | undefined,
  ) {
    this.#vectorName = new AttributeNames([layout.index.vectorAttribute]);
  }

  of(item: StoredItem): FoundItem {
    const { vectorAttribute } = this.layout.index;
    const { attributes, indexedBytes } = this.#indexed(item);
    if (this.projection === undefined) return { shown: new PlainItem(attributes), indexedBytes, hasVector: false };
    const hasVector = this.projection.topLevelAttributes().has(vectorAttribute);
    const whole = hasVector ? { ...attributes, ...this.#vector(item) } : attributes;
    return { shown: new PlainItem(this.projection.project(whole)), indexedBytes, hasVector };
  }

  #indexed(item: StoredItem): { readonly attributes: AttributeMap; readonly indexedBytes: number } {
    const { index, projected } = this.layout;
    if (projected !== undefined) {
      const attributes = pickAttributes(item.attributes(projected), projected.names);
      return { attributes, indexedBytes: itemSizeBytes(attributes) };
    }
    const { [index.vectorAttribute]: vector, ...attributes } = item.item;
    const vectorBytes = vector === undefined ? 0 : attributeSizeBytes(index.vectorAttribute, vector);
    return { attributes, indexedBytes: item.sizeBytes - vectorBytes };
  }

  #vector(item: StoredItem): AttributeMap {
    const { vectorAttribute, dimensions } = this.layout.index;
    const value = item.attributes(this.#vectorName)[vectorAttribute];
    const vector = value && readVector(value, dimensions);
    if (!(vector instanceof Float32Array)) return {};
    return { [vectorAttribute]: { L: [...vector].map((float) => ({ N: floatText(float) })) } };
  }
}

class PlainItem extends JsonItem {
  readonly #json: Buffer;

  constructor(readonly item: AttributeMap) {
    super();
    this.#json = Buffer.from(JSON.stringify(item));
  }

  get jsonLength(): number {
    return this.#json.length;
  }

  copyJson(target: Buffer, at: number): number {
    return at + this.#json.copy(target, at);
  }
}
