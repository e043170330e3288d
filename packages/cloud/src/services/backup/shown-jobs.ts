import type * as Backup from '@aws-sdk/client-backup';
import {
  type BackupJobRecord,
  type CopyJobRecord,
  calculatedLifecycle,
  type RecoveryPointRecord,
  type RestoreJobRecord,
  tableNameOf,
  vaultArn,
} from './backup-records.js';

/** Records as the API shows them. */

const TYPE = 'DynamoDB';

/** What backup, copy and restore jobs show alike. */
function shownOfAnyJob(job: BackupJobRecord | CopyJobRecord | RestoreJobRecord) {
  return {
    AccountId: job.accountId,
    ResourceType: TYPE,
    CreationDate: new Date(job.createdMs),
    ...(job.completedMs !== undefined && { CompletionDate: new Date(job.completedMs) }),
    ...(job.message !== undefined && { StatusMessage: job.message }),
    IamRoleArn: job.roleArn,
    IsParent: false,
  };
}

export function shownJob(job: BackupJobRecord): Backup.BackupJob {
  const isDone = job.state === 'COMPLETED';
  return {
    ...shownOfAnyJob(job),
    BackupJobId: job.id,
    BackupVaultName: job.vaultName,
    BackupVaultArn: vaultArn(job, job.vaultName),
    ...((isDone || job.state === 'RUNNING') && { RecoveryPointArn: job.pointArn }),
    ResourceArn: job.resourceArn,
    ResourceName: tableNameOf(job.resourceArn),
    State: job.state,
    PercentDone: isDone ? '100.0' : '0.0',
    BackupSizeInBytes: isDone ? (job.backup?.sizeBytes ?? 0) : 0,
    BytesTransferred: isDone ? (job.backup?.sizeBytes ?? 0) : 0,
    ...(job.createdBy !== undefined && { CreatedBy: job.createdBy }),
    StartBy: new Date(job.startByMs),
    ExpectedCompletionDate: new Date(job.completeByMs),
    ...(job.startedMs !== undefined && { InitiationDate: new Date(job.startedMs) }),
    MessageCategory: job.state === 'FAILED' ? 'FAILURE' : job.state === 'EXPIRED' ? 'EXPIRED' : 'SUCCESS',
    ...(job.lifecycle !== undefined && { RecoveryPointLifecycle: job.lifecycle }),
  };
}

export function shownPoint(point: RecoveryPointRecord): Backup.DescribeRecoveryPointOutput {
  const { coldMs, deleteMs } = calculatedLifecycle(point);
  return {
    RecoveryPointArn: point.arn,
    BackupVaultName: point.vaultName,
    BackupVaultArn: vaultArn(point, point.vaultName),
    ...(point.sourceVaultArn !== undefined && { SourceBackupVaultArn: point.sourceVaultArn }),
    ResourceArn: point.resourceArn,
    ResourceName: tableNameOf(point.resourceArn),
    ResourceType: TYPE,
    ...(point.createdBy !== undefined && { CreatedBy: point.createdBy }),
    IamRoleArn: point.roleArn,
    Status: point.status,
    ...(point.statusMessage !== undefined && { StatusMessage: point.statusMessage }),
    CreationDate: new Date(point.createdMs),
    CompletionDate: new Date(point.completedMs),
    InitiationDate: new Date(point.createdMs),
    BackupSizeInBytes: point.sizeBytes,
    CalculatedLifecycle: {
      ...(coldMs !== undefined && { MoveToColdStorageAt: new Date(coldMs) }),
      ...(deleteMs !== undefined && { DeleteAt: new Date(deleteMs) }),
    },
    ...(point.lifecycle !== undefined && { Lifecycle: point.lifecycle }),
    EncryptionKeyArn: point.keyArn,
    IsEncrypted: true,
    IsParent: false,
    VaultType: 'BACKUP_VAULT',
    StorageClass: point.storage,
    ...(point.lastRestoreMs !== undefined && { LastRestoreTime: new Date(point.lastRestoreMs) }),
  };
}

export function shownCopy(job: CopyJobRecord): Backup.CopyJob {
  return {
    ...shownOfAnyJob(job),
    CopyJobId: job.id,
    SourceBackupVaultArn: job.sourceVaultArn,
    SourceRecoveryPointArn: job.sourcePointArn,
    DestinationBackupVaultArn: job.targetVaultArn,
    ...(job.targetPointArn !== undefined && { DestinationRecoveryPointArn: job.targetPointArn }),
    ...(job.lifecycle !== undefined && { DestinationRecoveryPointLifecycle: job.lifecycle }),
    ResourceArn: job.resourceArn,
    ResourceName: tableNameOf(job.resourceArn),
    State: job.state,
    BackupSizeInBytes: job.sizeBytes,
    ...(job.createdBy !== undefined && { CreatedBy: job.createdBy }),
    ...(job.createdByJobId !== undefined && { CreatedByBackupJobId: job.createdByJobId }),
  };
}

export function shownRestore(job: RestoreJobRecord): Backup.RestoreJobsListMember {
  return {
    ...shownOfAnyJob(job),
    RestoreJobId: job.id,
    RecoveryPointArn: job.pointArn,
    SourceResourceArn: job.resourceArn,
    BackupVaultArn: job.vaultArn,
    Status: job.status,
    PercentDone: job.status === 'COMPLETED' ? '100.00%' : '0.00%',
    BackupSizeInBytes: job.sizeBytes,
    ...(job.createdArn !== undefined && { CreatedResourceArn: job.createdArn }),
    RecoveryPointCreationDate: new Date(job.pointCreatedMs),
  };
}
