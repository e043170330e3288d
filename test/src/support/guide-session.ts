import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalEndpoint, startLocalEndpoint } from '@tablewright/cloud';
import { cleanEnv } from './cli.js';
import { findPluginFolder, run } from './programs.js';
import { cli, moduleFolder } from './workspace.js';

const MODULE = 'aws_terraform/base_elements/dynamodb_table';

/**
 * A reader of the guide: one shell from its beginning to its end, in a copy of the repository's module, with an endpoint
 * of its own and one AWS CLI. Each block runs in a bash of its own, so that it can fail by itself; variables, functions
 * and the folder go from one to the next.
 */
export class GuideSession {
  private constructor(
    private readonly root: string,
    private readonly endpoint: LocalEndpoint,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async open(awsProgram: string): Promise<GuideSession> {
    const root = mkdtempSync(path.join(tmpdir(), 'tablewright-guide-'));
    const repository = path.join(root, 'repository');
    cpSync(moduleFolder, path.join(repository, MODULE), {
      recursive: true,
      filter: (source) => !/\.terraform|\.tfstate/.test(path.basename(source)),
    });
    const bin = path.join(root, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'aws'), `#!/bin/sh\nexec '${awsProgram}' "$@"\n`);
    chmodSync(path.join(bin, 'aws'), 0o755);
    const dataDir = path.join(root, 'data');
    const endpoint = await startLocalEndpoint({ port: 0, dataDir });
    writeFileSync(path.join(root, 'folder'), repository);
    return new GuideSession(root, endpoint, {
      ...cleanEnv(),
      PATH: `${bin}${path.delimiter}${process.env.PATH}`,
      HOME: root,
      AWS_PAGER: '',
      TABLEWRIGHT_CLI: cli,
      // `tablewright env` finds the endpoint by its data.
      TABLEWRIGHT_DATA_DIR: dataDir,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: '/dev/null',
      // The guide's `terraform init` finds the provider in a registry; here it comes from the mirror.
      TF_CLI_ARGS_init: `-plugin-dir=${findPluginFolder()}`,
      TF_CLI_ARGS: '-no-color',
    });
  }

  /** Runs a block, and types "yes" where it asks. */
  async run(script: string): Promise<{ readonly code: number; readonly output: string }> {
    const state = path.join(this.root, 'state');
    const folder = path.join(this.root, 'folder');
    const whole = [
      'set -euo pipefail',
      `[ ! -f '${state}' ] || . '${state}'`,
      `cd "$(<'${folder}')"`,
      'set -a',
      script,
      `{ export -p; declare -f; } > '${state}'`,
      `printf %s "$PWD" > '${folder}'`,
    ].join('\n');
    const cwd = existsSync(folder) ? readFileSync(folder, 'utf8') : this.root;
    const { code, stdout, stderr } = await run('bash', ['-c', `exec 2>&1\n${whole}`], {
      cwd,
      env: this.env,
      input: 'yes\n',
    });
    return { code, output: stdout + stderr };
  }

  async close(): Promise<void> {
    await this.endpoint.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}
