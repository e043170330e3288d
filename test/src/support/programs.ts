import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs a program to its end; never throws for an exit code. The test's own endpoint goes on serving meanwhile. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    child.stdin.on('error', () => undefined); // the program may end without reading its input
    child.stdin.end(options.input ?? '');
  });
}

/** Whether `command --version` (or another harmless call) can be run on this machine. */
export function isInstalled(command: string, args: readonly string[] = ['--version']): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const subfolders = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(folder, entry.name));
  } catch {
    return [];
  }
};

/**
 * The folder for `terraform init -plugin-dir`: TF_PLUGIN_DIR, else Terraform's usual places, else the first folder at
 * most three levels below the root that holds a mirror of registry.terraform.io with the AWS provider.
 */
export function findPluginFolder(): string | undefined {
  const holdsProvider = (folder: string): boolean =>
    existsSync(path.join(folder, 'registry.terraform.io', 'hashicorp', 'aws'));
  const usual = [
    process.env.TF_PLUGIN_DIR,
    path.join(homedir(), '.terraform.d', 'plugins'),
    '/usr/share/terraform/plugins',
  ];
  for (const folder of usual) if (folder !== undefined && holdsProvider(folder)) return folder;
  let level = subfolders('/').filter((folder) => !['/proc', '/sys', '/dev', '/tmp'].includes(folder));
  for (let depth = 0; depth < 3; depth++) {
    const found = level.find(holdsProvider);
    if (found !== undefined) return found;
    level = level.flatMap(subfolders);
  }
  return undefined;
}

/** Why tests with Terraform cannot run here; false when they can. In the form that node:test's `skip` takes. */
export function terraformMissing(): string | false {
  if (!isInstalled('terraform', ['version'])) return 'terraform is not installed';
  if (findPluginFolder() === undefined) return 'no mirror of the AWS provider was found (set TF_PLUGIN_DIR)';
  return false;
}

/** Why tests with the AWS CLI cannot run here; false when they can. */
export function awsCliMissing(): string | false {
  return isInstalled('aws') ? false : 'the AWS CLI is not installed';
}

/** The first AWS CLI of a major version on the path; undefined when there is none. */
export function findAwsCli(major: 1 | 2): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => path.join(folder, 'aws'))
    .find((program) => existsSync(program) && versionOf(program).startsWith(`aws-cli/${major}.`));
}

function versionOf(program: string): string {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
