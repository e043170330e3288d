import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { aliasOperations } from './alias-operations.js';
import { cryptoOperations } from './crypto-operations.js';
import { grantOperations } from './grant-operations.js';
import { keyOperations } from './key-operations.js';
import { policyOperations } from './key-policy.js';
import { KeyStore } from './key-store.js';
import { rotationOperations } from './rotation-operations.js';
import { tagOperations } from './tag-operations.js';

/**
 * AWS Key Management Service, AWS JSON 1.1. https://docs.aws.amazon.com/kms/latest/APIReference/
 * Symmetric keys encrypt for real, AWS's managed keys come into being when they are first used, and what is to happen
 * later (deletion, rotation) happens on the kernel clock. Differs: no asymmetric or HMAC keys, no imported material, no
 * custom key stores, no replicas in other regions; grants with constraints allow nothing; a table's key is asked whether
 * the caller may use it where items are read and written, not where tables are made and changed.
 */
export function kmsService(kernel: Kernel): Service {
  const store = new KeyStore({
    store: kernel.store,
    clock: kernel.clock,
    random: kernel.random,
    dynamoDbKeyArn: (caller) => kernel.ports.dynamoDbKeyArn(caller),
    keyChanged: (arn) => kernel.ports.kms.keyChanged(arn),
  });
  const keys = keyOperations(store);
  const aliases = aliasOperations(store);
  const policies = policyOperations(store);
  const tags = tagOperations(store);
  const rotation = rotationOperations(store);
  const crypto = cryptoOperations(store);
  const grants = grantOperations(store);
  return defineService<typeof import('@aws-sdk/client-kms')>(
    {
      CancelKeyDeletion: keys.cancelDeletion,
      ConnectCustomKeyStore: undefined,
      CreateAlias: aliases.create,
      CreateCustomKeyStore: undefined,
      CreateGrant: grants.create,
      CreateKey: keys.create,
      Decapsulate: undefined,
      Decrypt: crypto.decrypt,
      DeleteAlias: aliases.remove,
      DeleteCustomKeyStore: undefined,
      DeleteImportedKeyMaterial: undefined,
      DeriveSharedSecret: undefined,
      DescribeCustomKeyStores: undefined,
      DescribeKey: keys.describe,
      DisableKey: keys.disable,
      DisableKeyRotation: rotation.disable,
      DisconnectCustomKeyStore: undefined,
      EnableKey: keys.enable,
      EnableKeyRotation: rotation.enable,
      Encapsulate: undefined,
      Encrypt: crypto.encrypt,
      GenerateDataKey: crypto.dataKey,
      GenerateDataKeyPair: undefined,
      GenerateDataKeyPairWithoutPlaintext: undefined,
      GenerateDataKeyWithoutPlaintext: crypto.hiddenDataKey,
      GenerateMac: undefined,
      GenerateRandom: crypto.random,
      GetKeyLastUsage: undefined,
      GetKeyPolicy: policies.get,
      GetKeyRotationStatus: rotation.status,
      GetParametersForImport: undefined,
      GetPublicKey: undefined,
      ImportKeyMaterial: undefined,
      ListAliases: aliases.list,
      ListGrants: grants.list,
      ListKeyPolicies: policies.list,
      ListKeyRotations: rotation.list,
      ListKeys: keys.list,
      ListResourceTags: tags.list,
      ListRetirableGrants: grants.listRetirable,
      PutKeyPolicy: policies.put,
      ReEncrypt: crypto.reEncrypt,
      ReplicateKey: undefined,
      RetireGrant: grants.retire,
      RevokeGrant: grants.revoke,
      RotateKeyOnDemand: rotation.rotate,
      ScheduleKeyDeletion: keys.scheduleDeletion,
      Sign: undefined,
      TagResource: tags.tag,
      UntagResource: tags.untag,
      UpdateAlias: aliases.update,
      UpdateCustomKeyStore: undefined,
      UpdateKeyDescription: keys.describeAs,
      UpdatePrimaryRegion: undefined,
      Verify: undefined,
      VerifyMac: undefined,
    },
    {
      title: 'KMS',
      bodyLimitBytes: 1024 * 1024,
      resourceMember: 'KeyId',
      definition: {
        name: 'kms',
        client: () => import('@aws-sdk/client-kms'),
        protocols: ['awsJson1_1'],
        version: '2014-11-01',
        targetPrefix: 'TrentService',
      },
    },
  );
}
