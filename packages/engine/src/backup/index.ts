import type { ControlContext } from '../control/control-context.js';
import type { Handler } from '../engine-context.js';
import { createBackup, deleteBackup, describeBackupOperation, listBackups } from './backup-operations.js';
import { restoreTableFromBackup, restoreTableToPointInTime } from './restore-table.js';

export { BackupService } from './backup-service.js';
export { type ManagedBackup, type ManagedBackups, managedBackups } from './managed-backups.js';

export type BackupOperation =
  | 'CreateBackup'
  | 'DeleteBackup'
  | 'DescribeBackup'
  | 'ListBackups'
  | 'RestoreTableFromBackup'
  | 'RestoreTableToPointInTime';

/** On-demand backups, and the restores from them and to a point in time. */
export function backupOperations(context: ControlContext): Readonly<Record<BackupOperation, Handler>> {
  return {
    CreateBackup: createBackup(context),
    DeleteBackup: deleteBackup(context),
    DescribeBackup: describeBackupOperation(context),
    ListBackups: listBackups(context),
    RestoreTableFromBackup: restoreTableFromBackup(context),
    RestoreTableToPointInTime: restoreTableToPointInTime(context),
  };
}
