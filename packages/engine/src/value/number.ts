import { validationError } from '../errors.js';

/**
 * DynamoDB's numbers: up to 38 significant digits, magnitudes 1E-130 to 9.99…E+125 (docs:
 * HowItWorks.NamingRulesDataTypes). They are kept as decimal strings in canonical form, which is also the form in
 * which DynamoDB gives them back: no exponent, no leading or trailing zeros, "0" for zero.
 */

const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;
/** Exponents longer than this are far out of range, and must not be turned into as many zeros. */
const MAX_EXPONENT_DIGITS = 6;
/** Larger exponents are not even taken for a number. */
const MAX_EXPONENT_READ = 2n ** 63n - 1n;
/** Sums of two integers of so many digits are exact in a double. */
const MAX_SAFE_DIGITS = 15;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

const CODE_ZERO = 48;
const CODE_NINE = 57;
const CODE_MINUS = 45;

/** The canonical decimal string of a number; throws ValidationException with AWS's words. */
export function normalizeNumber(text: string): string {
  return isCanonicalInteger(text) ? text : normalizeSlowly(text);
}

function isCanonicalInteger(text: string): boolean {
  const start = text.charCodeAt(0) === CODE_MINUS ? 1 : 0;
  const digits = text.length - start;
  if (digits < 1 || digits > MAX_DIGITS) return false;
  const first = text.charCodeAt(start);
  if (first < CODE_ZERO || first > CODE_NINE) return false;
  if (first === CODE_ZERO) return text === '0';
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < CODE_ZERO || code > CODE_NINE) return false;
  }
  return true;
}

function normalizeSlowly(text: string): string {
  const match = NUMBER.exec(text);
  const integer = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || integer.length + fraction.length === 0) throw notNumeric(text);
  const digits = integer + fraction;
  const first = countLeadingZeros(digits);
  const written = exponentOf(match[4], text);
  if (first === digits.length) {
    // Zero has no magnitude, but AWS looks at the exponent that it was written with.
    checkMagnitude(written - fraction.length);
    return '0';
  }
  const significant = trimTrailingZeros(digits.slice(first));
  const exponent = integer.length - 1 - first + written;
  return format(match[1] === '-', significant, exponent);
}

function notNumeric(text: string): Error {
  const detail = text === '' ? '' : `: ${text}`;
  return validationError(`The parameter cannot be converted to a numeric value${detail}`);
}

function exponentOf(exponent: string | undefined, text: string): number {
  if (exponent === undefined) return 0;
  const digits = exponent.replace(/^([+-]?)0+(?=\d)/, '$1');
  if (digits.length <= MAX_EXPONENT_DIGITS) return Number(digits);
  if (BigInt(digits.replace(/^[+-]/, '')) > MAX_EXPONENT_READ) throw notNumeric(text);
  return digits.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function countLeadingZeros(digits: string): number {
  let count = 0;
  while (count < digits.length && digits.charCodeAt(count) === CODE_ZERO) count++;
  return count;
}

function trimTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === CODE_ZERO) end--;
  return digits.slice(0, end);
}

/** `digits` begins and ends with a digit other than 0; its first digit stands for 10 to the power of `exponent`. */
function format(negative: boolean, digits: string, exponent: number): string {
  checkRange(digits, exponent);
  const sign = negative ? '-' : '';
  const fractionDigits = digits.length - 1 - exponent;
  if (fractionDigits <= 0) return sign + digits + '0'.repeat(-fractionDigits);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function checkRange(digits: string, exponent: number): void {
  checkMagnitude(exponent);
  if (digits.length > MAX_DIGITS) {
    throw validationError('Attempting to store more than 38 significant digits in a Number');
  }
}

function numberOverflow(): Error {
  return validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
}

function checkMagnitude(exponent: number): void {
  if (exponent > MAX_EXPONENT) {
    throw numberOverflow();
  }
  if (exponent < MIN_EXPONENT) {
    throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
}

/** Negative, zero or positive. Both numbers in canonical form. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  const aNegative = a.charCodeAt(0) === CODE_MINUS;
  const bNegative = b.charCodeAt(0) === CODE_MINUS;
  if (aNegative !== bNegative) return aNegative ? -1 : 1;
  const order = compareMagnitudes(a, b, aNegative ? 1 : 0);
  return aNegative ? -order : order;
}

function compareMagnitudes(a: string, b: string, start: number): number {
  const aInteger = integerEnd(a);
  const bInteger = integerEnd(b);
  if (aInteger !== bInteger) return aInteger - bInteger;
  // With equally many digits before the point, the order of the digits is the order of the strings.
  for (let index = start; index < a.length && index < b.length; index++) {
    const difference = a.charCodeAt(index) - b.charCodeAt(index);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function integerEnd(number: string): number {
  const point = number.indexOf('.');
  return point === -1 ? number.length : point;
}

/** The exact sum of two canonical numbers; throws ValidationException when DynamoDB could not hold it. */
export function addNumbers(a: string, b: string): string {
  return sum(a, b, 1);
}

/** The exact difference of two canonical numbers; throws ValidationException when DynamoDB could not hold it. */
export function subtractNumbers(a: string, b: string): string {
  return sum(a, b, -1);
}

function sum(a: string, b: string, sign: 1 | -1): string {
  const scale = Math.max(fractionDigits(a), fractionDigits(b));
  if (scale === 0 && a.length <= MAX_SAFE_DIGITS && b.length <= MAX_SAFE_DIGITS) {
    return String(Number(a) + sign * Number(b));
  }
  const total = scaled(a, scale) + BigInt(sign) * scaled(b, scale);
  if (total === 0n) return '0';
  const digits = (total < 0n ? -total : total).toString();
  const significant = trimTrailingZeros(digits);
  // Of a sum that needs more digits AWS says what it says of one that is too large.
  if (significant.length > MAX_DIGITS) throw numberOverflow();
  return format(total < 0n, significant, digits.length - 1 - scale);
}

function fractionDigits(number: string): number {
  const point = number.indexOf('.');
  return point === -1 ? 0 : number.length - point - 1;
}

function scaled(number: string, scale: number): bigint {
  return BigInt(number.replace('.', '') + '0'.repeat(scale - fractionDigits(number)));
}
