import { access, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '@tablewright/base';
import type { Plan, StateBackend, StateOutput } from '@tablewright/stack';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { awsConnectionOf, withLock, writableStateOf } from '../stack/stack-flags.js';
import type { Target, TargetOptions } from '../target/target.js';
import { newCommand, withTarget } from './command-options.js';

interface DeployFlags extends TargetOptions {
  readonly yes?: boolean;
  readonly state?: string;
  readonly outputs?: string;
  readonly allowDelete?: boolean;
}

const DESCRIPTION = [
  'Deploys a configuration step by step: checks it, shows the plan, asks, applies, and saves the outputs.',
  `The state is the one that Terraform uses in this folder, so both can be used in turn. Environments that live side by \
side need a state each: set TF_STATE_BUCKET, which keeps it in that S3 bucket as dynamodb/ENV/terraform.tfstate; or \
select a Terraform workspace (TF_WORKSPACE=ENV); or name a file with --state.`,
  `The outputs are saved to outputs-ENV.json. Without a terminal --yes is needed, in CI too; a plan that would delete a \
table needs --allow-delete as well.`,
].join('\n\n');

export function deployCommand(context: CliContext): Command {
  const command = newCommand('deploy', 'check, plan, confirm and apply a configuration, and save the outputs', [
    'tablewright deploy dev examples/simple-table.tfvars',
    'tablewright deploy prod examples/table-with-gsi.tfvars --target aws --yes',
  ])
    .summary('check, plan, confirm and apply a configuration, and save the outputs')
    .description(DESCRIPTION)
    .argument('<env>', 'name of the environment, such as dev, staging or prod')
    .argument('<config>', 'a tfvars file')
    .option('-y, --yes', 'do not ask')
    .option('--state <file>', 'keep the state in this file instead')
    .option('--allow-delete', 'let --yes also cover the deletion or replacement of a table')
    .option('--outputs <file>', 'save the outputs to this file instead');
  return withTarget(command).action((environment: string, config: string, flags: DeployFlags) =>
    runDeploy(context, environment, config, flags),
  );
}

async function runDeploy(context: CliContext, environment: string, config: string, flags: DeployFlags): Promise<void> {
  checkEnvironment(environment);
  await checkReadable(resolve(context.cwd, config));
  const { onTarget } = await import('../target/open-target.js');
  await onTarget(context, flags, async ({ target }) => {
    const backend = await environmentState(context, target, environment, flags.state);
    const outputsPath = flags.outputs ?? `outputs-${environment}.json`;
    const yes = flags.yes === true;
    await withLock(backend, 'apply', () =>
      deploy(context, {
        target,
        backend,
        environment,
        config,
        outputsPath,
        yes,
        allowDelete: flags.allowDelete === true,
      }),
    );
  });
}

interface Deployment {
  readonly target: Target;
  readonly backend: StateBackend;
  readonly environment: string;
  readonly config: string;
  readonly outputsPath: string;
  readonly yes: boolean;
  readonly allowDelete: boolean;
}

async function deploy(context: CliContext, deployment: Deployment): Promise<void> {
  const { output } = context;
  const { target, backend, environment, config } = deployment;
  const [{ makePlan }, { completionLine, confirmAndApply }, { showPlan }, { outputsOf, renderOutputs }] =
    await Promise.all([
      import('../stack/make-plan.js'),
      import('../stack/run-apply.js'),
      import('./plan.js'),
      import('@tablewright/stack'),
    ]);
  output.line(output.style.bold(`Deploying ${config} to ${environment} (state: ${backend.location})`));
  const flags = { varFile: [{ varFile: config }] };
  const { aws, plan } = await makePlan(context, { target, flags, mode: 'apply', quiet: false, lock: false, backend });
  await showPlan(context, plan, false);
  const { yes } = deployment;
  if (yes && !deployment.allowDelete) refuseDeletion(plan, backend);
  const result = await confirmAndApply(context, { aws, target, plan, backend, ask: 'always', yes, quiet: false });
  output.line(`\n${output.style.green(completionLine(plan, result))}`);
  const outputs = outputsOf(result.state);
  if (Object.keys(outputs).length > 0) output.line(`\nOutputs:\n\n${renderOutputs(outputs)}`);
  await saveOutputs(resolve(context.cwd, deployment.outputsPath), outputs);
  output.line(`\nOutputs saved to ${deployment.outputsPath}.`);
}

/** Written whole or not at all; the shape is that of `terraform output -json`. */
async function saveOutputs(path: string, outputs: Readonly<Record<string, StateOutput>>): Promise<void> {
  await writeFile(`${path}.tmp`, `${JSON.stringify(outputs, null, 2)}\n`);
  await rename(`${path}.tmp`, path);
}

/** With another configuration the same state would lose its table: that must not go by unseen. */
function refuseDeletion(plan: Plan, backend: StateBackend): void {
  const deleted = plan.resource_changes.find(
    ({ type, change }) => type === 'aws_dynamodb_table' && change.actions.includes('delete'),
  );
  if (deleted === undefined) return;
  throw new UserError(
    `this would delete the table ${String(deleted.change.before?.name)}, which the state in ${backend.location} holds`,
    'Give this environment a state of its own (see --help), or add --allow-delete if that is meant.',
  );
}

async function environmentState(
  context: CliContext,
  target: Target,
  environment: string,
  path: string | undefined,
): Promise<StateBackend> {
  const bucket = context.env.TF_STATE_BUCKET;
  if (path !== undefined || !bucket) return writableStateOf(context, path === undefined ? {} : { state: path });
  const { environmentStateKey, openState } = await import('@tablewright/stack');
  const s3 = { bucket, key: environmentStateKey(environment) };
  return openState({ cwd: context.cwd, aws: awsConnectionOf(context, target), s3 });
}

function checkEnvironment(environment: string): void {
  if (/^[a-zA-Z0-9][\w-]{0,62}$/.test(environment)) return;
  throw new UserError(
    `"${environment}" is no name for an environment`,
    'Use letters, digits, - and _, such as dev or prod-eu.',
  );
}

async function checkReadable(path: string): Promise<void> {
  try {
    await access(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot read the configuration ${path}: ${reason}`, 'Check the path.', { cause: error });
  }
}
