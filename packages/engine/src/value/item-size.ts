import type { AttributeMap, AttributeValue } from './attribute-value.js';

/** DynamoDB's size of an item in bytes (docs: CapacityUnitCalculations). */
export function itemSizeBytes(_item: AttributeMap): number {
  throw new Error('not written yet');
}

export function valueSizeBytes(_value: AttributeValue): number {
  throw new Error('not written yet');
}
