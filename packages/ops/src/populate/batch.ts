import type { AttributeValue, WriteRequest } from '@aws-sdk/client-dynamodb';
import type { CheckedItem } from './item-check.js';
import type { RawRecord } from './record-splitter.js';
import { toSdkItem } from './sdk-item.js';

/** BatchWriteItem's limits: 25 requests, 16 MB; the rest of the body takes some of it. */
const MAX_REQUESTS = 25;
const MAX_BATCH_BYTES = 15 * 1024 * 1024;

/** The requests of one BatchWriteItem call; no two have the same key, since the call refuses that. */
export class Batch {
  readonly requests: WriteRequest[] = [];
  readonly #keys = new Set<string>();
  #textBytes = 0;
  firstIndex = 0;
  lastIndex = 0;

  get size(): number {
    return this.requests.length;
  }

  get full(): boolean {
    return this.size >= MAX_REQUESTS;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** False when the item would not fit. An empty batch takes any item. */
  fits(record: RawRecord): boolean {
    return this.size === 0 || this.#textBytes + record.bytes.length <= MAX_BATCH_BYTES;
  }

  add(record: RawRecord, checked: CheckedItem): void {
    this.requests.push({ PutRequest: { Item: sdkItem(record, checked) } });
    this.#keys.add(checked.key);
    this.#textBytes += record.bytes.length;
    if (this.size === 1) this.firstIndex = record.index;
    this.lastIndex = record.index;
  }

  sharesKeyWith(other: Batch): boolean {
    for (const key of this.#keys) if (other.has(key)) return true;
    return false;
  }
}

/** Most items hold no binary and are as the SDK wants them already; the search is far cheaper than the copy. */
function sdkItem(record: RawRecord, checked: CheckedItem): Record<string, AttributeValue> {
  const mayHoldBinary = record.bytes.includes('"B"') || record.bytes.includes('"BS"');
  return mayHoldBinary ? toSdkItem(checked.item) : (checked.item as Record<string, AttributeValue>);
}
