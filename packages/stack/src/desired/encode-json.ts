import { isJsonObject, type JsonValue } from '../json-value.js';
import { compareText } from '../schema/convert-value.js';

const ESCAPED: { readonly [character: string]: string } = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON text as Terraform's jsonencode() writes it: keys sorted, and <, >, & and line separators escaped. */
export function encodeJson(value: JsonValue): string {
  return JSON.stringify(sortKeys(value)).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character);
}

function sortKeys(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
