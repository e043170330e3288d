import { Slab } from '@tablewright/base';
import { type AttributeMap, attributeSizeBytes } from '../value/index.js';
import { JsonItem } from './json-item.js';
import { ownAttribute } from './own-attribute.js';
import { type AttributeNames, findJson, pickJson } from './pick-json.js';
import { SplicedJson } from './splice-json.js';

const HEADER_BYTES = 4;

/** Of values that the store holds on to for a while, apart from the buffers of the moment. */
export const keptMemory = new Slab();

/**
 * An item as it lies in the store: four bytes little-endian with DynamoDB's item size, then the item's canonical
 * JSON in UTF-8. Handed out in outputs so that answers can be put together from bytes, without parsing.
 */
export class StoredItem extends JsonItem {
  #item: AttributeMap | undefined;

  /**
   * @param bytes hold the item from `begin` up to `end`
   * @param item the attribute map that they hold, where it is at hand
   */
  constructor(
    private readonly source: Buffer,
    item?: AttributeMap,
    private readonly begin = 0,
    private readonly end = source.length,
  ) {
    super();
    this.#item = item;
  }

  /** A checked item in its stored form. */
  static of(item: AttributeMap, sizeBytes: number): StoredItem {
    return new StoredItem(StoredItem.encode(item, sizeBytes), item);
  }

  /** An item whose canonical JSON lies in `bytes`. */
  static ofJson(bytes: Buffer, start: number, end: number, sizeBytes: number): StoredItem {
    const value = keptMemory.allocate(HEADER_BYTES + end - start);
    value.writeUInt32LE(sizeBytes, 0);
    bytes.copy(value, HEADER_BYTES, start, end);
    return new StoredItem(value);
  }

  /** The value in the store. */
  get bytes(): Buffer {
    const { source, begin, end } = this;
    return begin === 0 && end === source.length ? source : source.subarray(begin, end);
  }

  /**
   * The value in memory among others that the store holds. One that was read lies among all that was read at the time, and
   * would keep it there for as long as it waits to go into the tree.
   */
  bytesToKeep(): Buffer {
    const value = keptMemory.allocate(this.end - this.begin);
    this.source.copy(value, 0, this.begin, this.end);
    return value;
  }

  static encode(item: AttributeMap, sizeBytes: number): Buffer {
    const text = JSON.stringify(item);
    const value = keptMemory.allocate(HEADER_BYTES + Buffer.byteLength(text));
    value.writeUInt32LE(sizeBytes, 0);
    value.write(text, HEADER_BYTES, 'utf8');
    return value;
  }

  /** DynamoDB's item size of a stored value, without looking at the item. */
  static sizeOf(value: Buffer): number {
    return value.readUInt32LE(0);
  }

  get sizeBytes(): number {
    return this.source.readUInt32LE(this.begin);
  }

  get jsonLength(): number {
    return this.end - this.begin - HEADER_BYTES;
  }

  copyJson(target: Buffer, at: number): number {
    return at + this.source.copy(target, at, this.begin + HEADER_BYTES, this.end);
  }

  /** The item's canonical JSON. */
  get json(): string {
    return this.source.toString('utf8', this.begin + HEADER_BYTES, this.end);
  }

  /** The attribute map; parsed once. */
  get item(): AttributeMap {
    this.#item ??= JSON.parse(this.json) as AttributeMap;
    return this.#item;
  }

  /** The attributes of these names, as far as the item has them, and maybe others: cheaper than {@link item}. */
  attributes(names: AttributeNames): AttributeMap {
    return this.#item ?? pickJson(this.source, this.begin + HEADER_BYTES, names);
  }

  /** Calls `found` for each attribute of these names, see {@link findJson}. */
  find(names: AttributeNames, found: Parameters<typeof findJson>[3]): void {
    findJson(this.source, this.begin + HEADER_BYTES, names, found);
  }

  /** Copies what {@link find} has found to `target` and returns the position after it. */
  copyPart(target: Buffer, at: number, begin: number, end: number): number {
    return at + this.source.copy(target, at, begin, end);
  }

  /**
   * This item with the attributes of these names as they are in `after`, of which nothing else is looked at; `before` has
   * them as they are in this item. Neither parses nor prints the others. Undefined where that cannot be done.
   */
  replaced(names: AttributeNames, before: AttributeMap, after: AttributeMap): StoredItem | undefined {
    let { sizeBytes } = this;
    const values = names.names.map((name) => {
      const [old, next] = [ownAttribute(before, name), ownAttribute(after, name)];
      if (old !== undefined) sizeBytes -= attributeSizeBytes(name, old);
      if (next === undefined) return undefined;
      sizeBytes += attributeSizeBytes(name, next);
      return JSON.stringify(next);
    });
    const json = SplicedJson.of(this.bytes, HEADER_BYTES, names, values);
    if (json === undefined) return undefined;
    const value = keptMemory.allocate(HEADER_BYTES + json.sizeBytes);
    value.writeUInt32LE(sizeBytes, 0);
    json.copy(value, HEADER_BYTES);
    return new StoredItem(value);
  }
}
