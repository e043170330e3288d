import type { AttributeMap, AttributeValue } from '../value/index.js';

/**
 * Items in Amazon Ion's text form, as DynamoDB exports them: numbers are decimals without trailing zeros, sets are lists
 * with an annotation, attribute names are symbols, quoted where they must be.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html, https://amazon-ion.github.io/ion-docs/docs/spec.html
 */
export function ionStruct(fields: Readonly<Record<string, string>>): string {
  const written = Object.entries(fields).map(([name, value]) => `${ionSymbol(name)}:${value}`);
  return `{${written.join(',')}}`;
}

export function ionItem(item: AttributeMap): string {
  const fields = Object.entries(item).map(([name, value]) => `${ionSymbol(name)}:${ionValue(value)}`);
  return `{${fields.join(',')}}`;
}

function ionValue(value: AttributeValue): string {
  if ('S' in value) return ionString(value.S);
  if ('N' in value) return ionDecimal(value.N);
  if ('B' in value) return ionBlob(value.B);
  if ('BOOL' in value) return String(value.BOOL);
  if ('NULL' in value) return 'null';
  if ('M' in value) return ionItem(value.M);
  if ('L' in value) return `[${value.L.map(ionValue).join(',')}]`;
  if ('SS' in value) return `$dynamodb_SS::[${value.SS.map(ionString).join(',')}]`;
  if ('NS' in value) return `$dynamodb_NS::[${value.NS.map(ionDecimal).join(',')}]`;
  return `$dynamodb_BS::[${value.BS.map(ionBlob).join(',')}]`;
}

/** What JSON escapes, Ion escapes alike. */
function ionString(text: string): string {
  return JSON.stringify(text);
}

function ionBlob(base64: string): string {
  return `{{${base64}}}`;
}

const IDENTIFIER = /^[a-zA-Z_$][a-zA-Z0-9_$]*$/;
/** `$` and digits mean a position in the symbol table; the others are values of their own. */
const NO_IDENTIFIER = /^(\$\d+|null|true|false|nan|\$ion_1_0)$/;

function ionSymbol(name: string): string {
  if (IDENTIFIER.test(name) && !NO_IDENTIFIER.test(name)) return name;
  const escaped = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const ZERO = '0.';

/** `103` is `103.`, `600` is `6d2`, `1E-130` is `1d-130`. */
function ionDecimal(number: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return ZERO;
  const exponent = Number(power) - fraction.length + (digits.length - significant.length);
  if (exponent === 0) return `${sign}${significant}.`;
  if (exponent > 0) return `${sign}${significant}d${exponent}`;
  const wholeDigits = significant.length + exponent;
  if (wholeDigits > 0) return `${sign}${significant.slice(0, wholeDigits)}.${significant.slice(wholeDigits)}`;
  // As many leading zeros as Ion's own writer shows.
  if (wholeDigits > -6) return `${sign}0.${'0'.repeat(-wholeDigits)}${significant}`;
  return `${sign}${significant}d${exponent}`;
}
