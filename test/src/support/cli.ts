import { type Outcome, run } from './programs.js';
import { cli } from './workspace.js';

/** Variables that would choose the command's target, account or configuration from outside of a test. */
const OUTSIDE = /^(AWS_|TABLEWRIGHT_|TF_)/;

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** This process's environment without what would choose a target. */
export function cleanEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name, value]) => value !== undefined && !OUTSIDE.test(name));
  return { ...Object.fromEntries(entries), AWS_EC2_METADATA_DISABLED: 'true', NO_COLOR: '1' } as Record<string, string>;
}

/** Runs the compiled `tablewright` command; no terminal is attached to it. */
export function tablewright(args: readonly string[], options: CliOptions): Promise<Outcome> {
  const unset = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => OUTSIDE.test(name))
      .map((name) => [name, '']),
  );
  return run(process.execPath, [cli, ...args], { ...options, env: { ...unset, ...cleanEnv(), ...options.env } });
}
