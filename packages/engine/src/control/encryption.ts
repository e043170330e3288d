import { partitionOf } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import { validationError } from '../errors.js';
import { defaultKmsKeyArn, kmsKeyArn } from './default-key.js';
import { invalidParameter } from './invalid-parameter.js';

export interface SseSpecification {
  readonly Enabled?: boolean;
  readonly SSEType?: string;
  readonly KMSMasterKeyId?: string;
}

/** Names the ARN of a key given by id, ARN or alias; throws ValidationException with AWS's words when it cannot be used. */
export type KmsKeyResolver = (caller: Caller, keyId: string) => string;

/** The rules among the members of SSESpecification. */
export function checkSseSpecification(given: SseSpecification | undefined): void {
  if (given === undefined) return;
  if (given.Enabled === false && given.SSEType !== undefined) {
    throw invalidParameter('SSEType can not be specified if Enabled is false');
  }
  if (given.Enabled === false && given.KMSMasterKeyId !== undefined) {
    throw invalidParameter('KMSMasterKeyId can not be specified if Enabled is false');
  }
  if (given.SSEType === 'AES256') throw invalidParameter('SSEType AES256 is not supported');
  if (given.KMSMasterKeyId !== undefined && given.SSEType !== 'KMS') {
    throw invalidParameter('SSEType KMS is required if KMSMasterKeyId is specified');
  }
}

/** The KMS key asked for; undefined for the key that AWS owns. `{"SSEType":"KMS"}` alone asks for a KMS key, too. */
export function requestedKeyArn(
  caller: Caller,
  given: SseSpecification | undefined,
  resolve: KmsKeyResolver,
): string | undefined {
  if (given === undefined || !asksForKmsKey(given)) return undefined;
  return given.KMSMasterKeyId === undefined ? defaultKmsKeyArn(caller) : resolve(caller, given.KMSMasterKeyId);
}

/** Refuses what would leave a table's encryption as it is: the key that AWS owns once more, or the same key by its ARN. */
export function assertEncryptionChanges(given: SseSpecification, keyArn: string | undefined): void {
  if (!asksForKmsKey(given)) {
    if (keyArn === undefined) throw invalidParameter('Table is already encrypted by default');
    return;
  }
  if (given.KMSMasterKeyId === undefined || given.KMSMasterKeyId !== keyArn) return;
  throw invalidParameter(
    'Table is already encrypted with given KMSMasterKeyId. ' +
      'Use KMSMasterKeyId parameter if you want to change Master Key',
  );
}

function asksForKmsKey(given: SseSpecification): boolean {
  return given.Enabled ?? given.SSEType === 'KMS';
}

/**
 * Resolves keys by id and ARN without asking whether they are there, and no alias but `alias/aws/dynamodb`. The
 * endpoint gives the engine a resolver that asks its KMS service.
 */
export const resolveKmsKeyByName: KmsKeyResolver = (caller, keyId) => {
  const prefix = `arn:${partitionOf(caller.region)}:kms:${caller.region}:${caller.accountId}:`;
  const name = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : keyId;
  if (name === 'alias/aws/dynamodb') return defaultKmsKeyArn(caller);
  if (name.startsWith('arn:')) return name;
  if (!name.startsWith('alias/')) return kmsKeyArn(caller, name.startsWith('key/') ? name.slice('key/'.length) : name);
  throw validationError(
    `KMS validation error: com.amazonaws.services.kms.model.NotFoundException: Alias ${prefix}${name} is not found. ` +
      '(Service: AWSKMS; Status Code: 400; Error Code: NotFoundException)',
  );
};
