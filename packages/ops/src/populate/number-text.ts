/** DynamoDB's numbers: up to 38 significant digits, magnitudes from 1E-130 to 9.99…E+125. */
export const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

export interface ParsedNumber {
  readonly negative: boolean;
  /** Without leading and trailing zeros; empty for zero. */
  readonly digits: string;
  /** The power of ten of the first digit. */
  readonly exponent: number;
}

/** Reads a number as DynamoDB takes it; a string says what is wrong with it. */
export function parseNumber(text: string): ParsedNumber | string {
  const match = NUMBER.exec(text);
  const [, sign = '', whole = '', fraction = '', power = '0'] = match ?? [];
  if (match === null || whole.length + fraction.length === 0) return 'is not a number';
  const all = whole + fraction;
  const leadingZeros = all.length - all.replace(/^0+/, '').length;
  const digits = all.slice(leadingZeros).replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  if (digits.length > MAX_DIGITS) return `has ${digits.length} significant digits; at most ${MAX_DIGITS} are kept`;
  const exponent = whole.length - leadingZeros - 1 + Number(power);
  if (exponent > MAX_EXPONENT || exponent < MIN_EXPONENT)
    return 'is beyond what a number can hold (1E-130 to 9.99E+125)';
  return { negative: sign === '-', digits, exponent };
}

/** Equal numbers give equal texts, however they were written. */
export function canonicalNumber(number: ParsedNumber): string {
  return `${number.negative ? '-' : ''}${number.digits}e${number.exponent}`;
}

/** About one byte per two significant digits and one more; one more again when negative (DynamoDB's item sizes page). */
export function numberSizeBytes(number: ParsedNumber): number {
  return Math.ceil(number.digits.length / 2) + 1 + (number.negative ? 1 : 0);
}
