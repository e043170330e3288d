import type { AttributeMap, AttributeValue } from './attribute-value.js';
import { base64SizeBytes } from './base64.js';
import { utf8SizeBytes } from './utf8.js';

/**
 * DynamoDB's arithmetic of item sizes (docs: CapacityUnitCalculations): names and strings by their UTF-8 bytes, binary
 * by its bytes, one byte for null and boolean, three for a list or map and one more for each element, sets as the sum
 * of their elements. The page leaves numbers vague ("approximately one byte per two significant digits plus one");
 * measurements on AWS show pairs of digits aligned to the decimal point, one byte, and one more for a minus sign.
 */
export const COLLECTION_SIZE_BYTES = 3;
export const ELEMENT_SIZE_BYTES = 1;
const MAX_NUMBER_SIZE_BYTES = 21;
const CODE_ZERO = 48;
const CODE_MINUS = 45;

/** The size of an item in bytes, attribute names included. The item must have been checked. */
export function itemSizeBytes(item: AttributeMap): number {
  let size = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) size += attributeSizeBytes(name, value);
  }
  return size;
}

/** What a checked attribute adds to its item's size, in bytes. */
export function attributeSizeBytes(name: string, value: AttributeValue): number {
  return utf8SizeBytes(name) + valueSizeBytes(value);
}

/** The size of a checked value in bytes, without a name. */
export function valueSizeBytes(value: AttributeValue): number {
  if ('S' in value) return utf8SizeBytes(value.S);
  if ('N' in value) return numberSizeBytes(value.N);
  if ('M' in value) return mapSizeBytes(value.M);
  if ('L' in value)
    return sumOf(value.L, (element) => ELEMENT_SIZE_BYTES + valueSizeBytes(element), COLLECTION_SIZE_BYTES);
  if ('B' in value) return base64SizeBytes(value.B);
  if ('SS' in value) return sumOf(value.SS, utf8SizeBytes);
  if ('NS' in value) return sumOf(value.NS, numberSizeBytes);
  if ('BS' in value) return sumOf(value.BS, base64SizeBytes);
  return 1;
}

function mapSizeBytes(map: AttributeMap): number {
  let size = COLLECTION_SIZE_BYTES;
  for (const name in map) {
    const value = map[name];
    if (value !== undefined) size += ELEMENT_SIZE_BYTES + utf8SizeBytes(name) + valueSizeBytes(value);
  }
  return size;
}

function sumOf<T>(elements: readonly T[], sizeOf: (element: T) => number, start = 0): number {
  let size = start;
  for (const element of elements) size += sizeOf(element);
  return size;
}

/** The size of a canonical number in bytes. */
export function numberSizeBytes(number: string): number {
  if (number === '0') return 1;
  const negative = number.charCodeAt(0) === CODE_MINUS;
  const size = 1 + countDigitPairs(number, negative ? 1 : 0) + (negative ? 1 : 0);
  return Math.min(size, MAX_NUMBER_SIZE_BYTES);
}

function countDigitPairs(number: string, start: number): number {
  const point = number.indexOf('.');
  if (point === -1) return pairsOf(number.length - start) - Math.floor(trailingZeros(number) / 2);
  const fraction = pairsOf(number.length - point - 1);
  const integerIsZero = number.charCodeAt(start) === CODE_ZERO;
  return integerIsZero ? fraction - Math.floor(zerosFrom(number, point + 1) / 2) : pairsOf(point - start) + fraction;
}

function pairsOf(digits: number): number {
  return Math.ceil(digits / 2);
}

function trailingZeros(number: string): number {
  let end = number.length;
  while (number.charCodeAt(end - 1) === CODE_ZERO) end--;
  return number.length - end;
}

function zerosFrom(number: string, start: number): number {
  let end = start;
  while (number.charCodeAt(end) === CODE_ZERO) end++;
  return end - start;
}
