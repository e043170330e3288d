import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { type StackFlags, stateOf, withLock, writableStateOf } from '../stack/stack-flags.js';
import { newCommand } from './command-options.js';
import { readState } from './output.js';

export function stateCommand(context: CliContext): Command {
  return newCommand('state', 'look into the state of what was applied', [
    'tablewright state list',
    'tablewright state show aws_dynamodb_table.this',
    'tablewright state rm aws_dynamodb_table.this',
  ])
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(removeCommand(context));
}

function withStateFile(command: Command): Command {
  return command.option('--state <file>', 'the state file (default: terraform.tfstate in this folder)');
}

function listCommand(context: CliContext): Command {
  const command = newCommand('list', 'list the resources in the state', ['tablewright state list']);
  return withStateFile(command).action(async (flags: StackFlags) => {
    const { listResources } = await import('@tablewright/stack');
    const state = await readState(await stateOf(context, flags));
    for (const address of listResources(state)) context.output.line(address);
  });
}

function showCommand(context: CliContext): Command {
  const command = newCommand('show', 'show a resource in the state', [
    'tablewright state show aws_dynamodb_table.this',
  ]).argument('<address>', 'address of the resource');
  return withStateFile(command).action(async (address: string, flags: StackFlags) => {
    const { showResource } = await import('@tablewright/stack');
    context.output.line(showResource(await readState(await stateOf(context, flags)), address));
  });
}

function removeCommand(context: CliContext): Command {
  const command = newCommand('rm', 'take a resource out of the state; the resource itself stays', [
    'tablewright state rm aws_dynamodb_table.this',
  ]).argument('<address>', 'address of the resource');
  return withStateFile(command).action(async (address: string, flags: StackFlags) => {
    const { removeResource } = await import('@tablewright/stack');
    const backend = await writableStateOf(context, flags);
    await withLock(backend, 'state-rm', async () => {
      await backend.write(removeResource(await readState(backend), address));
    });
    context.output.line(`Removed ${address} from ${backend.location}; the resource itself was left as it is.`);
  });
}
