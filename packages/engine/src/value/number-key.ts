import { normalizeNumber } from './number.js';

/**
 * The encoding works on pairs of decimal digits (base 100), aligned to the decimal point.
 *
 * First byte: 0x80 for zero; above it for positive numbers, growing with the exponent; below it, mirrored, for negative
 * ones. The exponents from -65 to 63 do not all fit, so the outermost ones share a first byte and follow in a second.
 * Then one byte for each pair, twice its value, plus one when another pair follows: so a longer mantissa comes after
 * its own beginning, and the last byte tells that it is the last. Negative numbers have these bytes inverted.
 */
const ZERO = 0x80;
const EXPONENT_BIAS = 64;
const LOWEST_STEP = 1;
const HIGHEST_STEP = 127;
const OUTER_EXPONENT_BIAS = 65;
const CODE_ZERO = 48;

/**
 * A canonical number as a latin1 byte string whose order is the numbers' order; equal numbers have equal encodings. No
 * encoding is a prefix of another, so anything may follow it in a key. Two bytes for integers up to 99, three up to
 * 9999, 21 or 22 for 38 digits.
 */
export function encodeNumberKey(number: string): string {
  if (number === '0') return '\x80';
  const negative = number.charCodeAt(0) === 45;
  const { pairs, exponent } = toPairs(number, negative ? 1 : 0);
  const invert = negative ? 0xff : 0;
  const step = Math.min(Math.max(exponent + EXPONENT_BIAS, LOWEST_STEP), HIGHEST_STEP);
  let key = String.fromCharCode(negative ? ZERO - step : ZERO + step);
  if (step === LOWEST_STEP || step === HIGHEST_STEP) {
    key += String.fromCharCode((exponent + OUTER_EXPONENT_BIAS) ^ invert);
  }
  for (let index = 0; index < pairs.length; index += 2) {
    const pair = (pairs.charCodeAt(index) - CODE_ZERO) * 10 + pairs.charCodeAt(index + 1) - CODE_ZERO;
    const more = index + 2 < pairs.length ? 1 : 0;
    key += String.fromCharCode((pair * 2 + more) ^ invert);
  }
  return key;
}

/** The canonical number that an encoding stands for. */
export function decodeNumberKey(key: string): string {
  if (key.charCodeAt(0) === ZERO) return '0';
  const { negative, exponent, pairs } = readKey(key);
  const digits = pairs.map((pair) => String(pair).padStart(2, '0')).join('');
  return normalizeNumber(`${negative ? '-' : ''}0.${digits}E${(exponent + 1) * 2}`);
}

const HASHED_PAIRS_WITHOUT_END = 20;

/**
 * The bytes of which DynamoDB takes the hash of a number, from `encodeNumberKey`'s: the exponent, a byte for each pair
 * of digits, one more than it or, for negative numbers, 101 less it, and 102 behind a negative number of fewer than 20
 * pairs. AWS does not describe them; see partition-hash.ts.
 */
export function numberHashBytes(key: string): string {
  if (key.charCodeAt(0) === ZERO) return '\x80';
  const { negative, exponent, pairs } = readKey(key);
  const head = (exponent + 1 - EXPONENT_BIAS) & 0xff;
  if (!negative) return String.fromCharCode(head, ...pairs.map((pair) => pair + 1));
  const bytes = String.fromCharCode(head ^ 0xff, ...pairs.map((pair) => 101 - pair));
  return pairs.length < HASHED_PAIRS_WITHOUT_END ? `${bytes}f` : bytes;
}

/** What an encoding of another number than zero is made of. */
function readKey(key: string): { negative: boolean; exponent: number; pairs: number[] } {
  const first = key.charCodeAt(0);
  const negative = first < ZERO;
  const invert = negative ? 0xff : 0;
  const step = negative ? ZERO - first : first - ZERO;
  const isOuter = step === LOWEST_STEP || step === HIGHEST_STEP;
  const exponent = isOuter ? (key.charCodeAt(1) ^ invert) - OUTER_EXPONENT_BIAS : step - EXPONENT_BIAS;
  const pairs: number[] = [];
  for (let at = isOuter ? 2 : 1; at < key.length; at++) pairs.push((key.charCodeAt(at) ^ invert) >>> 1);
  return { negative, exponent, pairs };
}

/** An even number of digits that neither begin nor end with the pair 00; the first pair stands for 100^exponent. */
function toPairs(number: string, start: number): { pairs: string; exponent: number } {
  const point = number.indexOf('.');
  const integerEnd = point === -1 ? number.length : point;
  let digits = number.slice(start, integerEnd);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  let exponent = digits.length / 2 - 1;
  if (point !== -1) digits += number.slice(point + 1);
  if (digits.length % 2 === 1) digits += '0';
  let first = 0;
  while (digits.charCodeAt(first) === CODE_ZERO && digits.charCodeAt(first + 1) === CODE_ZERO) {
    first += 2;
    exponent--;
  }
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === CODE_ZERO && digits.charCodeAt(end - 2) === CODE_ZERO) end -= 2;
  return { pairs: digits.slice(first, end), exponent };
}
