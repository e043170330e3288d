import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { BlobFiles } from '../../kernel/blob-files.js';
import { AwsChunkedDecoder } from '../../server/aws-chunked.js';
import { CHECKSUM_MEMBERS, type ChecksumMember, type RunningChecksum, runningChecksum } from './checksum-algorithms.js';
import { s3Error } from './s3-errors.js';

/** An object's bytes as they arrived: on disk, measured, and held against the checksums that came with them. */
export interface IncomingObject {
  readonly file: string;
  readonly sizeBytes: number;
  /** MD5 in hex. */
  readonly etag: string;
  readonly checksums: Readonly<Record<string, string>>;
}

const MEMBERS = Object.keys(CHECKSUM_MEMBERS) as ChecksumMember[];

/** Streams the body of a PutObject to a file. Throws BadDigest, and keeps nothing, when a checksum does not match. */
export async function receiveObject(files: BlobFiles, input: PutObjectCommandInput): Promise<IncomingObject> {
  const md5 = createHash('md5');
  const sums = wantedChecksums(input);
  let sizeBytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(input.Body)) {
      md5.update(chunk);
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
    const etag = md5.digest('hex');
    checkMd5(input.ContentMD5, etag);
    return { file, sizeBytes, etag, checksums: checkedSums(input, sums) };
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

/** What the client sent a value of, announced in a trailer, or named as its algorithm. */
function wantedChecksums(input: PutObjectCommandInput): Map<ChecksumMember, RunningChecksum> {
  const wanted = new Map<ChecksumMember, RunningChecksum>();
  for (const member of MEMBERS) {
    const named = input.ChecksumAlgorithm?.toLowerCase() === CHECKSUM_MEMBERS[member];
    const decoded = input.Body instanceof AwsChunkedDecoder;
    if (input[member] !== undefined || named || decoded) wanted.set(member, runningChecksum(member));
  }
  return wanted;
}

function checkMd5(given: string | undefined, etag: string): void {
  if (given === undefined) return;
  const digest = Buffer.from(given, 'base64');
  if (digest.length !== 16) throw s3Error('InvalidDigest', undefined, { 'Content-MD5': given });
  if (digest.toString('hex') !== etag) throw s3Error('BadDigest', undefined, { ExpectedDigest: given });
}

function checkedSums(
  input: PutObjectCommandInput,
  sums: ReadonlyMap<ChecksumMember, RunningChecksum>,
): Record<string, string> {
  const trailers = input.Body instanceof AwsChunkedDecoder ? input.Body.trailers : new Map<string, string>();
  const kept: Record<string, string> = {};
  for (const [member, sum] of sums) {
    const name = CHECKSUM_MEMBERS[member];
    const given = input[member] ?? trailers.get(`x-amz-checksum-${name}`);
    const named = input.ChecksumAlgorithm?.toLowerCase() === name;
    if (given === undefined && !named) continue;
    const computed = sum.digest();
    if (given !== undefined && given !== computed) {
      throw s3Error('BadDigest', `The ${name.toUpperCase()} you specified did not match the calculated checksum.`);
    }
    kept[member] = computed;
  }
  return kept;
}
