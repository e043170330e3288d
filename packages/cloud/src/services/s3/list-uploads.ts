import type {
  ChecksumAlgorithm,
  ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommandOutput,
  ListPartsCommandInput,
  ListPartsCommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { algorithmName } from './checksum-algorithms.js';
import { delimiterOf, encoder, pageSize, prefixesOf, readPage } from './list-page.js';
import type { ListedUpload, UploadRecord } from './multipart-uploads.js';
import { ownerId } from './owner.js';
import type { S3State } from './s3-state.js';
import { uploadOf } from './upload-operations.js';

type Plain<Output> = Omit<Output, '$metadata'>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export function listParts(
  state: S3State,
  context: RequestContext,
  input: ListPartsCommandInput,
): Plain<ListPartsCommandOutput> {
  const { Bucket = '', Key = '', UploadId = '' } = input;
  const upload = uploadOf(state, context, input);
  const after = Number(input.PartNumberMarker ?? 0);
  const limit = pageSize(input.MaxParts, 'max-parts');
  const rest = [...state.uploads.parts(Bucket, UploadId, after)];
  const page = rest.slice(0, limit);
  const person = { ID: ownerId(context.caller.accountId) };
  return {
    Bucket,
    Key,
    UploadId,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
    MaxParts: limit,
    IsTruncated: rest.length > page.length,
    Initiator: person,
    Owner: person,
    StorageClass: classOf(upload),
    ...checksumOf(upload),
    ...(page.length === 0
      ? {}
      : {
          Parts: page.map((part) => ({
            PartNumber: part.number,
            LastModified: new Date(part.modifiedMs),
            ETag: `"${part.etag}"`,
            Size: part.sizeBytes,
            ...(upload.checksum === undefined ? {} : { [upload.checksum]: part.checksums[upload.checksum] }),
          })),
        }),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export function listUploads(
  state: S3State,
  { caller }: RequestContext,
  input: ListMultipartUploadsCommandInput,
): Plain<ListMultipartUploadsCommandOutput> {
  const { Bucket = '', Prefix = '', KeyMarker = '', UploadIdMarker = '' } = input;
  state.bucket(caller, Bucket, { owner: input.ExpectedBucketOwner });
  const limit = pageSize(input.MaxUploads, 'max-uploads');
  const range = { prefix: Prefix, afterKey: KeyMarker, afterId: KeyMarker === '' ? '' : UploadIdMarker };
  const page = readPage(keyed(state.uploads.list(Bucket, range)), { ...input, maxKeys: limit, after: KeyMarker });
  const encode = encoder(input.EncodingType);
  const person = { ID: ownerId(caller.accountId) };
  const last = page.entries.at(-1);
  return {
    Bucket,
    Prefix: encode(Prefix),
    KeyMarker: encode(KeyMarker),
    UploadIdMarker,
    MaxUploads: limit,
    IsTruncated: page.truncated,
    ...delimiterOf(input, encode),
    NextKeyMarker: page.truncated ? encode(page.last) : '',
    NextUploadIdMarker: page.truncated && last?.[0] === page.last ? last[1].uploadId : '',
    ...(page.entries.length === 0
      ? {}
      : {
          Uploads: page.entries.map(([key, { uploadId, upload }]) => ({
            Key: encode(key),
            UploadId: uploadId,
            Initiated: new Date(upload.initiatedMs),
            Initiator: person,
            Owner: person,
            StorageClass: classOf(upload),
            ...checksumOf(upload),
          })),
        }),
    ...prefixesOf(page, encode),
  };
}

function* keyed(uploads: Iterable<ListedUpload>): Iterable<readonly [string, ListedUpload]> {
  for (const upload of uploads) yield [upload.key, upload];
}

function classOf({ headers }: UploadRecord): 'STANDARD' {
  // One of the SDK's names, checked when the upload began.
  return (headers.StorageClass ?? 'STANDARD') as 'STANDARD';
}

function checksumOf({ checksum, checksumType }: UploadRecord) {
  if (checksum === undefined) return {};
  // The names are the SDK's.
  const ChecksumAlgorithm = algorithmName(checksum) as ChecksumAlgorithm;
  return { ChecksumAlgorithm, ...(checksumType === undefined ? {} : { ChecksumType: checksumType }) };
}
