// Variables beyond the examples, with the real provider: limits, policies, insights, Kinesis, schedules, tables that are
// filled from S3 or restored, and the two steps that call the AWS CLI, with both its versions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListBackupsCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type ModuleRun, openModule } from './support/module-run.js';
import { findAwsCli, terraformMissing } from './support/programs.js';
import { standing } from './support/standing.js';

const arn = (service: string, name: string): string => `arn:aws:${service}:us-east-1:000000000000:${name}`;
const allow = (more: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arn('dynamodb', 'table/options'), ...more }],
  });
const KEY = 'hash_key = "id"\nattributes = [{ name = "id", type = "S" }]';

const OPTIONS = `
table_name                  = "options"
hash_key                    = "id"
attributes                  = [{ name = "id", type = "S" }, { name = "kind", type = "S" }]
on_demand_throughput        = { max_read_request_units = 100, max_write_request_units = 200 }
point_in_time_recovery_days = 7
enable_contributor_insights = true
enable_kinesis_destination  = true
kinesis_stream_arn          = "${arn('kinesis', 'stream/changes')}"
resource_policy             = <<-END
  ${allow({ Sid: 'Read', Principal: { AWS: arn('iam', 'root').replace('us-east-1', '') } })}
END
custom_iam_policy           = <<-END
  ${allow({})}
END
timeouts                    = { create = "20m" }
global_secondary_indexes = [{
  name                 = "by-kind"
  hash_key             = "kind"
  projection_type      = "KEYS_ONLY"
  on_demand_throughput = { max_read_request_units = 50, max_write_request_units = 60 }
}]
`;

const SCHEDULED = `
table_name         = "scheduled"
billing_mode       = "PROVISIONED"
${KEY}
enable_autoscaling = true
autoscaling_schedules = {
  night = {
    schedule = "cron(0 20 * * ? *)"
    read     = { min_capacity = 1, max_capacity = 10 }
    write    = { min_capacity = 1, max_capacity = 10 }
  }
}
`;

const IMPORTED = `
table_name = "imported"
${KEY}
import_table = { bucket = "imports", key_prefix = "data/", input_format = "DYNAMODB_JSON", input_compression_type = "NONE" }
`;

const RESTORED = `
table_name             = "restored"
${KEY}
restore_source_name    = "source"
restore_to_latest_time = true
`;

const SOURCE = `
table_name              = "source"
${KEY}
use_terraform_items     = true
terraform_managed_items = { a = { id = { S = "a" } } }
`;

describe("the module's further variables", { skip: terraformMissing() }, () => {
  let module: ModuleRun;
  let dynamodb: DynamoDBClient;

  before(async () => {
    module = await openModule();
    dynamodb = new DynamoDBClient(module.options);
  });
  after(async () => {
    dynamodb?.destroy();
    await module?.close();
  });

  /** A configuration with a state of its own. */
  const configured = (name: string, text: string): string[] => {
    module.terraform.write(`${name}.tfvars`, text);
    return [`-state=${name}.tfstate`, `-var-file=${name}.tfvars`];
  };
  const ids = async (TableName: string): Promise<(string | undefined)[]> =>
    ((await dynamodb.send(new ScanCommand({ TableName }))).Items ?? []).map(({ id }) => id?.S);

  test('limits, a recovery window, policies, insights and Kinesis are set, seen as no change, and taken away', async () => {
    const { terraform, workspace, options } = module;
    const kinesis = new KinesisClient(options);
    await kinesis.send(new CreateStreamCommand({ StreamName: 'changes', ShardCount: 1 }));
    kinesis.destroy();
    const untouched = await standing(workspace.endpoint.url);
    const args = configured('options', OPTIONS);
    await terraform.apply(...args);
    assert.match(await terraform.plan(...args), /No changes\./);
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'options' }));
    assert.deepEqual(Table?.OnDemandThroughput, { MaxReadRequestUnits: 100, MaxWriteRequestUnits: 200 });
    const { ContinuousBackupsDescription } = await dynamodb.send(
      new DescribeContinuousBackupsCommand({ TableName: 'options' }),
    );
    assert.equal(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.RecoveryPeriodInDays, 7);
    await terraform.destroy(...args);
    assert.deepEqual(await standing(workspace.endpoint.url), untouched);
  });

  test('schedules are made, seen as no change, and taken away', async () => {
    const { terraform, workspace } = module;
    const untouched = await standing(workspace.endpoint.url);
    const args = configured('scheduled', SCHEDULED);
    assert.match(await terraform.apply(...args), /Resources: 7 added/);
    assert.match(await terraform.plan(...args), /No changes\./);
    const scheduled = (await standing(workspace.endpoint.url)).filter((it) => it.startsWith('scheduled action'));
    assert.deepEqual(scheduled, ['scheduled action night-read', 'scheduled action night-write']);
    await terraform.destroy(...args);
    assert.deepEqual(await standing(workspace.endpoint.url), untouched);
  });

  test('a table is filled from a file in S3, and one is restored; the second apply tags them', async () => {
    const { terraform, workspace, options } = module;
    const s3 = new S3Client({ ...options, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'imports' }));
    const Body = '{"Item":{"id":{"S":"b"}}}\n';
    await s3.send(new PutObjectCommand({ Bucket: 'imports', Key: 'data/items.json', Body }));
    s3.destroy();
    const source = configured('source', SOURCE);
    await terraform.apply(...source);
    // The latest time to restore to lies five minutes back.
    await workspace.endpoint.setClock({ advance: '10m' });
    for (const [name, text, expected] of [
      ['imported', IMPORTED, 'b'],
      ['restored', RESTORED, 'a'],
    ] as const) {
      const args = configured(name, text);
      await terraform.apply(...args);
      assert.deepEqual(await ids(name), [expected]);
      assert.match(await terraform.apply(...args), /0 added, 1 changed, 0 destroyed/);
      assert.match(await terraform.plan(...args), /No changes\./);
      await terraform.destroy(...args);
    }
    await terraform.destroy(...source);
  });

  for (const major of [1, 2] as const) {
    const program = findAwsCli(major);
    const skip = program === undefined && `the AWS CLI of version ${major} is not installed`;
    test(`AWS CLI ${major} populates in bulk and backs up, on create, change and destroy`, { skip }, async () => {
      const { terraform } = module;
      const table = `filled-${major}`;
      // What a shell would make something of.
      const awkward = 'it\'s "quoted" $HOME `date` $(id) \\ ü\n; --help';
      const filled = (last: string): string[] => {
        const names = [...Array.from({ length: 25 }, (_, at) => `item-${at}`), last];
        const items = JSON.stringify(names.map((id) => ({ id: { S: id } })));
        const cli = `aws_cli_path = "${path.resolve(program ?? '')}"\npopulate_initial_data = true`;
        const text = `table_name = "${table}"\n${KEY}\n${cli}\ncreate_manual_backup = true\ninitial_data_items = ${items}\n`;
        return configured(table, text);
      };
      const backups = async (): Promise<number | undefined> =>
        (await dynamodb.send(new ListBackupsCommand({ TableName: table }))).BackupSummaries?.length;

      assert.match(await terraform.apply(...filled(awkward)), /Resources: 4 added/);
      assert.equal((await ids(table)).length, 26);
      assert.ok((await ids(table)).includes(awkward));
      assert.equal(await backups(), 1);
      assert.match(await terraform.plan(...filled(awkward)), /No changes\./);

      // The batch that changed is written again; what it wrote before stays.
      assert.match(await terraform.apply(...filled('other')), /1 added, 0 changed, 1 destroyed/);
      assert.equal((await ids(table)).length, 27);
      assert.equal(await backups(), 1);

      const state = readFileSync(path.join(terraform.folder, `${table}.tfstate`), 'utf8');
      assert.doesNotMatch(state, /SECRET|ENDPOINT/);
      assert.match(await terraform.destroy(...filled('other')), /Resources: 4 destroyed/);
      assert.equal(await backups(), 1);
    });
  }
});
