import type {
  GetObjectAttributesCommandInput,
  GetObjectAttributesCommandOutput,
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandInput,
  HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { type ByteRange, byteRange } from './byte-range.js';
import { checkReadable } from './encryption.js';
import { checksumType, objectHeaders, storageClassOf } from './object-headers.js';
import { isDeleteMarker, NULL_VERSION, type ObjectRecord, slicesOf } from './object-record.js';
import { checkRead } from './preconditions.js';
import { markerNotReadable, s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';

type Plain<Output> = Omit<Output, '$metadata'>;

export interface VersionOf {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export function getObject(
  state: S3State,
  context: RequestContext,
  input: GetObjectCommandInput,
): Plain<GetObjectCommandOutput> {
  const { object, answer, range } = read(state, context, input, 'GET');
  const slices = slicesOf(object, range.first, range.last);
  if (slices.length === 0) return answer;
  // The SDK's type is that of its own client, whose streams have readers for the whole body on top.
  return { ...answer, Body: state.files.streamAll(slices) as GetObjectCommandOutput['Body'] };
}

export function headObject(
  state: S3State,
  context: RequestContext,
  input: HeadObjectCommandInput,
): Plain<HeadObjectCommandOutput> {
  return read(state, context, input, 'HEAD').answer;
}

/** The version that a request names, or the current one, in a bucket that is the caller's. */
export function versionOf(state: S3State, context: RequestContext, input: VersionOf, method: string): ObjectRecord {
  const { Bucket = '', Key = '', VersionId } = input;
  state.bucket(context.caller, Bucket, { owner: input.ExpectedBucketOwner });
  if (VersionId === undefined) return state.object(Bucket, Key);
  checkVersionId(VersionId);
  const found = state.versions.find(state.kernel.store, Bucket, Key, VersionId);
  if (found === undefined) throw s3Error('NoSuchVersion', undefined, { Key, VersionId });
  if (isDeleteMarker(found.record)) throw markerNotReadable(method, found.record);
  return found.record;
}

/** An id that S3 never gave is no version that is missing. */
export function checkVersionId(versionId: string): void {
  if (versionId === NULL_VERSION || /^[\w.]{32}$/.test(versionId)) return;
  const message = versionId === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified';
  throw s3Error('InvalidArgument', message, { ArgumentName: 'versionId', ArgumentValue: versionId });
}

function read(state: S3State, context: RequestContext, input: GetObjectCommandInput, method: string) {
  const object = versionOf(state, context, input, method);
  checkRead(input, object);
  checkReadable(context, object);
  const part = partRange(input, object);
  const range = part ?? byteRange(input.Range, object.sizeBytes);
  const { first, last } = range ?? { first: 0, last: object.sizeBytes - 1 };
  const versioned = state.settings.versioning(input.Bucket ?? '') !== undefined;
  const answer = {
    ...objectHeaders(object, input, versioned),
    ...(input.VersionId === undefined ? state.expiration(input.Bucket ?? '', input.Key ?? '', object) : {}),
    ContentLength: last - first + 1,
    ...(range === undefined || object.sizeBytes === 0
      ? {}
      : { ContentRange: `bytes ${first}-${last}/${object.sizeBytes}` }),
    ...(part === undefined || object.parts === undefined ? {} : { PartsCount: object.parts.length }),
    ...(part !== undefined && input.ChecksumMode === 'ENABLED' ? partChecksums(input, object) : {}),
  };
  return { object, answer, range: { first, last } };
}

/** Where a part of the object lies; an object that came in one piece is its own first part. */
function partRange(input: GetObjectCommandInput, object: ObjectRecord): ByteRange | undefined {
  const number = input.PartNumber;
  if (number === undefined) return undefined;
  if (input.Range !== undefined) {
    throw s3Error('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  }
  const parts = object.parts ?? [{ sizeBytes: object.sizeBytes }];
  const part = parts[number - 1];
  if (part === undefined) {
    throw s3Error('InvalidPartNumber', undefined, { PartNumberRequested: number, ActualPartCount: parts.length });
  }
  const first = parts.slice(0, number - 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { first, last: first + part.sizeBytes - 1 };
}

function partChecksums(input: GetObjectCommandInput, object: ObjectRecord) {
  if (object.parts === undefined) return { ...object.checksums, ...checksumType(object) };
  return { ...object.parts[(input.PartNumber ?? 1) - 1]?.checksums, ...checksumType(object) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export function objectAttributes(
  state: S3State,
  context: RequestContext,
  input: GetObjectAttributesCommandInput,
): Plain<GetObjectAttributesCommandOutput> {
  const object = versionOf(state, context, input, 'GET');
  const wanted = new Set<string>(input.ObjectAttributes ?? []);
  const versioned = state.settings.versioning(input.Bucket ?? '') !== undefined;
  const hasSums = Object.keys(object.checksums).length > 0;
  return {
    LastModified: new Date(object.modifiedMs),
    ...(versioned ? { VersionId: object.versionId ?? 'null' } : {}),
    ...(wanted.has('ETag') ? { ETag: object.etag } : {}),
    ...(wanted.has('ObjectSize') ? { ObjectSize: object.sizeBytes } : {}),
    ...(wanted.has('StorageClass') ? { StorageClass: storageClassOf(object) } : {}),
    ...(wanted.has('Checksum') && hasSums ? { Checksum: { ...object.checksums, ...checksumType(object) } } : {}),
    ...(wanted.has('ObjectParts') && object.parts !== undefined ? { ObjectParts: listedParts(object, input) } : {}),
  };
}

/** The parts by number, where the object kept a checksum of each; else only how many they are. */
function listedParts({ parts = [], checksumType: type }: ObjectRecord, input: GetObjectAttributesCommandInput) {
  if (type !== 'COMPOSITE') return { TotalPartsCount: parts.length };
  const after = Number(input.PartNumberMarker ?? 0);
  const limit = Math.min(input.MaxParts ?? 1000, 1000);
  const rest = parts.map((part, index) => ({ part, number: index + 1 })).filter(({ number }) => number > after);
  const page = rest.slice(0, limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
    MaxParts: limit,
    IsTruncated: rest.length > page.length,
    Parts: page.map(({ part, number }) => ({ PartNumber: number, Size: part.sizeBytes, ...part.checksums })),
  };
}
