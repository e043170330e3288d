import type * as Backup from '@aws-sdk/client-backup';
import type { Caller } from '../../kernel/caller.js';
import type { RequestContext } from '../service.js';
import { invalidRequest, notFound } from './backup-errors.js';
import { DAY_MS, type RecoveryPointRecord, tableNameOf, vaultArn } from './backup-records.js';
import type { BackupStore } from './backup-store.js';
import { checkLifecycle } from './check-plan.js';
import { isWithin, pageOf } from './page.js';
import { shownPoint } from './shown-jobs.js';

/** Recovery points, and the tables that have some. */
export function pointOperations(store: BackupStore, changed: () => void) {
  const { kernel } = store;

  /** A vault's lock keeps its points until their time has come. */
  function checkUnlocked(point: RecoveryPointRecord): void {
    const vault = store.vault(point, point.vaultName);
    const days = vault.lock?.minDays;
    if (vault.lock === undefined) return;
    const isOver = days !== undefined && kernel.clock.nowMs() >= point.createdMs + days * DAY_MS;
    if (!isOver)
      throw invalidRequest(`Recovery point ${point.arn} cannot be deleted: backup vault ${vault.name} is locked`);
  }

  /** The latest recovery point of every table, by the table's ARN. */
  function latest(caller: Caller, vaultName?: string): Map<string, RecoveryPointRecord> {
    const found = new Map<string, RecoveryPointRecord>();
    for (const point of store.pointsOf(caller, vaultName)) {
      if (!found.has(point.resourceArn)) found.set(point.resourceArn, point);
    }
    return found;
  }

  function protectedResource(point: RecoveryPointRecord): Backup.ProtectedResource {
    return {
      ResourceArn: point.resourceArn,
      ResourceType: 'DynamoDB',
      ResourceName: tableNameOf(point.resourceArn),
      LastBackupTime: new Date(point.createdMs),
      LastBackupVaultArn: vaultArn(point, point.vaultName),
      LastRecoveryPointArn: point.arn,
    };
  }

  return {
    describe(
      { caller }: RequestContext,
      input: Backup.DescribeRecoveryPointCommandInput,
    ): Backup.DescribeRecoveryPointOutput {
      store.vault(caller, input.BackupVaultName);
      return shownPoint(store.point(caller, input.RecoveryPointArn, input.BackupVaultName));
    },

    listOfVault(
      { caller }: RequestContext,
      input: Backup.ListRecoveryPointsByBackupVaultCommandInput,
    ): Backup.ListRecoveryPointsByBackupVaultOutput {
      const vault = store.vault(caller, input.BackupVaultName);
      const found = store
        .pointsOf(caller, vault.name)
        .filter((one) => input.ByResourceArn === undefined || one.resourceArn === input.ByResourceArn)
        .filter((one) => input.ByBackupPlanId === undefined || one.createdBy?.BackupPlanId === input.ByBackupPlanId)
        .filter(() => input.ByResourceType === undefined || input.ByResourceType === 'DynamoDB')
        .filter((one) => isWithin(one.createdMs, input.ByCreatedAfter, input.ByCreatedBefore));
      const { page, NextToken } = pageOf(found, input);
      return { RecoveryPoints: page.map(shownPoint), ...(NextToken && { NextToken }) };
    },

    listOfResource(
      { caller }: RequestContext,
      input: Backup.ListRecoveryPointsByResourceCommandInput,
    ): Backup.ListRecoveryPointsByResourceOutput {
      const found = store.pointsOf(caller).filter((one) => one.resourceArn === input.ResourceArn);
      const { page, NextToken } = pageOf(found, input);
      return {
        RecoveryPoints: page.map((point) => ({
          RecoveryPointArn: point.arn,
          CreationDate: new Date(point.createdMs),
          Status: point.status,
          EncryptionKeyArn: point.keyArn,
          BackupSizeBytes: point.sizeBytes,
          BackupVaultName: point.vaultName,
          ResourceName: tableNameOf(point.resourceArn),
          IsParent: false,
          VaultType: 'BACKUP_VAULT',
        })),
        ...(NextToken && { NextToken }),
      };
    },

    async remove({ caller }: RequestContext, input: Backup.DeleteRecoveryPointCommandInput): Promise<object> {
      store.vault(caller, input.BackupVaultName);
      const point = store.point(caller, input.RecoveryPointArn, input.BackupVaultName);
      checkUnlocked(point);
      await store.removePoint(point);
      changed();
      return {};
    },

    async relive(
      { caller }: RequestContext,
      input: Backup.UpdateRecoveryPointLifecycleCommandInput,
    ): Promise<Backup.UpdateRecoveryPointLifecycleOutput> {
      store.vault(caller, input.BackupVaultName);
      const point = store.point(caller, input.RecoveryPointArn, input.BackupVaultName);
      checkLifecycle(input.Lifecycle);
      const { lifecycle: _, ...rest } = point;
      const after: RecoveryPointRecord = {
        ...rest,
        ...(input.Lifecycle !== undefined && { lifecycle: input.Lifecycle }),
      };
      await store.putPoint(after);
      changed();
      const { BackupVaultArn, RecoveryPointArn, Lifecycle, CalculatedLifecycle } = shownPoint(after);
      return { BackupVaultArn, RecoveryPointArn, Lifecycle, CalculatedLifecycle };
    },

    resources(
      { caller }: RequestContext,
      input: Backup.ListProtectedResourcesCommandInput,
    ): Backup.ListProtectedResourcesOutput {
      const { page, NextToken } = pageOf([...latest(caller).values()], input);
      return { Results: page.map(protectedResource), ...(NextToken && { NextToken }) };
    },

    resourcesOfVault(
      { caller }: RequestContext,
      input: Backup.ListProtectedResourcesByBackupVaultCommandInput,
    ): Backup.ListProtectedResourcesByBackupVaultOutput {
      const vault = store.vault(caller, input.BackupVaultName);
      const { page, NextToken } = pageOf([...latest(caller, vault.name).values()], input);
      return { Results: page.map(protectedResource), ...(NextToken && { NextToken }) };
    },

    resource(
      { caller }: RequestContext,
      input: Backup.DescribeProtectedResourceCommandInput,
    ): Backup.DescribeProtectedResourceOutput {
      const point = latest(caller).get(input.ResourceArn ?? '');
      if (point === undefined) throw notFound(`Resource ${input.ResourceArn} is not protected by AWS Backup`);
      return protectedResource(point);
    },
  };
}
