export type { AttributeMap, AttributeType, AttributeValue } from './attribute-value.js';
export { type CheckedItem, type CheckedValue, type CheckOptions, checkItem, checkValue } from './check.js';
export { compareValues, valuesEqual } from './compare.js';
export { itemSizeBytes, valueSizeBytes } from './item-size.js';
export { addNumbers, compareNumbers, normalizeNumber, subtractNumbers } from './number.js';
export { encodeNumberKey } from './number-key.js';
