import type * as Kms from '@aws-sdk/client-kms';
import { partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { type GrantRecord, type KeyRecord, keyArn } from './key-record.js';
import type { KeyStore } from './key-store.js';
import { disabled, invalidState, notFound, validation } from './kms-errors.js';
import { pageOf } from './page.js';

/** Grants: kept and given back; who may do what is not decided by them. */
export function grantOperations(store: KeyStore) {
  return {
    async create({ caller }: RequestContext, input: Kms.CreateGrantCommandInput): Promise<Kms.CreateGrantResponse> {
      const key = grantable(await store.open(caller, input.KeyId ?? ''));
      if ((input.Operations ?? []).length === 0) throw validation('Operations must not be empty.');
      const { random, clock } = store.kernel;
      const grant: GrantRecord = {
        grantId: Buffer.from(random.bytes(32)).toString('hex'),
        grantToken: Buffer.from(random.bytes(96)).toString('base64'),
        keyId: key.keyId,
        ...(input.Name !== undefined && { name: input.Name }),
        granteePrincipal: input.GranteePrincipal ?? '',
        ...(input.RetiringPrincipal !== undefined && { retiringPrincipal: input.RetiringPrincipal }),
        operations: input.Operations ?? [],
        ...(input.Constraints !== undefined && { constraints: constraintsOf(input.Constraints) }),
        createdMs: clock.nowMs(),
      };
      // The same request, named, is the same grant.
      const same = input.Name === undefined ? undefined : store.grantsOf(key).find((one) => isSame(one, grant));
      if (same !== undefined) return { GrantId: same.grantId, GrantToken: same.grantToken };
      await store.grants.put(partitionOf(key), `${key.keyId}/${grant.grantId}`, grant);
      return { GrantId: grant.grantId, GrantToken: grant.grantToken };
    },
    async list({ caller }: RequestContext, input: Kms.ListGrantsCommandInput): Promise<Kms.ListGrantsResponse> {
      const key = await store.open(caller, input.KeyId ?? '');
      const { GrantId: id, GranteePrincipal: grantee } = input;
      const grants = store
        .grantsOf(key)
        .filter(
          (one) =>
            (id === undefined || one.grantId === id) && (grantee === undefined || one.granteePrincipal === grantee),
        );
      return grantPage(key, grants, input);
    },
    listRetirable({ caller }: RequestContext, input: Kms.ListRetirableGrantsCommandInput): Kms.ListGrantsResponse {
      const grants = [...store.grants.list(partitionOf(caller))].map(([, grant]) => grant);
      const retirable = grants.filter((grant) => grant.retiringPrincipal === input.RetiringPrincipal);
      const { page, ...rest } = pageOf(retirable, ({ grantId }) => grantId, { Limit: 50, ...input });
      return { Grants: page.map((grant) => entry({ ...caller, keyId: grant.keyId }, grant)), ...rest };
    },
    async revoke({ caller }: RequestContext, input: Kms.RevokeGrantCommandInput): Promise<object> {
      await remove(await store.open(caller, input.KeyId ?? ''), input.GrantId ?? '');
      return {};
    },
    async retire({ caller }: RequestContext, input: Kms.RetireGrantCommandInput): Promise<object> {
      if (input.GrantToken === undefined) {
        await remove(await store.open(caller, input.KeyId ?? ''), input.GrantId ?? '');
        return {};
      }
      const grants = [...store.grants.list(partitionOf(caller))].map(([, grant]) => grant);
      const grant = grants.find(({ grantToken }) => grantToken === input.GrantToken);
      if (grant === undefined) throw new ServiceError('InvalidGrantTokenException', 'Invalid token');
      await store.grants.delete(partitionOf(caller), `${grant.keyId}/${grant.grantId}`);
      return {};
    },
  };

  async function remove(key: KeyRecord, grantId: string): Promise<void> {
    const name = `${key.keyId}/${grantId}`;
    if (store.grants.get(partitionOf(key), name) === undefined) throw notFound(`Grant ID ${grantId} not found`);
    await store.grants.delete(partitionOf(key), name);
  }
}

function grantable(key: KeyRecord): KeyRecord {
  if (key.state === 'Disabled') throw disabled(keyArn(key));
  if (key.state === 'PendingDeletion') throw invalidState(keyArn(key), 'is pending deletion');
  return key;
}

function grantPage(
  key: KeyRecord,
  grants: readonly GrantRecord[],
  input: Kms.ListGrantsCommandInput,
): Kms.ListGrantsResponse {
  const { page, ...rest } = pageOf(grants, ({ grantId }) => grantId, { ...input, Limit: input.Limit ?? 50 });
  return { Grants: page.map((grant) => entry(key, grant)), ...rest };
}

function entry(key: Pick<KeyRecord, 'accountId' | 'region' | 'keyId'>, grant: GrantRecord): Kms.GrantListEntry {
  return {
    KeyId: keyArn(key),
    GrantId: grant.grantId,
    ...(grant.name !== undefined && { Name: grant.name }),
    CreationDate: new Date(grant.createdMs),
    GranteePrincipal: grant.granteePrincipal,
    ...(grant.retiringPrincipal !== undefined && { RetiringPrincipal: grant.retiringPrincipal }),
    IssuingAccount: `arn:aws:iam::${key.accountId}:root`,
    Operations: [...grant.operations],
    ...(grant.constraints !== undefined && { Constraints: grant.constraints }),
  };
}

function constraintsOf(given: Kms.GrantConstraints): NonNullable<GrantRecord['constraints']> {
  return {
    ...(given.EncryptionContextSubset !== undefined && { EncryptionContextSubset: given.EncryptionContextSubset }),
    ...(given.EncryptionContextEquals !== undefined && { EncryptionContextEquals: given.EncryptionContextEquals }),
  };
}

function isSame(one: GrantRecord, other: GrantRecord): boolean {
  const told = ({ grantId: _, grantToken: __, createdMs: ___, ...rest }: GrantRecord): string => JSON.stringify(rest);
  return told(one) === told(other);
}
