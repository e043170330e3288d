// The module's scripts: from another directory, with spaces in names, for programs, and with only Node installed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { cleanEnv } from './support/cli.js';
import { findPluginFolder, type Outcome, run, terraformMissing } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const SCRIPTS = ['deploy-table', 'validate-table', 'populate-data', 'backup-table', 'setup-lambda-permissions'];
const CONFIG = 'examples/simple-table.tfvars';

describe("the module's scripts", () => {
  const root = mkdtempSync(path.join(tmpdir(), 'tablewright scripts '));
  const module = path.join(root, 'the module');
  const elsewhere = path.join(root, 'some where else');
  const bin = path.join(root, 'bin');
  let workspace: Workspace;

  before(async () => {
    workspace = await openWorkspace();
    cpSync(workspace.folder, module, { recursive: true });
    mkdirSync(elsewhere);
    mkdirSync(bin);
    // What every system has, and Node; neither Terraform, nor the AWS CLI, nor jq.
    for (const name of ['bash', 'env', 'dirname']) {
      symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), path.join(bin, name));
    }
    symlinkSync(process.execPath, path.join(bin, 'node'));
  });
  after(async () => {
    await workspace?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const script = (
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = { PATH: bin },
  ): Promise<Outcome> =>
    run(path.join(module, 'scripts', `${name}.sh`), args, {
      cwd: elsewhere,
      env: { ...cleanEnv(), ...workspace.env, ...env },
    });

  for (const name of SCRIPTS) {
    test(`${name}.sh --help says how it is used; nonsense is refused`, async () => {
      const { code, stdout } = await script(name, ['--help']);
      assert.equal(code, 0);
      assert.match(stdout, /^Usage: tablewright [\s\S]*--json[\s\S]*Examples:/);
      const refused = await script(name, ['a', 'b', '--nonsense']);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /unknown option '--nonsense'/);
    });
  }

  test('without Terraform the built-in engine deploys, on the state in the module, asking nobody without a terminal', async () => {
    const unasked = await script('deploy-table', ['dev', CONFIG]);
    assert.equal(unasked.code, 1);
    assert.match(unasked.stderr, /nobody is here to confirm the apply\n→ Give --yes/);
    const { code, stdout, stderr } = await script('deploy-table', ['dev', CONFIG, '--yes', '--json']);
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout);
    assert.deepEqual([result.engine, result.added, result.changed, result.destroyed], ['built-in', 1, 0, 0]);
    assert.equal(result.outputs.table_name.value, 'users-table');
    assert.ok(existsSync(path.join(module, 'terraform.tfstate')));
    const saved = JSON.parse(readFileSync(path.join(elsewhere, 'outputs-dev.json'), 'utf8'));
    assert.deepEqual(saved, result.outputs);
    const absent = await script('deploy-table', ['dev', CONFIG, '--engine', 'terraform']);
    assert.equal(absent.code, 1);
    assert.match(absent.stderr, /terraform is not on the PATH\n→ Install it, or deploy with --engine built-in/);
    const unsupported = await script('deploy-table', ['dev', 'examples/provisioned-autoscaling.tfvars', '--yes']);
    assert.equal(unsupported.code, 1);
  });

  test('populate, validate, back up: exit codes and JSON', async () => {
    const data = path.join(module, 'examples/data/sample-users.json');
    assert.equal((await script('populate-data', ['users-table', data])).code, 0);
    const report = await script('validate-table', ['users-table', '--json']);
    assert.deepEqual([report.code, JSON.parse(report.stdout).ok], [0, true]);
    assert.equal((await script('validate-table', ['no-table'])).code, 1);
    const backup = await script('backup-table', ['users-table', '--json']);
    assert.equal(JSON.parse(backup.stdout).status, 'AVAILABLE', backup.stderr);
    const grant = await script('setup-lambda-permissions', ['users-table', 'nobody']);
    assert.equal(grant.code, 1);
    assert.match(grant.stderr, /function "nobody" does not exist/);
  });

  describe('deploy-table.sh where Terraform is installed', { skip: terraformMissing() }, () => {
    const withTerraform = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
      PATH: process.env.PATH ?? '',
      TF_CLI_ARGS_init: `-plugin-dir=${findPluginFolder()}`,
      ...more,
    });

    test("Terraform finds nothing to change in the built-in engine's state, and so nothing to ask", async () => {
      const { code, stdout, stderr } = await script('deploy-table', ['dev', CONFIG], withTerraform());
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /with Terraform 1\..*\n[\s\S]*No changes\.[\s\S]*Outputs saved to outputs-dev\.json\.\n$/);
    });

    test('TF_STATE_BUCKET: the state of each environment lies in the bucket, and leaves the folder with the variable', async () => {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const { url: endpoint } = workspace.endpoint;
      const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: 'states' }));
      const env = withTerraform({ TF_STATE_BUCKET: 'states' });
      const config = path.join(module, 'examples/table-with-gsi.tfvars');

      const local = await script('deploy-table', ['prod', config], env);
      assert.equal(local.code, 1);
      assert.match(local.stderr, /terraform\.tfstate holds resources, and TF_STATE_BUCKET asks for a state in states/);
      renameSync(path.join(module, 'terraform.tfstate'), path.join(root, 'dev.tfstate'));
      const unasked = await script('deploy-table', ['prod', config], env);
      assert.equal(unasked.code, 1);
      assert.match(unasked.stderr, /nobody is here to confirm the apply/);
      const { code, stdout, stderr } = await script('deploy-table', ['prod', config, '--yes', '--json'], env);
      assert.equal(code, 0, stderr);
      const result = JSON.parse(stdout);
      assert.deepEqual(
        [result.engine, result.added, result.state],
        ['terraform', 1, 's3://states/dynamodb/prod/terraform.tfstate'],
      );
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'states' }));
      assert.deepEqual(
        Contents.map(({ Key }) => Key),
        ['dynamodb/prod/terraform.tfstate'],
      );
      s3.destroy();

      const lost = await script('deploy-table', ['prod', CONFIG, '--yes'], env);
      assert.equal(lost.code, 1);
      assert.match(lost.stderr, /this would delete the table products-table/);
      const builtIn = await script('deploy-table', ['prod', config, '--engine', 'built-in'], env);
      assert.match(builtIn.stdout, /No changes\./, builtIn.stderr);
      const back = await script(
        'deploy-table',
        ['dev', CONFIG, '--state', path.join(root, 'dev.tfstate')],
        withTerraform(),
      );
      assert.match(back.stdout, /No changes\./, back.stderr);
      assert.ok(!existsSync(path.join(module, 'backend_override.tf')));
    });
  });
});
