import { createHash } from 'node:crypto';
import type {
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CompleteMultipartUploadCommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { algorithmName, CHECKSUM_MEMBERS, type ChecksumMember, runningChecksum } from './checksum-algorithms.js';
import { type CrcMember, combineCrcs } from './crc-combine.js';
import type { UploadRecord } from './multipart-uploads.js';
import type { Checksums, ObjectRecord, PartRecord, StoredBytes } from './object-record.js';
import { s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';
import { LAST_PART_NUMBER, uploadOf } from './upload-operations.js';
import { storeObjectIn, writeAnswer } from './write-object.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

/**
 * CompleteMultipartUpload: the parts that the client lists become the object; their files are its bytes, so nothing is
 * copied. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function completeUpload(
  state: S3State,
  context: RequestContext,
  input: CompleteMultipartUploadCommandInput,
): Promise<Omit<CompleteMultipartUploadCommandOutput, '$metadata'>> {
  const { Bucket = '', Key = '', UploadId = '' } = input;
  const { kernel } = context;
  const { kept, gone } = await kernel.store.change((writer) => {
    const upload = uploadOf(state, context, input);
    const uploaded = new Map([...state.uploads.parts(Bucket, UploadId, 0, writer)].map((part) => [part.number, part]));
    const parts = chosenParts(upload, uploaded, input);
    checkSizes(parts);
    const object = assembled(upload, parts, kernel.clock.nowMs());
    checkWhole(input, upload, object);
    const stored = storeObjectIn(state, writer, Bucket, Key, input, object);
    const chosen = new Set(parts.map(({ file }) => file));
    const unused = state.uploads.deleteIn(writer, Bucket, Key, UploadId).filter(({ file }) => !chosen.has(file));
    const owners: (ObjectRecord | StoredBytes)[] = [...stored.gone, ...unused];
    return { kept: stored.kept, gone: owners };
  });
  await state.removeBytes(gone);
  const location = `${context.endpointUrl}/${Bucket}/${encodeURIComponent(Key).replaceAll('%2F', '/')}`;
  const expiration = state.expiration(Bucket, Key, kept);
  return { Location: location, Bucket, Key, ETag: `"${kept.etag}"`, ...writeAnswer(kept), ...expiration };
}

/** The parts that the client lists, each held against what was uploaded. */
function chosenParts(
  upload: UploadRecord,
  uploaded: ReadonlyMap<number, PartRecord>,
  input: CompleteMultipartUploadCommandInput,
): PartRecord[] {
  const listed = input.MultipartUpload?.Parts ?? [];
  if (listed.length === 0 || listed.length > LAST_PART_NUMBER) throw s3Error('MalformedXML');
  if (listed.some(({ PartNumber = 0 }, index) => index > 0 && PartNumber <= (listed[index - 1]?.PartNumber ?? 0))) {
    throw s3Error('InvalidPartOrder');
  }
  return listed.map((claim) => {
    const number = claim.PartNumber ?? 0;
    const part = uploaded.get(number);
    const etag = claim.ETag?.replaceAll('"', '');
    if (part === undefined || etag !== part.etag) {
      throw s3Error('InvalidPart', undefined, { UploadId: input.UploadId, PartNumber: number, ETag: etag });
    }
    checkPartSums(upload, part, claim);
    return part;
  });
}

/** All but the last have a size to reach. */
function checkSizes(parts: readonly PartRecord[]): void {
  const small = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < SMALLEST_PART_BYTES);
  if (small === undefined) return;
  throw s3Error('EntityTooSmall', undefined, {
    ProposedSize: small.sizeBytes,
    MinSizeAllowed: SMALLEST_PART_BYTES,
    PartNumber: small.number,
    ETag: small.etag,
  });
}

function checkPartSums(upload: UploadRecord, part: PartRecord, claim: CompletedPart): void {
  for (const member of Object.keys(CHECKSUM_MEMBERS) as ChecksumMember[]) {
    const given = claim[member];
    if (given !== undefined && part.checksums[member] !== undefined && given !== part.checksums[member]) {
      throw s3Error('InvalidPart', undefined, { PartNumber: part.number, ETag: part.etag });
    }
  }
  const { checksum, checksumType } = upload;
  if (checksum === undefined || checksumType !== 'COMPOSITE' || claim[checksum] !== undefined) return;
  throw s3Error(
    'InvalidRequest',
    `The upload was created using a ${CHECKSUM_MEMBERS[checksum]} checksum. The complete request must include the ` +
      `checksum for each part. It was missing for part ${part.number} in the request.`,
  );
}

function assembled(upload: UploadRecord, parts: readonly PartRecord[], modifiedMs: number): ObjectRecord {
  const { initiatedMs: _, checksum = 'ChecksumCRC64NVME', checksumType = 'FULL_OBJECT', ...description } = upload;
  const digests = createHash('md5');
  for (const { etag } of parts) digests.update(Buffer.from(etag, 'hex'));
  return {
    ...description,
    parts: parts.map((part) => ({ ...part, checksums: pick(part.checksums, checksum) })),
    sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    etag: `${digests.digest('hex')}-${parts.length}`,
    modifiedMs,
    checksums: { [checksum]: checksumType === 'COMPOSITE' ? composite(checksum, parts) : whole(checksum, parts) },
    checksumType,
  };
}

function pick(checksums: Checksums, member: ChecksumMember): Checksums {
  const value = checksums[member];
  return value === undefined ? {} : { [member]: value };
}

/** The checksum of the parts' checksums, with their number. */
function composite(member: ChecksumMember, parts: readonly PartRecord[]): string {
  const sum = runningChecksum(member);
  for (const { checksums } of parts) sum.update(Buffer.from(checksums[member] ?? '', 'base64'));
  return `${sum.digest()}-${parts.length}`;
}

function whole(member: ChecksumMember, parts: readonly PartRecord[]): string {
  const pieces = parts.map(({ checksums, sizeBytes }) => ({ sum: checksums[member] ?? '', sizeBytes }));
  // Only uploads with a CRC have checksums of the whole, see checksumOf.
  return combineCrcs(member as CrcMember, pieces);
}

function checkWhole(input: CompleteMultipartUploadCommandInput, upload: UploadRecord, object: ObjectRecord): void {
  if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== object.sizeBytes) {
    const message = `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${object.sizeBytes}`;
    throw s3Error('InvalidRequest', message);
  }
  const type = upload.checksumType;
  if (input.ChecksumType !== undefined && type !== undefined && input.ChecksumType !== type) {
    throw s3Error(
      'InvalidRequest',
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  for (const member of Object.keys(object.checksums) as ChecksumMember[]) {
    const given = input[member]?.replace(/-\d+$/, '');
    if (given === undefined || given === object.checksums[member]?.replace(/-\d+$/, '')) continue;
    const name = algorithmName(member);
    throw s3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
  }
}
