import { invalidParameter } from '../lambda-errors.js';

const PAGE_SIZE = 50;

/** One page of a list; the marker is the number of entries before the next page. */
export function pageOf<T>(
  all: readonly T[],
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { items: T[]; next?: string } {
  const start = Number(input.Marker === undefined || input.Marker === '' ? 0 : input.Marker);
  if (!Number.isInteger(start) || start < 0) throw invalidParameter(`Invalid marker: ${input.Marker}`);
  const end = start + Math.min(input.MaxItems ?? PAGE_SIZE, PAGE_SIZE);
  return { items: all.slice(start, end), ...(end < all.length ? { next: String(end) } : {}) };
}
