// The module's own tests (terraform test), the tables of its README, and the README's use of it from another module.
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ModuleRun, openModule } from './support/module-run.js';
import { run, terraformMissing } from './support/programs.js';
import { standing } from './support/standing.js';
import { TerraformFolder } from './support/terraform-folder.js';
import { moduleFolder, repository } from './support/workspace.js';

const read = (file: string): string => readFileSync(path.join(moduleFolder, file), 'utf8');
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

test("the README's tables of inputs and outputs are fresh", async () => {
  const { code, stderr } = await run(process.execPath, ['scripts/module-readme.mjs', '--check'], { cwd: repository });
  assert.equal(code, 0, stderr);
});

test('every rule has a run that breaks it', () => {
  const runs = read('tests/rules.tftest.hcl');
  for (const [, name = '', body = ''] of read('variables.tf').matchAll(/^variable "(\w+)" \{\n([\s\S]*?)\n\}$/gm))
    assert.equal(count(runs, new RegExp(`\\bvar\\.${name}\\b`, 'g')), count(body, /^ {2}validation \{/gm), name);
  for (const [file, address] of [
    ['main.tf', 'aws_dynamodb_table.this'],
    ['backup.tf', 'aws_backup_plan.dynamodb'],
  ] as const) {
    const broken = count(runs, new RegExp(`expect_failures = \\[${address.replace('.', '\\.')}\\]`, 'g'));
    assert.equal(broken, count(read(file), /^ {4}precondition \{/gm), file);
  }
});

describe('the module, tested by Terraform and used by another module', { skip: terraformMissing() }, () => {
  let module: ModuleRun;
  let untouched: readonly string[];

  before(async () => {
    module = await openModule();
    untouched = await standing(module.workspace.endpoint.url);
  });
  after(() => module?.close());

  for (const [file, runs] of [
    ['rules', count(read('tests/rules.tftest.hcl'), /^run "/gm)],
    ['table', count(read('tests/table.tftest.hcl'), /^run "/gm)],
  ] as const) {
    test(`terraform test: ${file}`, async () => {
      const tested = await module.terraform.succeed('test', '-no-color', `-filter=tests/${file}.tftest.hcl`);
      assert.match(tested, new RegExp(`Success! ${runs} passed, 0 failed\\.`));
      assert.deepEqual(await standing(module.workspace.endpoint.url), untouched);
    });
  }

  test("the README's root module applies, shows no changes, and is destroyed", async (t) => {
    const section = read('README.md').split('## From another root module')[1] ?? '';
    const terraform = new TerraformFolder(module.workspace.env);
    t.after(() => terraform.close());
    terraform.write('main.tf', /```hcl\n([\s\S]*?)```/.exec(section)?.[1] ?? '');
    const isSource = (source: string): boolean => !/\.terraform|\.tfstate/.test(path.basename(source));
    cpSync(moduleFolder, path.join(terraform.folder, 'modules/dynamodb_table'), { recursive: true, filter: isSource });
    await terraform.init();
    assert.match(await terraform.apply(), /orders_table_arn = "arn:aws:dynamodb:us-east-1:000000000000:table\/orders"/);
    assert.match(await terraform.plan(), /No changes\./);
    await terraform.destroy();
    assert.deepEqual(await standing(module.workspace.endpoint.url), untouched);
  });
});
