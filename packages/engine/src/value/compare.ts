import type { AttributeValue } from './attribute-value.js';

/** Sets compare without order, numbers by value, binary by bytes. */
export function valuesEqual(_a: AttributeValue, _b: AttributeValue): boolean {
  throw new Error('not written yet');
}

/** Order of two values of one scalar type S (UTF-8 bytes), N or B (unsigned bytes); undefined for all others. */
export function compareValues(_a: AttributeValue, _b: AttributeValue): number | undefined {
  throw new Error('not written yet');
}
