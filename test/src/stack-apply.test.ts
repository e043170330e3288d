// The built-in engine against the local endpoint: what it makes, changes and takes down, and how it fails.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { DeleteTableCommand, DescribeTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import { type LocalEndpoint, startLocalEndpoint } from '@tablewright/cloud';
import { importResource, listResources, loadConfiguration, renderPlan } from '@tablewright/stack';
import { StackRun } from './support/stack-run.js';

const TABLE = 'aws_dynamodb_table.this';
const item = (key: string): string => `aws_dynamodb_table_item.static_items["${key}"]`;

let endpoint: LocalEndpoint;
let dataDir: string;
let dynamodb: DynamoDBClient;
let run: StackRun;
let name = 0;

before(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'tablewright-data-'));
  endpoint = await startLocalEndpoint({ port: 0, dataDir });
});
after(async () => {
  await endpoint.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  run = new StackRun(endpoint.url);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  dynamodb = new DynamoDBClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
  name += 1;
});
afterEach(() => {
  dynamodb.destroy();
  run.close();
});

const tableName = (): string => `table-${name}`;
const base = (more = ''): string =>
  `table_name = "${tableName()}"\nhash_key = "id"\nattributes = [{ name = "id", type = "S" }]\n${more}`;
const items = (...keys: string[]): string => {
  const lines = keys.map((key) => `  ${key} = { id = { S = "${key}" }, n = { N = "1.50" } }`);
  return `use_terraform_items = true\nterraform_managed_items = {\n${lines.join('\n')}\n}\n`;
};
const describeTable = async () =>
  (await dynamodb.send(new DescribeTableCommand({ TableName: tableName() }))).Table ?? assert.fail('no table');

async function failure(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  return error;
}

describe('apply', () => {
  test('makes table and items, saves outputs, and a second plan finds nothing to do', async () => {
    run.configure(base(items('a', 'b')));
    const { added, state } = await run.apply();
    assert.equal(added, 3);
    assert.deepEqual(listResources(state), [TABLE, item('a'), item('b')]);
    assert.equal(state.outputs.table_id?.value, tableName());
    assert.equal(state.outputs.table_stream_arn, undefined);
    const plan = await run.plan();
    assert.equal(plan.applyable, false);
    assert.equal(renderPlan(plan), 'No changes. Your infrastructure matches the configuration.');
    const lines = run.events.map((event) => event.line);
    assert.equal(lines[0], `${TABLE}: Creating...`);
    assert.match(lines[1] ?? '', new RegExp(`^${TABLE}: Creation complete after \\d+s \\[id=${tableName()}\\]$`));
  });

  test('changes in place what can be, and the table itself has it afterwards', async () => {
    run.configure(base());
    await run.apply();
    run.configure(
      `table_name = "${tableName()}"\nhash_key = "id"\nbilling_mode = "PROVISIONED"\nstream_enabled = true
      attributes = [{ name = "id", type = "S" }, { name = "g", type = "N" }]
      global_secondary_indexes = [{ name = "by-g", hash_key = "g", projection_type = "ALL", read_capacity = 2 }]
      ttl_enabled = true\npoint_in_time_recovery = false\ntags = { A = "b" }`,
    );
    assert.deepEqual(await run.pending(), { [TABLE]: 'update' });
    assert.equal((await run.apply()).changed, 1);
    assert.deepEqual(await run.pending(), {});
    const table = await describeTable();
    assert.equal(table.BillingModeSummary?.BillingMode, 'PROVISIONED');
    assert.equal(table.GlobalSecondaryIndexes?.[0]?.ProvisionedThroughput?.ReadCapacityUnits, 2);
    assert.equal(table.StreamSpecification?.StreamEnabled, true);
    run.configure(base());
    await run.apply();
    assert.deepEqual(await run.pending(), {});
    assert.equal((await describeTable()).GlobalSecondaryIndexes, undefined);
  });

  test('replaces the table for another key, and makes its items again', async () => {
    run.configure(base(items('a')));
    await run.apply();
    const before = (await describeTable()).TableId;
    run.configure(base(items('a')).replace('}]', '}, { name = "n", type = "N" }]').concat('range_key = "n"\n'));
    assert.deepEqual(await run.pending(), { [TABLE]: 'delete create', [item('a')]: 'delete create' });
    assert.deepEqual(((await run.plan()).resource_changes[0] ?? assert.fail()).change.replace_paths, [['range_key']]);
    await run.apply();
    assert.notEqual((await describeTable()).TableId, before);
    assert.deepEqual(await run.pending(), {});
  });

  test('goes on after a failure with what is missing', async () => {
    run.configure(base());
    await run.apply();
    await dynamodb.send(new PutItemCommand({ TableName: tableName(), Item: { id: { S: 'a' } } }));
    run.configure(base(items('a', 'b')));
    const error = await failure(run.apply());
    assert.match(error.message, /the item table-\d+\|id\|a exists already, but not in this state/);
    assert.deepEqual(await run.pending(), { [item('a')]: 'create' });
    run.configure(base(items('b')));
    await run.apply();
    assert.deepEqual(await run.pending(), {});
  });

  test('stops when it is interrupted, and the next apply goes on', async () => {
    run.configure(base(items('a', 'b')));
    const abort = new AbortController();
    const stop = (event: { kind: string }): void => {
      if (event.kind === 'created') abort.abort();
    };
    const error = await failure(run.apply(undefined, stop, abort.signal));
    assert.match(error.message, /interrupted after 1 changes; the state has everything that was done/);
    assert.equal(error.exitCode, 130);
    assert.deepEqual(await run.pending(), { [item('a')]: 'create', [item('b')]: 'create' });
  });

  test('refuses a plan that was made for an older state', async () => {
    run.configure(base());
    const plan = await run.plan();
    await run.apply();
    const error = await failure(run.apply(plan));
    assert.match(error.message, /terraform\.tfstate has changed since the plan was made/);
  });

  test('limits itself to its targets and what they depend on', async () => {
    run.configure(base(items('a', 'b')));
    const { state } = await run.apply(await run.plan([item('b')]));
    assert.deepEqual(listResources(state), [TABLE, item('b')]);
    const error = await failure(run.plan(['aws_dynamodb_table_backup.manual']));
    assert.match(error.message, /-target=aws_dynamodb_table_backup\.manual is neither in the configuration/);
  });
});

describe('what happens outside', () => {
  test('is found by the refresh and set right', async () => {
    run.configure(base(`${items('a')}tags = { A = "b" }`));
    await run.apply();
    await dynamodb.send(new PutItemCommand({ TableName: tableName(), Item: { id: { S: 'a' }, x: { BOOL: true } } }));
    const plan = await run.plan();
    assert.deepEqual(
      plan.resource_drift.map((it) => it.address),
      [item('a')],
    );
    assert.deepEqual(await run.pending(), { [item('a')]: 'update' });
    await run.apply();
    assert.deepEqual(await run.pending(), {});
  });

  test('a table that was deleted is made again, with its items', async () => {
    run.configure(base(items('a')));
    await run.apply();
    await dynamodb.send(new DeleteTableCommand({ TableName: tableName() }));
    assert.deepEqual(await run.pending(), { [TABLE]: 'create', [item('a')]: 'create' });
    await run.apply();
    assert.deepEqual(await run.pending(), {});
  });

  test('an endpoint that is down is an error, not an empty table', async () => {
    run.configure(base());
    await run.apply();
    const down = new StackRun('http://127.0.0.1:9', run.folder);
    const before = await run.backend.read();
    const error = await failure(down.plan());
    assert.match(
      error.message,
      /cannot read table table-\d+: http:\/\/127\.0\.0\.1:9 does not answer \(ECONNREFUSED\)/,
    );
    assert.match(error.remedy, /tablewright local start/);
    assert.deepEqual(await run.backend.read(), before);
  });

  test('a table that exists is not taken over, but can be imported', async () => {
    run.configure(base());
    await run.apply();
    const other = new StackRun(endpoint.url);
    other.configure(base());
    const error = await failure(other.apply());
    assert.match(error.message, /exists already, but not in this state/);
    assert.match(error.remedy, /import aws_dynamodb_table\.this table-\d+/);
    const configuration = await loadConfiguration({ cwd: other.folder });
    const options = { aws: other.aws, backend: other.backend, configuration, address: TABLE };
    assert.match((await failure(importResource({ ...options, id: 'nowhere' }))).message, /AWS has no .*"nowhere"/);
    await importResource({ ...options, id: tableName() });
    assert.deepEqual(await other.pending(), {});
    other.close();
  });
});

describe('destroy', () => {
  test('takes everything down without needing the configuration', async () => {
    run.configure(base(items('a')));
    await run.apply();
    rmSync(path.join(run.folder, 'terraform.tfvars'));
    const { destroyed, state } = await run.destroy();
    assert.equal(destroyed, 2);
    assert.deepEqual([state.resources, state.outputs], [[], {}]);
    await assert.rejects(describeTable(), { name: 'ResourceNotFoundException' });
  });

  test('of a protected table fails as AWS does, with the remedy, and the table stays', async () => {
    run.configure(base('deletion_protection = true\n'));
    await run.apply();
    const error = await failure(run.destroy());
    assert.match(error.message, /ValidationException: .*deletion protection/);
    assert.match(error.remedy, /deletion_protection = false/);
    assert.deepEqual(await run.pending(), {});
    run.configure(base());
    await run.apply();
    await run.destroy();
  });
});

test('a state with a resource of an unknown type is refused by its address, untouched', async () => {
  run.configure(base());
  const { state } = await run.apply();
  const foreign = {
    mode: 'managed' as const,
    type: 'aws_iam_policy',
    name: 'custom',
    provider: 'x',
    instances: [{ schema_version: 0, attributes: {} }],
  };
  const text = JSON.stringify({ ...state, resources: [...state.resources, foreign] });
  writeFileSync(path.join(run.folder, 'terraform.tfstate'), text);
  const error = await failure(run.plan());
  assert.match(error.message, /the state has aws_iam_policy\.custom, a type of resource that is not handled yet/);
});
