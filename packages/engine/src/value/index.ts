export type { AttributeMap, AttributeType, AttributeValue } from './attribute-value.js';
export { base64Fault, base64SizeBytes } from './base64.js';
export {
  type CheckedItem,
  type CheckedValue,
  type CheckOptions,
  checkItem,
  checkName,
  checkValue,
  MAX_NESTED_COLLECTIONS,
} from './check.js';
export { compareValues, typeOf, valuesEqual } from './compare.js';
export { flagOf } from './flag.js';
export { attributeSizeBytes, itemSizeBytes, valueSizeBytes } from './item-size.js';
export { addNumbers, compareNumbers, normalizeNumber, subtractNumbers } from './number.js';
export { decodeNumberKey, encodeNumberKey, numberHashBytes } from './number-key.js';
export { nestsTooDeepForRecent, recentValueFault } from './recent-fault.js';
export { inOrder } from './set-order.js';
export { compareUtf8, utf8SizeBytes } from './utf8.js';
export {
  assertAttributeMapShape,
  assertAttributeValueShape,
  assertStringMapShape,
  assertStringShape,
} from './wire-shape.js';
