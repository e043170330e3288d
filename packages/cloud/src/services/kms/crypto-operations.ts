import type * as Kms from '@aws-sdk/client-kms';
import type { Caller } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { type EncryptionContext, keyIdOf, materialIdOf, seal, unseal } from './cipher.js';
import { type KeyRecord, keyArn } from './key-record.js';
import { assertUsable, type KeyStore } from './key-store.js';
import { notEmulated, validation } from './kms-errors.js';

const MAX_PLAINTEXT_BYTES = 4096;
const MAX_RANDOM_BYTES = 1024;
const SYMMETRIC = 'SYMMETRIC_DEFAULT' as const;

/** What is done with symmetric keys, for real: AES-256-GCM with the key's own material. */
export function cryptoOperations(store: KeyStore) {
  const { random } = store.kernel;

  async function opened(caller: Caller, blob: Uint8Array, given: string | undefined, context: EncryptionContext) {
    let key: KeyRecord;
    try {
      key = await store.open(caller, keyIdOf(blob));
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'NotFoundException') throw error;
      throw new ServiceError(
        'AccessDeniedException',
        'The ciphertext refers to a customer master key that does not exist, does not exist in this region, ' +
          'or you are not allowed to access.',
      );
    }
    if (given !== undefined && (await store.open(caller, given)).keyId !== key.keyId) {
      throw new ServiceError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    }
    assertUsable(key);
    return { key, plaintext: unseal(key, blob, context) };
  }

  async function dataKey({ caller }: RequestContext, input: Kms.GenerateDataKeyCommandInput) {
    const key = await store.usable(caller, input.KeyId ?? '');
    const plaintext = random.bytes(dataKeyBytes(input));
    return {
      KeyId: keyArn(key),
      Plaintext: plaintext,
      CiphertextBlob: seal(key, plaintext, input.EncryptionContext, random),
      KeyMaterialId: key.materials.at(-1)?.id,
    };
  }

  return {
    async encrypt({ caller }: RequestContext, input: Kms.EncryptCommandInput): Promise<Kms.EncryptResponse> {
      checkPlaintext(input.Plaintext);
      checkAlgorithm(input.EncryptionAlgorithm);
      const key = await store.usable(caller, input.KeyId ?? '');
      dryRun(input.DryRun);
      const CiphertextBlob = seal(key, input.Plaintext ?? new Uint8Array(), input.EncryptionContext, random);
      return { CiphertextBlob, KeyId: keyArn(key), EncryptionAlgorithm: SYMMETRIC };
    },
    async decrypt({ caller }: RequestContext, input: Kms.DecryptCommandInput): Promise<Kms.DecryptResponse> {
      checkAlgorithm(input.EncryptionAlgorithm);
      if (input.Recipient !== undefined) throw notEmulated('Decrypt with Recipient');
      const blob = input.CiphertextBlob ?? new Uint8Array();
      const { key, plaintext } = await opened(caller, blob, input.KeyId, input.EncryptionContext);
      dryRun(input.DryRun);
      return {
        KeyId: keyArn(key),
        Plaintext: plaintext,
        EncryptionAlgorithm: SYMMETRIC,
        KeyMaterialId: materialIdOf(key, blob),
      };
    },
    async reEncrypt({ caller }: RequestContext, input: Kms.ReEncryptCommandInput): Promise<Kms.ReEncryptResponse> {
      const blob = input.CiphertextBlob ?? new Uint8Array();
      const { key, plaintext } = await opened(caller, blob, input.SourceKeyId, input.SourceEncryptionContext);
      const target = await store.usable(caller, input.DestinationKeyId ?? '');
      dryRun(input.DryRun);
      return {
        CiphertextBlob: seal(target, plaintext, input.DestinationEncryptionContext, random),
        SourceKeyId: keyArn(key),
        KeyId: keyArn(target),
        SourceEncryptionAlgorithm: SYMMETRIC,
        DestinationEncryptionAlgorithm: SYMMETRIC,
        SourceKeyMaterialId: materialIdOf(key, blob),
        DestinationKeyMaterialId: target.materials.at(-1)?.id,
      };
    },
    async dataKey(
      context: RequestContext,
      input: Kms.GenerateDataKeyCommandInput,
    ): Promise<Kms.GenerateDataKeyResponse> {
      if (input.Recipient !== undefined) throw notEmulated('GenerateDataKey with Recipient');
      const made = await dataKey(context, input);
      dryRun(input.DryRun);
      return made;
    },
    async hiddenDataKey(
      context: RequestContext,
      input: Kms.GenerateDataKeyWithoutPlaintextCommandInput,
    ): Promise<Kms.GenerateDataKeyWithoutPlaintextResponse> {
      const { Plaintext: _, ...rest } = await dataKey(context, input);
      dryRun(input.DryRun);
      return rest;
    },
    random(_context: RequestContext, input: Kms.GenerateRandomCommandInput): Kms.GenerateRandomResponse {
      const count = input.NumberOfBytes ?? 0;
      if (count < 1 || count > MAX_RANDOM_BYTES)
        throw validation(`NumberOfBytes must be between 1 and ${MAX_RANDOM_BYTES}`);
      return { Plaintext: random.bytes(count) };
    },
  };
}

function checkPlaintext(plaintext: Uint8Array | undefined): void {
  const bytes = plaintext?.length ?? 0;
  if (bytes >= 1 && bytes <= MAX_PLAINTEXT_BYTES) return;
  const bound = bytes < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_PLAINTEXT_BYTES}`;
  throw validation(
    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: " +
      `Member must have length ${bound}`,
  );
}

function checkAlgorithm(algorithm: string | undefined): void {
  if (algorithm === undefined || algorithm === SYMMETRIC) return;
  throw new ServiceError(
    'InvalidKeyUsageException',
    `You cannot use the algorithm ${algorithm} with a key whose KeySpec is ${SYMMETRIC}.`,
  );
}

function dataKeyBytes({ KeySpec: spec, NumberOfBytes: count }: Kms.GenerateDataKeyCommandInput): number {
  if ((spec === undefined) === (count === undefined)) {
    throw validation('Please specify either number of bytes or key spec.');
  }
  if (spec === 'AES_256') return 32;
  if (spec === 'AES_128') return 16;
  if (count !== undefined && count >= 1 && count <= MAX_RANDOM_BYTES) return count;
  throw validation(
    `1 validation error detected: Value '${spec ?? count}' at '${spec === undefined ? 'numberOfBytes' : 'keySpec'}' ` +
      'failed to satisfy constraint: ' +
      (spec === undefined
        ? `Member must have value between 1 and ${MAX_RANDOM_BYTES}`
        : 'Member must satisfy enum value set: [AES_256, AES_128]'),
  );
}

function dryRun(wanted: boolean | undefined): void {
  if (wanted !== true) return;
  throw new ServiceError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
    {
      httpStatus: 412,
    },
  );
}
