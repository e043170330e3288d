import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@tablewright/base';
import { environmentStateKey } from '@tablewright/stack';
import type { CliContext } from '../cli-context.js';
import type { Deployment } from './deployment.js';

/** Where Terraform keeps the state, and what `terraform init` is told of it. */
export interface TerraformBackend {
  readonly location: string;
  readonly initArguments: readonly string[];
  /** What the commands that read or write the state are told. */
  readonly stateArguments: readonly string[];
  /** Set where the environment's state is chosen by its place, so that a selected workspace must not move it. */
  readonly env: NodeJS.ProcessEnv;
}

const FILE = 'backend_override.tf';
const MARK = '# Written by "tablewright deploy", which also removes it: where the state is kept.\n';

/**
 * Prepares the module's folder for the state that is asked for. The module itself names no backend, so that it can be
 * used from other modules; an override file names one, since `-backend-config` counts for nothing without.
 * https://developer.hashicorp.com/terraform/language/files/override
 */
export async function prepareBackend(
  context: CliContext,
  deployment: Deployment,
  terraform: string,
): Promise<TerraformBackend> {
  const { bucket, statePath, moduleFolder, environment, target } = deployment;
  if (statePath !== undefined || bucket === undefined) {
    await removeOverride(moduleFolder);
    const stateArguments = statePath === undefined ? [] : [`-state=${statePath}`];
    return { location: statePath ?? 'terraform.tfstate', initArguments: [], stateArguments, env: {} };
  }
  await refuseLocalState(moduleFolder, bucket);
  await writeOverride(moduleFolder);
  const key = environmentStateKey(environment);
  const locks = atLeast(terraform, 1, 10);
  if (!locks) context.output.warn(`Terraform ${terraform} cannot lock a state in S3 by itself`);
  const settings = {
    bucket,
    key,
    region: target.region,
    encrypt: 'true',
    ...(locks ? { use_lockfile: 'true' } : {}),
    ...(target.kind === 'local' ? { use_path_style: 'true' } : {}),
  };
  const backendArguments = Object.entries(settings).map(([name, value]) => `-backend-config=${name}=${value}`);
  return {
    location: `s3://${bucket}/${key}`,
    initArguments: ['-reconfigure', ...backendArguments],
    stateArguments: [],
    env: { TF_WORKSPACE: 'default' },
  };
}

async function writeOverride(folder: string): Promise<void> {
  await ownOverride(folder);
  await writeFile(join(folder, FILE), `${MARK}terraform {\n  backend "s3" {}\n}\n`);
}

/** Terraform's note of the backend goes, too: with it, it would ask for the state to be moved back here. */
async function removeOverride(folder: string): Promise<void> {
  const path = join(folder, FILE);
  const text = await readIfThere(path);
  if (!text?.startsWith(MARK)) return;
  await rm(join(folder, '.terraform', 'terraform.tfstate'), { force: true });
  await rm(path);
}

async function ownOverride(folder: string): Promise<void> {
  const path = join(folder, FILE);
  const text = await readIfThere(path);
  if (text === undefined || text.startsWith(MARK)) return;
  throw new UserError(
    `${path} is not from tablewright, and names where the state is kept`,
    'Unset TF_STATE_BUCKET, so that your file counts; or move it away.',
  );
}

/** Terraform would ask whether to copy it into the bucket, where it belongs to no environment, or to another one. */
async function refuseLocalState(folder: string, bucket: string): Promise<void> {
  const path = join(folder, 'terraform.tfstate');
  const text = await readIfThere(path);
  if (text === undefined || !/"mode":\s*"(managed|data)"/.test(text)) return;
  throw new UserError(
    `${path} holds resources, and TF_STATE_BUCKET asks for a state in ${bucket}`,
    'Unset TF_STATE_BUCKET to go on with that state; or move the file away, and name it with --state when it is meant.',
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export function atLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
