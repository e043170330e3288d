import type {
  ListObjectsCommandInput,
  ListObjectsCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { fromToken, toToken } from './bucket-operations.js';
import { delimiterOf, encoder, type Page, pageSize, prefixesOf, readPage } from './list-page.js';
import { checksumsListed, storageClassOf } from './object-headers.js';
import type { ObjectRecord } from './object-record.js';
import { ownerId } from './owner.js';
import type { S3State } from './s3-state.js';

type Plain<Output> = Omit<Output, '$metadata'>;

export function listOperations(state: S3State) {
  return {
    v1({ caller }: RequestContext, input: ListObjectsCommandInput): Plain<ListObjectsCommandOutput> {
      state.bucket(caller, input.Bucket, { owner: input.ExpectedBucketOwner });
      const maxKeys = pageSize(input.MaxKeys);
      const page = objectPage(state, input, maxKeys, input.Marker);
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
      state.bucket(caller, input.Bucket, { owner: input.ExpectedBucketOwner });
      const maxKeys = pageSize(input.MaxKeys);
      const token = input.ContinuationToken;
      const page = objectPage(state, input, maxKeys, token === undefined ? input.StartAfter : fromToken(token));
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

function objectPage(state: S3State, input: Selection, maxKeys: number, after: string | undefined): Page<ObjectRecord> {
  const { Bucket = '', Prefix: prefix = '' } = input;
  const from = after === undefined || after === '' ? {} : { after };
  return readPage(state.objects.list(Bucket, { prefix, ...from }), { ...input, maxKeys, after });
}

interface Selection {
  readonly Bucket: string | undefined;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
}

function contents(page: Page<ObjectRecord>, encode: (text: string) => string, owner: string | undefined) {
  const listed = page.entries.map(([key, object]) => ({
    Key: encode(key),
    LastModified: new Date(object.modifiedMs),
    ETag: `"${object.etag}"`,
    ...checksumsListed(object),
    Size: object.sizeBytes,
    StorageClass: storageClassOf(object),
    ...(owner === undefined ? {} : { Owner: { ID: owner } }),
  }));
  return { ...(listed.length === 0 ? {} : { Contents: listed }), ...prefixesOf(page, encode) };
}
