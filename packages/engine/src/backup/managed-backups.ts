import { tableArn } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import type { ControlContext } from '../control/control-context.js';
import { DynamoError } from '../errors.js';
import { takeBackup } from './backup-operations.js';
import type { BackupRecord } from './backup-record.js';
import type { RestoreOverrides } from './restore-input.js';
import { restore } from './restore-table.js';

/** A backup of a table that AWS Backup keeps as a recovery point. */
export interface ManagedBackup {
  /** Names it here; nobody else sees it. */
  readonly arn: string;
  readonly tableArn: string;
  readonly createdMs: number;
  /** When it is complete. */
  readonly availableMs: number;
  readonly sizeBytes: number;
}

/** Backups as AWS Backup makes them: not listed by DynamoDB, restored in any region. */
export interface ManagedBackups {
  /** Rejects with {@link DynamoError}. */
  create(caller: Caller, tableName: string): Promise<ManagedBackup>;
  /** Nothing happens for one that is gone already. */
  remove(arn: string): Promise<void>;
  /** Begins to restore into a new table of the caller's region; resolves with the table's ARN. */
  restore(caller: Caller, arn: string, target: RestoreOverrides): Promise<string>;
}

export function managedBackups(context: ControlContext): ManagedBackups {
  return {
    async create(caller, tableName) {
      return shown(await takeBackup(context, caller, tableName, `AWSBackup-${tableName}`, 'AWS_BACKUP'));
    },
    async remove(arn) {
      await context.tables.change((changes) => {
        const backup = context.backups.find(arn);
        if (backup === undefined) return;
        if (context.backups.isRestoring(arn)) {
          throw new DynamoError('BackupInUseException', `Backup is being restored: ${arn}`);
        }
        context.backups.remove(changes, backup);
      });
    },
    async restore(caller, arn, target) {
      await restore(context, caller, target, () => {
        const backup = context.backups.find(arn);
        if (backup === undefined) throw new DynamoError('BackupNotFoundException', `Backup not found: ${arn}`);
        return { table: backup.table, stamp: backup.stamp, atMs: backup.createdMs, backupArn: arn };
      });
      return tableArn(caller, target.TargetTableName);
    },
  };
}

function shown({ arn, createdMs, availableMs, counts, table }: BackupRecord): ManagedBackup {
  return { arn, createdMs, availableMs, sizeBytes: counts.bytes, tableArn: tableArn(table, table.name) };
}
