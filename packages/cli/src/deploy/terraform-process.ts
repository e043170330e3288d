import { spawn } from 'node:child_process';
import { UserError } from '@tablewright/base';
import type { CliContext } from '../cli-context.js';
import type { Target } from '../target/target.js';
import { targetEnv } from '../target/target-env.js';

export interface TerraformRun {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Terraform's words go to stderr, since stdout is for JSON. */
  readonly quiet: boolean;
}

/** The environment in which Terraform acts on the target, and on nothing else. */
export function terraformEnv(context: CliContext, target: Target): NodeJS.ProcessEnv {
  const own = Object.entries(context.env).filter(([name]) => !name.startsWith('AWS_ENDPOINT_URL'));
  const all = { ...Object.fromEntries(own), ...targetEnv(target), TF_IN_AUTOMATION: '1' };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The installed Terraform's version, such as `1.11.4`; undefined where there is none. */
export async function terraformVersion(context: CliContext): Promise<string | undefined> {
  const run = { folder: context.cwd, env: { ...context.env, CHECKPOINT_DISABLE: '1' }, quiet: true };
  const { code, stdout } = await start(context, run, ['version', '-json'], 'collect').catch(() => ({
    code: 1,
    stdout: '',
  }));
  const version = /"terraform_version":\s*"([^"]+)"/.exec(stdout);
  return code === 0 ? version?.[1] : undefined;
}

/** Runs a step of which a person sees what Terraform says; its exit code is one of `expected`, or it has failed. */
export async function step(
  context: CliContext,
  run: TerraformRun,
  args: readonly string[],
  expected: readonly number[] = [0],
): Promise<number> {
  const color = context.output.color && !run.quiet ? [] : ['-no-color'];
  const { code } = await start(context, run, [...args, ...color], 'show');
  if (!expected.includes(code)) throw failed(args, code);
  return code;
}

/** What Terraform prints for programs, as parsed JSON. */
export async function ask(context: CliContext, run: TerraformRun, args: readonly string[]): Promise<unknown> {
  const { code, stdout } = await start(context, run, args, 'collect');
  if (code !== 0) throw failed(args, code);
  return JSON.parse(stdout);
}

function failed([command = '']: readonly string[], code: number): UserError {
  return new UserError(
    `terraform ${command} failed (exit code ${code})`,
    'What it printed above says why. Steps before this one have been done; run the command again afterwards.',
  );
}

/**
 * Terraform takes a second interrupt as an order to drop everything, so a terminal's Ctrl-C must reach it once only: it
 * runs in a process group of its own, and is told when this process is.
 */
function start(
  { signal }: CliContext,
  { folder, env, quiet }: TerraformRun,
  args: readonly string[],
  stdout: 'show' | 'collect',
): Promise<{ readonly code: number; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', args, {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', stdout === 'collect' ? 'pipe' : quiet ? 2 : 1, stdout === 'collect' && quiet ? 'ignore' : 2],
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const interrupt = (): void => {
      child.kill('SIGINT');
    };
    signal.addEventListener('abort', interrupt);
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', interrupt);
      resolve({ code: code ?? 1, stdout: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
