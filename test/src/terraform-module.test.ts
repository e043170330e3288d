// The module with the real Terraform and the real AWS provider, each example through its whole life.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findPluginFolder, type Outcome, run, terraformMissing } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const examples = [
  { name: 'simple-table', table: 'users-table', resources: ['aws_dynamodb_table.this'] },
  { name: 'table-with-gsi', table: 'products-table', resources: ['aws_dynamodb_table.this'] },
  { name: 'global-table', table: 'global-users-table', resources: ['aws_dynamodb_table.this'] },
  {
    name: 'table-with-data',
    table: 'config-table',
    resources: [
      'aws_dynamodb_table.this',
      'aws_dynamodb_table_item.static_items["app_settings"]',
      'aws_dynamodb_table_item.static_items["feature_flags"]',
      'aws_dynamodb_table_item.static_items["rate_limits"]',
    ],
  },
] as const;

describe('the Terraform module with the real provider', { skip: terraformMissing() }, () => {
  let workspace: Workspace;
  const terraform = (...args: string[]): Promise<Outcome> =>
    run('terraform', args, { cwd: workspace.folder, env: workspace.env });
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await terraform(...args);
    assert.equal(code, 0, `terraform ${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };

  before(async () => {
    workspace = await openWorkspace();
    await succeed('init', '-no-color', `-plugin-dir=${findPluginFolder()}`);
  });
  after(() => workspace?.close());

  test('validates', async () => {
    assert.match(await succeed('validate', '-no-color'), /The configuration is valid/);
  });

  test('is formatted', async () => {
    assert.equal(await succeed('fmt', '-check', '-recursive'), '');
  });

  for (const { name, table, resources } of examples) {
    test(`${name}: plan, apply, a second plan without changes, output, state, destroy`, async () => {
      const configuration = `-var-file=examples/${name}.tfvars`;
      assert.match(
        await succeed('plan', '-no-color', configuration),
        new RegExp(`Plan: ${resources.length} to add, 0 to`),
      );
      await succeed('apply', '-no-color', '-auto-approve', configuration);
      assert.match(await succeed('plan', '-no-color', configuration), /No changes\./);
      const outputs = JSON.parse(await succeed('output', '-json')) as Record<string, { value: unknown }>;
      assert.equal(outputs.table_name?.value, table);
      assert.equal(outputs.table_arn?.value, `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`);
      const listed = (await succeed('state', 'list')).trim().split('\n');
      assert.deepEqual(listed.filter((address) => !address.startsWith('data.')).sort(), [...resources]);
      assert.match(await succeed('state', 'show', '-no-color', 'aws_dynamodb_table.this'), new RegExp(`"${table}"`));
      const destroyed = await succeed('destroy', '-no-color', '-auto-approve', configuration);
      assert.match(destroyed, new RegExp(`Resources: ${resources.length} destroyed`));
      assert.equal(await succeed('state', 'list'), '');
    });
  }

  const refuses = async (args: readonly string[], messages: readonly RegExp[]): Promise<void> => {
    const { code, stderr } = await terraform('plan', '-no-color', '-var-file=examples/simple-table.tfvars', ...args);
    assert.equal(code, 1);
    // Terraform breaks long lines and draws a border.
    const text = stderr.replace(/\n[\s│]*/g, ' ');
    for (const message of messages) assert.match(text, message);
  };

  test('names every wrong variable, its value and what is allowed', () =>
    refuses(
      [
        '-var=table_name=a',
        '-var=billing_mode=ON_DEMAND',
        '-var=read_capacity=0',
        '-var=attributes=[{name="userId",type="X"}]',
        '-var=table_class=COLD',
        '-var=stream_view_type=ALL',
        '-var=kms_key_arn=alias/x',
        '-var=global_secondary_indexes=[{name="i",hash_key="userId",projection_type="INCLUDE"}]',
        '-var=terraform_managed_items=[1]',
        '-var=autoscaling_read_target=95',
        '-var=backup_schedule=daily',
        '-var=stream_log_retention_days=8',
        '-var=replica_regions=[{region_name="europe"}]',
        '-var=stream_lambda_functions={a={function_name="f",starting_position="NOW",batch_size=0}}',
        '-var=custom_iam_policy={}',
        '-var=point_in_time_recovery_days=36',
      ],
      [
        /table_name is "a"; it must have 3 to 255 characters/,
        /billing_mode is "ON_DEMAND"; it must be PROVISIONED or PAY_PER_REQUEST/,
        /read_capacity is 0; it must be a whole number/,
        /attributes has the type "X" \(of userId\)/,
        /table_class is "COLD"/,
        /stream_view_type is "ALL"/,
        /kms_key_arn is "alias\/x"/,
        /global_secondary_indexes "i": non_key_attributes must be given/,
        /terraform_managed_items must be a map/,
        /autoscaling_read_target is 95; it must be a percentage from 20 to 90/,
        /backup_schedule is "daily"; it must be cron\(\) with six fields/,
        /stream_log_retention_days is 8; it must be one of/,
        /replica_regions names "europe"; it must be a region/,
        /starting_position "NOW" \(of a\)/,
        /batch_size 0 \(of a\); it must be a number from 1 to 10000/,
        /custom_iam_policy is "\{\}"; it must be a policy document/,
        /point_in_time_recovery_days is 36; it must be a whole number from 1 to 35/,
      ],
    ));

  test('names combinations that cannot be', () =>
    refuses(
      [
        '-var=range_key=orderId',
        '-var=attributes=[{name="userId",type="S"},{name="email",type="S"}]',
        '-var=enable_encryption=false',
        '-var=kms_key_arn=arn:aws:kms:us-east-1:000000000000:key/1',
        '-var=use_terraform_items=true',
        '-var=terraform_managed_items={a={name={S="x"}}}',
        '-var=enable_autoscaling=true',
        '-var=enable_stream_lambda_triggers=true',
        '-var=backup_cold_storage_after_days=30',
        '-var=replica_regions=[{region_name="us-east-1"}]',
      ],
      [
        /attributes defines no orderId/,
        /attributes defines email, which is no key/,
        /kms_key_arn is given but enable_encryption is false/,
        /terraform_managed_items has items without their key: "a"/,
        /enable_autoscaling is true but billing_mode is PAY_PER_REQUEST/,
        /enable_stream_lambda_triggers is true but stream_enabled is false/,
        /keep backups 120 days or more/,
        /replica_regions names us-east-1, the table's own region/,
      ],
    ));
});
