import { createHash } from 'node:crypto';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import type { Caller } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { ServiceError } from '../../../wire/index.js';
import { invalidParameter } from '../lambda-errors.js';
import { zipEntries } from '../runtime/unzip.js';

export interface CodeFacts {
  readonly CodeSize: number;
  /** SHA-256 in base64, as Lambda gives it. */
  readonly CodeSha256: string;
}

/** What a request may give: a zip in the request, or an object in S3. */
export type CodeSource = Pick<FunctionCode, 'ZipFile' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion' | 'ImageUri'>;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ZIP_LIMIT_BYTES = 50 * 1024 * 1024;
const UNZIPPED_LIMIT_BYTES = 262_144_000;

/** The zip that a request means. Container images, and versions of objects but the latest, are not emulated. */
export async function zipOf(kernel: Kernel, caller: Caller, source: CodeSource | undefined): Promise<Uint8Array> {
  if (source?.ImageUri !== undefined) throw notEmulated('Lambda functions from container images');
  const zip = source?.S3Bucket === undefined ? source?.ZipFile : await fromS3(kernel, caller, source);
  if (zip === undefined) throw invalidParameter('Please provide a source for function code.');
  if (source?.S3Bucket === undefined && zip.length > ZIP_LIMIT_BYTES) {
    const message = `Zip file must be smaller than ${ZIP_LIMIT_BYTES} bytes`;
    throw new ServiceError('RequestEntityTooLargeException', message, { httpStatus: 413 });
  }
  checkZip(zip);
  return zip;
}

export function codeFacts(zip: Uint8Array): CodeFacts {
  return { CodeSize: zip.length, CodeSha256: createHash('sha256').update(zip).digest('base64') };
}

async function fromS3(kernel: Kernel, caller: Caller, source: CodeSource): Promise<Uint8Array> {
  const { S3Bucket: bucket = '', S3Key: key = '', S3ObjectVersion } = source;
  if (S3ObjectVersion !== undefined) throw notEmulated('Lambda code from a version of an object');
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await kernel.ports.objects.get(caller, { bucket, key })) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // The words of Lambda, with S3's code and message.
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}

function checkZip(zip: Uint8Array): void {
  let sizeBytes = 0;
  try {
    for (const entry of zipEntries(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength)))
      sizeBytes += entry.sizeBytes;
  } catch {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  if (sizeBytes > UNZIPPED_LIMIT_BYTES) {
    throw invalidParameter(`Unzipped size must be smaller than ${UNZIPPED_LIMIT_BYTES} bytes`);
  }
}

function notEmulated(what: string): ServiceError {
  const message = `${what} are not emulated by this endpoint; send a ZipFile, or the latest version of an object in S3`;
  return new ServiceError('UnknownOperationException', message, { httpStatus: 400, fault: 'client' });
}
