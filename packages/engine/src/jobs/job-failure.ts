import type { Random } from '@tablewright/base';
import { ObjectStoreError } from '../object-store.js';

/** Why a job ended, as FailureCode and FailureMessage tell. */
export interface JobFailure {
  readonly code: string;
  readonly message: string;
}

/** Ends a job as FAILED. */
export class JobFailed extends Error {
  constructor(readonly failure: JobFailure) {
    super(failure.message);
    this.name = 'JobFailed';
  }
}

/**
 * The failure that an error of a job stands for; what S3 refused in the words of the AWS SDK for Java, as AWS passes
 * them on: `S3NoSuchBucket`, `S3AccessDenied` (docs: S3DataImport.Validation).
 */
export function failureOf(error: unknown, random: Random): JobFailure {
  if (error instanceof JobFailed) return error.failure;
  if (!(error instanceof ObjectStoreError)) {
    return { code: 'InternalServerError', message: error instanceof Error ? error.message : String(error) };
  }
  const requestId = Buffer.from(random.bytes(8)).toString('hex').toUpperCase();
  const extendedId = Buffer.from(random.bytes(56)).toString('base64');
  const source =
    `(Service: Amazon S3; Status Code: ${error.httpStatus}; Error Code: ${error.code}; Request ID: ${requestId}; ` +
    `S3 Extended Request ID: ${extendedId}; Proxy: null)`;
  const code = error.code.startsWith('KMS.') ? 'KmsNotFoundException' : `S3${error.code}`;
  return { code, message: `${error.message} ${source}` };
}
