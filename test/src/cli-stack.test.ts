// A table's life through plan, apply, output, state, deploy and destroy, as processes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { tablewright } from './support/cli.js';
import type { Outcome } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const SIMPLE = '-var-file=examples/simple-table.tfvars';

describe('table as code', () => {
  let workspace: Workspace;
  const inFolder = (name: string): string => path.join(workspace.folder, name);
  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
    tablewright(args, { cwd: workspace.folder, env: { ...workspace.env, ...env } });
  const succeed = async (args: readonly string[], env: Record<string, string> = {}): Promise<string> => {
    const { code, stdout, stderr } = await run(args, env);
    assert.equal(code, 0, `${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };

  before(async () => {
    workspace = await openWorkspace();
  });
  after(() => workspace?.close());

  test('plan tells by its exit code whether there is something to do', async () => {
    assert.match(await succeed(['plan', SIMPLE]), /Plan: 1 to add, 0 to change, 0 to destroy\./);
    assert.equal((await run(['plan', SIMPLE, '-detailed-exitcode'])).code, 2);
    assert.ok(!existsSync(inFolder('terraform.tfstate')), 'planning writes no state');
    const plan = JSON.parse(await succeed(['plan', SIMPLE, '-json']));
    assert.deepEqual(plan.resource_changes[0].change.actions, ['create']);
  });

  test('apply, then a plan finds no changes; outputs and state can be read', async () => {
    assert.match(await succeed(['apply', SIMPLE]), /Apply complete! Resources: 1 added, 0 changed, 0 destroyed\./);
    const planned = await run(['plan', '--var-file', 'examples/simple-table.tfvars', '--detailed-exitcode']);
    assert.equal(planned.code, 0);
    assert.match(planned.stdout, /No changes\./);
    assert.equal(await succeed(['output', '-raw', 'table_name']), 'users-table');
    assert.equal(await succeed(['output', 'table_name']), '"users-table"\n');
    assert.equal(JSON.parse(await succeed(['output', '-json'])).table_hash_key.value, 'userId');
    assert.match((await run(['output', 'nope'])).stderr, /there is no output "nope"\n→ There are: .*table_arn/);
    assert.equal(await succeed(['state', 'list']), 'aws_dynamodb_table.this\n');
    assert.match(await succeed(['state', 'show', 'aws_dynamodb_table.this']), /hash_key +=.*"userId"/);
  });

  test('later variables win, and a change is applied in place', async () => {
    const args = [SIMPLE, '-var', 'deletion_protection=false', '-var=deletion_protection=true'];
    const outcome = JSON.parse(await succeed(['apply', ...args, '--json']));
    assert.deepEqual([outcome.added, outcome.changed, outcome.destroyed], [0, 1, 0]);
    const refused = await run(['destroy', SIMPLE, '-var=deletion_protection=true']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /users-table/);
    assert.match(await succeed(['apply', SIMPLE]), /0 added, 1 changed, 0 destroyed/);
  });

  test('a resource can leave the state and be imported again', async () => {
    await succeed(['state', 'rm', 'aws_dynamodb_table.this']);
    assert.equal(await succeed(['state', 'list']), '');
    await succeed(['import', SIMPLE, 'aws_dynamodb_table.this', 'users-table']);
    assert.equal(await succeed(['state', 'list']), 'aws_dynamodb_table.this\n');
    assert.equal((await run(['plan', SIMPLE, '-detailed-exitcode'])).code, 0);
  });

  test('deploy goes on with the state of the folder and saves the outputs', async () => {
    assert.match(await succeed(['deploy', 'dev', 'examples/simple-table.tfvars']), /No changes/);
    const outputs = JSON.parse(readFileSync(inFolder('outputs-dev.json'), 'utf8'));
    assert.equal(outputs.table_name.value, 'users-table');
  });

  test('a workspace has a state of its own, where Terraform keeps it', async () => {
    const env = { TF_WORKSPACE: 'prod' };
    assert.match(await succeed(['deploy', 'prod', 'examples/table-with-gsi.tfvars', '--yes'], env), /1 added/);
    assert.ok(existsSync(inFolder('terraform.tfstate.d/prod/terraform.tfstate')));
    assert.equal(await succeed(['output', '-raw', 'table_name'], env), 'products-table');
    assert.equal(await succeed(['output', '-raw', 'table_name']), 'users-table');
    assert.match(await succeed(['destroy', '-var-file=examples/table-with-gsi.tfvars'], env), /1 destroyed/);
  });

  test('destroy, twice', async () => {
    assert.match(await succeed(['destroy', SIMPLE, '-target=aws_dynamodb_table.this']), /Resources: 1 destroyed\./);
    assert.match(await succeed(['destroy', SIMPLE]), /Resources: 0 destroyed\./);
    assert.equal((await run(['items', 'users-table'])).code, 1);
  });
});
