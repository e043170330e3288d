import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { BlobFiles } from '../../kernel/blob-files.js';
import { AwsChunkedDecoder } from '../../server/aws-chunked.js';
import {
  ALL_CHECKSUMS,
  algorithmName,
  CHECKSUM_MEMBERS,
  type ChecksumMember,
  checksumMember,
  type RunningChecksum,
  runningChecksum,
} from './checksum-algorithms.js';
import type { Checksums, StoredBytes } from './object-record.js';
import { notImplemented, s3Error } from './s3-errors.js';

/** Bytes as they arrived: on disk, measured, and held against the checksums that came with them. */
export interface IncomingObject extends StoredBytes {
  /** MD5 in hex. */
  readonly etag: string;
  readonly checksums: Checksums;
}

/** What the client says of a body that it sends. */
export type BodyClaims = Pick<PutObjectCommandInput, 'Body' | 'ContentMD5' | 'ChecksumAlgorithm' | ChecksumMember>;

export interface ReceiveOptions {
  /** Of the request, names in lower case; they announce trailers and lengths. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Checksums to keep whatever the client sent. */
  readonly always: readonly ChecksumMember[];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
const LIMIT_BYTES = 5 * 1024 ** 3;
const TRAILER_PREFIX = 'x-amz-checksum-';

/** Streams a body to a file. Throws BadDigest, and keeps nothing, when a checksum does not match. */
export async function receiveObject(
  files: BlobFiles,
  claims: BodyClaims,
  options: ReceiveOptions,
): Promise<IncomingObject> {
  const { headers } = options;
  checkLength(headers);
  const md5 = createHash('md5');
  const sha256 = signedHash(headers);
  const sums = wantedChecksums(claims, options);
  let sizeBytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(claims.Body)) {
      md5.update(chunk);
      sha256?.update(chunk);
      for (const sum of sums.values()) sum.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  }
  const file = await files.write(measured()).catch((error: NodeJS.ErrnoException) => {
    // Errors of the disk carry a code; those of a body that broke off or is malformed do not, or ECONNRESET.
    if (error.code === undefined || error.code === 'ECONNRESET') throw s3Error('IncompleteBody', error.message);
    throw error;
  });
  try {
    checkDecodedLength(headers, sizeBytes);
    const etag = md5.digest('hex');
    checkMd5(claims.ContentMD5, etag);
    checkSignedHash(headers, sha256);
    return { file, sizeBytes, etag, checksums: checkedSums(claims, sums, options.always) };
  } catch (error) {
    await files.remove(file);
    throw error;
  }
}

async function* chunksOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  if (typeof body === 'string') yield Buffer.from(body, 'utf8');
  else if (body instanceof Uint8Array) yield body;
  else if (body instanceof Readable) yield* body;
  else throw new TypeError('a body that is neither bytes nor a stream');
}

function checkLength(headers: ReceiveOptions['headers']): void {
  const length = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0);
  if (length <= LIMIT_BYTES) return;
  throw s3Error('EntityTooLarge', undefined, { ProposedSize: String(length), MaxSizeAllowed: String(LIMIT_BYTES) });
}

function checkDecodedLength(headers: ReceiveOptions['headers'], sizeBytes: number): void {
  const announced = headers['x-amz-decoded-content-length'];
  if (announced === undefined || Number(announced) === sizeBytes) return;
  throw s3Error(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
  );
}

/** The SHA-256 that the signature covers, where it covers the body at all. */
function signedHash(headers: ReceiveOptions['headers']): Hash | undefined {
  return /^[0-9a-f]{64}$/.test(headers['x-amz-content-sha256'] ?? '') ? createHash('sha256') : undefined;
}

function checkSignedHash(headers: ReceiveOptions['headers'], sha256: Hash | undefined): void {
  const computed = sha256?.digest('hex');
  const claimed = headers['x-amz-content-sha256'];
  if (computed === undefined || computed === claimed) return;
  const members = { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: computed };
  throw s3Error('XAmzContentSHA256Mismatch', undefined, members);
}

/** What the client sent a value of, announced in a trailer, or named as its algorithm, and what is always kept. */
function wantedChecksums(claims: BodyClaims, options: ReceiveOptions): Map<ChecksumMember, RunningChecksum> {
  const announced = (options.headers['x-amz-trailer'] ?? '').toLowerCase().split(',');
  const trailers = announced.map((name) => name.trim()).filter((name) => name.startsWith(TRAILER_PREFIX));
  const wanted = new Set(options.always);
  for (const name of [...trailers.map((trailer) => trailer.slice(TRAILER_PREFIX.length)), claims.ChecksumAlgorithm]) {
    if (name === undefined) continue;
    const member = checksumMember(name);
    if (member === undefined) throw notImplemented(`${TRAILER_PREFIX}${name.toLowerCase()}`);
    wanted.add(member);
  }
  for (const member of ALL_CHECKSUMS) if (claims[member] !== undefined) wanted.add(member);
  return new Map([...wanted].map((member) => [member, runningChecksum(member)]));
}

function checkMd5(given: string | undefined, etag: string): void {
  if (given === undefined) return;
  const digest = Buffer.from(given, 'base64');
  if (digest.length !== 16) throw s3Error('InvalidDigest', undefined, { 'Content-MD5': given });
  if (digest.toString('hex') === etag) return;
  const members = {
    ExpectedDigest: digest.toString('hex'),
    CalculatedDigest: Buffer.from(etag, 'hex').toString('base64'),
  };
  throw s3Error('BadDigest', undefined, members);
}

/** The checksums to keep: what the client gave or named; S3's own only where it gave none. */
function checkedSums(
  claims: BodyClaims,
  sums: ReadonlyMap<ChecksumMember, RunningChecksum>,
  always: readonly ChecksumMember[],
): Checksums {
  const trailers = claims.Body instanceof AwsChunkedDecoder ? claims.Body.trailers : new Map<string, string>();
  const kept: Partial<Record<ChecksumMember, string>> = {};
  for (const [member, sum] of sums) {
    const name = CHECKSUM_MEMBERS[member];
    const given = claims[member] ?? trailers.get(`${TRAILER_PREFIX}${name}`);
    const named = checksumMember(claims.ChecksumAlgorithm) === member;
    if (given === undefined && !named && !always.includes(member)) continue;
    const computed = sum.digest();
    if (given !== undefined && given !== computed) throw mismatch(member, given);
    kept[member] = computed;
  }
  return kept;
}

function mismatch(member: ChecksumMember, given: string): Error {
  const name = algorithmName(member);
  const isDigest = Buffer.from(given, 'base64').toString('base64') === given;
  const length = Buffer.from(runningChecksum(member).digest(), 'base64').length;
  if (!isDigest || Buffer.from(given, 'base64').length !== length) {
    return s3Error('InvalidRequest', `Value for x-amz-checksum-${name.toLowerCase()} header is invalid.`);
  }
  return s3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}
