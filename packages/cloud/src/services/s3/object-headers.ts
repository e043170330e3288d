import type {
  ChecksumAlgorithm,
  GetObjectCommandInput,
  HeadObjectCommandOutput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { ALL_CHECKSUMS, algorithmName } from './checksum-algorithms.js';
import type { ObjectRecord } from './object-record.js';
import { s3Error } from './s3-errors.js';

/** What a client may say of an object and is told again with it. */
const STORED = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType'] as const;

const DEFAULT_TYPE = 'binary/octet-stream';
const DEFAULT_CLASS = 'STANDARD';

const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
  'EXPRESS_ONEZONE',
]);

type Described = Pick<
  PutObjectCommandInput,
  (typeof STORED)[number] | 'Expires' | 'StorageClass' | 'WebsiteRedirectLocation'
>;

export function storedHeaders(input: Described): Record<string, string> {
  const headers: Record<string, string> = { ContentType: DEFAULT_TYPE };
  for (const name of STORED) {
    const value = name === 'ContentEncoding' ? withoutChunked(input[name]) : input[name];
    if (value !== undefined && value !== '') headers[name] = value;
  }
  if (input.Expires !== undefined) headers.Expires = input.Expires.toUTCString();
  if (input.WebsiteRedirectLocation !== undefined) headers.WebsiteRedirectLocation = input.WebsiteRedirectLocation;
  return { ...headers, ...storageClass(input.StorageClass) };
}

/** The class is kept where it is not the usual one, which S3 does not tell either. */
function storageClass(given: string | undefined): Record<string, string> {
  if (given === undefined || given === DEFAULT_CLASS) return {};
  if (!STORAGE_CLASSES.has(given)) throw s3Error('InvalidStorageClass', undefined, { StorageClassRequested: given });
  return { StorageClass: given };
}

/** As listings tell it, which always do. */
export function storageClassOf(object: ObjectRecord): 'STANDARD' {
  // The SDK's listings have types of their own for the same names.
  return (object.headers.StorageClass ?? DEFAULT_CLASS) as 'STANDARD';
}

/** `aws-chunked` tells how the request was sent; it is no property of the object. */
function withoutChunked(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(', ');
}

/** The part of the answer that GetObject and HeadObject share, with the `response-…` overrides of the query. */
export function objectHeaders(
  object: ObjectRecord,
  input: Partial<GetObjectCommandInput>,
  versioned: boolean,
): Omit<HeadObjectCommandOutput, '$metadata'> {
  const overrides = Object.fromEntries(
    STORED.map((name) => [name, input[`Response${name}`]] as const).filter(([, value]) => value !== undefined),
  );
  const expires = input.ResponseExpires?.toUTCString() ?? object.headers.Expires;
  const { Expires: _, BucketKeyEnabled, ...headers } = object.headers;
  const tagCount = Object.keys(object.tags ?? {}).length;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(object.modifiedMs),
    ETag: `"${object.etag}"`,
    ServerSideEncryption: 'AES256',
    ...headers,
    ...(BucketKeyEnabled === undefined ? {} : { BucketKeyEnabled: BucketKeyEnabled === 'true' }),
    ...overrides,
    ...(expires === undefined ? {} : { Expires: new Date(expires) }),
    Metadata: { ...object.metadata },
    ...(versioned ? { VersionId: object.versionId ?? 'null' } : {}),
    ...(tagCount === 0 ? {} : { TagCount: tagCount }),
    // A checksum of the whole says nothing of a part.
    ...(input.ChecksumMode === 'ENABLED' && input.Range === undefined && input.PartNumber === undefined
      ? { ...object.checksums, ...checksumType(object) }
      : {}),
  };
}

export function checksumType(object: ObjectRecord): { ChecksumType?: 'COMPOSITE' | 'FULL_OBJECT' } {
  if (Object.keys(object.checksums).length === 0) return {};
  return { ChecksumType: object.checksumType ?? 'FULL_OBJECT' };
}

/** Listings name the algorithms; the values are for those who ask for the object. */
export function checksumsListed(object: ObjectRecord) {
  const algorithms = ALL_CHECKSUMS.filter((member) => object.checksums[member] !== undefined).map(algorithmName);
  if (algorithms.length === 0) return {};
  // The names are the SDK's.
  return { ChecksumAlgorithm: algorithms as ChecksumAlgorithm[], ...checksumType(object) };
}
