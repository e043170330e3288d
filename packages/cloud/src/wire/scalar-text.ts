import type { Shape } from './shape.js';
import { concreteFormat, formatTimestamp, parseTimestamp } from './timestamp.js';
import { toBytes, toDate } from './tree-writer.js';

/** The timestamp format where the model names none: `date-time` in XML, forms, URIs; `http-date` in headers. */
export type DefaultTimestamp = 'date-time' | 'http-date';

/** A string, number, boolean, blob or timestamp as text, for XML, headers and URIs. */
export function formatScalar(shape: Shape, value: unknown, fallback: DefaultTimestamp): string {
  if (shape.kind === 'timestamp') return formatTimestamp(toDate(value), concreteFormat(shape.format, fallback));
  if (shape.kind === 'blob') return Buffer.from(toBytes(value)).toString('base64');
  if (typeof value === 'object') throw new TypeError(`a ${shape.kind} cannot be written as text`);
  return String(value);
}

/** Reads what {@link formatScalar} writes; undefined when the text is not of the shape's type. */
export function parseScalar(shape: Shape, text: string): unknown {
  switch (shape.kind) {
    case 'number':
      return parseNumber(text);
    case 'bigInteger':
      return /^-?\d+$/.test(text.trim()) ? BigInt(text.trim()) : undefined;
    case 'boolean':
      return { true: true, false: false }[text.trim().toLowerCase()];
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'timestamp':
      return parseTimestamp(text.trim());
    default:
      return text;
  }
}

function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'NaN') return Number.NaN;
  const value = trimmed === '' ? Number.NaN : Number(trimmed);
  return Number.isNaN(value) ? undefined : value;
}
