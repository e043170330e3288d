import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type {
  AwsConnection,
  Configuration,
  StateBackend,
  StateLock,
  StateOperation,
  VariableArgument,
} from '@tablewright/stack';
import { type Command, Option } from 'commander';
import type { CliContext } from '../cli-context.js';
import { withTarget } from '../commands/command-options.js';
import type { Target, TargetOptions } from '../target/target.js';

/** Options of the commands that work on a configuration or its state. */
export interface StackFlags extends TargetOptions {
  readonly varFile?: readonly VariableArgument[];
  readonly state?: string;
  readonly only?: readonly string[];
  readonly refresh?: boolean;
}

/** `--var-file` and `--var`, which keep their order among each other: later ones win. */
export function withVariables(command: Command): Command {
  const collected: VariableArgument[] = [];
  const collect = (argument: VariableArgument): VariableArgument[] => {
    collected.push(argument);
    return collected;
  };
  return command
    .addOption(
      new Option('--var-file <file>', 'read variables from a tfvars file; may be given again').argParser((path) =>
        collect({ varFile: path }),
      ),
    )
    .addOption(
      new Option('--var <name=value>', 'set one variable; may be given again').argParser((text) =>
        command.setOptionValue('varFile', collect({ var: text })),
      ),
    );
}

/** `--only`, Terraform's `-target`. */
export function withOnly(command: Command): Command {
  const collect = (address: string, earlier: readonly string[] = []): string[] => [...earlier, address];
  return command.option('--only <address>', "limit to a resource and what it needs (Terraform's -target=…)", collect);
}

export function withState(command: Command): Command {
  return withTarget(command).option('--state <file>', 'the state file (default: terraform.tfstate in this folder)');
}

/** The target as the stack's calls take it. */
export function awsConnectionOf(context: CliContext, target: Target): AwsConnection {
  return {
    region: target.region,
    clock: context.clock,
    random: context.random,
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
  };
}

/** Reads and checks the configuration that the flags name, in this folder. */
export async function readConfiguration(
  context: CliContext,
  region: string,
  variables: readonly VariableArgument[] = [],
): Promise<Configuration> {
  const { loadConfiguration } = await import('@tablewright/stack');
  return loadConfiguration({ cwd: context.cwd, arguments: variables, env: context.env, region });
}

/** The state that the flags name; without any, the one that Terraform has in use in this folder. */
export async function stateOf(context: CliContext, flags: Pick<StackFlags, 'state'>): Promise<StateBackend> {
  const { openState } = await import('@tablewright/stack');
  const { clock, random, cwd } = context;
  return openState({ cwd, clock, random, path: flags.state ?? (await localStatePath(context)) });
}

/** The same, for a command that will write it, or lock it: its folder is made if need be. */
export async function writableStateOf(context: CliContext, flags: Pick<StackFlags, 'state'>): Promise<StateBackend> {
  const path = flags.state ?? (await localStatePath(context));
  await mkdir(dirname(resolve(context.cwd, path)), { recursive: true });
  return stateOf(context, { state: path });
}

/**
 * Terraform's place for a local state: `terraform.tfstate`, or `terraform.tfstate.d/NAME/terraform.tfstate` in the
 * workspace NAME, which TF_WORKSPACE or `terraform workspace select` chose.
 * https://developer.hashicorp.com/terraform/language/state/workspaces
 */
async function localStatePath({ cwd, env }: CliContext): Promise<string> {
  const selected = await readFile(join(cwd, '.terraform', 'environment'), 'utf8').catch(() => '');
  const workspace = env.TF_WORKSPACE || selected.trim() || 'default';
  return workspace === 'default' ? 'terraform.tfstate' : join('terraform.tfstate.d', workspace, 'terraform.tfstate');
}

/** Runs `action` while the state is locked. */
export async function withLock<T>(
  backend: StateBackend,
  operation: StateOperation,
  action: () => Promise<T>,
): Promise<T> {
  const lock: StateLock = await backend.lock(operation);
  try {
    return await action();
  } finally {
    await lock.release();
  }
}
