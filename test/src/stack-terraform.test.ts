// The real Terraform and the real AWS provider judge the built-in engine: what one of them applied, the other calls
// unchanged, and both write the same state.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '@tablewright/base';
import { showResource } from '@tablewright/stack';
import { findPluginFolder, type Outcome, run, terraformMissing } from './support/programs.js';
import { StackRun } from './support/stack-run.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const EXAMPLES = ['simple-table', 'table-with-gsi', 'table-with-data'];
/** Everything that a table can have, in one configuration. */
const FULL = `
table_name = "full-table"
billing_mode = "PROVISIONED"
hash_key = "pk"
range_key = "sk"
attributes = [
  { name = "pk", type = "S" }, { name = "sk", type = "N" }, { name = "a", type = "S" }, { name = "b", type = "B" },
]
global_secondary_indexes = [
  { name = "gsi-z", hash_key = "a", projection_type = "INCLUDE", non_key_attributes = ["z", "y"] },
  { name = "gsi-a", hash_key = "b", range_key = "sk", projection_type = "KEYS_ONLY", read_capacity = 7 },
]
local_secondary_indexes = [{ name = "lsi", range_key = "a", projection_type = "INCLUDE", non_key_attributes = ["m", "k"] }]
ttl_enabled = true
stream_enabled = true
use_terraform_items = true
terraform_managed_items = {
  "x y" = { pk = { S = "1|2" }, sk = { N = "10" }, list = { L = [{ S = "<a&b>" }, { NULL = true }] } }
}
`;
/** Later states of it: on demand without stream and protection of data, then back with other settings. */
const CHANGED = [
  FULL.replace('"PROVISIONED"', '"PAY_PER_REQUEST"')
    .replace(', read_capacity = 7', '')
    .replace('ttl_enabled = true', 'enable_encryption = false\npoint_in_time_recovery = false')
    .replace('stream_enabled = true', ''),
  FULL.replace('gsi-z', 'gsi-new')
    .replace('stream_enabled = true', 'stream_enabled = true\nstream_view_type = "KEYS_ONLY"')
    .replace('ttl_enabled = true', 'table_class = "STANDARD_INFREQUENT_ACCESS"\ntags = { New = "tag" }'),
];

describe('the built-in engine and Terraform', { skip: terraformMissing() }, () => {
  let workspace: Workspace;
  let stack: StackRun;
  const statePath = (): string => path.join(workspace.folder, 'terraform.tfstate');
  const terraform = (...args: string[]): Promise<Outcome> =>
    run('terraform', args, { cwd: workspace.folder, env: workspace.env });
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await terraform(...args);
    assert.equal(code, 0, `terraform ${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const useExample = (example: string): void =>
    copyFileSync(
      path.join(workspace.folder, `examples/${example}.tfvars`),
      path.join(workspace.folder, 'terraform.tfvars'),
    );
  const terraformSeesNoChanges = async (): Promise<void> => {
    assert.match(await succeed('plan', '-no-color', '-detailed-exitcode'), /No changes\./);
  };
  /** A state without what differs from one run to the next. */
  const comparable = (): unknown => {
    const { serial, lineage, check_results, resources, ...others } = JSON.parse(readFileSync(statePath(), 'utf8'));
    // Terraform notes what its data sources read and what leans on them, and reads them anew each time.
    const managed = (resources as { mode: string; instances: { dependencies?: string[] }[] }[])
      .filter(({ mode }) => mode === 'managed')
      .map((resource) => ({ ...resource, instances: resource.instances.map(withoutData) }));
    const rest = { ...others, resources: managed };
    assert.equal(typeof serial, 'number');
    assert.equal(typeof lineage, 'string');
    assert.notEqual(check_results, undefined);
    return JSON.parse(JSON.stringify(rest).replace(/\d{4}-\d\d-\d\dT[\d:.]+/g, 'LABEL'));
  };

  before(async () => {
    workspace = await openWorkspace();
    stack = new StackRun(workspace.endpoint.url, workspace.folder);
    await succeed('init', '-no-color', `-plugin-dir=${findPluginFolder()}`);
  });
  after(() => workspace?.close());

  for (const example of [...EXAMPLES, 'full']) {
    test(`${example}: both write the same state, and each finds nothing to change in the other's`, async () => {
      if (example === 'full') stack.configure(FULL);
      else useExample(example);
      await stack.apply();
      await terraformSeesNoChanges();
      const ours = comparable();
      const shown = showResource((await stack.backend.read()) ?? assert.fail(), 'aws_dynamodb_table.this');
      assert.equal(`${shown}\n`, await succeed('state', 'show', '-no-color', 'aws_dynamodb_table.this'));
      await succeed('destroy', '-no-color', '-auto-approve');

      await succeed('apply', '-no-color', '-auto-approve');
      assert.deepEqual(await stack.pending(), {});
      assert.equal((await stack.plan()).applyable, false);
      assert.deepEqual(ours, comparable());
      await stack.destroy();
      assert.equal(await succeed('state', 'list'), '');
      for (const file of [statePath(), `${statePath()}.backup`]) rmSync(file, { force: true });
    });
  }

  test('what the engine changed, Terraform calls unchanged, and it changes what Terraform made', async () => {
    stack.configure(FULL);
    await succeed('apply', '-no-color', '-auto-approve');
    for (const configuration of [...CHANGED, FULL]) {
      stack.configure(configuration);
      await stack.apply();
      await terraformSeesNoChanges();
      assert.deepEqual(await stack.pending(), {});
    }
    await succeed('destroy', '-no-color', '-auto-approve');
  });

  test("Terraform's lock on the state is respected", {
    skip: process.platform !== 'linux' && 'needs /proc/locks',
  }, async () => {
    useExample('simple-table');
    await stack.apply();
    const lock = await heldByTerraform(workspace);
    try {
      const error: unknown = await stack.backend.lock('plan').catch((reason: unknown) => reason);
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, /is locked by another operation[\s\S]*Who: /);
      assert.match(error.remedy, /^Wait for that operation to end/);
    } finally {
      await lock.release();
    }
    await (await stack.backend.lock('plan')).release();
    await stack.destroy();
  });

  test('a newer state version is refused by both and stays as it is', async () => {
    writeFileSync(statePath(), '{"version": 5, "serial": 1, "lineage": "x"}');
    await assert.rejects(stack.plan(), /has format version 5/);
    assert.equal((await terraform('plan', '-no-color')).code, 1);
    assert.equal(readFileSync(statePath(), 'utf8'), '{"version": 5, "serial": 1, "lineage": "x"}');
  });
});

/** An instance that leans on managed resources alone; where nothing is left, Terraform writes no list. */
function withoutData({ dependencies = [], ...instance }: { dependencies?: string[] }): object {
  const managed = dependencies.filter((address) => !address.startsWith('data.'));
  return managed.length === 0 ? instance : { ...instance, dependencies: managed };
}

/** Has a terraform process hold the state's lock: its console does until its input ends. */
async function heldByTerraform(workspace: Workspace): Promise<{ release(): Promise<void> }> {
  const env = { ...process.env, ...workspace.env };
  const changes = watch(workspace.folder);
  const child = spawn('terraform', ['console', '-no-color'], {
    cwd: workspace.folder,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // The record is written once the lock is held.
  for await (const { filename } of changes) if (filename === '.terraform.tfstate.lock.info') break;
  return {
    release: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
