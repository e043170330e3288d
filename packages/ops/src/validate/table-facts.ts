import {
  type BackupSummary,
  type ContinuousBackupsDescription,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  ListBackupsCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
  type Tag,
  type TimeToLiveDescription,
} from '@aws-sdk/client-dynamodb';
import type { Connection } from '../connection/connection.js';
import { httpStatusOf } from '../connection/retry.js';

/** What was read, or why it could not be. */
export type Reading<T> = { readonly value: T } | { readonly unreadable: string };

/** Everything about a table that the checks look at. */
export interface TableFacts {
  readonly table: TableDescription;
  readonly continuousBackups: Reading<ContinuousBackupsDescription>;
  readonly timeToLive: Reading<TimeToLiveDescription>;
  readonly tags: Reading<readonly Tag[]>;
  readonly backups: Reading<readonly BackupSummary[]>;
}

/** Asks for what DescribeTable does not say, all at once. */
export async function readTableFacts(connection: Connection, table: TableDescription): Promise<TableFacts> {
  const { dynamodb } = connection;
  const name = { TableName: table.TableName };
  const [continuousBackups, timeToLive, tags, backups] = await Promise.all([
    reading(async () => {
      const output = await connection.call(() => dynamodb.send(new DescribeContinuousBackupsCommand(name)));
      return output.ContinuousBackupsDescription ?? { ContinuousBackupsStatus: undefined };
    }),
    reading(async () => {
      const output = await connection.call(() => dynamodb.send(new DescribeTimeToLiveCommand(name)));
      return output.TimeToLiveDescription ?? {};
    }),
    reading(() => readTags(connection, table.TableArn)),
    reading(() => readBackups(connection, table.TableName)),
  ]);
  return { table, continuousBackups, timeToLive, tags, backups };
}

async function readTags(connection: Connection, arn: string | undefined): Promise<readonly Tag[]> {
  const tags: Tag[] = [];
  let token: string | undefined;
  do {
    const command = new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken: token });
    const page = await connection.call(() => connection.dynamodb.send(command));
    tags.push(...(page.Tags ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return tags;
}

async function readBackups(connection: Connection, table: string | undefined): Promise<readonly BackupSummary[]> {
  const backups: BackupSummary[] = [];
  let start: string | undefined;
  do {
    const command = new ListBackupsCommand({ TableName: table, BackupType: 'ALL', ExclusiveStartBackupArn: start });
    const page = await connection.call(() => connection.dynamodb.send(command));
    backups.push(...(page.BackupSummaries ?? []));
    start = page.LastEvaluatedBackupArn;
  } while (start !== undefined);
  return backups;
}

/** A refusal of one question (no permission, not emulated) leaves the other checks standing; anything else is thrown. */
async function reading<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    const status = httpStatusOf(error) ?? 0;
    if (!(error instanceof Error) || status < 400 || status >= 500) throw error;
    return { unreadable: `${error.name}: ${error.message}` };
  }
}
