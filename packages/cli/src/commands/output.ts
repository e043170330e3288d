import { UserError } from '@tablewright/base';
import type { StateBackend, StateFile, StateOutput } from '@tablewright/stack';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { type StackFlags, stateOf } from '../stack/stack-flags.js';
import { newCommand, withJson } from './command-options.js';

interface OutputFlags extends StackFlags {
  readonly json?: boolean;
  readonly raw?: boolean;
  readonly table?: boolean;
}

export function outputCommand(context: CliContext): Command {
  const command = newCommand('output', 'show the outputs of the last apply', [
    'tablewright output',
    'tablewright output table_arn',
    'tablewright output -raw table_arn',
    'tablewright output --json | jq -r .table_arn.value',
  ])
    .argument('[name]', 'one output')
    .option('--raw', 'print the value of one output without quotes')
    .option('--table', 'print the outputs as a table, without those that are null')
    .option('--state <file>', 'the state file (default: terraform.tfstate in this folder)');
  return withJson(command).action((name: string | undefined, flags: OutputFlags) => runOutput(context, name, flags));
}

async function runOutput(context: CliContext, name: string | undefined, flags: OutputFlags): Promise<void> {
  const stack = await import('@tablewright/stack');
  const backend = await stateOf(context, flags);
  const outputs = stack.outputsOf(await readState(backend));
  if (name === undefined) {
    if (flags.raw)
      throw new UserError('--raw needs the name of an output', 'For example: tablewright output -raw table_arn');
    if (flags.json) return context.output.json(outputs);
    if (Object.keys(outputs).length === 0) return context.output.warn(`no outputs in ${backend.location}`);
    if (flags.table) return showTable(context, outputs);
    return context.output.line(stack.renderOutputs(outputs));
  }
  const output = outputNamed(outputs, name);
  if (flags.raw) return context.output.raw(stack.rawOutputValue(name, output));
  context.output.line(flags.json ? JSON.stringify(output.value) : stack.renderOutputValue(output.value));
}

function showTable(context: CliContext, outputs: Readonly<Record<string, StateOutput>>): void {
  const rows = Object.entries(outputs).flatMap(([name, { value }]) =>
    value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  context.output.table(['output', 'value'], rows);
}

function outputNamed(outputs: Readonly<Record<string, StateOutput>>, name: string): StateOutput {
  const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (output !== undefined) return output;
  const known = Object.keys(outputs);
  const remedy = known.length === 0 ? 'Apply a configuration first.' : `There are: ${known.join(', ')}.`;
  throw new UserError(`there is no output "${name}"`, remedy);
}

/** The state, or a {@link UserError} where there is none yet. */
export async function readState(backend: StateBackend): Promise<StateFile> {
  const state = await backend.read();
  if (state !== null) return state;
  throw new UserError(
    `no state was found at ${backend.location}`,
    'Apply a configuration first, or name its state with --state, or change to its folder.',
  );
}
