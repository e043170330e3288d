import type { GetObjectCommandInput, HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ObjectRecord } from './s3-state.js';

/** What a client may say of an object and is told again with it. */
const STORED = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType'] as const;

const DEFAULT_TYPE = 'binary/octet-stream';

export function storedHeaders(input: Pick<PutObjectCommandInput, (typeof STORED)[number]>): Record<string, string> {
  const headers: Record<string, string> = { ContentType: DEFAULT_TYPE };
  for (const name of STORED) {
    const value = name === 'ContentEncoding' ? withoutChunked(input[name]) : input[name];
    if (value !== undefined && value !== '') headers[name] = value;
  }
  return headers;
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
): Omit<HeadObjectCommandOutput, '$metadata'> {
  const overrides = Object.fromEntries(
    STORED.map((name) => [name, input[`Response${name}`]] as const).filter(([, value]) => value !== undefined),
  );
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(object.modifiedMs),
    ETag: `"${object.etag}"`,
    ServerSideEncryption: 'AES256',
    ...object.headers,
    ...overrides,
    Metadata: { ...object.metadata },
    // A checksum of the whole says nothing of a part.
    ...(input.ChecksumMode === 'ENABLED' && input.Range === undefined ? object.checksums : {}),
  };
}
