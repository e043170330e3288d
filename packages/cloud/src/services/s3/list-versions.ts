import type {
  DeleteMarkerEntry,
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  ObjectVersion,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { delimiterOf, encoder, pageSize, prefixesOf, readPage } from './list-page.js';
import { checksumsListed, storageClassOf } from './object-headers.js';
import { isDeleteMarker } from './object-record.js';
import { idOf, type ListedVersion } from './object-versions.js';
import { ownerId } from './owner.js';
import { s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listVersions(
  state: S3State,
  { caller, kernel }: RequestContext,
  input: ListObjectVersionsCommandInput,
): Omit<ListObjectVersionsCommandOutput, '$metadata'> {
  const { Bucket = '', Prefix = '', KeyMarker = '', VersionIdMarker = '' } = input;
  state.bucket(caller, Bucket, { owner: input.ExpectedBucketOwner });
  if (VersionIdMarker !== '' && KeyMarker === '') {
    throw s3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  }
  const maxKeys = pageSize(input.MaxKeys);
  const range = { reader: kernel.store, prefix: Prefix, afterKey: KeyMarker, afterId: VersionIdMarker };
  const page = readPage(keyed(state.versions.list(Bucket, range)), { ...input, maxKeys, after: KeyMarker });
  const encode = encoder(input.EncodingType);
  const owner = { ID: ownerId(caller.accountId) };
  const last = page.entries.at(-1);
  const versions: ObjectVersion[] = [];
  const markers: DeleteMarkerEntry[] = [];
  for (const [key, { record, isLatest }] of page.entries) {
    const common = {
      Key: encode(key),
      VersionId: idOf(record),
      IsLatest: isLatest,
      LastModified: new Date(record.modifiedMs),
      Owner: owner,
    };
    if (isDeleteMarker(record)) markers.push(common);
    else {
      const size = { Size: record.sizeBytes, ETag: `"${record.etag}"`, StorageClass: storageClassOf(record) };
      versions.push({ ...common, ...size, ...checksumsListed(record) });
    }
  }
  return {
    Name: Bucket,
    Prefix: encode(Prefix),
    KeyMarker: encode(KeyMarker),
    VersionIdMarker,
    MaxKeys: maxKeys,
    IsTruncated: page.truncated,
    ...delimiterOf(input, encode),
    ...(page.truncated
      ? {
          NextKeyMarker: encode(page.last),
          ...(last !== undefined && last[0] === page.last ? { NextVersionIdMarker: idOf(last[1].record) } : {}),
        }
      : {}),
    ...(versions.length === 0 ? {} : { Versions: versions }),
    ...(markers.length === 0 ? {} : { DeleteMarkers: markers }),
    ...prefixesOf(page, encode),
  };
}

function* keyed(versions: Iterable<ListedVersion>): Iterable<readonly [string, ListedVersion]> {
  for (const version of versions) yield [version.key, version];
}
