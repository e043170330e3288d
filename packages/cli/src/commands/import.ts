import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import {
  awsConnectionOf,
  readConfiguration,
  type StackFlags,
  withLock,
  withState,
  withVariables,
  writableStateOf,
} from '../stack/stack-flags.js';
import { newCommand } from './command-options.js';

export function importCommand(context: CliContext): Command {
  const command = newCommand('import', 'take a resource that exists into the state', [
    'tablewright import -var-file=examples/simple-table.tfvars aws_dynamodb_table.this users-table',
  ])
    .argument('<address>', 'address in the configuration, such as aws_dynamodb_table.this')
    .argument('<id>', 'what AWS knows it by, such as the table name');
  return withState(withVariables(command)).action((address: string, id: string, flags: StackFlags) =>
    runImport(context, address, id, flags),
  );
}

async function runImport(context: CliContext, address: string, id: string, flags: StackFlags): Promise<void> {
  const [{ onTarget }, { importResource }, { eventPrinter }] = await Promise.all([
    import('../target/open-target.js'),
    import('@tablewright/stack'),
    import('../stack/run-apply.js'),
  ]);
  await onTarget(context, flags, async ({ target }) => {
    const aws = awsConnectionOf(context, target);
    const configuration = await readConfiguration(context, target.region, flags.varFile);
    const backend = await writableStateOf(context, flags);
    await withLock(backend, 'import', async () => {
      await importResource({ aws, backend, configuration, address, id, onEvent: eventPrinter(context, false) });
    });
    context.output.line(`\n${context.output.style.green('Import successful!')} ${address} is in ${backend.location}.`);
  });
}
