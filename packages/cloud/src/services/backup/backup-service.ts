import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { BackupJobs } from './backup-jobs.js';
import { BackupSchedule } from './backup-schedule.js';
import { BackupStore } from './backup-store.js';
import { CopyJobs } from './copy-jobs.js';
import { jobOperations } from './job-operations.js';
import { offeredPolicy } from './offered-policy.js';
import { planOperations } from './plan-operations.js';
import { pointOperations } from './point-operations.js';
import { regionSettings } from './region-settings.js';
import { RestoreJobs } from './restore-jobs.js';
import { tagOperations } from './tag-operations.js';
import { vaultOperations } from './vault-operations.js';

/**
 * AWS Backup for DynamoDB tables, in REST JSON. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Reference.html
 * Plans run on the kernel clock, jobs back up and restore for real and with what their role allows, recovery points end
 * with their lifecycle, vault locks hold. Differs: tables are always backed up with advanced features, so recovery points
 * have ARNs of AWS Backup and DynamoDB does not list them; a job can be looked at for thirty days after its end, and then
 * by no operation, where AWS says so of lists only; other kinds of resources, legal holds, frameworks, reports, restore
 * testing, indexes, scans and air-gapped vaults are not emulated.
 */
export function backupService(kernel: Kernel): Service {
  const store = new BackupStore(kernel);
  kernel.resourcePolicies.offer('backup', (arn) => offeredPolicy(store, arn));
  const copyJobs = new CopyJobs(store, () => schedule.arm());
  const backupJobs = new BackupJobs(store, copyJobs);
  const restoreJobs = new RestoreJobs(store);
  const schedule: BackupSchedule = new BackupSchedule(store, backupJobs, restoreJobs);
  const changed = (): void => schedule.arm();
  const vaults = vaultOperations(store);
  const plans = planOperations(store, changed);
  const points = pointOperations(store, changed);
  const jobs = jobOperations(store, backupJobs, copyJobs, restoreJobs, schedule);
  const tags = tagOperations(store);
  const region = regionSettings(store);
  return defineService<typeof import('@aws-sdk/client-backup')>(
    {
      AssociateBackupVaultMpaApprovalTeam: undefined,
      CancelLegalHold: undefined,
      CreateBackupPlan: plans.create,
      CreateBackupSelection: plans.select,
      CreateBackupVault: vaults.create,
      CreateFramework: undefined,
      CreateLegalHold: undefined,
      CreateLogicallyAirGappedBackupVault: undefined,
      CreateReportPlan: undefined,
      CreateRestoreAccessBackupVault: undefined,
      CreateRestoreTestingPlan: undefined,
      CreateRestoreTestingSelection: undefined,
      CreateTieringConfiguration: undefined,
      DeleteBackupPlan: plans.remove,
      DeleteBackupSelection: plans.deselect,
      DeleteBackupVault: vaults.remove,
      DeleteBackupVaultAccessPolicy: vaults.removePolicy,
      DeleteBackupVaultLockConfiguration: vaults.unlock,
      DeleteBackupVaultNotifications: vaults.notifyOfNothing,
      DeleteFramework: undefined,
      DeleteRecoveryPoint: points.remove,
      DeleteReportPlan: undefined,
      DeleteRestoreTestingPlan: undefined,
      DeleteRestoreTestingSelection: undefined,
      DeleteTieringConfiguration: undefined,
      DescribeBackupJob: jobs.describe,
      DescribeBackupVault: vaults.describe,
      DescribeCopyJob: jobs.describeCopy,
      DescribeFramework: undefined,
      DescribeGlobalSettings: () => ({ GlobalSettings: { isCrossAccountBackupEnabled: 'false' } }),
      DescribeProtectedResource: points.resource,
      DescribeRecoveryPoint: points.describe,
      DescribeRegionSettings: region.describe,
      DescribeReportJob: undefined,
      DescribeReportPlan: undefined,
      DescribeRestoreJob: jobs.describeRestore,
      DescribeScanJob: undefined,
      DisassociateBackupVaultMpaApprovalTeam: undefined,
      DisassociateRecoveryPoint: undefined,
      DisassociateRecoveryPointFromParent: undefined,
      ExportBackupPlanTemplate: plans.export,
      GetBackupPlan: plans.get,
      GetBackupPlanFromJSON: plans.read,
      GetBackupPlanFromTemplate: undefined,
      GetBackupSelection: plans.selection,
      GetBackupVaultAccessPolicy: vaults.policy,
      GetBackupVaultNotifications: vaults.notifications,
      GetLegalHold: undefined,
      GetPITRMalwareScanResults: undefined,
      GetRecoveryPointIndexDetails: undefined,
      GetRecoveryPointRestoreMetadata: jobs.pointMetadata,
      GetRestoreJobMetadata: jobs.restoreMetadata,
      GetRestoreTestingInferredMetadata: undefined,
      GetRestoreTestingPlan: undefined,
      GetRestoreTestingSelection: undefined,
      GetSupportedResourceTypes: () => ({ ResourceTypes: ['DynamoDB'] }),
      GetTieringConfiguration: undefined,
      ListBackupJobSummaries: undefined,
      ListBackupJobs: jobs.list,
      ListBackupPlanTemplates: undefined,
      ListBackupPlanVersions: plans.versions,
      ListBackupPlans: plans.list,
      ListBackupSelections: plans.selections,
      ListBackupVaults: vaults.list,
      ListCopyJobSummaries: undefined,
      ListCopyJobs: jobs.listCopies,
      ListFrameworks: undefined,
      ListIndexedRecoveryPoints: undefined,
      ListLegalHolds: undefined,
      ListProtectedResources: points.resources,
      ListProtectedResourcesByBackupVault: points.resourcesOfVault,
      ListRecoveryPointsByBackupVault: points.listOfVault,
      ListRecoveryPointsByLegalHold: undefined,
      ListRecoveryPointsByResource: points.listOfResource,
      ListReportJobs: undefined,
      ListReportPlans: undefined,
      ListRestoreAccessBackupVaults: undefined,
      ListRestoreJobSummaries: undefined,
      ListRestoreJobs: jobs.listRestores,
      ListRestoreJobsByProtectedResource: jobs.restoresOf,
      ListRestoreTestingPlans: undefined,
      ListRestoreTestingSelections: undefined,
      ListScanJobSummaries: undefined,
      ListScanJobs: undefined,
      ListTags: tags.list,
      ListTieringConfigurations: undefined,
      PutBackupVaultAccessPolicy: vaults.putPolicy,
      PutBackupVaultLockConfiguration: vaults.lock,
      PutBackupVaultNotifications: vaults.notifyOf,
      PutRestoreValidationResult: undefined,
      RevokeRestoreAccessBackupVault: undefined,
      StartBackupJob: jobs.backUp,
      StartCopyJob: jobs.copy,
      StartReportJob: undefined,
      StartRestoreJob: jobs.restore,
      StartScanJob: undefined,
      StopBackupJob: jobs.stop,
      TagResource: tags.tag,
      UntagResource: tags.untag,
      UpdateBackupPlan: plans.update,
      UpdateFramework: undefined,
      UpdateGlobalSettings: undefined,
      UpdateRecoveryPointIndexSettings: undefined,
      UpdateRecoveryPointLifecycle: points.relive,
      UpdateRegionSettings: region.update,
      UpdateReportPlan: undefined,
      UpdateRestoreTestingPlan: undefined,
      UpdateRestoreTestingSelection: undefined,
      UpdateTieringConfiguration: undefined,
    },
    {
      title: 'AWS Backup',
      bodyLimitBytes: 1024 * 1024,
      resourceMember: 'BackupVaultName',
      start: () => kernel.activity.track('start of backups', schedule.start()),
      close: () => schedule.close(),
      definition: {
        name: 'backup',
        client: () => import('@aws-sdk/client-backup'),
        protocols: ['restJson1'],
        version: '2018-11-15',
      },
    },
  );
}
