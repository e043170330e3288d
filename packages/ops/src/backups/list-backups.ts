import { type BackupSummary, ListBackupsCommand } from '@aws-sdk/client-dynamodb';
import type { Connection } from '../connection/connection.js';
import type { BackupFacts } from './create-backup.js';

/**
 * Backups of a table, or of all tables of the region, the oldest first: those made by hand, DynamoDB's own of deleted
 * tables, and AWS Backup's, which ListBackups leaves out unless it is asked for all.
 */
export async function listBackups(connection: Connection, table?: string): Promise<readonly BackupFacts[]> {
  const backups: BackupFacts[] = [];
  let start: string | undefined;
  do {
    const command = new ListBackupsCommand({ TableName: table, BackupType: 'ALL', ExclusiveStartBackupArn: start });
    const page = await connection.call(() => connection.dynamodb.send(command));
    backups.push(...(page.BackupSummaries ?? []).map(factsOf));
    start = page.LastEvaluatedBackupArn;
  } while (start !== undefined);
  return backups.sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
}

function factsOf(summary: BackupSummary): BackupFacts {
  return {
    table: summary.TableName ?? '',
    name: summary.BackupName ?? '',
    arn: summary.BackupArn ?? '',
    status: summary.BackupStatus ?? 'UNKNOWN',
    type: summary.BackupType ?? 'UNKNOWN',
    createdAt: summary.BackupCreationDateTime?.toISOString(),
    expiresAt: summary.BackupExpiryDateTime?.toISOString(),
    sizeBytes: summary.BackupSizeBytes,
  };
}
