import { Readable } from 'node:stream';
import type { CopyObjectCommandInput, CopyObjectCommandOutput } from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { objectAcl } from './acl.js';
import { checksumMember } from './checksum-algorithms.js';
import { checkReadable, encryptionFor, encryptionHeaders, encryptionOf } from './encryption.js';
import { type IncomingObject, receiveObject } from './incoming-object.js';
import { storedHeaders } from './object-headers.js';
import { type ObjectRecord, slicesOf } from './object-record.js';
import { checkRead } from './preconditions.js';
import { versionOf } from './read-object.js';
import { s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';
import { tagsOfHeader } from './tags.js';
import { checkKey, refuseUnknown, storeObject, writeAnswer } from './write-object.js';

const LIMIT_BYTES = 5 * 1024 ** 3;
/** What belongs to the bytes where they lie, and not to what the client said of them. */
const PLACE_HEADERS = [
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'BucketKeyEnabled',
  'StorageClass',
  'WebsiteRedirectLocation',
];

/** CopyObject, within and across buckets. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export async function copyObject(
  state: S3State,
  context: RequestContext,
  input: CopyObjectCommandInput,
): Promise<Omit<CopyObjectCommandOutput, '$metadata'>> {
  const { Bucket = '', Key = '' } = input;
  checkKey(Key);
  refuseUnknown(input);
  state.bucket(context.caller, Bucket, { owner: input.ExpectedBucketOwner });
  const source = parseSource(input.CopySource);
  const original = copySource(state, context, input);
  checkChanges(input, source.Bucket === Bucket && source.Key === Key && source.VersionId === undefined);
  if (original.sizeBytes > LIMIT_BYTES) {
    const message = `The specified copy source is larger than the maximum allowable size for a copy source: ${LIMIT_BYTES}`;
    throw s3Error('InvalidRequest', message);
  }
  const encryption = encryptionHeaders(await encryptionFor(state, context, Bucket, input));
  const description = {
    ...described(input, original, encryption),
    ...(input.TaggingDirective === 'REPLACE' ? tagsOfHeader(input.Tagging) : original.tags && { tags: original.tags }),
    ...objectAcl(state, Bucket, input),
  };
  const bytes = await copyBytes(state, original, input.ChecksumAlgorithm);
  const modifiedMs = context.kernel.clock.nowMs();
  const kept = await storeObject(state, context, Bucket, Key, input, { ...bytes, ...description, modifiedMs });
  const { VersionId, ChecksumType } = writeAnswer(kept);
  const sourceVersioned = state.settings.versioning(source.Bucket) !== undefined;
  return {
    CopyObjectResult: {
      ETag: `"${kept.etag}"`,
      LastModified: new Date(modifiedMs),
      ...kept.checksums,
      ...(ChecksumType === undefined ? {} : { ChecksumType }),
    },
    ...encryptionOf(kept),
    ...(VersionId === undefined ? {} : { VersionId }),
    ...(sourceVersioned ? { CopySourceVersionId: original.versionId ?? 'null' } : {}),
  };
}

/** The object that a copy is made of, under the conditions on it. */
export function copySource(
  state: S3State,
  context: RequestContext,
  input: Pick<CopyObjectCommandInput, 'CopySource' | 'ExpectedSourceBucketOwner'> & CopyConditions,
): ObjectRecord {
  const source = { ...parseSource(input.CopySource), ExpectedBucketOwner: input.ExpectedSourceBucketOwner };
  const original = versionOf(state, context, source, 'GET');
  checkSource(input, original);
  checkReadable(context, original);
  return original;
}

/** The same bytes under another name; those of parts are put together, and so get an ETag of their own. */
async function copyBytes(
  state: S3State,
  original: ObjectRecord,
  algorithm: string | undefined,
): Promise<IncomingObject> {
  const member = checksumMember(algorithm);
  const { file, sizeBytes, etag, checksums, parts } = original;
  const known = member === undefined || checksums[member] !== undefined;
  if (file !== undefined && parts === undefined && known) {
    return { file: await state.files.copy(file), sizeBytes, etag, checksums };
  }
  const slices = slicesOf(original, 0, sizeBytes - 1);
  const Body = slices.length === 0 ? Readable.from([]) : state.files.streamAll(slices);
  return receiveObject(state.files, { Body }, { headers: {}, always: [member ?? 'ChecksumCRC64NVME'] });
}

function described(input: CopyObjectCommandInput, original: ObjectRecord, encryption: Record<string, string>) {
  const given = storedHeaders(input);
  if (input.MetadataDirective === 'REPLACE') {
    return { headers: { ...given, ...encryption }, metadata: input.Metadata ?? {} };
  }
  const carried = Object.entries(original.headers).filter(([name]) => !PLACE_HEADERS.includes(name));
  const placed = Object.entries(given).filter(([name]) => PLACE_HEADERS.includes(name));
  return { headers: { ...Object.fromEntries([...carried, ...placed]), ...encryption }, metadata: original.metadata };
}

function checkChanges(input: CopyObjectCommandInput, sameObject: boolean): void {
  const changes = [
    input.MetadataDirective === 'REPLACE',
    input.StorageClass !== undefined,
    input.WebsiteRedirectLocation !== undefined,
    input.ServerSideEncryption !== undefined,
    input.ChecksumAlgorithm !== undefined,
  ];
  if (!sameObject || changes.includes(true)) return;
  throw s3Error(
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
      'metadata, storage class, website redirect location or encryption attributes.',
  );
}

type CopyConditions = Pick<
  CopyObjectCommandInput,
  'CopySourceIfMatch' | 'CopySourceIfNoneMatch' | 'CopySourceIfModifiedSince' | 'CopySourceIfUnmodifiedSince'
>;

/** A copy from a source that has changed is refused with 412, also where a read would be answered with 304. */
function checkSource(input: CopyConditions, original: ObjectRecord): void {
  const conditions = {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  try {
    checkRead(conditions, original);
  } catch {
    throw s3Error('PreconditionFailed');
  }
}

/** `bucket/key?versionId=…`, the key URL-encoded. */
function parseSource(source: string | undefined): { Bucket: string; Key: string; VersionId?: string } {
  const [, encoded = '', version] = /^\/?(.*?)(?:\?versionId=(.*))?$/s.exec(source ?? '') ?? [];
  const path = decoded(encoded);
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) {
    throw s3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
      ArgumentName: 'x-amz-copy-source',
      ArgumentValue: source,
    });
  }
  const place = { Bucket: path.slice(0, slash), Key: path.slice(slash + 1) };
  return version === undefined ? place : { ...place, VersionId: version };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidArgument', 'Copy Source must be URL-encoded');
  }
}
