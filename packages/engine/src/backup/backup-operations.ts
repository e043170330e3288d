import { tableReference } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import type { ControlContext } from '../control/control-context.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import { assertAccessible } from '../control/table-errors.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { assertAvailable, backupInUse, backupReference, existingBackup } from './backup-errors.js';
import {
  type BackupRecord,
  backupStatus,
  describeBackup,
  describeBackupDetails,
  summarizeBackup,
} from './backup-record.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html */
export function createBackup(context: ControlContext): Handler {
  return async (caller, input) => {
    const { TableName: nameOrArn, BackupName: name } = input as { TableName: string; BackupName: string };
    const backup = await takeBackup(context, caller, nameOrArn, name, 'USER');
    return { BackupDetails: describeBackupDetails(backup, 'CREATING') };
  };
}

/** Makes a backup of a table, in whatever state that can be backed up. Rejects with DynamoDB's error. */
export function takeBackup(
  context: ControlContext,
  caller: Caller,
  nameOrArn: string,
  name: string,
  type: 'USER' | 'AWS_BACKUP',
): Promise<BackupRecord> {
  return context.tables.change((changes) => {
    const record = context.tables.find(caller, nameOrArn);
    // AWS tells of a table on its way in or out as of none (recorded by a public project).
    if (record === undefined || record.status === 'CREATING' || record.status === 'DELETING') {
      const reference = tableReference(caller, nameOrArn);
      throw new DynamoError('TableNotFoundException', `Table not found: ${reference.name}`);
    }
    assertAccessible(record);
    return context.backups.create(changes, record, name, type);
  });
}

export function describeBackupOperation(context: ControlContext): Handler {
  return (caller, input) => {
    const arn = input.BackupArn as string;
    const backup = existingBackup(context.backups, caller, arn);
    return { BackupDescription: describeBackup({ ...backup, arn }, backupStatus(backup, context.clock.nowMs())) };
  };
}

export function deleteBackup(context: ControlContext): Handler {
  return async (caller, input) => {
    const arn = input.BackupArn as string;
    const backup = await context.tables.change((changes) => {
      const found = existingBackup(context.backups, caller, arn);
      if (found.expiresMs !== undefined) {
        throw validationError(
          `Invalid Request: User is not allowed to delete the system backup with arn ${arn}. It will automatically ` +
            `expire on ${new Date(found.expiresMs).toISOString()}`,
        );
      }
      assertAvailable(found, context.clock.nowMs());
      if (context.backups.isRestoring(found.arn)) throw backupInUse(`Backup is being used to restore table: ${arn}`);
      context.backups.remove(changes, found);
      return found;
    });
    return { BackupDescription: describeBackup({ ...backup, arn }, 'DELETED') };
  };
}

interface ListBackupsInput {
  readonly TableName?: string;
  readonly Limit?: number;
  readonly TimeRangeLowerBound?: number;
  readonly TimeRangeUpperBound?: number;
  readonly ExclusiveStartBackupArn?: string;
  readonly BackupType?: 'USER' | 'SYSTEM' | 'AWS_BACKUP' | 'ALL';
}

const MAX_PAGE = 100;

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html: from the oldest; the user's own
 * unless BackupType says otherwise; the lower bound inclusive, the upper exclusive.
 */
export function listBackups(context: ControlContext): Handler {
  return (caller, given) => {
    const input = given as ListBackupsInput;
    const { TimeRangeLowerBound: lower, TimeRangeUpperBound: upper, Limit: limit = MAX_PAGE } = input;
    if (lower !== undefined && upper !== undefined && lower > upper) {
      throw invalidParameter('Time range lower bound must be less than or equal to upper bound');
    }
    const start = input.ExclusiveStartBackupArn;
    if (start !== undefined && backupReference(caller, start).region !== caller.region) {
      throw validationError('Invalid Request: The supplied ExclusiveStartBackupArn does not match the region');
    }
    const all = context.backups.list(caller).filter((backup) => isListed(backup, input, caller));
    const rest = all.slice(startOf(all, start));
    const page = rest.slice(0, limit);
    const nowMs = context.clock.nowMs();
    return {
      BackupSummaries: page.map((backup) => summarizeBackup(backup, nowMs)),
      ...(page.length < rest.length && { LastEvaluatedBackupArn: page.at(-1)?.arn }),
    };
  };
}

function isListed(backup: BackupRecord, input: ListBackupsInput, caller: Caller): boolean {
  const { TimeRangeLowerBound: lower, TimeRangeUpperBound: upper, BackupType: type = 'USER' } = input;
  const atSeconds = backup.createdMs / 1000;
  if (type !== 'ALL' && backup.type !== type) return false;
  if (lower !== undefined && atSeconds < lower) return false;
  if (upper !== undefined && atSeconds >= upper) return false;
  return input.TableName === undefined || tableReference(caller, input.TableName).name === backup.table.name;
}

/** The position after the backup that the last page ended with, also when that is gone by now. */
function startOf(all: readonly BackupRecord[], startArn: string | undefined): number {
  if (startArn === undefined) return 0;
  const at = all.findIndex(({ arn }) => arn === startArn);
  if (at !== -1) return at + 1;
  const id = backupId(startArn);
  const next = all.findIndex(({ arn }) => backupId(arn) > id);
  return next === -1 ? all.length : next;
}

function backupId(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
