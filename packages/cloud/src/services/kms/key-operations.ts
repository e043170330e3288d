import type * as Kms from '@aws-sdk/client-kms';
import { partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { checkKeyPolicy, defaultPolicy } from './key-policy.js';
import { type KeyRecord, keyArn, metadataOf } from './key-record.js';
import { DAY_MS, type KeyStore } from './key-store.js';
import { invalidState, managedByAws, notEmulated, outOfRange } from './kms-errors.js';
import { DYNAMODB_ALIAS } from './managed-keys.js';
import { pageOf } from './page.js';
import { checkTags } from './tag-operations.js';

const WAITING_DAYS = { least: 7, most: 30, usual: 30 };

/** Keys from their creation to their deletion. Symmetric keys for encryption only. */
export function keyOperations(store: KeyStore) {
  return {
    async create({ caller }: RequestContext, input: Kms.CreateKeyCommandInput): Promise<Kms.CreateKeyResponse> {
      checkCreation(input);
      const { random, clock } = store.kernel;
      const uuid = random.uuid();
      const key: KeyRecord = {
        keyId: input.MultiRegion === true ? `mrk-${uuid.replaceAll('-', '')}` : uuid,
        accountId: caller.accountId,
        region: caller.region,
        manager: 'CUSTOMER',
        description: input.Description ?? '',
        createdMs: clock.nowMs(),
        state: 'Enabled',
        multiRegion: input.MultiRegion === true,
        policy: input.Policy ?? defaultPolicy(caller.accountId),
        tags: input.Tags ?? [],
        materials: [store.newMaterial('CREATED')],
      };
      await store.keys.put(partitionOf(caller), key.keyId, key);
      return { KeyMetadata: metadataOf(key) };
    },

    async describe({ caller }: RequestContext, input: Kms.DescribeKeyCommandInput): Promise<Kms.DescribeKeyResponse> {
      return { KeyMetadata: metadataOf(await store.open(caller, input.KeyId ?? '')) };
    },

    async list({ caller }: RequestContext, input: Kms.ListKeysCommandInput): Promise<Kms.ListKeysResponse> {
      await store.ensureManaged(caller, DYNAMODB_ALIAS);
      const keys = [...store.keys.list(partitionOf(caller))].map(([, key]) => key);
      const { page, ...rest } = pageOf(keys, ({ keyId }) => keyId, input);
      return { Keys: page.map((key) => ({ KeyId: key.keyId, KeyArn: keyArn(key) })), ...rest };
    },

    async enable({ caller }: RequestContext, input: Kms.EnableKeyCommandInput): Promise<object> {
      await store.update(caller, input.KeyId ?? '', (key) => ({ ...changeable(key, 'EnableKey'), state: 'Enabled' }));
      return {};
    },

    async disable({ caller }: RequestContext, input: Kms.DisableKeyCommandInput): Promise<object> {
      await store.update(caller, input.KeyId ?? '', (key) => ({ ...changeable(key, 'DisableKey'), state: 'Disabled' }));
      return {};
    },

    async describeAs({ caller }: RequestContext, input: Kms.UpdateKeyDescriptionCommandInput): Promise<object> {
      const description = input.Description ?? '';
      await store.update(caller, input.KeyId ?? '', (key) => ({
        ...changeable(key, 'UpdateKeyDescription'),
        description,
      }));
      return {};
    },

    async scheduleDeletion(
      { caller }: RequestContext,
      input: Kms.ScheduleKeyDeletionCommandInput,
    ): Promise<Kms.ScheduleKeyDeletionResponse> {
      const days = input.PendingWindowInDays ?? WAITING_DAYS.usual;
      if (days < WAITING_DAYS.least || days > WAITING_DAYS.most) {
        throw outOfRange(days, 'pendingWindowInDays', WAITING_DAYS.least, WAITING_DAYS.most);
      }
      const deletionMs = store.kernel.clock.nowMs() + days * DAY_MS;
      const key = await store.update(caller, input.KeyId ?? '', (one) => ({
        ...changeable(one, 'ScheduleKeyDeletion'),
        state: 'PendingDeletion',
        deletionMs,
      }));
      return {
        KeyId: keyArn(key),
        DeletionDate: new Date(deletionMs),
        KeyState: 'PendingDeletion',
        PendingWindowInDays: days,
      };
    },

    async cancelDeletion(
      { caller }: RequestContext,
      input: Kms.CancelKeyDeletionCommandInput,
    ): Promise<Kms.CancelKeyDeletionResponse> {
      const key = await store.update(caller, input.KeyId ?? '', (one) => {
        const { deletionMs, ...rest } = one;
        if (deletionMs === undefined) throw invalidState(keyArn(one), 'is not pending deletion');
        return { ...rest, state: 'Disabled' };
      });
      return { KeyId: keyArn(key) };
    },
  };
}

/** A key that its owner may change: not one of AWS's, nor one that waits for its deletion. */
export function changeable(key: KeyRecord, action: string): KeyRecord {
  if (key.manager === 'AWS') throw managedByAws(key.accountId, action, keyArn(key));
  if (key.state === 'PendingDeletion') throw invalidState(keyArn(key), 'is pending deletion');
  return key;
}

function checkCreation(input: Kms.CreateKeyCommandInput): void {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (spec !== 'SYMMETRIC_DEFAULT') throw notEmulated(`CreateKey with KeySpec ${spec}`);
  const usage = input.KeyUsage ?? 'ENCRYPT_DECRYPT';
  if (usage !== 'ENCRYPT_DECRYPT') {
    throw new ServiceError('ValidationException', `KeyUsage ${usage} is not compatible with KeySpec SYMMETRIC_DEFAULT`);
  }
  const origin = input.Origin ?? 'AWS_KMS';
  if (origin !== 'AWS_KMS') throw notEmulated(`CreateKey with Origin ${origin}`);
  if (input.Policy !== undefined) checkKeyPolicy(input.Policy);
  checkTags(input.Tags ?? []);
}
