import { parseTableArn } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import { DynamoError, notAuthorized } from '../errors.js';
import type { BackupRecord } from './backup-record.js';
import { backupStatus } from './backup-record.js';
import type { Backups } from './backups.js';

/** The backup of the caller's account and region, or AWS's error, which does not tell what other accounts have. */
export function existingBackup(backups: Backups, caller: Caller, operation: string, arn: string): BackupRecord {
  const backup = backups.find(arn);
  const place = parseTableArn(arn)?.place;
  const isHere = place?.region === caller.region && place.accountId === caller.accountId;
  // Those of AWS Backup are its own.
  if (backup !== undefined && isHere && backup.type !== 'AWS_BACKUP') return backup;
  if (place !== undefined && place.accountId !== caller.accountId)
    throw notAuthorized(caller.accountId, operation, arn);
  throw new DynamoError('BackupNotFoundException', `Backup not found: ${arn}`);
}

/** A backup that is being made, or restored, can neither be deleted nor (while it is being made) restored. */
export function assertAvailable(backup: BackupRecord, nowMs: number): void {
  if (backupStatus(backup, nowMs) === 'CREATING') throw backupInUse(`Backup is being created: ${backup.arn}`);
}

export function backupInUse(message: string): DynamoError {
  return new DynamoError('BackupInUseException', message);
}
