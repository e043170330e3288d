import type { Caller } from '../catalog/table.js';
import type { KmsKeyResolver } from '../control/encryption.js';
import { validationError } from '../errors.js';
import { JobFailed } from './job-failure.js';

/** How a request wants the objects encrypted that a job writes. */
export interface OutputEncryptionMembers {
  readonly S3SseAlgorithm?: 'AES256' | 'KMS';
  readonly S3SseKmsKeyId?: string;
}

/** The forms of a key's id in the KMS API. */
const KMS_KEY = /^[a-zA-Z0-9:/_-]+$/;

/** A key goes with KMS alone, and has the form of one. */
export function checkOutputEncryption(members: OutputEncryptionMembers): void {
  const { S3SseAlgorithm: algorithm, S3SseKmsKeyId: keyId } = members;
  if (keyId === undefined) return;
  if (algorithm !== 'KMS') {
    throw validationError('Invalid Request: KMS Key Id is not supported for this encryption type');
  }
  if (KMS_KEY.test(keyId)) return;
  throw validationError(
    `Invalid Request: 1 validation error detected: Value '${keyId}' at 's3SseKmsKeyId' failed to satisfy constraint: ` +
      `Member must satisfy regular expression pattern: ${KMS_KEY.source}`,
  );
}

/** S3 looks for the key when the first object is written. Throws {@link JobFailed}. */
export function checkKmsKey(resolve: KmsKeyResolver, caller: Caller, keyId: string | undefined): void {
  if (keyId === undefined || keyId === 'alias/aws/s3') return;
  try {
    resolve(caller, keyId);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new JobFailed({ code: 'KmsNotFoundException', message });
  }
}
