import type { PutObjectCommandInput, PutObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Writer } from '@tablewright/store';
import type { RequestContext } from '../service.js';
import { objectAcl } from './acl.js';
import { type ChecksumMember, checksumMember } from './checksum-algorithms.js';
import { encryptionFor, encryptionHeaders, encryptionOf } from './encryption.js';
import { type BodyClaims, receiveObject } from './incoming-object.js';
import { checksumType, storedHeaders } from './object-headers.js';
import type { ObjectRecord } from './object-record.js';
import { type Conditions, checkWrite } from './preconditions.js';
import { notImplemented, s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';
import { tagsOfHeader } from './tags.js';

export type WriteContext = Pick<RequestContext, 'caller' | 'kernel'>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_LIMIT_BYTES = 1024;

/** What S3 computes where the client gives no checksum. */
const OWN_CHECKSUM: ChecksumMember = 'ChecksumCRC64NVME';

/** PutObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(
  state: S3State,
  context: RequestContext,
  input: PutObjectCommandInput,
): Promise<Omit<PutObjectCommandOutput, '$metadata'>> {
  const { Bucket = '', Key = '' } = input;
  checkKey(Key);
  state.bucket(context.caller, Bucket, { owner: input.ExpectedBucketOwner });
  refuseUnknown(input);
  // Asked before the body as well, so that a lost race for a lock file costs no upload.
  checkWrite(input, Key, state.objects.get(Bucket, Key));
  const encryption = await encryptionFor(state, context, Bucket, input);
  const description = {
    headers: { ...storedHeaders(input), ...encryptionHeaders(encryption) },
    metadata: input.Metadata ?? {},
    ...tagsOfHeader(input.Tagging),
    ...objectAcl(state, Bucket, input),
  };
  const { headers } = context;
  const incoming = await receiveObject(state.files, input, { headers, always: ownChecksum(input, headers) });
  const modifiedMs = context.kernel.clock.nowMs();
  const kept = await storeObject(state, context, Bucket, Key, input, { ...incoming, ...description, modifiedMs });
  return { ETag: `"${kept.etag}"`, ...writeAnswer(kept), ...state.expiration(Bucket, Key, kept) };
}

/** Version, encryption and checksums, as the answers to PutObject, CopyObject and CompleteMultipartUpload tell them. */
export function writeAnswer(object: ObjectRecord) {
  return {
    ...encryptionOf(object),
    ...object.checksums,
    ...checksumType(object),
    ...(object.sequence === undefined ? {} : { VersionId: object.versionId ?? 'null' }),
  };
}

/** CRC64NVME, unless the client has a checksum of its own. */
export function ownChecksum(
  claims: BodyClaims,
  headers: Readonly<Record<string, string | undefined>>,
): readonly ChecksumMember[] {
  const given = Object.keys(claims).some((name) => name.startsWith('Checksum'));
  return given || checksumMember(headers['x-amz-trailer']?.replace(/^x-amz-checksum-/, '')) ? [] : [OWN_CHECKSUM];
}

/**
 * Makes `object`, whose bytes are on disk, what the key has now, under the conditions. The bytes that it replaces for
 * good go, or its own if the conditions fail.
 */
export async function storeObject(
  state: S3State,
  { caller, kernel }: WriteContext,
  bucket: string,
  key: string,
  conditions: Conditions,
  object: ObjectRecord,
): Promise<ObjectRecord> {
  try {
    const { kept, gone } = await kernel.store.change((writer) => {
      state.bucket(caller, bucket, { reader: writer });
      return storeObjectIn(state, writer, bucket, key, conditions, object);
    });
    await state.removeBytes(gone);
    return kept;
  } catch (error) {
    await state.removeBytes([object]);
    throw error;
  }
}

/** The same within a change of the caller's, who removes the bytes of what is gone. */
export function storeObjectIn(
  state: S3State,
  writer: Writer,
  bucket: string,
  key: string,
  conditions: Conditions,
  object: ObjectRecord,
): { kept: ObjectRecord; gone: readonly ObjectRecord[] } {
  checkWrite(conditions, key, state.objects.getFrom(writer, bucket, key));
  return state.versions.putIn(writer, bucket, key, state.settings.versioning(bucket, writer), object);
}

export function checkKey(key: string): void {
  // NUL separates a key from its version in the index.
  if (key.includes('\0')) throw s3Error('InvalidArgument', 'Object keys with NUL characters are not taken here');
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes <= KEY_LIMIT_BYTES) return;
  throw s3Error('KeyTooLongError', undefined, { Size: String(sizeBytes), MaxSizeAllowed: String(KEY_LIMIT_BYTES) });
}

/** What would change how an object behaves, and is not emulated, is refused rather than forgotten. */
export function refuseUnknown(input: {
  readonly ObjectLockMode?: unknown;
  readonly ObjectLockLegalHoldStatus?: unknown;
  readonly ObjectLockRetainUntilDate?: unknown;
  readonly WriteOffsetBytes?: unknown;
}): void {
  if (input.ObjectLockMode !== undefined || input.ObjectLockRetainUntilDate !== undefined) {
    throw s3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  }
  if (input.ObjectLockLegalHoldStatus !== undefined) {
    throw s3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  }
  if (input.WriteOffsetBytes !== undefined) throw notImplemented('x-amz-write-offset-bytes');
}
