import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { ManagedKeys } from './managed-keys.js';

/**
 * AWS Key Management Service, AWS JSON 1.1. https://docs.aws.amazon.com/kms/latest/APIReference/
 * Differs: the one key of an account and region is the AWS managed key of DynamoDB, `alias/aws/dynamodb`; there
 * are no customer managed keys, and nothing is encrypted.
 */
export function kmsService(kernel: Kernel): Service {
  const keys = new ManagedKeys(kernel);
  return defineService<typeof import('@aws-sdk/client-kms')>(
    {
      CancelKeyDeletion: undefined,
      ConnectCustomKeyStore: undefined,
      CreateAlias: undefined,
      CreateCustomKeyStore: undefined,
      CreateGrant: undefined,
      CreateKey: undefined,
      Decapsulate: undefined,
      Decrypt: undefined,
      DeleteAlias: undefined,
      DeleteCustomKeyStore: undefined,
      DeleteImportedKeyMaterial: undefined,
      DeriveSharedSecret: undefined,
      DescribeCustomKeyStores: undefined,
      DescribeKey: ({ caller }, input) => keys.describe(caller, input.KeyId),
      DisableKey: undefined,
      DisableKeyRotation: undefined,
      DisconnectCustomKeyStore: undefined,
      EnableKey: undefined,
      EnableKeyRotation: undefined,
      Encapsulate: undefined,
      Encrypt: undefined,
      GenerateDataKey: undefined,
      GenerateDataKeyPair: undefined,
      GenerateDataKeyPairWithoutPlaintext: undefined,
      GenerateDataKeyWithoutPlaintext: undefined,
      GenerateMac: undefined,
      GenerateRandom: undefined,
      GetKeyLastUsage: undefined,
      GetKeyPolicy: undefined,
      GetKeyRotationStatus: undefined,
      GetParametersForImport: undefined,
      GetPublicKey: undefined,
      ImportKeyMaterial: undefined,
      ListAliases: ({ caller }, input) => keys.aliases(caller, input.KeyId),
      ListGrants: undefined,
      ListKeyPolicies: undefined,
      ListKeyRotations: undefined,
      ListKeys: ({ caller }) => keys.list(caller),
      ListResourceTags: undefined,
      ListRetirableGrants: undefined,
      PutKeyPolicy: undefined,
      ReEncrypt: undefined,
      ReplicateKey: undefined,
      RetireGrant: undefined,
      RevokeGrant: undefined,
      RotateKeyOnDemand: undefined,
      ScheduleKeyDeletion: undefined,
      Sign: undefined,
      TagResource: undefined,
      UntagResource: undefined,
      UpdateAlias: undefined,
      UpdateCustomKeyStore: undefined,
      UpdateKeyDescription: undefined,
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
