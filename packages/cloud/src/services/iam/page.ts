import { validationError } from './iam-errors.js';

export interface PageInput {
  readonly MaxItems?: number | undefined;
  readonly Marker?: string | undefined;
}

export interface Page<T> {
  readonly page: readonly T[];
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/** A page of a list: 100 entries unless told otherwise; the marker names the last entry of the page before. */
export function pageOf<T>(entries: readonly T[], nameOf: (entry: T) => string, input: PageInput): Page<T> {
  const limit = input.MaxItems ?? 100;
  if (limit < 1 || limit > 1000) {
    const constraint = limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 1000';
    throw validationError(
      `1 validation error detected: Value '${limit}' at 'maxItems' failed to satisfy constraint: Member must have value ${constraint}`,
    );
  }
  const start = input.Marker === undefined ? 0 : startAfter(entries, nameOf, input.Marker);
  const page = entries.slice(start, start + limit);
  const last = page.at(-1);
  if (last === undefined || start + limit >= entries.length) return { page, IsTruncated: false };
  return { page, IsTruncated: true, Marker: Buffer.from(nameOf(last), 'utf8').toString('base64') };
}

function startAfter<T>(entries: readonly T[], nameOf: (entry: T) => string, marker: string): number {
  const name = Buffer.from(marker, 'base64').toString('utf8');
  const at = entries.findIndex((entry) => nameOf(entry) === name);
  // The entry may be gone since; the list goes on behind where it stood.
  const next = at < 0 ? entries.findIndex((entry) => nameOf(entry) > name) : at + 1;
  if (Buffer.from(name, 'utf8').toString('base64') !== marker) throw validationError(`Invalid Marker: ${marker}`);
  return next < 0 ? entries.length : next;
}
