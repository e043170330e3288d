import type { Caller } from '../catalog/table.js';
import { DynamoError, validationError } from '../errors.js';
import { isDynamoRegion } from '../global/regions.js';
import type { BackupRecord } from './backup-record.js';
import { backupStatus } from './backup-record.js';
import type { Backups } from './backups.js';

/** `table/<name>/backup/<id>` */
const BACKUP = /^table\/[a-zA-Z0-9_.-]+\/backup\/[^/]+$/;

/**
 * The ARN with the caller's region, and the region that it names. DynamoDB looks for the account first, and reads the
 * region for restores alone (recorded on AWS by a public project, as are the words; the API reference has neither).
 */
export function backupReference(caller: Caller, arn: string): { readonly local: string; readonly region: string } {
  const [head, partition = '', service, region = '', accountId, ...rest] = arn.split(':');
  const resource = rest.join(':');
  if (head !== 'arn' || !BACKUP.test(resource)) throw validationError('Invalid Backup ARN');
  if (accountId !== caller.accountId || region === '') throw accessDenied();
  if (service !== 'dynamodb' || !isDynamoRegion(region, partition)) {
    throw validationError('Invalid Request: BackupArn is not valid');
  }
  return { local: `arn:${partition}:dynamodb:${caller.region}:${accountId}:${resource}`, region };
}

export function accessDenied(): DynamoError {
  return new DynamoError('AccessDeniedException', 'Access is denied');
}

/** The backup of the caller's account and region, or AWS's error; it goes by the ARN that was asked for. */
export function existingBackup(backups: Backups, caller: Caller, arn: string): BackupRecord {
  return usersBackup(backups, backupReference(caller, arn).local, arn);
}

/** @param arn what the error names */
export function usersBackup(backups: Backups, key: string, arn: string): BackupRecord {
  const backup = backups.find(key);
  // Those of AWS Backup are its own.
  if (backup !== undefined && backup.type !== 'AWS_BACKUP') return backup;
  throw new DynamoError('BackupNotFoundException', `Backup not found: ${arn}`);
}

/** A backup that is being made can neither be deleted nor restored. */
export function assertAvailable(backup: BackupRecord, nowMs: number): void {
  if (backupStatus(backup, nowMs) === 'CREATING') throw backupInUse(`Backup is being created: ${backup.arn}`);
}

export function backupInUse(message: string): DynamoError {
  return new DynamoError('BackupInUseException', message);
}
