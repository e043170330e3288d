import type { AttributeMap, AttributeValue } from './attribute-value.js';

export interface CheckOptions {
  /** Larger items are refused with "Item size has exceeded the maximum allowed size". Default: no limit. */
  readonly maxSizeBytes?: number;
}

/** The item is the raw object itself when nothing had to be normalised. */
export interface CheckedItem {
  readonly item: AttributeMap;
  readonly sizeBytes: number;
}

/** `sizeBytes` is the size of the value alone, without a name. */
export interface CheckedValue {
  readonly value: AttributeValue;
  readonly sizeBytes: number;
}

/**
 * Checks an attribute map of a request (Item, Key), brings its numbers into canonical form and adds up its size.
 * Throws SerializationException or ValidationException with AWS's words.
 */
export function checkItem(_raw: unknown, _options: CheckOptions = {}): CheckedItem {
  throw new Error('not written yet');
}

/** The same for one AttributeValue. */
export function checkValue(_raw: unknown, _options: CheckOptions = {}): CheckedValue {
  throw new Error('not written yet');
}
