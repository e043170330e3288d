import { DynamoError, type ManagedBackups } from '@tablewright/engine';
import type { TableBackupsPort } from '../../kernel/table-backups-port.js';
import { serviceErrorOf } from './dynamodb-errors.js';

/** The engine's backups for AWS Backup, with errors as services have them. */
export function tableBackups(backups: () => ManagedBackups): TableBackupsPort {
  return {
    create: (caller, tableName) => told(backups().create(caller, tableName)),
    remove: (arn) => told(backups().remove(arn)),
    restore: (caller, arn, target) => told(backups().restore(caller, arn, target)),
  };
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof DynamoError ? serviceErrorOf(error) : error;
  }
}
