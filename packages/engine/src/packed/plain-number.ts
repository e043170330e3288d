const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const MAX_DIGITS = 38;
const MAX_SIZE_BYTES = 21;

/**
 * DynamoDB's size of the number that stands in `bytes` from `start` to `end`, if it is written in canonical form and
 * has no more than 38 digits; -1 for all others. The same arithmetic as `numberSizeBytes`, without making a string.
 */
export function plainNumberSize(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS ? 1 : 0;
  const first = start + negative;
  const integerEnd = digitsEnd(bytes, first, end);
  const integerDigits = integerEnd - first;
  const isZero = bytes[first] === ZERO;
  if (integerDigits === 0 || (isZero && integerDigits > 1)) return -1;
  if (integerEnd === end) {
    if (isZero) return negative === 1 ? -1 : 1;
    return integerDigits > MAX_DIGITS ? -1 : capped(pairs(integerDigits) - (zerosBefore(bytes, end) >> 1), negative);
  }
  const fractionDigits = end - integerEnd - 1;
  const isPlain = bytes[integerEnd] === POINT && digitsEnd(bytes, integerEnd + 1, end) === end;
  if (!isPlain || fractionDigits === 0 || bytes[end - 1] === ZERO) return -1;
  if (integerDigits + fractionDigits > MAX_DIGITS) return -1;
  const fractionPairs = pairs(fractionDigits);
  return isZero
    ? capped(fractionPairs - (zerosFrom(bytes, integerEnd + 1) >> 1), negative)
    : capped(pairs(integerDigits) + fractionPairs, negative);
}

function capped(pairCount: number, negative: number): number {
  return Math.min(1 + pairCount + negative, MAX_SIZE_BYTES);
}

function pairs(digits: number): number {
  return (digits + 1) >> 1;
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] as number)) at++;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function zerosBefore(bytes: Uint8Array, end: number): number {
  let at = end;
  while (bytes[at - 1] === ZERO) at--;
  return end - at;
}

function zerosFrom(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === ZERO) at++;
  return at - start;
}
