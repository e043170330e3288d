import { type Command, Option } from 'commander';
import type { CliContext } from '../cli-context.js';
import type { LocalStartFlags } from '../local/local-start.js';
import { dataDirOf } from '../target/data-dir.js';
import { newCommand, wholeNumber, withDataDir, withJson } from './command-options.js';
import { localClockCommand } from './local-clock.js';
import { localCoverageCommand } from './local-coverage.js';
import { localDenialsCommand } from './local-denials.js';
import { localFaultCommand, localRegionCommand } from './local-fault.js';
import { localSnapshotCommand } from './local-snapshot.js';

interface LocalFlags extends Omit<LocalStartFlags, 'dataDir'> {
  readonly dataDir?: string;
  readonly follow?: boolean;
}

export function localCommand(context: CliContext): Command {
  return newCommand('local', 'the local AWS endpoint: start, stop, status, logs, denials, clock, reset', [
    'tablewright local start',
    'tablewright local logs --follow',
    'tablewright local stop',
  ])
    .addCommand(startCommand(context))
    .addCommand(stopCommand(context))
    .addCommand(statusCommand(context))
    .addCommand(logsCommand(context))
    .addCommand(localDenialsCommand(context))
    .addCommand(localClockCommand(context))
    .addCommand(localFaultCommand(context))
    .addCommand(localRegionCommand(context))
    .addCommand(localSnapshotCommand(context))
    .addCommand(localCoverageCommand(context))
    .addCommand(resetCommand(context));
}

function startCommand(context: CliContext): Command {
  const command = newCommand('start', 'start the endpoint, in the background', [
    'tablewright local start',
    'tablewright local start --port 8000 --data-dir /tmp/scratch',
    'tablewright local start --partition-burst 0',
    'tablewright local start --foreground',
  ])
    .option('--port <port>', 'port to listen on; 0 chooses a free one (default: 4566)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on; anything but loopback opens it to others (default: 127.0.0.1)')
    .option('--allow-host <name...>', 'further names by which clients may address it')
    .option('--free-running', 'never throttle: tables take more than their capacity')
    .option(
      '--partition-burst <seconds>',
      'how long a partition keeps unused capacity (default: 300); with 0 a hot key is throttled within a second',
      wholeNumber(0, 300),
    )
    .addOption(
      new Option(
        '--validation-words <words>',
        'how requests on items are refused: as tests and clients have known it, or as most Regions word it since autumn 2026',
      )
        .choices(['older', 'newer'])
        .default('older'),
    )
    .addOption(
      new Option(
        '--iam <mode>',
        'requests that policies deny fail, are only noted, or are not looked at; strict refuses unknown keys, too',
      )
        .choices(['enforce', 'audit', 'off', 'strict'])
        .default('enforce'),
    )
    .option(
      '--transition-delay <ms>',
      'how long changes of tables take, with the pauses that AWS wants between them (default: 0, not at all)',
      wholeNumber(0, 3_600_000),
    )
    .option(
      '--stream-shards <count>',
      'open shards of each new stream of a table; the items of one partition key share one (default: 1)',
      wholeNumber(1, 100),
    )
    .option('--foreground', 'stay in this terminal, showing the requests, until Ctrl-C');
  return withJson(withDataDir(command)).action(async (flags: LocalFlags) => {
    const { runLocalStart } = await import('../local/local-start.js');
    await runLocalStart(context, { ...flags, dataDir: dataDirOf(context, flags.dataDir) });
  });
}

function stopCommand(context: CliContext): Command {
  const command = newCommand('stop', 'stop the endpoint; the data stays', ['tablewright local stop']);
  return withDataDir(command).action(async (flags: LocalFlags) => {
    const { stopLocalEndpoint } = await import('@tablewright/cloud');
    const dataDir = dataDirOf(context, flags.dataDir);
    const stopped = await stopLocalEndpoint({ dataDir });
    if (stopped === undefined) context.output.line(`No local endpoint runs on ${dataDir}.`);
    else context.output.line(`Stopped the local endpoint at ${stopped.url}; its data stays in ${dataDir}.`);
  });
}

function statusCommand(context: CliContext): Command {
  const command = newCommand('status', 'say whether the endpoint runs, and where', [
    'tablewright local status',
    'tablewright local status --json | jq -r .url',
  ]).addHelpText('after', '\nExit code: 0 when it runs, 1 when not.');
  return withJson(withDataDir(command)).action(async (flags: LocalFlags) => {
    const { runLocalStatus } = await import('../local/local-status.js');
    await runLocalStatus(context, dataDirOf(context, flags.dataDir), flags.json === true);
  });
}

function logsCommand(context: CliContext): Command {
  const command = newCommand('logs', 'show the requests that the endpoint has answered', [
    'tablewright local logs --follow',
    "tablewright local logs --json | jq 'select(.status >= 400)'",
  ])
    .option('-f, --follow', 'go on with the requests to come, until Ctrl-C')
    .option('--json', 'one JSON object a line');
  return withDataDir(command).action(async (flags: LocalFlags) => {
    const { runLocalLogs } = await import('../local/local-logs.js');
    const { follow = false, json = false } = flags;
    await runLocalLogs(context, { dataDir: dataDirOf(context, flags.dataDir), follow, json });
  });
}

function resetCommand(context: CliContext): Command {
  const command = newCommand('reset', 'delete all data of the endpoint', ['tablewright local reset']);
  return withDataDir(command).action(async (flags: LocalFlags) => {
    const { resetLocal } = await import('@tablewright/cloud');
    const dataDir = dataDirOf(context, flags.dataDir);
    const { running } = await resetLocal({ dataDir });
    context.output.line(`Deleted all data in ${dataDir}${running ? '; the endpoint goes on, empty' : ''}.`);
  });
}
