import { Readable } from 'node:stream';
import { collectBody } from '../body.js';

/**
 * A value in a form to compare: streams and bytes as Buffers, absent members left out, and, where `dropEmpty`,
 * what is empty left out too, since forms and XML cannot tell it from nothing.
 */
export async function plainValue(value: unknown, dropEmpty: boolean): Promise<unknown> {
  if (value instanceof Readable) return collectBody(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = await Promise.all(value.map((item) => plainValue(item, dropEmpty)));
    return items.filter((item) => !(dropEmpty && isEmpty(item)));
  }
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const plain = await plainValue(item, dropEmpty);
    if (plain !== undefined && plain !== null && !(dropEmpty && isEmpty(plain))) result[name] = plain;
  }
  return result;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object' || value instanceof Date || Buffer.isBuffer(value)) return false;
  return Object.keys(value).length === 0;
}
