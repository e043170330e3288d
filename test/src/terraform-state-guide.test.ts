// Every command of STATE_MANAGEMENT.md, in order, and what the document says that one sees.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { awsCliMissing, findPluginFolder, type Outcome, run, terraformMissing } from './support/programs.js';
import { standing } from './support/standing.js';
import { moduleFolder, openWorkspace, type Workspace } from './support/workspace.js';

interface Step {
  readonly section: string;
  readonly script: string;
  readonly fails: boolean;
  /** Lines that its output has, in this order; `...` stands for anything, blanks for any blanks. */
  readonly shows: readonly string[];
}

function stepsOf(document: string): Step[] {
  const pattern = /^## (.+)$|^```sh( fails)?\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm;
  let section = '';
  const steps: Step[] = [];
  for (const [, heading, fails, script, shown = ''] of document.matchAll(pattern)) {
    if (heading !== undefined) section = heading;
    if (script === undefined) continue;
    const shows = shown.split('\n').filter((line) => line.trim() !== '');
    steps.push({ section, script, fails: fails !== undefined, shows });
  }
  return steps;
}

const asPattern = (line: string): RegExp =>
  new RegExp(
    line
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('\\.\\.\\.', '.+')
      .replace(/\s+/g, '\\s+'),
  );

/** Asserts that the lines stand in the text, in their order. */
function assertShows(text: string, lines: readonly string[]): void {
  let rest = text;
  for (const line of lines) {
    const found = asPattern(line).exec(rest);
    assert.ok(found, `"${line}" is not in, or not in this place of:\n${text}`);
    rest = rest.slice(found.index + found[0].length);
  }
}

/** What a person has: the programs, pointed at the endpoint, and `yes` for whatever is asked. */
class Terminal {
  readonly #env: Record<string, string>;

  constructor(private readonly workspace: Workspace) {
    // Versions of the AWS CLI before 1.29 and 2.13 do not read the endpoint from the environment.
    const programs = path.join(workspace.folder, '../programs');
    mkdirSync(programs);
    const wrapper = '#!/bin/sh\nPATH=$OUTSIDE_PATH\nexec aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n';
    writeFileSync(path.join(programs, 'aws'), wrapper, { mode: 0o755 });
    const outside = process.env.PATH ?? '';
    this.#env = {
      ...workspace.env,
      OUTSIDE_PATH: outside,
      PATH: `${programs}${path.delimiter}${outside}`,
      TF_CLI_ARGS: '-no-color',
      TF_CLI_ARGS_init: `-no-color -plugin-dir=${findPluginFolder()}`,
    };
  }

  run(script: string): Promise<Outcome> {
    writeFileSync(path.join(this.workspace.folder, '../step.sh'), `set -euo pipefail\n${script}`);
    const command = 'yes yes | bash ../step.sh 2>&1';
    return run('bash', ['-c', command], { cwd: this.workspace.folder, env: this.#env });
  }

  /** An apply that has the lock and waits for an answer. */
  async holdLock(): Promise<ChildProcess> {
    const args = ['apply', '-var-file=examples/simple-table.tfvars', '-var=deletion_protection=true'];
    const holder = spawn('terraform', args, { cwd: this.workspace.folder, env: { ...process.env, ...this.#env } });
    let output = '';
    for await (const chunk of holder.stdout) {
      output += chunk;
      if (output.includes('Enter a value:')) break;
    }
    assert.match(output, /Enter a value:/);
    return holder;
  }
}

describe('STATE_MANAGEMENT.md', { skip: terraformMissing() || awsCliMissing() }, () => {
  test('does what it says, command by command', async (t) => {
    const workspace = await openWorkspace();
    t.after(() => workspace.close());
    const terminal = new Terminal(workspace);
    const before = await standing(workspace.endpoint.url);
    const steps = stepsOf(readFileSync(path.join(moduleFolder, 'STATE_MANAGEMENT.md'), 'utf8'));
    assert.ok(steps.length > 15, `${steps.length} steps`);
    let holder: ChildProcess | undefined;
    let lockId = '';
    for (const { section, script, fails, shows } of steps) {
      if (fails) holder = await terminal.holdLock();
      const { code, stdout } = await terminal.run(script.replaceAll('LOCK_ID', lockId));
      assert.equal(code !== 0, fails, `${section}\n${script}\n${stdout}`);
      // Terraform frames and breaks what it complains of.
      assertShows(stdout.replace(/^[│╷╵] ?/gm, ''), shows);
      lockId = /\bID: +([0-9a-f-]{36})/.exec(stdout)?.[1] ?? lockId;
      if (holder === undefined || fails) continue;
      // It gives up; the lock that it would release is gone.
      const closed = once(holder, 'exit');
      holder.stdin?.end('no\n');
      await closed;
      holder = undefined;
    }
    assert.deepEqual(await standing(workspace.endpoint.url), before);
  });
});
