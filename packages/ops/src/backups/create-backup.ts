import { type BackupDetails, CreateBackupCommand, DescribeBackupCommand } from '@aws-sdk/client-dynamodb';
import { delay, UserError } from '@tablewright/base';
import type { Connection } from '../connection/connection.js';
import { describeTable } from '../connection/describe-table.js';

export interface CreateBackupOptions {
  readonly table: string;
  /** Default: the table's name and the time, e.g. `users-table-20260201-120000` (UTC). Two backups may have one name. */
  readonly name?: string;
  /** Whether to come back only once the backup can be restored. Default: true. */
  readonly wait?: boolean;
  readonly signal?: AbortSignal;
}

/** A backup as `backup create` and `backup list` show it. */
export interface BackupFacts {
  readonly table: string;
  readonly name: string;
  readonly arn: string;
  /** CREATING, AVAILABLE or DELETED. */
  readonly status: string;
  /** USER: made by hand. SYSTEM: of a deleted table with point-in-time recovery. AWS_BACKUP: made by AWS Backup. */
  readonly type: string;
  /** ISO 8601. */
  readonly createdAt: string | undefined;
  /** When DynamoDB deletes a SYSTEM backup by itself. ISO 8601. */
  readonly expiresAt: string | undefined;
  readonly sizeBytes: number | undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html */
const NAME = /^[\w.-]{3,255}$/;
const POLL_MS = 1000;

/** Makes an on-demand backup of a table. */
export async function createBackup(connection: Connection, options: CreateBackupOptions): Promise<BackupFacts> {
  const { table } = options;
  const name = options.name ?? backupName(table, connection.clock.nowMs());
  if (!NAME.test(name)) {
    throw new UserError(`"${name}" is no name for a backup`, 'Use 3 to 255 letters, digits, _, - and dots.');
  }
  // CreateBackup itself would say so of a missing table, too, but not where it was looked for.
  await describeTable(connection, table);
  // Made once: asked again after a lost answer, DynamoDB would make a second backup.
  const command = new CreateBackupCommand({ TableName: table, BackupName: name });
  const { BackupDetails: created } = await connection.dynamodb.send(command);
  let details = created;
  while (options.wait !== false && details?.BackupStatus === 'CREATING' && options.signal?.aborted !== true) {
    await delay(connection.clock, POLL_MS);
    details = await describe(connection, details);
  }
  return factsOf(table, details);
}

async function describe(connection: Connection, { BackupArn }: BackupDetails): Promise<BackupDetails | undefined> {
  const command = new DescribeBackupCommand({ BackupArn });
  const { BackupDescription } = await connection.call(() => connection.dynamodb.send(command));
  return BackupDescription?.BackupDetails;
}

function backupName(table: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${table.slice(0, 239)}-${stamp}`;
}

function factsOf(table: string, details: BackupDetails | undefined): BackupFacts {
  return {
    table,
    name: details?.BackupName ?? '',
    arn: details?.BackupArn ?? '',
    status: details?.BackupStatus ?? 'UNKNOWN',
    type: details?.BackupType ?? 'UNKNOWN',
    createdAt: details?.BackupCreationDateTime?.toISOString(),
    expiresAt: details?.BackupExpiryDateTime?.toISOString(),
    sizeBytes: details?.BackupSizeBytes,
  };
}
