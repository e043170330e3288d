import { s3Error } from './s3-errors.js';

export const MAX_KEYS = 1000;

/** Keys, and what they have in common up to the delimiter. */
export interface Page<Entry> {
  readonly entries: readonly (readonly [key: string, entry: Entry])[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** The key or common prefix that the page ends with. */
  readonly last: string;
}

/** Gathers a page of `maxKeys` keys and groups. `after` is where the page before ended, a key or a group. */
export function readPage<Entry>(
  entries: Iterable<readonly [key: string, entry: Entry]>,
  selection: {
    readonly Prefix?: string | undefined;
    readonly Delimiter?: string | undefined;
    readonly maxKeys: number;
    readonly after: string | undefined;
  },
): Page<Entry> {
  const { Prefix: prefix = '', Delimiter: delimiter = '', maxKeys, after } = selection;
  const listed: (readonly [string, Entry])[] = [];
  const commonPrefixes: string[] = [];
  let last = '';
  for (const [key, entry] of entries) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const group = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    // A group counts once, on the page where it began.
    if (group !== undefined && (group === last || group === after)) continue;
    if (listed.length + commonPrefixes.length >= maxKeys) {
      return { entries: listed, commonPrefixes, truncated: maxKeys > 0, last };
    }
    if (group === undefined) listed.push([key, entry]);
    else commonPrefixes.push(group);
    last = group ?? key;
  }
  return { entries: listed, commonPrefixes, truncated: false, last };
}

export function prefixesOf(page: Page<unknown>, encode: (text: string) => string) {
  if (page.commonPrefixes.length === 0) return {};
  return { CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })) };
}

export function pageSize(given: number | undefined, argument = 'max-keys'): number {
  if (given !== undefined && given < 0) {
    throw s3Error('InvalidArgument', `Argument ${argument} must be an integer between 0 and 2147483647`, {
      ArgumentName: argument,
      ArgumentValue: String(given),
    });
  }
  return Math.min(given ?? MAX_KEYS, MAX_KEYS);
}

export function delimiterOf(
  input: { readonly Delimiter?: string | undefined; readonly EncodingType?: 'url' | undefined },
  encode: (text: string) => string,
) {
  return {
    ...(input.Delimiter === undefined ? {} : { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
  };
}

/** `encoding-type=url`: names may hold characters that XML cannot. */
export function encoder(type: string | undefined): (text: string) => string {
  if (type !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}
