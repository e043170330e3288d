import type * as Backup from '@aws-sdk/client-backup';
import type { RequestContext } from '../service.js';
import { invalidParameter, invalidRequest, missingParameter, notFound } from './backup-errors.js';
import type { BackupJobs } from './backup-jobs.js';
import { type BackupJobRecord, parseVaultArn, type RestoreJobRecord, tableNameOf } from './backup-records.js';
import type { BackupSchedule } from './backup-schedule.js';
import type { BackupStore } from './backup-store.js';
import { checkLifecycle } from './check-plan.js';
import type { CopyJobs } from './copy-jobs.js';
import { isWithin, pageOf } from './page.js';
import type { RestoreJobs } from './restore-jobs.js';
import { assumptionFault } from './role-check.js';
import { shownCopy, shownJob, shownRestore } from './shown-jobs.js';

const LEAST_START_MINUTES = 60;
const TABLE_ARN = /^arn:aws[\w-]*:dynamodb:([\w-]+):(\d{12}):table\/[\w.-]{3,255}$/;

/** Backup, copy and restore jobs. */
export function jobOperations(
  store: BackupStore,
  jobs: BackupJobs,
  copies: CopyJobs,
  restores: RestoreJobs,
  schedule: BackupSchedule,
) {
  const { kernel } = store;

  function checkRole(roleArn: string | undefined): string {
    if (roleArn === undefined) throw missingParameter('IamRoleArn');
    const fault = assumptionFault(kernel, roleArn);
    if (fault !== undefined) throw invalidParameter(fault);
    return roleArn;
  }

  function job({ caller }: RequestContext, id: string | undefined): BackupJobRecord {
    const found = store.jobs.get(`${caller.accountId}/${caller.region}`, id ?? '');
    if (found === undefined) throw notFound(`Could not find backup job with id ${id}`);
    return found;
  }

  function restore({ caller }: RequestContext, id: string | undefined): RestoreJobRecord {
    const found = store.restores.get(`${caller.accountId}/${caller.region}`, id ?? '');
    if (found === undefined) throw notFound(`Could not find restore job with id ${id}`);
    return found;
  }

  return {
    async backUp(
      context: RequestContext,
      input: Backup.StartBackupJobCommandInput,
    ): Promise<Backup.StartBackupJobOutput> {
      const { caller } = context;
      const vault = store.vault(caller, input.BackupVaultName);
      const { ResourceArn: resourceArn, IdempotencyToken: token } = input;
      if (resourceArn === undefined) throw missingParameter('ResourceArn');
      if (!TABLE_ARN.test(resourceArn))
        throw invalidParameter(`${resourceArn} is not the ARN of a supported resource: DynamoDB tables are`);
      const roleArn = checkRole(input.IamRoleArn);
      checkLifecycle(input.Lifecycle);
      const start = input.StartWindowMinutes;
      if (start !== undefined && start < LEAST_START_MINUTES) {
        throw invalidParameter(`The start window must be at least ${LEAST_START_MINUTES} minutes; it is ${start}`);
      }
      const same = token === undefined ? undefined : store.jobsOf(caller).find((one) => one.token === token);
      const begun =
        same ??
        (await jobs.create(caller, {
          vaultName: vault.name,
          resourceArn,
          roleArn,
          pointTags: input.RecoveryPointTags ?? {},
          ...(start !== undefined && { startMinutes: start }),
          ...(input.CompleteWindowMinutes !== undefined && { completionMinutes: input.CompleteWindowMinutes }),
          ...(input.Lifecycle !== undefined && { lifecycle: input.Lifecycle }),
          ...(token !== undefined && { token }),
        }));
      // Begins after the answer, as on AWS; an advance of the clock waits for it.
      kernel.activity.track('backup job', schedule.run());
      return {
        BackupJobId: begun.id,
        RecoveryPointArn: begun.pointArn,
        CreationDate: new Date(begun.createdMs),
        IsParent: false,
      };
    },

    describe(context: RequestContext, input: Backup.DescribeBackupJobCommandInput): Backup.DescribeBackupJobOutput {
      return shownJob(job(context, input.BackupJobId));
    },

    list({ caller }: RequestContext, input: Backup.ListBackupJobsCommandInput): Backup.ListBackupJobsOutput {
      const found = store
        .jobsOf(caller)
        .filter((one) => input.ByState === undefined || one.state === input.ByState)
        .filter((one) => input.ByResourceArn === undefined || one.resourceArn === input.ByResourceArn)
        .filter((one) => input.ByBackupVaultName === undefined || one.vaultName === input.ByBackupVaultName)
        .filter(() => input.ByResourceType === undefined || input.ByResourceType === 'DynamoDB')
        .filter((one) => isWithin(one.createdMs, input.ByCreatedAfter, input.ByCreatedBefore))
        .filter((one) => isWithin(one.completedMs, input.ByCompleteAfter, input.ByCompleteBefore));
      const { page, NextToken } = pageOf(found, input);
      return { BackupJobs: page.map(shownJob), ...(NextToken && { NextToken }) };
    },

    async stop(context: RequestContext, input: Backup.StopBackupJobCommandInput): Promise<object> {
      const found = job(context, input.BackupJobId);
      if (found.state !== 'CREATED' && found.state !== 'RUNNING') {
        throw invalidRequest(`Backup job ${found.id} cannot be stopped: it is ${found.state}`);
      }
      await jobs.stop(found);
      return {};
    },

    async copy({ caller }: RequestContext, input: Backup.StartCopyJobCommandInput): Promise<Backup.StartCopyJobOutput> {
      store.vault(caller, input.SourceBackupVaultName);
      const point = store.point(caller, input.RecoveryPointArn, input.SourceBackupVaultName);
      const { DestinationBackupVaultArn: targetVaultArn = '', IdempotencyToken: token } = input;
      if (parseVaultArn(targetVaultArn) === undefined)
        throw invalidParameter(`${targetVaultArn} is not the ARN of a backup vault`);
      const roleArn = checkRole(input.IamRoleArn);
      checkLifecycle(input.Lifecycle);
      const same = token === undefined ? undefined : store.copiesOf(caller).find((one) => one.token === token);
      const done =
        same ??
        (await copies.run(point, {
          targetVaultArn,
          roleArn,
          ...(input.Lifecycle !== undefined && { lifecycle: input.Lifecycle }),
          ...(token !== undefined && { token }),
        }));
      return { CopyJobId: done.id, CreationDate: new Date(done.createdMs), IsParent: false };
    },

    describeCopy({ caller }: RequestContext, input: Backup.DescribeCopyJobCommandInput): Backup.DescribeCopyJobOutput {
      const found = store.copies.get(`${caller.accountId}/${caller.region}`, input.CopyJobId ?? '');
      if (found === undefined) throw notFound(`Could not find copy job with id ${input.CopyJobId}`);
      return { CopyJob: shownCopy(found) };
    },

    listCopies({ caller }: RequestContext, input: Backup.ListCopyJobsCommandInput): Backup.ListCopyJobsOutput {
      const found = store
        .copiesOf(caller)
        .filter((one) => input.ByState === undefined || one.state === input.ByState)
        .filter((one) => input.ByResourceArn === undefined || one.resourceArn === input.ByResourceArn)
        .filter(
          (one) => input.ByDestinationVaultArn === undefined || one.targetVaultArn === input.ByDestinationVaultArn,
        )
        .filter(
          (one) =>
            input.BySourceRecoveryPointArn === undefined || one.sourcePointArn === input.BySourceRecoveryPointArn,
        )
        .filter((one) => isWithin(one.createdMs, input.ByCreatedAfter, input.ByCreatedBefore))
        .filter((one) => isWithin(one.completedMs, input.ByCompleteAfter, input.ByCompleteBefore));
      const { page, NextToken } = pageOf(found, input);
      return { CopyJobs: page.map(shownCopy), ...(NextToken && { NextToken }) };
    },

    async restore(
      { caller }: RequestContext,
      input: Backup.StartRestoreJobCommandInput,
    ): Promise<Backup.StartRestoreJobOutput> {
      const point = store.point(caller, input.RecoveryPointArn);
      const { Metadata: metadata, IdempotencyToken: token } = input;
      if (metadata === undefined) throw missingParameter('Metadata');
      if ((metadata.targetTableName ?? '') === '')
        throw invalidParameter('Metadata must have targetTableName for a DynamoDB table');
      if (metadata.encryptionType === 'KMS' && (metadata.kmsMasterKeyArn ?? '') === '') {
        throw invalidParameter('Metadata must have kmsMasterKeyArn where encryptionType is KMS');
      }
      const roleArn = checkRole(input.IamRoleArn);
      const same = token === undefined ? undefined : store.restoresOf(caller).find((one) => one.token === token);
      const begun =
        same ?? (await restores.create(point, { roleArn, metadata, ...(token !== undefined && { token }) }));
      kernel.activity.track('restore job', schedule.run());
      return { RestoreJobId: begun.id };
    },

    describeRestore(
      context: RequestContext,
      input: Backup.DescribeRestoreJobCommandInput,
    ): Backup.DescribeRestoreJobOutput {
      return shownRestore(restore(context, input.RestoreJobId));
    },

    restoreMetadata(
      context: RequestContext,
      input: Backup.GetRestoreJobMetadataCommandInput,
    ): Backup.GetRestoreJobMetadataOutput {
      const { id, metadata } = restore(context, input.RestoreJobId);
      return { RestoreJobId: id, Metadata: metadata };
    },

    listRestores({ caller }: RequestContext, input: Backup.ListRestoreJobsCommandInput): Backup.ListRestoreJobsOutput {
      const found = store
        .restoresOf(caller)
        .filter((one) => input.ByStatus === undefined || one.status === input.ByStatus)
        .filter((one) => isWithin(one.createdMs, input.ByCreatedAfter, input.ByCreatedBefore))
        .filter((one) => isWithin(one.completedMs, input.ByCompleteAfter, input.ByCompleteBefore));
      const { page, NextToken } = pageOf(found, input);
      return { RestoreJobs: page.map(shownRestore), ...(NextToken && { NextToken }) };
    },

    restoresOf(
      { caller }: RequestContext,
      input: Backup.ListRestoreJobsByProtectedResourceCommandInput,
    ): Backup.ListRestoreJobsByProtectedResourceOutput {
      const found = store
        .restoresOf(caller)
        .filter((one) => one.resourceArn === input.ResourceArn)
        .filter((one) => input.ByStatus === undefined || one.status === input.ByStatus);
      const { page, NextToken } = pageOf(found, input);
      return { RestoreJobs: page.map(shownRestore), ...(NextToken && { NextToken }) };
    },

    /** What a restore job of the point can be given. */
    pointMetadata(
      { caller }: RequestContext,
      input: Backup.GetRecoveryPointRestoreMetadataCommandInput,
    ): Backup.GetRecoveryPointRestoreMetadataOutput {
      const point = store.point(caller, input.RecoveryPointArn, input.BackupVaultName);
      return {
        BackupVaultArn: shownJobVault(point),
        RecoveryPointArn: point.arn,
        RestoreMetadata: { originalTableName: tableNameOf(point.resourceArn), encryptionType: 'Default' },
        ResourceType: 'DynamoDB',
      };
    },
  };
}

function shownJobVault({
  region,
  accountId,
  vaultName,
}: {
  region: string;
  accountId: string;
  vaultName: string;
}): string {
  return `arn:aws:backup:${region}:${accountId}:backup-vault:${vaultName}`;
}
