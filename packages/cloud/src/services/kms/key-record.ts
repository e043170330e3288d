import type { GrantOperation, KeyMetadata, Tag } from '@aws-sdk/client-kms';
import type { Caller } from '../../kernel/caller.js';

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

/** One generation of a key's material; the last one encrypts, all decrypt. */
export interface KeyMaterial {
  /** 64 hex digits. */
  readonly id: string;
  /** 32 bytes, base64. */
  readonly secret: string;
  readonly createdMs: number;
  readonly cause: 'CREATED' | 'AUTOMATIC' | 'ON_DEMAND';
}

/** A key as the store keeps it. Times in epoch milliseconds. */
export interface KeyRecord {
  readonly keyId: string;
  readonly accountId: string;
  readonly region: string;
  readonly manager: 'AWS' | 'CUSTOMER';
  readonly description: string;
  readonly createdMs: number;
  readonly state: KeyState;
  /** Set while the key waits for its deletion. */
  readonly deletionMs?: number;
  readonly multiRegion: boolean;
  readonly policy: string;
  readonly tags: readonly Tag[];
  /** Set while the key is rotated by itself; `nextMs` is the next time. */
  readonly rotation?: { readonly periodDays: number; readonly nextMs: number };
  readonly materials: readonly KeyMaterial[];
}

export interface AliasRecord {
  /** With its prefix, e.g. `alias/orders`. */
  readonly name: string;
  readonly keyId: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export interface GrantRecord {
  readonly grantId: string;
  readonly grantToken: string;
  readonly keyId: string;
  readonly name?: string;
  readonly granteePrincipal: string;
  readonly retiringPrincipal?: string;
  readonly operations: readonly GrantOperation[];
  readonly constraints?: {
    readonly EncryptionContextSubset?: Record<string, string>;
    readonly EncryptionContextEquals?: Record<string, string>;
  };
  readonly createdMs: number;
}

export function keyArn(key: Pick<KeyRecord, 'accountId' | 'region' | 'keyId'>): string {
  return kmsArn(key, `key/${key.keyId}`);
}

export function aliasArn(caller: Caller, name: string): string {
  return kmsArn(caller, name);
}

export function kmsArn(place: Caller, resource: string): string {
  return `arn:aws:kms:${place.region}:${place.accountId}:${resource}`;
}

export function metadataOf(key: KeyRecord): KeyMetadata {
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: keyArn(key),
    CreationDate: new Date(key.createdMs),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.state,
    ...(key.deletionMs !== undefined && { DeletionDate: new Date(key.deletionMs) }),
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: key.multiRegion,
    ...(key.multiRegion && {
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: keyArn(key), Region: key.region },
        ReplicaKeys: [],
      },
    }),
    ...(key.manager === 'CUSTOMER' && { CurrentKeyMaterialId: key.materials.at(-1)?.id }),
  };
}
