// The module with the real Terraform and the real AWS provider, each example through its whole life.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createFunction, type ModuleRun, openModule } from './support/module-run.js';
import { terraformMissing } from './support/programs.js';
import { standing } from './support/standing.js';

const TABLE = 'aws_dynamodb_table.this';
const attachment = (name: string): string => `aws_iam_role_policy_attachment.backup["${name}"]`;

interface Example {
  readonly name: string;
  readonly table: string;
  /** Besides the table. */
  readonly resources: readonly string[];
  /** What the configuration expects to be there. */
  readonly prepare?: (run: ModuleRun) => Promise<void>;
}

const examples: readonly Example[] = [
  { name: 'simple-table', table: 'users-table', resources: [] },
  { name: 'table-with-gsi', table: 'products-table', resources: [] },
  { name: 'global-table', table: 'global-users-table', resources: [] },
  {
    name: 'table-with-data',
    table: 'config-table',
    resources: ['app_settings', 'feature_flags', 'rate_limits'].map(
      (id) => `aws_dynamodb_table_item.static_items["${id}"]`,
    ),
  },
  {
    name: 'provisioned-autoscaling',
    table: 'analytics-table',
    resources: ['policy', 'target'].flatMap((kind) => [
      `aws_appautoscaling_${kind}.index_read["user-timestamp-index"]`,
      `aws_appautoscaling_${kind}.index_write["user-timestamp-index"]`,
      `aws_appautoscaling_${kind}.table_read[0]`,
      `aws_appautoscaling_${kind}.table_write[0]`,
    ]),
  },
  {
    name: 'table-with-lambda',
    table: 'orders-table',
    resources: [
      'aws_cloudwatch_log_group.stream_processing[0]',
      'aws_iam_policy.lambda_dynamodb_access[0]',
      'aws_iam_role_policy_attachment.lambda_dynamodb_access["order-processing"]',
      'aws_lambda_event_source_mapping.dynamodb_stream["order_processing"]',
    ],
    prepare: (run) => createFunction(run, 'order-processing-lambda', 'order-processing'),
  },
  {
    name: 'table-with-backup',
    table: 'backup-table',
    resources: [
      'aws_backup_plan.dynamodb[0]',
      'aws_backup_selection.dynamodb[0]',
      'aws_backup_vault.dynamodb[0]',
      'aws_iam_role.backup[0]',
      attachment('AWSBackupServiceRolePolicyForBackup'),
      attachment('AWSBackupServiceRolePolicyForRestores'),
    ],
  },
];

describe('the Terraform module with the real provider', { skip: terraformMissing() }, () => {
  let module: ModuleRun;

  before(async () => {
    module = await openModule();
  });
  after(() => module?.close());

  test('validates', async () => {
    assert.match(await module.terraform.succeed('validate', '-no-color'), /The configuration is valid/);
  });

  test('is formatted', async () => {
    assert.equal(await module.terraform.succeed('fmt', '-check', '-recursive'), '');
  });

  for (const { name, table, resources, prepare } of examples) {
    test(`${name}: apply, a plan without changes, outputs, state, and a destroy that leaves nothing`, async () => {
      const { terraform, workspace } = module;
      await prepare?.(module);
      const before = await standing(workspace.endpoint.url);
      const configuration = `-var-file=examples/${name}.tfvars`;
      const expected = [...resources, TABLE].sort();
      const applied = await terraform.apply(configuration);
      assert.match(applied, new RegExp(`Plan: ${expected.length} to add, 0 to`));
      assert.match(await terraform.plan(configuration), /No changes\./);
      const outputs = JSON.parse(await terraform.succeed('output', '-json')) as Record<string, { value: unknown }>;
      assert.equal(outputs.table_name?.value, table);
      assert.equal(outputs.table_arn?.value, `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`);
      const listed = (await terraform.succeed('state', 'list')).trim().split('\n');
      const managed = listed.filter((address) => !address.startsWith('data.'));
      assert.deepEqual(managed.sort(), expected);
      assert.match(await terraform.succeed('state', 'show', '-no-color', TABLE), new RegExp(`"${table}"`));
      assert.notDeepEqual(await standing(workspace.endpoint.url), before);
      const destroyed = await terraform.destroy(configuration);
      assert.match(destroyed, new RegExp(`Resources: ${expected.length} destroyed`));
      assert.equal(await terraform.succeed('state', 'list'), '');
      assert.deepEqual(await standing(workspace.endpoint.url), before);
    });
  }

  const refuses = async (args: readonly string[], messages: readonly RegExp[]): Promise<void> => {
    const text = await module.terraform.fail('plan', '-no-color', '-var-file=examples/simple-table.tfvars', ...args);
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
