import type { CheckedItem } from './item-check.js';
import type { RawRecord } from './record-splitter.js';

/** BatchWriteItem's limits: 25 requests, 16 MB; the rest of the body takes some of it. */
const MAX_ITEMS = 25;
const MAX_BATCH_BYTES = 15 * 1024 * 1024;

/** The items of one BatchWriteItem call; no two have the same key, since the call refuses that. */
export class Batch {
  /** Each item as DynamoDB JSON. */
  readonly items: Buffer[] = [];
  readonly #keys = new Set<string>();
  #textBytes = 0;
  firstIndex = 0;
  lastIndex = 0;

  get size(): number {
    return this.items.length;
  }

  get full(): boolean {
    return this.size >= MAX_ITEMS;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** False when the item would not fit. An empty batch takes any item. */
  fits(checked: CheckedItem): boolean {
    return this.size === 0 || this.#textBytes + checked.text.length <= MAX_BATCH_BYTES;
  }

  add(record: RawRecord, checked: CheckedItem): void {
    this.items.push(checked.text);
    this.#keys.add(checked.key);
    this.#textBytes += checked.text.length;
    if (this.size === 1) this.firstIndex = record.index;
    this.lastIndex = record.index;
  }

  sharesKeyWith(other: Batch): boolean {
    for (const key of this.#keys) if (other.has(key)) return true;
    return false;
  }
}
