import type {
  ListObjectsCommandInput,
  ListObjectsCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { fromToken, ownerId, toToken } from './bucket-operations.js';
import { s3Error } from './s3-errors.js';
import type { ObjectRecord, S3State } from './s3-state.js';

type Plain<Output> = Omit<Output, '$metadata'>;

const MAX_KEYS = 1000;

export function listOperations(state: S3State) {
  return {
    v1({ caller }: RequestContext, input: ListObjectsCommandInput): Plain<ListObjectsCommandOutput> {
      state.bucket(caller, input.Bucket);
      const maxKeys = pageSize(input.MaxKeys);
      const page = readPage(state, input, maxKeys, input.Marker);
      const encode = encoder(input.EncodingType);
      return {
        Name: input.Bucket,
        Prefix: encode(input.Prefix ?? ''),
        Marker: encode(input.Marker ?? ''),
        MaxKeys: maxKeys,
        IsTruncated: page.truncated,
        ...delimiterOf(input, encode),
        // Without a delimiter the last key serves as the next marker.
        ...(page.truncated && input.Delimiter ? { NextMarker: encode(page.last) } : {}),
        ...contents(page, encode, ownerId(caller.accountId)),
      };
    },

    v2({ caller }: RequestContext, input: ListObjectsV2CommandInput): Plain<ListObjectsV2CommandOutput> {
      state.bucket(caller, input.Bucket);
      const maxKeys = pageSize(input.MaxKeys);
      const token = input.ContinuationToken;
      const page = readPage(state, input, maxKeys, token === undefined ? input.StartAfter : fromToken(token));
      const encode = encoder(input.EncodingType);
      return {
        Name: input.Bucket,
        Prefix: encode(input.Prefix ?? ''),
        MaxKeys: maxKeys,
        KeyCount: page.entries.length + page.commonPrefixes.length,
        IsTruncated: page.truncated,
        ...delimiterOf(input, encode),
        ...(input.StartAfter === undefined ? {} : { StartAfter: encode(input.StartAfter) }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
        ...(page.truncated ? { NextContinuationToken: toToken(page.last) } : {}),
        ...contents(page, encode, input.FetchOwner === true ? ownerId(caller.accountId) : undefined),
      };
    },
  };
}

interface Page {
  readonly entries: readonly (readonly [key: string, object: ObjectRecord])[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** The key or common prefix that the page ends with. */
  readonly last: string;
}

interface Selection {
  readonly Bucket: string | undefined;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
}

function readPage(state: S3State, selection: Selection, maxKeys: number, after: string | undefined): Page {
  const { Bucket = '', Prefix: prefix = '', Delimiter: delimiter = '' } = selection;
  const entries: [string, ObjectRecord][] = [];
  const commonPrefixes: string[] = [];
  let last = '';
  const from = after === undefined || after === '' ? {} : { after };
  for (const [key, object] of state.objects.list(Bucket, { prefix, ...from })) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const group = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    // A group counts once, on the page where it began.
    if (group !== undefined && (group === last || group === after)) continue;
    if (entries.length + commonPrefixes.length >= maxKeys) {
      return { entries, commonPrefixes, truncated: maxKeys > 0, last };
    }
    if (group === undefined) entries.push([key, object]);
    else commonPrefixes.push(group);
    last = group ?? key;
  }
  return { entries, commonPrefixes, truncated: false, last };
}

function contents(page: Page, encode: (text: string) => string, owner: string | undefined) {
  const listed = page.entries.map(([key, object]) => ({
    Key: encode(key),
    LastModified: new Date(object.modifiedMs),
    ETag: `"${object.etag}"`,
    Size: object.sizeBytes,
    StorageClass: 'STANDARD' as const,
    ...(owner === undefined ? {} : { Owner: { ID: owner } }),
  }));
  return {
    ...(listed.length === 0 ? {} : { Contents: listed }),
    ...(page.commonPrefixes.length === 0
      ? {}
      : { CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })) }),
  };
}

function pageSize(given: number | undefined): number {
  if (given !== undefined && given < 0) throw s3Error('InvalidArgument', 'Argument max-keys must be an integer >= 0');
  return Math.min(given ?? MAX_KEYS, MAX_KEYS);
}

function delimiterOf(
  input: { readonly Delimiter?: string | undefined; readonly EncodingType?: 'url' | undefined },
  encode: (text: string) => string,
) {
  return {
    ...(input.Delimiter === undefined ? {} : { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
  };
}

/** `encoding-type=url`: names may hold characters that XML cannot. */
function encoder(type: string | undefined): (text: string) => string {
  if (type !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}
