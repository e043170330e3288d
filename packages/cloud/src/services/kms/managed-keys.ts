import type { DescribeKeyResponse, KeyMetadata, ListAliasesResponse, ListKeysResponse } from '@aws-sdk/client-kms';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { ServiceError } from '../../wire/index.js';

const ALIAS = 'alias/aws/dynamodb';

interface KeyRecord {
  readonly createdMs: number;
}

/** The keys that AWS manages for an account and region: so far DynamoDB's. */
export class ManagedKeys {
  readonly #records: Records<KeyRecord>;

  constructor(private readonly kernel: Kernel) {
    this.#records = new Records(kernel.store, 'kms.managed-keys');
  }

  async describe(caller: Caller, keyId: string | undefined): Promise<DescribeKeyResponse> {
    const arn = this.#find(caller, keyId ?? '');
    return { KeyMetadata: metadata(caller, arn, await this.#createdMs(caller)) };
  }

  list(caller: Caller): ListKeysResponse {
    const arn = this.#arn(caller);
    return { Keys: [{ KeyId: idOf(arn), KeyArn: arn }], Truncated: false };
  }

  async aliases(caller: Caller, keyId: string | undefined): Promise<ListAliasesResponse> {
    const arn = keyId === undefined ? this.#arn(caller) : this.#find(caller, keyId);
    const created = new Date(await this.#createdMs(caller));
    const alias = {
      AliasName: ALIAS,
      AliasArn: aliasArn(caller, ALIAS),
      TargetKeyId: idOf(arn),
      CreationDate: created,
      LastUpdatedDate: created,
    };
    return { Aliases: [alias], Truncated: false };
  }

  #arn(caller: Caller): string {
    return this.kernel.ports.dynamoDbKeyArn(caller);
  }

  /** By alias, alias ARN, key id or key ARN, as every operation of KMS accepts them. */
  #find(caller: Caller, given: string): string {
    const arn = this.#arn(caller);
    if ([ALIAS, aliasArn(caller, ALIAS), idOf(arn), arn].includes(given)) return arn;
    if (given.startsWith('alias/')) throw notFound(`Alias ${aliasArn(caller, given)} is not found.`);
    if (given.startsWith('arn:') && given.includes(':alias/')) throw notFound(`Alias ${given} is not found.`);
    if (given.startsWith('arn:')) throw notFound(`Key '${given}' does not exist`);
    if (!/^(mrk-)?[0-9a-f-]{32,36}$/.test(given)) throw notFound(`Invalid keyId '${given}'`);
    throw notFound(`Key '${arnOf(caller, `key/${given}`)}' does not exist`);
  }

  /** AWS makes a managed key when it is first needed; here, when it is first looked at. */
  #createdMs(caller: Caller): Promise<number> {
    const partition = partitionOf(caller);
    return this.kernel.store.change((writer) => {
      const known = this.#records.getFrom(writer, partition, ALIAS);
      if (known !== undefined) return known.createdMs;
      const createdMs = this.kernel.clock.nowMs();
      this.#records.putIn(writer, partition, ALIAS, { createdMs });
      return createdMs;
    });
  }
}

function metadata(caller: Caller, arn: string, createdMs: number): KeyMetadata {
  return {
    AWSAccountId: caller.accountId,
    KeyId: idOf(arn),
    Arn: arn,
    CreationDate: new Date(createdMs),
    Enabled: true,
    Description: 'Default key that protects my DynamoDB data when no other key is defined',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'AWS',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}

function notFound(message: string): ServiceError {
  return new ServiceError('NotFoundException', message);
}

function idOf(keyArn: string): string {
  return keyArn.slice(keyArn.indexOf('key/') + 'key/'.length);
}

function arnOf(caller: Caller, resource: string): string {
  return `arn:aws:kms:${caller.region}:${caller.accountId}:${resource}`;
}

function aliasArn(caller: Caller, alias: string): string {
  return arnOf(caller, alias);
}
