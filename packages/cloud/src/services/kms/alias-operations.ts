import type * as Kms from '@aws-sdk/client-kms';
import { partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { changeable } from './key-operations.js';
import { type AliasRecord, aliasArn } from './key-record.js';
import type { KeyStore } from './key-store.js';
import { notFound, validation } from './kms-errors.js';
import { DYNAMODB_ALIAS } from './managed-keys.js';
import { pageOf } from './page.js';

/** https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html */
export function aliasOperations(store: KeyStore) {
  return {
    async create({ caller }: RequestContext, input: Kms.CreateAliasCommandInput): Promise<object> {
      const name = checkedName(input.AliasName);
      const key = changeable(await store.open(caller, checkedTarget(input.TargetKeyId)), 'CreateAlias');
      const partition = partitionOf(caller);
      const nowMs = store.kernel.clock.nowMs();
      await store.kernel.store.change((writer) => {
        if (store.aliases.getFrom(writer, partition, name) !== undefined) {
          const message = `An alias with the name ${aliasArn(caller, name)} already exists`;
          throw new ServiceError('AlreadyExistsException', message);
        }
        store.aliases.putIn(writer, partition, name, { name, keyId: key.keyId, createdMs: nowMs, updatedMs: nowMs });
      });
      return {};
    },
    async update({ caller }: RequestContext, input: Kms.UpdateAliasCommandInput): Promise<object> {
      const name = checkedName(input.AliasName);
      const key = changeable(await store.open(caller, checkedTarget(input.TargetKeyId)), 'UpdateAlias');
      const partition = partitionOf(caller);
      await store.kernel.store.change((writer) => {
        const alias = store.aliases.getFrom(writer, partition, name);
        if (alias === undefined) throw notFound(`Alias ${aliasArn(caller, name)} is not found.`);
        store.aliases.putIn(writer, partition, name, {
          ...alias,
          keyId: key.keyId,
          updatedMs: store.kernel.clock.nowMs(),
        });
      });
      return {};
    },
    async remove({ caller }: RequestContext, input: Kms.DeleteAliasCommandInput): Promise<object> {
      const name = checkedName(input.AliasName);
      const partition = partitionOf(caller);
      await store.kernel.store.change((writer) => {
        if (store.aliases.getFrom(writer, partition, name) === undefined) {
          throw notFound(`Alias ${aliasArn(caller, name)} is not found.`);
        }
        store.aliases.deleteIn(writer, partition, name);
      });
      return {};
    },
    async list({ caller }: RequestContext, input: Kms.ListAliasesCommandInput): Promise<Kms.ListAliasesResponse> {
      await store.ensureManaged(caller, DYNAMODB_ALIAS);
      const all =
        input.KeyId === undefined
          ? [...store.aliases.list(partitionOf(caller))].map(([, alias]) => alias)
          : store.aliasesOf(store.find(caller, input.KeyId));
      const { page, ...rest } = pageOf(all, ({ name }) => name, input);
      return { Aliases: page.map((alias) => entry(caller, alias)), ...rest };
    },
  };
}

function entry(caller: RequestContext['caller'], alias: AliasRecord): Kms.AliasListEntry {
  return {
    AliasName: alias.name,
    AliasArn: aliasArn(caller, alias.name),
    TargetKeyId: alias.keyId,
    CreationDate: new Date(alias.createdMs),
    LastUpdatedDate: new Date(alias.updatedMs),
  };
}

function checkedName(name = ''): string {
  if (!name.startsWith('alias/') || name === 'alias/') throw validation('Invalid identifier');
  if (name.startsWith('alias/aws/') || name === 'alias/aws') {
    throw new ServiceError('NotAuthorizedException', '');
  }
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name) || name.length > 256) {
    throw validation(
      `1 validation error detected: Value '${name}' at 'aliasName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$',
    );
  }
  return name;
}

function checkedTarget(target = ''): string {
  if (target.includes('alias/')) throw validation('Aliases must refer to keys. Not aliases');
  return target;
}
