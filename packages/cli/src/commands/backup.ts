import type { BackupFacts } from '@tablewright/ops';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { formatBytes } from '../output/format.js';
import type { TargetOptions } from '../target/target.js';
import { newCommand, withJson, withTarget } from './command-options.js';

interface BackupFlags extends TargetOptions {
  readonly json?: boolean;
  /** False: `--no-wait`. */
  readonly wait?: boolean;
}

/** `tablewright backup`: DynamoDB's own on-demand backups. */
export function backupCommand(context: CliContext): Command {
  const backup = newCommand('backup', 'make on-demand backups of tables, and list them', [
    'tablewright backup create users-table',
    'tablewright backup create users-table before-migration',
    'tablewright backup list users-table',
  ]);
  const create = newCommand('create', 'back a table up now, and wait until the backup can be restored', [
    'tablewright backup create users-table',
    'tablewright backup create users-table before-migration --target aws',
    'tablewright backup create users-table --json | jq -r .arn',
  ])
    .argument('<table>', 'name of the table')
    .argument('[name]', 'name of the backup (default: TABLE-YYYYMMDD-HHMMSS, UTC)')
    .option('--no-wait', 'come back at once, while the backup may still be CREATING');
  withJson(withTarget(create)).action((table: string, name: string | undefined, flags: BackupFlags) =>
    runCreate(context, table, name, flags),
  );
  const list = newCommand('list', 'list backups, the oldest first: USER, SYSTEM (of deleted tables) and AWS_BACKUP', [
    'tablewright backup list users-table',
    'tablewright backup list --target aws --region eu-west-1',
    "tablewright backup list users-table --json | jq -r '.[-1].arn'",
  ]).argument('[table]', 'name of a table (default: all tables of the region)');
  withJson(withTarget(list)).action((table: string | undefined, flags: BackupFlags) => runList(context, table, flags));
  backup.addCommand(create);
  backup.addCommand(list);
  return backup;
}

async function runCreate(
  context: CliContext,
  table: string,
  name: string | undefined,
  flags: BackupFlags,
): Promise<void> {
  const [{ createBackup }, { onTarget }] = await Promise.all([
    import('@tablewright/ops'),
    import('../target/open-target.js'),
  ]);
  const { output, signal } = context;
  await onTarget(context, flags, async ({ connection }) => {
    const wait = flags.wait !== false;
    const backup = await createBackup(connection, { table, wait, signal, ...(name === undefined ? {} : { name }) });
    if (flags.json) return output.json(backup);
    output.line(`Backup ${backup.name} of ${table}: ${backup.status}${sizeOf(backup)}`);
    output.line(backup.arn);
  });
}

async function runList(context: CliContext, table: string | undefined, flags: BackupFlags): Promise<void> {
  const [{ listBackups }, { onTarget }] = await Promise.all([
    import('@tablewright/ops'),
    import('../target/open-target.js'),
  ]);
  const { output } = context;
  await onTarget(context, flags, async ({ connection }) => {
    const backups = await listBackups(connection, table);
    if (flags.json) return output.json(backups);
    if (backups.length === 0) return output.note(`No backups${table === undefined ? '' : ` of ${table}`}.`);
    output.table(
      ['table', 'name', 'type', 'status', 'created', 'size', 'ARN'],
      backups.map((one) => [
        one.table,
        one.name,
        one.type,
        one.status,
        one.createdAt ?? '',
        one.sizeBytes === undefined ? '' : formatBytes(one.sizeBytes),
        one.arn,
      ]),
    );
  });
}

function sizeOf({ sizeBytes }: BackupFacts): string {
  return sizeBytes === undefined ? '' : `, ${formatBytes(sizeBytes)}`;
}
