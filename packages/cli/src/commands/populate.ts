import type { PopulateEvent, PopulateResult } from '@tablewright/ops';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { formatBytes, formatCount, formatSeconds, plural, progressBar } from '../output/format.js';
import type { TargetOptions } from '../target/target.js';
import { newCommand, wholeNumber, withJson, withTarget } from './command-options.js';

interface PopulateFlags extends TargetOptions {
  readonly concurrency?: number;
  readonly skipInvalid?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

const DESCRIPTION = [
  'Writes the items of a file into a table.',
  `FILE holds items in DynamoDB JSON: an array, one item a line, the output of "aws dynamodb scan", the request items \
of batch-write-item, or the lines of an export; .gz is decompressed. It is read as a stream, so its size does not matter.`,
  `The whole file is checked first: when a record is broken, nothing is written. Running it again doubles nothing.`,
].join('\n\n');

export function populateCommand(context: CliContext): Command {
  const command = newCommand('populate', 'write the items of a file into a table', [
    'tablewright populate users-table examples/data/sample-users.json',
    'tablewright populate users-table backup/users-table-export.json.gz --concurrency 16',
    'tablewright populate users-table users.json --check        # only check the file',
  ])
    .summary('write the items of a file into a table')
    .description(DESCRIPTION)
    .argument('<table>', 'name of the table')
    .argument('<file>', 'the data file')
    .option('--concurrency <n>', 'batches of 25 in flight at once (default: 8)', wholeNumber(1, 64))
    .option('--skip-invalid', 'leave broken records out, naming them, instead of refusing the file')
    .option('--check', 'check the file against the table and write nothing');
  return withJson(withTarget(command)).action((table: string, file: string, flags: PopulateFlags) =>
    runPopulate(context, table, file, flags),
  );
}

async function runPopulate(context: CliContext, table: string, file: string, flags: PopulateFlags): Promise<void> {
  const [{ populate }, { onTarget }] = await Promise.all([
    import('@tablewright/ops'),
    import('../target/open-target.js'),
  ]);
  await onTarget(context, flags, async ({ connection }) => {
    const result = await populate(connection, {
      table,
      file,
      signal: context.signal,
      onEvent: (event) => showEvent(context, event),
      ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
      ...(flags.skipInvalid === undefined ? {} : { skipInvalid: flags.skipInvalid }),
      ...(flags.check === undefined ? {} : { checkOnly: flags.check }),
    });
    context.output.clearProgress();
    if (flags.json) context.output.json(result);
    else showResult(context, result, flags.check === true);
  });
}

function showEvent({ output }: CliContext, event: PopulateEvent): void {
  if (event.kind === 'checking') {
    const bar = progressBar(event.readBytes / Math.max(1, event.totalBytes));
    output.progress(`Checking ${bar} ${formatCount(event.records)} records`);
  } else if (event.kind === 'writing') {
    const left = event.secondsLeft === undefined ? '' : `, ${formatSeconds(event.secondsLeft)} left`;
    const items = `${formatCount(event.items)} of ${formatCount(event.totalItems)} items`;
    const bar = progressBar(event.items / Math.max(1, event.totalItems));
    output.progress(`Writing  ${bar} ${items}, ${formatCount(event.itemsPerSecond)} a second${left}`);
  } else if (event.kind === 'backing-off') {
    output.progress(`Waiting ${event.delayMs.toFixed(0)} ms: ${event.reason}`);
  } else if (event.kind === 'broken-record') {
    output.warn(`line ${event.line}, record ${event.index}, left out: ${event.problem}`);
  }
}

function showResult({ output }: CliContext, result: PopulateResult, checkOnly: boolean): void {
  if (checkOnly) {
    output.line(`The file is good for ${result.table}: ${plural(result.records - result.skipped, 'item')}.`);
    return;
  }
  if (result.records === 0) {
    output.warn('the file holds no items; nothing was written');
    return;
  }
  const rate = `${formatSeconds(result.seconds)}, ${formatCount(result.itemsPerSecond)} a second`;
  output.line(`${plural(result.itemsWritten, 'item')} written to ${result.table} in ${rate}.`);
  const units = `${plural(result.consumedWriteUnits, 'write unit')} consumed`;
  const retries = `${plural(result.retries, 'retry', 'retries')} (${formatCount(result.unprocessedRounds)} for unprocessed items)`;
  output.line(
    `${formatBytes(result.itemBytes)} in ${plural(result.batches, 'batch', 'batches')}, ${units}, ${retries}.`,
  );
  if (result.repeatedKeys > 0) {
    output.warn(`${plural(result.repeatedKeys, 'record')} had the key of one shortly before; the later one stands`);
  }
  if (result.skipped > 0) output.warn(`${plural(result.skipped, 'broken record')} left out`);
  if (result.interrupted) {
    output.warn('stopped before the end; the same command again writes the rest, and doubles nothing');
  }
}
