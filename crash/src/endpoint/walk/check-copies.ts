import type { EndpointClient, Json } from '../client.js';
import type { Item } from '../ledger.js';
import { type Copies, type Copy, describeExport } from '../operator.js';
import { BUCKET, TABLE, TABLE_ARN } from '../scenario.js';
import { itemsOfFile } from './changes.js';
import { checkBuilt, checkIndexes } from './check-indexes.js';
import { checkState } from './check-state.js';
import { eventually, inTheEnd, scanAll, textsByKey, type WalkContext } from './walk-context.js';

/** The recovery journal: the table as it was at a second, restored, against the ledger. */
export async function checkSecond(context: WalkContext, second: number): Promise<readonly string[]> {
  const { client } = context;
  const target = `as-of-${second}`;
  await client.dynamodb('RestoreTableToPointInTime', {
    SourceTableName: TABLE,
    TargetTableName: target,
    RestoreDateTime: second,
  });
  const instant = { fromMs: second * 1000, toMs: second * 1000 };
  return checkRestored(context, target, { name: `second ${second}`, instant, isAcknowledged: true });
}

/** The latest backups are all there, and one of them holds what it should. */
export async function checkBackups(context: WalkContext, copies: Copies): Promise<readonly string[]> {
  const { client } = context;
  const backups = await listBackups(client);
  const found = copies.backups.flatMap(({ name, isAcknowledged }) => {
    const status = backups.find((backup) => backup.BackupName === name)?.BackupStatus;
    if (status === 'AVAILABLE' || (status === undefined && !isAcknowledged)) return [];
    return [`backup ${name} is ${status ?? 'lost'}`];
  });
  const last = copies.backups.at(-1);
  const arn = backups.find((backup) => backup.BackupName === last?.name)?.BackupArn;
  if (last === undefined || arn === undefined) return found;
  const target = `of-${last.name}`;
  await client.dynamodb('RestoreTableFromBackup', { BackupArn: arn, TargetTableName: target });
  return [...found, ...(await checkRestored(context, target, last))];
}

async function listBackups(client: EndpointClient): Promise<Json[]> {
  const backups: Json[] = [];
  let start: unknown;
  do {
    const page = await client.dynamodb('ListBackups', {
      TableName: TABLE,
      ...(start !== undefined && { ExclusiveStartBackupArn: start }),
    });
    backups.push(...(page.BackupSummaries as Json[]));
    start = page.LastEvaluatedBackupArn;
  } while (start !== undefined);
  return backups;
}

async function checkRestored(context: WalkContext, target: string, copy: Copy): Promise<readonly string[]> {
  const state = await inTheEnd(context, () => checkBuilt(context.client, target));
  if (state.length > 0) return state;
  const indexes = await eventually(context, () => checkIndexes(context.client, target));
  const items = await scanAll(context.client, target);
  await context.client.dynamodb('DeleteTable', { TableName: target });
  return [...indexes, ...checkItems(context, items, copy)];
}

function checkItems({ ledger, clock }: WalkContext, items: readonly Item[], { name, instant }: Copy): string[] {
  const toMs = Math.min(instant.toMs, clock.nowMs());
  return checkState(textsByKey(items), {
    ledger,
    instant: { fromMs: instant.fromMs, toMs },
  }).map((fault) => `${name}: ${fault}`);
}

/** The latest export: goes on after the restart, and its files hold the table as it was. */
export async function checkExports(context: WalkContext, copies: Copies): Promise<readonly string[]> {
  const { client } = context;
  const last = copies.exports.at(-1);
  if (last === undefined) return [];
  const { ExportSummaries } = await client.dynamodb('ListExports', { TableArn: TABLE_ARN });
  for (const { ExportArn } of ExportSummaries as Json[]) {
    const described = await describeExport(client, ExportArn);
    if (described.prefix !== last.name) continue;
    const state = await inTheEnd(context, async () => {
      const { status, failure } = await describeExport(client, ExportArn);
      return status === 'COMPLETED' ? [] : [`${last.name} stays ${status} ${failure ?? ''}`];
    });
    if (state.length > 0) return state;
    return checkItems(context, await exportedItems(client, described.dataPrefix), last);
  }
  return last.isAcknowledged ? [`${last.name} is lost`] : [];
}

async function exportedItems(client: EndpointClient, prefix: string): Promise<Item[]> {
  const listing = await client.s3('GET', `/${BUCKET}?list-type=2&prefix=${encodeURIComponent(prefix)}`);
  const keys = [...listing.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  const items: Item[] = [];
  for (const key of keys) {
    if (key.endsWith('.json.gz')) items.push(...itemsOfFile(await client.s3('GET', `/${BUCKET}/${key}`)));
  }
  return items;
}

/** The latest table made from an export. */
export async function checkImports(context: WalkContext, copies: Copies): Promise<readonly string[]> {
  const { client } = context;
  const last = copies.imports.at(-1);
  if (last === undefined) return [];
  const { TableNames } = await client.dynamodb('ListTables', {});
  if (!(TableNames as string[]).includes(last.name)) return last.isAcknowledged ? [`${last.name} is lost`] : [];
  const state = await inTheEnd(context, () => checkBuilt(client, last.name));
  return state.length > 0 ? state : checkItems(context, await scanAll(client, last.name), last);
}
