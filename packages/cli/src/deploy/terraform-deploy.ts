import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@tablewright/base';
import { askYes, type CliContext } from '../cli-context.js';
import { type Deployed, type Deployment, type PlannedChange, refuseDeletion } from './deployment.js';
import { atLeast, prepareBackend, type TerraformBackend } from './terraform-backend.js';
import { ask, step, type TerraformRun, terraformEnv } from './terraform-process.js';

const CHANGES = 2;

/** Deploys with the installed Terraform in the module's folder: init, validate, plan, confirm, apply, outputs. */
export async function deployWithTerraform(
  context: CliContext,
  deployment: Deployment,
  version: string,
): Promise<Deployed> {
  if (!atLeast(version, 1, 5)) {
    throw new UserError(
      `Terraform ${version} is too old for the module`,
      'Install 1.5 or later, or --engine built-in.',
    );
  }
  const { moduleFolder: folder, quiet } = deployment;
  const backend = await prepareBackend(context, deployment, version);
  const env = { ...terraformEnv(context, deployment.target), ...backend.env };
  const run: TerraformRun = { folder, env, quiet };
  const title = `Deploying ${deployment.config} to ${deployment.environment} with Terraform ${version} in ${folder} (state: ${backend.location})`;
  if (quiet) context.output.note(title);
  else context.output.line(context.output.style.bold(title));
  await step(context, run, ['init', '-input=false', ...backend.initArguments]);
  await step(context, run, ['validate']);
  // The plan holds what the configuration holds, so it lies where nobody else can read it, and no longer than needed.
  const scratch = await mkdtemp(join(tmpdir(), 'tablewright-plan-'));
  try {
    const counts = await planAndApply(context, deployment, run, join(scratch, 'plan'), backend);
    const outputs = await ask(context, run, ['output', '-json', ...backend.stateArguments]);
    return { engine: 'terraform', state: backend.location, ...counts, outputs: asRecord(outputs) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Counts = Pick<Deployed, 'added' | 'changed' | 'destroyed'>;

async function planAndApply(
  context: CliContext,
  deployment: Deployment,
  run: TerraformRun,
  planFile: string,
  { location, stateArguments }: TerraformBackend,
): Promise<Counts> {
  const args = ['-input=false', '-detailed-exitcode', `-out=${planFile}`, `-var-file=${deployment.configPath}`];
  const code = await step(context, run, ['plan', ...args, ...stateArguments], [0, CHANGES]);
  if (code === 0) return { added: 0, changed: 0, destroyed: 0 };
  const plan = asRecord(await ask(context, run, ['show', '-json', planFile]));
  const changes = (plan.resource_changes ?? []) as readonly PlannedChange[];
  if (deployment.yes && !deployment.allowDelete) refuseDeletion(changes, location);
  await confirm(context, deployment.yes);
  await step(context, run, ['apply', '-input=false', ...stateArguments, planFile]);
  const count = (action: string): number => changes.filter(({ change }) => change.actions.includes(action)).length;
  return { added: count('create'), changed: count('update'), destroyed: count('delete') };
}

async function confirm(context: CliContext, yes: boolean): Promise<void> {
  if (yes) return;
  if (!context.interactive) {
    throw new UserError('nobody is here to confirm the apply', 'Give --yes when no terminal is there.');
  }
  if (!(await askYes(context, 'Do you want to perform these actions?'))) {
    throw new UserError('apply cancelled', 'Nothing was changed.');
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
