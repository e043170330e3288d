import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '@tablewright/base';
import { type Command, Option } from 'commander';
import type { CliContext } from '../cli-context.js';
import type { Deployed, Deployment } from '../deploy/deployment.js';
import type { TargetOptions } from '../target/target.js';
import { newCommand, withJson, withTarget } from './command-options.js';

type Engine = 'auto' | 'terraform' | 'built-in';

interface DeployFlags extends TargetOptions {
  readonly engine: Engine;
  readonly module?: string;
  readonly yes?: boolean;
  readonly state?: string;
  readonly outputs?: string;
  readonly allowDelete?: boolean;
  readonly json?: boolean;
}

const DESCRIPTION = [
  'Deploys a configuration step by step: checks it, shows the plan, asks, applies, and saves the outputs.',
  `Either engine does it: the built-in one, or the installed Terraform in the module's folder (--engine terraform; \
auto takes Terraform where it is installed). Both work on the same state, so they can be used in turn.`,
  `The state is the one that Terraform uses in this folder. Environments that live side by \
side need a state each: set TF_STATE_BUCKET, which keeps it in that S3 bucket as dynamodb/ENV/terraform.tfstate; or \
select a Terraform workspace (TF_WORKSPACE=ENV); or name a file with --state.`,
  `The outputs are saved to outputs-ENV.json. Without a terminal --yes is needed, in CI too; a plan that would delete a \
table needs --allow-delete as well.`,
].join('\n\n');

export function deployCommand(context: CliContext): Command {
  const command = newCommand('deploy', 'check, plan, confirm and apply a configuration, and save the outputs', [
    'tablewright deploy dev examples/simple-table.tfvars',
    'tablewright deploy dev examples/table-with-lambda.tfvars --engine terraform',
    'tablewright deploy prod examples/table-with-gsi.tfvars --target aws --yes --json',
  ])
    .summary('check, plan, confirm and apply a configuration, and save the outputs')
    .description(DESCRIPTION)
    .argument('<env>', 'name of the environment, such as dev, staging or prod')
    .argument('<config>', "a tfvars file; looked for here, then in the module's folder")
    .addOption(
      new Option('--engine <engine>', 'what deploys').choices(['built-in', 'terraform', 'auto']).default('built-in'),
    )
    .option('--module <dir>', "the Terraform module's folder (default: this folder)")
    .option('-y, --yes', 'do not ask')
    .option('--state <file>', 'keep the state in this file instead')
    .option('--allow-delete', 'let --yes also cover the deletion or replacement of a table')
    .option('--outputs <file>', 'save the outputs to this file instead');
  return withJson(withTarget(command)).action((environment: string, config: string, flags: DeployFlags) =>
    runDeploy(context, environment, config, flags),
  );
}

async function runDeploy(context: CliContext, environment: string, config: string, flags: DeployFlags): Promise<void> {
  checkEnvironment(environment);
  const moduleFolder = resolve(context.cwd, flags.module ?? '.');
  const configPath = await findReadable(resolve(context.cwd, config), resolve(moduleFolder, config));
  const terraform = await terraformFor(context, flags.engine);
  const [{ onTarget }, { saveOutputs }] = await Promise.all([
    import('../target/open-target.js'),
    import('../deploy/deployment.js'),
  ]);
  await onTarget(context, flags, async ({ target }) => {
    const outputsFile = flags.outputs ?? `outputs-${environment}.json`;
    const deployment: Deployment = {
      target,
      environment,
      config,
      configPath,
      moduleFolder,
      statePath: flags.state === undefined ? undefined : resolve(context.cwd, flags.state),
      bucket: context.env.TF_STATE_BUCKET || undefined,
      outputsPath: resolve(context.cwd, outputsFile),
      yes: flags.yes === true,
      allowDelete: flags.allowDelete === true,
      quiet: flags.json === true,
    };
    const deployed = await deployWith(context, deployment, terraform);
    await saveOutputs(deployment.outputsPath, deployed.outputs);
    if (flags.json) return context.output.json({ environment, config, ...deployed, outputsFile });
    context.output.line(`\nOutputs saved to ${outputsFile}.`);
  });
}

/** The version of the Terraform that is to be used; undefined for the built-in engine. */
async function terraformFor(context: CliContext, engine: Engine): Promise<string | undefined> {
  if (engine === 'built-in') return undefined;
  const { terraformVersion } = await import('../deploy/terraform-process.js');
  const version = await terraformVersion(context);
  if (version !== undefined || engine === 'auto') return version;
  throw new UserError('terraform is not on the PATH', 'Install it, or deploy with --engine built-in.');
}

async function deployWith(
  context: CliContext,
  deployment: Deployment,
  terraform: string | undefined,
): Promise<Deployed> {
  if (terraform === undefined) {
    const { deployBuiltIn } = await import('../deploy/built-in-deploy.js');
    return deployBuiltIn(context, deployment);
  }
  const { deployWithTerraform } = await import('../deploy/terraform-deploy.js');
  return deployWithTerraform(context, deployment, terraform);
}

function checkEnvironment(environment: string): void {
  if (/^[a-zA-Z0-9][\w-]{0,62}$/.test(environment)) return;
  throw new UserError(
    `"${environment}" is no name for an environment`,
    'Use letters, digits, - and _, such as dev or prod-eu.',
  );
}

/** The first of the paths that can be read. */
async function findReadable(path: string, otherwise: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch (error) {
    if (otherwise !== path) {
      const found = await access(otherwise).then(
        () => true,
        () => false,
      );
      if (found) return otherwise;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot read the configuration ${path}: ${reason}`, 'Check the path.', { cause: error });
  }
}
