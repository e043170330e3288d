import type * as Backup from '@aws-sdk/client-backup';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { alreadyExists, invalidParameter, invalidRequest, missingParameter, notFound } from './backup-errors.js';
import { DAY_MS, type VaultRecord, vaultArn } from './backup-records.js';
import type { BackupStore } from './backup-store.js';
import { pageOf } from './page.js';

const NAME = /^[a-zA-Z0-9\-_]{2,50}$/;
const LEAST_GRACE_DAYS = 3;
const MOST_RETENTION_DAYS = 36_500;

/** Vaults: where recovery points lie, with their policy, lock and notifications. */
export function vaultOperations(store: BackupStore) {
  const { kernel } = store;

  function shown(vault: VaultRecord) {
    const { lock } = vault;
    return {
      BackupVaultName: vault.name,
      BackupVaultArn: vaultArn(vault, vault.name),
      VaultType: 'BACKUP_VAULT' as const,
      VaultState: 'AVAILABLE' as const,
      EncryptionKeyArn: vault.keyArn,
      CreationDate: new Date(vault.createdMs),
      ...(vault.creatorRequestId !== undefined && { CreatorRequestId: vault.creatorRequestId }),
      NumberOfRecoveryPoints: store.pointsOf(vault, vault.name).length,
      Locked: lock !== undefined,
      ...(lock?.minDays !== undefined && { MinRetentionDays: lock.minDays }),
      ...(lock?.maxDays !== undefined && { MaxRetentionDays: lock.maxDays }),
      ...(lock?.lockMs !== undefined && { LockDate: new Date(lock.lockMs) }),
    };
  }

  async function change(
    caller: Caller,
    name: string | undefined,
    of: (vault: VaultRecord) => VaultRecord,
  ): Promise<object> {
    await store.putVault(of(store.vault(caller, name)));
    return {};
  }

  /** Whether the lock's grace time is over. */
  function isFixed({ lock }: VaultRecord): boolean {
    return lock?.lockMs !== undefined && lock.lockMs <= kernel.clock.nowMs();
  }

  return {
    async create(
      { caller }: RequestContext,
      input: Backup.CreateBackupVaultCommandInput,
    ): Promise<Backup.CreateBackupVaultOutput> {
      const { BackupVaultName: name = '', CreatorRequestId: creatorRequestId } = input;
      if (!NAME.test(name)) throw invalidParameter(`Backup vault name ${name} must match ${NAME.source}`);
      const before = store.vaults.get(partitionOf(caller), name);
      if (before !== undefined && (creatorRequestId === undefined || before.creatorRequestId !== creatorRequestId)) {
        throw alreadyExists('Backup vault with the same name already exists', {
          Arn: vaultArn(caller, name),
          CreatorRequestId: before.creatorRequestId ?? '',
        });
      }
      const keyArn = await kernel.ports.kms.openKey(caller, input.EncryptionKeyArn ?? 'alias/aws/backup');
      const vault: VaultRecord = before ?? {
        ...caller,
        name,
        createdMs: kernel.clock.nowMs(),
        keyArn,
        ...(creatorRequestId !== undefined && { creatorRequestId }),
        tags: input.BackupVaultTags ?? {},
      };
      await store.putVault(vault);
      return {
        BackupVaultName: name,
        BackupVaultArn: vaultArn(caller, name),
        CreationDate: new Date(vault.createdMs),
      };
    },

    describe(
      { caller }: RequestContext,
      input: Backup.DescribeBackupVaultCommandInput,
    ): Backup.DescribeBackupVaultOutput {
      const vault = store.vaults.get(partitionOf(caller), input.BackupVaultName ?? '');
      // AWS does not tell the one from the other.
      if (vault === undefined) {
        throw new ServiceError('AccessDeniedException', 'Insufficient privileges to perform this action.', {
          httpStatus: 403,
          fault: 'client',
        });
      }
      return shown(vault);
    },

    list({ caller }: RequestContext, input: Backup.ListBackupVaultsCommandInput): Backup.ListBackupVaultsOutput {
      const vaults = [...store.vaults.list(partitionOf(caller))].map(([, vault]) => vault);
      const { page, NextToken } = pageOf(vaults, input);
      return { BackupVaultList: page.map(shown), ...(NextToken && { NextToken }) };
    },

    async remove({ caller }: RequestContext, input: Backup.DeleteBackupVaultCommandInput): Promise<object> {
      const vault = store.vault(caller, input.BackupVaultName);
      if (store.pointsOf(caller, vault.name).length > 0) {
        throw invalidRequest(`Backup vault cannot be deleted because it contains recovery points: ${vault.name}`);
      }
      await store.vaults.delete(partitionOf(caller), vault.name);
      return {};
    },

    putPolicy({ caller }: RequestContext, input: Backup.PutBackupVaultAccessPolicyCommandInput): Promise<object> {
      const { Policy: policy } = input;
      if (policy === undefined) throw missingParameter('Policy');
      if (!isObject(policy)) throw invalidParameter('The policy is not valid JSON');
      return change(caller, input.BackupVaultName, (vault) => ({ ...vault, policy }));
    },

    policy(
      { caller }: RequestContext,
      input: Backup.GetBackupVaultAccessPolicyCommandInput,
    ): Backup.GetBackupVaultAccessPolicyOutput {
      const { name, policy } = store.vault(caller, input.BackupVaultName);
      if (policy === undefined) throw notFound(`Backup vault ${name} has no associated policy`);
      return { BackupVaultName: name, BackupVaultArn: vaultArn(caller, name), Policy: policy };
    },

    removePolicy({ caller }: RequestContext, input: Backup.DeleteBackupVaultAccessPolicyCommandInput): Promise<object> {
      return change(caller, input.BackupVaultName, ({ policy: _, ...vault }) => vault);
    },

    lock({ caller }: RequestContext, input: Backup.PutBackupVaultLockConfigurationCommandInput): Promise<object> {
      const { MinRetentionDays: minDays, MaxRetentionDays: maxDays, ChangeableForDays: graceDays } = input;
      for (const [name, days] of Object.entries({ MinRetentionDays: minDays, MaxRetentionDays: maxDays })) {
        if (days !== undefined && (days < 1 || days > MOST_RETENTION_DAYS)) {
          throw invalidParameter(`${name} must be from 1 to ${MOST_RETENTION_DAYS} days; it is ${days}`);
        }
      }
      if (minDays !== undefined && maxDays !== undefined && minDays > maxDays) {
        throw invalidParameter(`MinRetentionDays (${minDays}) must not be more than MaxRetentionDays (${maxDays})`);
      }
      if (graceDays !== undefined && graceDays < LEAST_GRACE_DAYS) {
        throw invalidParameter(`ChangeableForDays must be at least ${LEAST_GRACE_DAYS}; it is ${graceDays}`);
      }
      return change(caller, input.BackupVaultName, (vault) => {
        if (isFixed(vault)) throw invalidRequest(`The lock of backup vault ${vault.name} can no longer be changed`);
        const lock = {
          ...(minDays !== undefined && { minDays }),
          ...(maxDays !== undefined && { maxDays }),
          ...(graceDays !== undefined && { lockMs: kernel.clock.nowMs() + graceDays * DAY_MS }),
        };
        return { ...vault, lock };
      });
    },

    unlock({ caller }: RequestContext, input: Backup.DeleteBackupVaultLockConfigurationCommandInput): Promise<object> {
      return change(caller, input.BackupVaultName, (vault) => {
        if (isFixed(vault)) throw invalidRequest(`The lock of backup vault ${vault.name} can no longer be removed`);
        const { lock: _, ...rest } = vault;
        return rest;
      });
    },

    notifyOf({ caller }: RequestContext, input: Backup.PutBackupVaultNotificationsCommandInput): Promise<object> {
      const { SNSTopicArn: topicArn, BackupVaultEvents: events = [] } = input;
      if (topicArn === undefined) throw missingParameter('SNSTopicArn');
      if (events.length === 0) throw missingParameter('BackupVaultEvents');
      return change(caller, input.BackupVaultName, (vault) => ({ ...vault, notifications: { topicArn, events } }));
    },

    notifications(
      { caller }: RequestContext,
      input: Backup.GetBackupVaultNotificationsCommandInput,
    ): Backup.GetBackupVaultNotificationsOutput {
      const { name, notifications } = store.vault(caller, input.BackupVaultName);
      if (notifications === undefined)
        throw notFound(`Failed reading notifications from database for Backup vault ${name}`);
      return {
        BackupVaultName: name,
        BackupVaultArn: vaultArn(caller, name),
        SNSTopicArn: notifications.topicArn,
        BackupVaultEvents: [...notifications.events],
      };
    },

    notifyOfNothing(
      { caller }: RequestContext,
      input: Backup.DeleteBackupVaultNotificationsCommandInput,
    ): Promise<object> {
      return change(caller, input.BackupVaultName, ({ notifications: _, ...vault }) => vault);
    },
  };
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
