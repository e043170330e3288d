import type {
  AbortMultipartUploadCommandInput,
  ChecksumAlgorithm,
  CreateMultipartUploadCommandInput,
  CreateMultipartUploadCommandOutput,
  UploadPartCommandInput,
  UploadPartCommandOutput,
  UploadPartCopyCommandInput,
  UploadPartCopyCommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { objectAcl } from './acl.js';
import { byteRange } from './byte-range.js';
import { algorithmName, CHECKSUM_MEMBERS, type ChecksumMember, checksumMember } from './checksum-algorithms.js';
import { copySource } from './copy-object.js';
import { CRC_POLYNOMIALS } from './crc-combine.js';
import { encryptionFor, encryptionHeaders, encryptionOf } from './encryption.js';
import { type BodyClaims, type IncomingObject, receiveObject } from './incoming-object.js';
import type { UploadRecord } from './multipart-uploads.js';
import { storedHeaders } from './object-headers.js';
import { type PartRecord, slicesOf } from './object-record.js';
import { notImplemented, s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';
import { tagsOfHeader } from './tags.js';
import { checkKey, refuseUnknown } from './write-object.js';

type Plain<Output> = Omit<Output, '$metadata'>;

export const LAST_PART_NUMBER = 10_000;

interface OfUpload {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** The upload that a request names, in a bucket that is the caller's. */
export function uploadOf(state: S3State, { caller }: RequestContext, input: OfUpload): UploadRecord {
  const { Bucket = '', Key = '', UploadId = '' } = input;
  state.bucket(caller, Bucket, { owner: input.ExpectedBucketOwner });
  const upload = state.uploads.get(Bucket, Key, UploadId);
  if (upload === undefined) throw s3Error('NoSuchUpload', undefined, { UploadId });
  return upload;
}

/** Multipart uploads. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export function uploadOperations(state: S3State) {
  return {
    create: (context: RequestContext, input: CreateMultipartUploadCommandInput) => create(state, context, input),

    async part(context: RequestContext, input: UploadPartCommandInput): Promise<Plain<UploadPartCommandOutput>> {
      const upload = uploadOf(state, context, input);
      checkPartNumber(input.PartNumber);
      if (input.SSECustomerAlgorithm !== undefined) {
        throw notImplemented('x-amz-server-side-encryption-customer-algorithm');
      }
      const member = upload.checksum ?? OWN_CHECKSUM;
      checkAlgorithm(upload, claimed(input, context.headers));
      const incoming = await receiveObject(state.files, input, { headers: context.headers, always: [member] });
      const part = await keepPart(state, context, input, incoming);
      const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = encryptionOf(upload);
      return {
        ETag: `"${part.etag}"`,
        ServerSideEncryption,
        ...(SSEKMSKeyId === undefined ? {} : { SSEKMSKeyId }),
        ...(BucketKeyEnabled === undefined ? {} : { BucketKeyEnabled }),
        ...part.checksums,
      };
    },

    async copy(
      context: RequestContext,
      input: UploadPartCopyCommandInput,
    ): Promise<Plain<UploadPartCopyCommandOutput>> {
      const upload = uploadOf(state, context, input);
      checkPartNumber(input.PartNumber);
      const source = copySource(state, context, input);
      const { first, last } = copyRange(input.CopySourceRange, source.sizeBytes);
      const slices = slicesOf(source, first, last);
      const always = [upload.checksum ?? OWN_CHECKSUM];
      const Body = slices.length === 0 ? undefined : state.files.streamAll(slices);
      const incoming = await receiveObject(state.files, { Body }, { headers: {}, always });
      const part = await keepPart(state, context, input, incoming);
      const isVersioned = source.sequence !== undefined;
      return {
        CopyPartResult: { ETag: `"${part.etag}"`, LastModified: new Date(part.modifiedMs), ...part.checksums },
        ...(isVersioned ? { CopySourceVersionId: source.versionId ?? 'null' } : {}),
        ...encryptionOf(upload),
      };
    },

    async abort(context: RequestContext, input: AbortMultipartUploadCommandInput): Promise<object> {
      const { Bucket = '', Key = '', UploadId = '' } = input;
      const parts = await context.kernel.store.change((writer) => {
        const { initiatedMs } = uploadOf(state, context, input);
        if (
          input.IfMatchInitiatedTime !== undefined &&
          input.IfMatchInitiatedTime.getTime() !== wholeSeconds(initiatedMs)
        ) {
          throw s3Error('PreconditionFailed', undefined, { Condition: 'x-amz-if-match-initiated-time' });
        }
        return state.uploads.deleteIn(writer, Bucket, Key, UploadId);
      });
      await state.removeBytes(parts);
      return {};
    },
  };
}

/** What every part keeps where the client chose nothing: the whole's follows from the parts'. */
const OWN_CHECKSUM: ChecksumMember = 'ChecksumCRC64NVME';

async function create(
  state: S3State,
  context: RequestContext,
  input: CreateMultipartUploadCommandInput,
): Promise<Plain<CreateMultipartUploadCommandOutput>> {
  const { Bucket = '', Key = '' } = input;
  checkKey(Key);
  refuseUnknown(input);
  state.bucket(context.caller, Bucket, { owner: input.ExpectedBucketOwner });
  const encryption = await encryptionFor(state, context, Bucket, input);
  const checksum = checksumOf(input);
  const upload: UploadRecord = {
    initiatedMs: context.kernel.clock.nowMs(),
    headers: { ...storedHeaders(input), ...encryptionHeaders(encryption) },
    metadata: input.Metadata ?? {},
    ...tagsOfHeader(input.Tagging),
    ...objectAcl(state, Bucket, input),
    ...checksum,
  };
  const uploadId = Buffer.from(context.kernel.random.bytes(48)).toString('base64url').replaceAll('-', '.');
  await state.uploads.put(Bucket, Key, uploadId, upload);
  return {
    Bucket,
    Key,
    UploadId: uploadId,
    ...encryption,
    ...(checksum.checksum === undefined ? {} : { ChecksumAlgorithm: nameOf(checksum.checksum) }),
    ...(checksum.checksumType === undefined ? {} : { ChecksumType: checksum.checksumType }),
  };
}

function nameOf(member: ChecksumMember): ChecksumAlgorithm {
  // The names are the SDK's.
  return algorithmName(member) as ChecksumAlgorithm;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html#Full-object-checksums */
function checksumOf(input: CreateMultipartUploadCommandInput): Pick<UploadRecord, 'checksum' | 'checksumType'> {
  const { ChecksumAlgorithm, ChecksumType } = input;
  if (ChecksumAlgorithm === undefined) {
    if (ChecksumType === undefined) return {};
    throw s3Error(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const checksum = checksumMember(ChecksumAlgorithm);
  if (checksum === undefined) {
    throw s3Error(
      'InvalidRequest',
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  const checksumType = ChecksumType ?? (checksum === 'ChecksumCRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isPossible = checksumType === 'COMPOSITE' ? checksum !== 'ChecksumCRC64NVME' : checksum in CRC_POLYNOMIALS;
  if (!isPossible) {
    const name = CHECKSUM_MEMBERS[checksum];
    throw s3Error(
      'InvalidRequest',
      `The ${checksumType} checksum type cannot be used with the ${name} checksum algorithm.`,
    );
  }
  return { checksum, checksumType };
}

function checkPartNumber(number: number | undefined): void {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= LAST_PART_NUMBER) return;
  throw s3Error('InvalidArgument', `Part number must be an integer between 1 and ${LAST_PART_NUMBER}, inclusive`, {
    ArgumentName: 'partNumber',
    ArgumentValue: number,
  });
}

/** The algorithm that a part comes with, if any. */
function claimed(claims: BodyClaims, headers: RequestContext['headers']): ChecksumMember | undefined {
  const members = Object.keys(CHECKSUM_MEMBERS) as ChecksumMember[];
  const given = members.find((member) => claims[member] !== undefined);
  return given ?? checksumMember(headers['x-amz-trailer']?.trim().toLowerCase().replace('x-amz-checksum-', ''));
}

/** The parts of an upload that asked for a composite checksum all come with one of its kind. */
function checkAlgorithm({ checksum, checksumType }: UploadRecord, given: ChecksumMember | undefined): void {
  if (checksum === undefined || given === checksum) return;
  if (given === undefined && checksumType === 'FULL_OBJECT') return;
  const actual = given === undefined ? 'null' : CHECKSUM_MEMBERS[given];
  throw s3Error(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${CHECKSUM_MEMBERS[checksum]}, actual checksum Type: ${actual}`,
  );
}

/** Names the bytes as the part, if the upload is still there; those that they replace go. */
async function keepPart(
  state: S3State,
  context: RequestContext,
  input: OfUpload & { readonly PartNumber: number | undefined },
  incoming: IncomingObject,
): Promise<PartRecord> {
  const { Bucket = '', UploadId = '', PartNumber: number = 0 } = input;
  const part = { ...incoming, number, modifiedMs: context.kernel.clock.nowMs() };
  try {
    const replaced = await context.kernel.store.change((writer) => {
      uploadOf(state, context, input);
      return state.uploads.putPartIn(writer, Bucket, UploadId, part);
    });
    if (replaced !== undefined) await state.removeBytes([replaced]);
    return part;
  } catch (error) {
    await state.removeBytes([incoming]);
    throw error;
  }
}

function copyRange(header: string | undefined, sizeBytes: number): { first: number; last: number } {
  if (header === undefined) return { first: 0, last: sizeBytes - 1 };
  const range = /^bytes=\d+-\d+$/.test(header) ? byteRange(header, sizeBytes) : undefined;
  const end = Number(header.split('-')[1]);
  if (range === undefined || end >= sizeBytes) {
    const message =
      range === undefined
        ? 'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy'
        : `Range specified is not valid for source object of size: ${sizeBytes}`;
    throw s3Error('InvalidArgument', message, { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header });
  }
  return range;
}

function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}
