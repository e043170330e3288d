import type { StoredItem } from '../data/stored-item.js';
import { type AttributeMap, attributeSizeBytes, utf8SizeBytes } from '../value/index.js';
import { readVector, type VectorFault } from './read-vector.js';
import type { TableVectors } from './vector-layout.js';

const FLOAT_BYTES = 4;

/** What vector indexes look at of an item, read once: it is checked first, and entries are made of it then. */
export class IndexedItem {
  readonly #vectors = new Map<string, Float32Array | VectorFault | undefined>();

  private constructor(
    private readonly table: TableVectors,
    readonly stored: StoredItem,
    readonly attributes: AttributeMap,
  ) {}

  static of(table: TableVectors, stored: StoredItem): IndexedItem {
    const known = items.get(stored);
    if (known?.table === table) return known;
    const read = new IndexedItem(table, stored, stored.attributes(table.names));
    items.set(stored, read);
    return read;
  }

  /** Undefined when the item has no such attribute. */
  vector(attribute: string, dimensions: number): Float32Array | VectorFault | undefined {
    if (this.#vectors.has(attribute)) return this.#vectors.get(attribute);
    const value = Object.hasOwn(this.attributes, attribute) ? this.attributes[attribute] : undefined;
    const vector = value && readVector(value, dimensions);
    this.#vectors.set(attribute, vector);
    return vector;
  }

  /**
   * What the item counts for where it is written: each vector for four bytes a dimension, whatever its numbers take.
   * Reads and the limit of 400 KB count the numbers (both measured on AWS by a public project).
   */
  writtenBytes(): number {
    let { sizeBytes } = this.stored;
    for (const name of new Set(this.table.layouts.map(({ index }) => index.vectorAttribute))) {
      sizeBytes += this.#savedBytes(name);
    }
    return sizeBytes;
  }

  #savedBytes(name: string): number {
    const index = this.table.layouts.find((layout) => layout.index.vectorAttribute === name)?.index;
    const vector = index && this.vector(name, index.dimensions);
    const value = this.attributes[name];
    if (!(vector instanceof Float32Array) || value === undefined) return 0;
    return vectorBytes(name, vector.length) - attributeSizeBytes(name, value);
  }
}

const items = new WeakMap<StoredItem, IndexedItem>();

/** The size of a vector in an index, with its name. */
export function vectorBytes(name: string, dimensions: number): number {
  return utf8SizeBytes(name) + FLOAT_BYTES * dimensions;
}
