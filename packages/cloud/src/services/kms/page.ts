import { ServiceError } from '../../wire/index.js';

/** A page of a list, in KMS's manner: the marker names the last entry of the page before. */
export function pageOf<T>(
  entries: readonly T[],
  nameOf: (entry: T) => string,
  { Limit: limit = 100, Marker: marker }: { readonly Limit?: number | undefined; readonly Marker?: string | undefined },
): { readonly page: readonly T[]; readonly Truncated: boolean; readonly NextMarker?: string } {
  let start = 0;
  if (marker !== undefined) {
    const name = Buffer.from(marker, 'base64').toString('utf8');
    const at = entries.findIndex((entry) => nameOf(entry) === name);
    if (at < 0) throw new ServiceError('InvalidMarkerException', `Could not deserialize marker '${marker}'`);
    start = at + 1;
  }
  const page = entries.slice(start, start + limit);
  const last = page.at(-1);
  if (last === undefined || start + limit >= entries.length) return { page, Truncated: false };
  return { page, Truncated: true, NextMarker: Buffer.from(nameOf(last), 'utf8').toString('base64') };
}
