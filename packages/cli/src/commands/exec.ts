import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UserError } from '@tablewright/base';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import type { TargetOptions } from '../target/target.js';
import { newCommand, withTarget } from './command-options.js';

export function execCommand(context: CliContext): Command {
  const command = newCommand('exec', 'run a command that acts on the target', [
    'tablewright exec -- aws dynamodb list-tables',
    'tablewright exec -- terraform plan -var-file=examples/simple-table.tfvars',
  ])
    .usage('[options] -- <command> [args...]')
    .argument('<command...>', 'the command and its arguments, after --');
  return withTarget(command).action(async (words: string[], flags: TargetOptions) => {
    const [{ resolveTarget }, { targetEnv }] = await Promise.all([
      import('../target/target.js'),
      import('../target/target-env.js'),
    ]);
    const variables = targetEnv(await resolveTarget(context, flags));
    const env = Object.fromEntries(
      Object.entries({ ...context.env, ...variables }).filter(([, value]) => value !== undefined),
    );
    context.setExitCode(await run(context, words, env));
  });
}

/** Runs the command on this terminal; its exit code, or 128 and the signal's number as shells say. */
function run(context: CliContext, [program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: context.cwd, env, stdio: 'inherit' });
    child.on('error', (error) => {
      reject(new UserError(`cannot run ${program}: ${error.message}`, 'Check that it is installed and on the PATH.'));
    });
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
