import { type AttributeValue, typeOf } from '../value/index.js';

/** Why a value is no vector. */
export type VectorFault =
  | { readonly kind: 'shape' }
  | { readonly kind: 'size'; readonly actual: number }
  | { readonly kind: 'type'; readonly at: number; readonly actual: string }
  | { readonly kind: 'range'; readonly at: number; readonly number: string };

/** The vector in a checked value: a list of `dimensions` numbers, each taken to 32 bits. */
export function readVector(value: AttributeValue, dimensions: number): Float32Array | VectorFault {
  if (!('L' in value)) return { kind: 'shape' };
  const { L: elements } = value;
  if (elements.length !== dimensions) return { kind: 'size', actual: elements.length };
  const vector = new Float32Array(dimensions);
  for (const [at, element] of elements.entries()) {
    if (!('N' in element)) return { kind: 'type', at, actual: typeOf(element) };
    const number = Math.fround(Number(element.N));
    if (!Number.isFinite(number)) return { kind: 'range', at, number: element.N };
    vector[at] = number;
  }
  return vector;
}

/** The shortest decimal that names a 32-bit float; a whole number with `.0`, as an index gives it back. */
export function floatText(float: number): string {
  let text = '';
  // Nine digits tell any two of them apart.
  for (let digits = 1; digits <= 9; digits++) {
    text = float.toPrecision(digits);
    if (Math.fround(Number(text)) === float) break;
  }
  const plain = plainDecimal(text);
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** Without an exponent, and without zeros at the end of a fraction. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text);
  const [, sign = '', integer = '', fraction = '', exponent = '0'] = match ?? [];
  const digits = integer + fraction;
  const point = integer.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`.replace(/\.?0+$/, '');
  const whole = digits.slice(0, point).padEnd(point, '0');
  const rest = digits.slice(point).replace(/0+$/, '');
  return sign + (rest === '' ? whole : `${whole}.${rest}`);
}
