import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { UserError } from '@tablewright/base';
import type { LoadConfigurationOptions } from './configuration.js';
import { loadConfiguration } from './load-configuration.js';

const BASE = 'table_name = "users-table"\nhash_key = "userId"\nattributes = [{ name = "userId", type = "S" }]\n';
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'stack-config-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const load = (options: Partial<LoadConfigurationOptions> = {}) => loadConfiguration({ cwd, ...options });

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(cwd, name), text);
}

async function problems(text: string, region?: string): Promise<UserError> {
  await write('terraform.tfvars', text);
  try {
    await load(region === undefined ? {} : { region });
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 1);
    return error;
  }
  return assert.fail('the configuration was accepted');
}

describe('the configuration', () => {
  test('has a value for every variable, defaults filled in, with the origin of each', async () => {
    await write('terraform.tfvars', `${BASE}read_capacity = "7"\nttl_enabled = null\n`);
    const { values, origins } = await load();
    assert.equal(values.table_name, 'users-table');
    assert.equal(values.read_capacity, 7);
    assert.equal(values.ttl_enabled, false);
    assert.equal(values.range_key, null);
    assert.equal(values.backup_schedule, 'cron(0 2 * * ? *)');
    assert.deepEqual(origins.read_capacity, { source: 'terraform.tfvars', line: 4 });
    assert.deepEqual(origins.ttl_enabled, { source: 'default' });
  });

  test("takes the sources in Terraform's order", async () => {
    await write('terraform.tfvars', `${BASE}write_capacity = 2`);
    const steps: [() => Promise<void>, number][] = [
      [async () => undefined, 2],
      [() => write('terraform.tfvars.json', '{ "write_capacity": 3 }'), 3],
      [() => write('b.auto.tfvars', 'write_capacity = 5'), 5],
      [() => write('a.auto.tfvars.json', '{ "write_capacity": 4 }'), 5],
    ];
    const env = { TF_VAR_write_capacity: '1', TF_VAR_unknown: 'ignored' };
    for (const [step, expected] of steps) {
      await step();
      assert.equal((await load({ env })).values.write_capacity, expected);
    }
    await write('more.tfvars', 'write_capacity = 6');
    const more = { varFile: 'more.tfvars' };
    const seven = { var: 'write_capacity=7' };
    assert.equal((await load({ env, arguments: [seven, more] })).values.write_capacity, 6);
    assert.equal((await load({ env, arguments: [more, seven] })).values.write_capacity, 7);
  });

  test('reads lists and maps out of the environment and -var as expressions, strings as they are', async () => {
    await write('terraform.tfvars', BASE);
    const env = { TF_VAR_tags: '{ a = "b" }', TF_VAR_ttl_attribute_name: '{x}' };
    const { values } = await load({ env, arguments: [{ var: 'lambda_function_names=["b","a"]' }] });
    assert.deepEqual(values.tags, { a: 'b' });
    assert.equal(values.ttl_attribute_name, '{x}');
    assert.deepEqual(values.lambda_function_names, ['a', 'b']);
  });

  test('refuses an unknown variable, with its line and the nearest name', async () => {
    const { message } = await problems(`${BASE}tabel_class = "STANDARD"`);
    assert.match(message, /unknown variable "tabel_class"; did you mean "table_class"\? \(terraform.tfvars line 4\)/);
    assert.match(message, /4 \| tabel_class = "STANDARD"\n {6}\^/);
    await assert.rejects(load({ arguments: [{ var: 'nonsense=1' }] }), /unknown variable "nonsense" \(-var\)/);
  });

  test('lists every mistake at once', async () => {
    const { message } = await problems('table_name = "x"\nhash_key = ["a"]\nbilling_mode = "ON_DEMAND"');
    assert.match(message, /^4 mistakes in the configuration/);
    assert.match(message, /table_name is "x"; it must have 3 to 255 characters/);
    assert.match(message, /hash_key is a list of 1; it must be a string/);
    assert.match(message, /billing_mode is "ON_DEMAND"; it must be PROVISIONED or PAY_PER_REQUEST/);
    assert.match(message, /attributes has no value; it is required/);
  });

  test('points at the element of a wrong type', async () => {
    const { message } = await problems(`${BASE}tags = {\n  a = "b"\n  c = []\n}`);
    assert.match(message, /tags\.c is a list of 0; it must be a string\. \(terraform\.tfvars line 6\)/);
  });

  test('says what is wrong with a source that cannot be read', async () => {
    await assert.rejects(load({ arguments: [{ varFile: 'none.tfvars' }] }), /file none\.tfvars does not exist/);
    await assert.rejects(load({ arguments: [{ var: 'x' }] }), /-var "x" has no value/);
    await assert.rejects(loadConfiguration({ cwd: join(cwd, 'none') }), /cannot read the folder/);
    await writeFile(join(cwd, 'terraform.tfvars'), Buffer.from([0x61, 0xff]));
    await assert.rejects(load(), /terraform\.tfvars is no UTF-8 text/);
  });

  const crossed: readonly (readonly [text: string, message: RegExp])[] = [
    [BASE.replace('hash_key = "userId"', 'hash_key = "id"'), /hash_key is "id", which attributes does not define/],
    [BASE.replace('}]', '}, { name = "x", type = "N" }]'), /attributes defines "x", which is no key/],
    [`${BASE}range_key = "userId"`, /range_key is "userId", as hash_key is/],
    [
      `${BASE}local_secondary_indexes = [{ name = "lsi", range_key = "userId", projection_type = "ALL" }]`,
      /only a table with a range key has local indexes/,
    ],
    [
      `${BASE}global_secondary_indexes = [{ name = "gsi", hash_key = "userId", projection_type = "INCLUDE" }]`,
      /has projection_type INCLUDE and 0 non_key_attributes/,
    ],
    [
      `${BASE}enable_stream_lambda_triggers = true`,
      /enable_stream_lambda_triggers is true but stream_enabled is false/,
    ],
    [`${BASE}enable_autoscaling = true`, /billing_mode is PAY_PER_REQUEST, which has no capacity to scale/],
    [`${BASE}backup_cold_storage_after_days = 10`, /cold storage lasts 90 days at least, so keep backups 100 days/],
    [`${BASE}replica_regions = [{ region_name = "us-east-1" }]`, /names us-east-1, the table's own region/],
    [`${BASE}enable_encryption = false\nkms_key_arn = "arn:aws:kms:a:b:key/c"`, /enable_encryption is false/],
    [
      `${BASE}use_terraform_items = true\nterraform_managed_items = { a = { x = { S = "1" } } }`,
      /terraform_managed_items\["a"\] lacks the key attribute "userId"/,
    ],
    [`${BASE}terraform_managed_items = { a = { userId = { N = 5 } } }`, /userId\.N is 5; it must be in quotes/],
    [`${BASE}terraform_managed_items = { a = { userId = "x" } }`, /userId is "x"; it must be typed as in/],
  ];
  for (const [text, message] of crossed) {
    test(`refuses: ${message.source.slice(0, 60)}`, async () =>
      assert.match((await problems(text, 'us-east-1')).message, message));
  }
});
