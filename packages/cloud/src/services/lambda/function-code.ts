import { createHash } from 'node:crypto';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import { ServiceError } from '../../wire/index.js';
import { invalidParameter } from './function-record.js';

export interface CodeFacts {
  readonly CodeSize: number;
  /** SHA-256 in base64, as Lambda gives it. */
  readonly CodeSha256: string;
}

const ZIP_LIMIT_BYTES = 50 * 1024 * 1024;

/** The zip of a request. Code from S3 buckets and container images is not emulated. */
export function zipOf(code: FunctionCode | undefined): Uint8Array {
  if (code?.S3Bucket !== undefined || code?.ImageUri !== undefined) {
    const message = 'Lambda code from S3 and container images is not emulated by this endpoint; send a ZipFile';
    throw new ServiceError('UnknownOperationException', message, { httpStatus: 400, fault: 'client' });
  }
  const zip = code?.ZipFile;
  if (zip === undefined) throw invalidParameter('Please provide a source for function code.');
  if (zip.length > ZIP_LIMIT_BYTES) {
    const message = `Zip file must be smaller than ${ZIP_LIMIT_BYTES} bytes`;
    throw new ServiceError('RequestEntityTooLargeException', message, { httpStatus: 413 });
  }
  if (!isZip(zip))
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  return zip;
}

export function codeFacts(zip: Uint8Array): CodeFacts {
  return { CodeSize: zip.length, CodeSha256: createHash('sha256').update(zip).digest('base64') };
}

/** Begins with a local file header, ends with an end of central directory record (APPNOTE.TXT 4.3.7, 4.3.16). */
function isZip(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.subarray(0, 4).equals(LOCAL_FILE_HEADER) && view.lastIndexOf(END_OF_DIRECTORY) >= 0;
}

const LOCAL_FILE_HEADER = Buffer.from([0x50, 0x4b, 3, 4]);
const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 5, 6]);
