// Auto scaling of the module's table with the real provider, while the scaler really moves capacity.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { DescribeTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type ModuleRun, openModule } from './support/module-run.js';
import { standAtNoon } from './support/noon.js';
import { terraformMissing } from './support/programs.js';
import { standing } from './support/standing.js';

const TableName = 'metered';
const CONFIGURATION = `
table_name   = "${TableName}"
billing_mode = "PROVISIONED"
hash_key     = "id"
attributes = [
  { name = "id", type = "S" },
  { name = "kind", type = "S" },
]
global_secondary_indexes = [
  { name = "by-kind", hash_key = "kind", projection_type = "ALL" },
]
`;

interface Capacities {
  readonly table: number | undefined;
  readonly index: number | undefined;
}

describe('capacity that auto scaling moves', { skip: terraformMissing() }, () => {
  let module: ModuleRun;
  let dynamodb: DynamoDBClient;
  let scaling: ApplicationAutoScalingClient;

  before(async () => {
    module = await openModule();
    module.terraform.write('terraform.tfvars', CONFIGURATION);
    dynamodb = new DynamoDBClient({ ...module.options, maxAttempts: 1 });
    scaling = new ApplicationAutoScalingClient(module.options);
    // Only the test moves the clock, so that nothing is scaled while Terraform runs.
    await standAtNoon(module.workspace.endpoint);
  });
  after(async () => {
    dynamodb?.destroy();
    scaling?.destroy();
    await module?.close();
  });

  const describeTable = async () => (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  const written = async (): Promise<Capacities> => {
    const found = await describeTable();
    return {
      table: found?.ProvisionedThroughput?.WriteCapacityUnits,
      index: found?.GlobalSecondaryIndexes?.[0]?.ProvisionedThroughput?.WriteCapacityUnits,
    };
  };
  const bounds = async (): Promise<string[]> => {
    const { ScalableTargets = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: 'dynamodb' }),
    );
    return ScalableTargets.filter(({ ScalableDimension }) => ScalableDimension?.includes('Write') === true)
      .map(({ ResourceId, MinCapacity, MaxCapacity }) => `${ResourceId} ${MinCapacity}-${MaxCapacity}`)
      .sort();
  };
  /** Minutes in each of which items of 100 units are put, into the table and its index. */
  const traffic = async (minutes: number, putsPerMinute: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute++) {
      for (let at = 0; at < putsPerMinute; at++) {
        const text = { S: String((minute * putsPerMinute + at) % 10).repeat(102_200) };
        const Item = { id: { S: `${at}` }, kind: { S: 'a' }, text };
        await dynamodb.send(new PutItemCommand({ TableName, Item })).catch((error: Error) => {
          assert.equal(error.name, 'ProvisionedThroughputExceededException');
        });
      }
      await module.workspace.endpoint.setClock({ advance: '1m' });
    }
  };
  /** The table and its index get more capacity than `than` by being overdriven. */
  const scaleOut = async (than: number): Promise<Capacities> => {
    await traffic(6, Math.ceil(than));
    const now = await written();
    assert.ok((now.table ?? 0) > than && (now.index ?? 0) > than, JSON.stringify(now));
    return now;
  };
  const on = '-var=enable_autoscaling=true';

  test('is never undone, while what the configuration changes is applied; switching replaces nothing', async () => {
    const { terraform, workspace } = module;
    const before = await standing(workspace.endpoint.url);
    // Without auto scaling the configuration's capacity counts.
    await terraform.apply();
    const created = (await describeTable())?.TableId;
    assert.deepEqual(await written(), { table: 5, index: 5 });
    assert.match(await terraform.apply('-var=write_capacity=6'), /0 added, 1 changed, 0 destroyed/);
    assert.deepEqual(await written(), { table: 6, index: 6 });

    // Switched on: nothing but targets and policies is new. What the scaler moved then is no change.
    assert.match(await terraform.apply('-var=write_capacity=6', on), /8 added, 0 changed, 0 destroyed/);
    const grown = await scaleOut(6);
    assert.match(await terraform.plan('-var=write_capacity=6', on), /No changes\./);

    // Changes of something else leave it alone.
    const changed = ['-var=write_capacity=6', on, '-var=autoscaling_write_max_capacity=80', '-var=tags={team="ops"}'];
    assert.match(await terraform.apply(...changed), /0 added, [34] changed, 0 destroyed/);
    assert.deepEqual(await written(), grown);
    assert.deepEqual(await bounds(), [`table/${TableName} 6-80`, `table/${TableName}/index/by-kind 6-80`]);

    // A raised minimum counts at once.
    await terraform.apply('-var=write_capacity=40', on);
    assert.deepEqual(await written(), { table: 40, index: 40 });
    assert.deepEqual(await bounds(), [`table/${TableName} 40-100`, `table/${TableName}/index/by-kind 40-100`]);
    assert.match(await terraform.plan('-var=write_capacity=40', on), /No changes\./);

    // Off: the configuration's again. On again: what the scaler moves stays.
    assert.match(await terraform.apply(), /0 added, 1 changed, 8 destroyed/);
    assert.deepEqual(await written(), { table: 5, index: 5 });
    assert.match(await terraform.apply(on), /8 added, 0 changed, 0 destroyed/);
    await scaleOut(5);
    assert.match(await terraform.plan(on), /No changes\./);

    assert.equal((await describeTable())?.TableId, created);
    assert.match(await terraform.destroy(on), /9 destroyed/);
    assert.deepEqual(await standing(workspace.endpoint.url), before);
  });
});
