import type { FaultRequest } from '@tablewright/cloud';
import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../cli-context.js';
import { dataDirOf } from '../target/data-dir.js';
import { newCommand, wholeNumber, withDataDir, withJson } from './command-options.js';

interface CommonFlags {
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface AddFlags extends CommonFlags, Pick<FaultRequest, 'operation' | 'region' | 'error' | 'throttle' | 'message'> {
  readonly resource?: string;
  readonly table?: string;
  readonly latency?: string;
  readonly probability?: number;
  readonly count?: number;
  readonly for?: string;
}

/** `tablewright local fault`: requests that fail, or are slow, on purpose. */
export function localFaultCommand(context: CliContext): Command {
  const common = (command: Command): Command => withJson(withDataDir(command));
  const fault = newCommand('fault', 'let requests fail, or be slow, on purpose', [
    'tablewright local fault add dynamodb --table orders --throttle --probability 0.3 --for 10m',
    'tablewright local fault add dynamodb --operation PutItem --error InternalServerError --count 5',
    'tablewright local fault add lambda --operation RunFunction --resource order-processor --error Unhandled',
    'tablewright local fault add backup --operation RunBackupJob --error AccessDeniedException --message "no"',
    'tablewright local fault list',
    'tablewright local fault clear',
  ]);
  fault.addHelpText(
    'after',
    '\nBesides the operations of the API there are RunFunction (lambda: the code of a function fails), RunBackupJob,\nRunCopyJob and RunRestoreJob (backup: the work of a job fails).',
  );
  common(
    fault
      .command('add')
      .description('add a rule; it holds until it is used up, over or cleared')
      .argument('<service>', 'dynamodb, lambda, backup, s3, … or "*" for all')
      .option('--operation <name>', 'one operation, with * for any characters (default: all)')
      .option('--table <name>', 'the same as --resource')
      .option('--resource <name>', 'table, function, vault, … by name or ARN, with * (default: all)')
      .option('--region <region>', 'one region (default: all)')
      .option('--error <code>', "AWS's error code that the request gets")
      .option('--throttle', "the service's own throttling error")
      .option('--message <text>', "the error's message")
      .option('--latency <duration>', 'wait before the request is carried out, or fails: 250ms')
      .option('--probability <share>', 'share of the requests, above 0 and at most 1 (default: 1)', share)
      .option('--count <n>', 'end after so many requests', wholeNumber(1, 1_000_000_000))
      .option('--for <duration>', "end after a time on the endpoint's clock: 10m"),
  ).action(async (service: string, flags: AddFlags) => {
    const { addFault } = await import('../local/local-faults.js');
    const { dataDir, json, table, resource = table, for: duration, ...rest } = flags;
    const request: FaultRequest = {
      service,
      ...rest,
      ...(resource !== undefined && { resource }),
      ...(duration !== undefined && { duration }),
    };
    await addFault(context, dataDirOf(context, dataDir), request, json === true);
  });
  common(fault.command('list', { isDefault: true }).description('show the rules in force')).action(
    async (flags: CommonFlags) => {
      const { listFaults } = await import('../local/local-faults.js');
      await listFaults(context, dataDirOf(context, flags.dataDir), flags.json === true);
    },
  );
  common(
    fault.command('clear').description('remove a rule, or all').argument('[id]', 'as "fault list" shows it'),
  ).action(async (id: string | undefined, flags: CommonFlags) => {
    const { clearFaults } = await import('../local/local-faults.js');
    await clearFaults(context, dataDirOf(context, flags.dataDir), id, flags.json === true);
  });
  return fault;
}

/** `tablewright local region`: cuts a region's replication off, and lets it rejoin. */
export function localRegionCommand(context: CliContext): Command {
  const region = newCommand('region', 'cut a region off from the others, or let it rejoin', [
    'tablewright local region cut eu-west-1',
    'tablewright local region rejoin eu-west-1',
  ]);
  region.addHelpText(
    'after',
    '\nA region that is cut off goes on serving requests. Changes of global tables wait on both sides; when it rejoins,\nall of them are replicated, and the last writer wins.',
  );
  const add = (name: string, summary: string, action: 'cutOff' | 'rejoin'): void => {
    withJson(withDataDir(region.command(name).description(summary).argument('<region>'))).action(
      async (which: string, flags: CommonFlags) => {
        const { changeRegion } = await import('../local/local-faults.js');
        await changeRegion(context, dataDirOf(context, flags.dataDir), action, which, flags.json === true);
      },
    );
  };
  add('cut', 'cut it off', 'cutOff');
  add('rejoin', 'let it rejoin', 'rejoin');
  return region;
}

function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number above 0 and at most 1.');
}
