// Every operation of DynamoDB's control plane as a table owner types it, with both generations of the AWS CLI.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AwsCli, type Json, TooOldError } from './support/aws-cli.js';
import { findAwsCli } from './support/programs.js';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const KEYS = '--attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH';
const ON_DEMAND = `dynamodb create-table --table-name orders ${KEYS} --billing-mode PAY_PER_REQUEST`;
const PROVISIONED = `dynamodb create-table --table-name orders ${KEYS} --provisioned-throughput ReadCapacityUnits=9,WriteCapacityUnits=9`;
const UPDATE = 'dynamodb update-table --table-name orders';

type Scenario = (aws: AwsCli) => Promise<void>;

/** A member of an answer, by its path. */
function at(answer: Json, ...names: readonly (string | number)[]): unknown {
  return names.reduce(
    (value, name) => (value as Record<string | number, unknown> | undefined)?.[name],
    answer as unknown,
  );
}

async function create(aws: AwsCli, line = ON_DEMAND): Promise<void> {
  assert.equal(at(await aws.do(line), 'TableDescription', 'TableStatus'), 'CREATING');
  await aws.pass('1s');
  assert.equal((await aws.table()).TableStatus, 'ACTIVE');
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a table is created with all that it can have, and deleted': async (aws) => {
    const json = (value: unknown): string => JSON.stringify(value);
    const name = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
    const units = { ReadCapacityUnits: 2, WriteCapacityUnits: 3 };
    await create(
      aws,
      `dynamodb create-table --table-name orders
        --attribute-definitions AttributeName=id,AttributeType=S AttributeName=at,AttributeType=N AttributeName=who,AttributeType=S
        --key-schema AttributeName=id,KeyType=HASH AttributeName=at,KeyType=RANGE
        --local-secondary-indexes ${json([{ IndexName: 'local', KeySchema: [name('id', 'HASH'), name('who', 'RANGE')], Projection: { ProjectionType: 'KEYS_ONLY' } }])}
        --global-secondary-indexes ${json([{ IndexName: 'global', KeySchema: [name('who', 'HASH')], Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['sum'] }, ProvisionedThroughput: units }])}
        --provisioned-throughput ReadCapacityUnits=5,WriteCapacityUnits=6
        --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES
        --sse-specification Enabled=true,SSEType=KMS
        --table-class STANDARD_INFREQUENT_ACCESS
        --tags Key=team,Value=shop`,
    );
    const table = await aws.table();
    assert.deepEqual(
      [
        at(table, 'ProvisionedThroughput', 'WriteCapacityUnits'),
        at(table, 'LocalSecondaryIndexes', 0, 'Projection', 'ProjectionType'),
        at(table, 'GlobalSecondaryIndexes', 0, 'IndexStatus'),
        at(table, 'GlobalSecondaryIndexes', 0, 'ProvisionedThroughput', 'ReadCapacityUnits'),
        at(table, 'StreamSpecification', 'StreamViewType'),
        at(table, 'SSEDescription', 'Status'),
        at(table, 'TableClassSummary', 'TableClass'),
      ],
      [6, 'KEYS_ONLY', 'ACTIVE', 2, 'NEW_AND_OLD_IMAGES', 'ENABLED', 'STANDARD_INFREQUENT_ACCESS'],
    );
    assert.deepEqual(at(await aws.do(`dynamodb list-tags-of-resource --resource-arn ${ARN}`), 'Tags'), [
      { Key: 'team', Value: 'shop' },
    ]);
    assert.equal(
      at(await aws.do(`dynamodb delete-table --table-name ${ARN}`), 'TableDescription', 'TableStatus'),
      'DELETING',
    );
    await aws.pass('1s');
    await aws.refused(
      'dynamodb describe-table --table-name orders',
      'ResourceNotFoundException',
      /Table: orders not found/,
    );
    assert.deepEqual((await aws.do('dynamodb list-tables')).TableNames, []);
  },

  'a table is protected against deletion': async (aws) => {
    await create(aws, `${ON_DEMAND} --deletion-protection-enabled`);
    await aws.refused(`dynamodb delete-table --table-name ${ARN}`, 'ValidationException', /protected against deletion/);
    await aws.do(`${UPDATE} --no-deletion-protection-enabled`);
    await aws.refused(`${UPDATE} --deletion-protection-enabled`, 'ThrottlingException', /within the previous 15000/);
    await aws.do('dynamodb delete-table --table-name orders');
  },

  'billing modes are switched, four times a day to on demand': async (aws) => {
    await create(aws);
    const provision = '--provisioned-throughput ReadCapacityUnits=5,WriteCapacityUnits=5';
    const to = await aws.do(`${UPDATE} --billing-mode PROVISIONED ${provision}`);
    assert.equal(at(to, 'TableDescription', 'TableStatus'), 'UPDATING');
    await aws.pass('1s');
    await aws.do(`${UPDATE} --billing-mode PAY_PER_REQUEST`);
    await aws.pass('1s');
    const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
    for (let count = 0; count < 4; count++) {
      if (count > 0) await aws.update({ BillingMode: 'PAY_PER_REQUEST' });
      await aws.update({ BillingMode: 'PROVISIONED', ProvisionedThroughput });
    }
    await aws.refused(
      `${UPDATE} --billing-mode PAY_PER_REQUEST`,
      'LimitExceededException',
      /limited to 4 times in 1 day\(s\)/,
    );
    assert.equal(at(await aws.table(), 'BillingModeSummary', 'BillingMode'), 'PROVISIONED');
  },

  'capacity is raised at will, and lowered four times a day, then once an hour': async (aws) => {
    await create(aws, PROVISIONED);
    const lower = (units: number): string =>
      `${UPDATE} --provisioned-throughput ReadCapacityUnits=${units},WriteCapacityUnits=9`;
    await aws.do(lower(8));
    await aws.pass('1s');
    for (const ReadCapacityUnits of [7, 6, 5]) {
      await aws.update({ ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits: 9 } });
    }
    await aws.refused(lower(4), 'LimitExceededException', /Number of decreases today: 4/);
    await aws.refused(lower(5), 'ValidationException', /will not change/);
    assert.equal(at(await aws.do(lower(20)), 'TableDescription', 'ProvisionedThroughput', 'ReadCapacityUnits'), 5);
    await aws.pass('1s');
    const { NumberOfDecreasesToday, ReadCapacityUnits } = (await aws.table()).ProvisionedThroughput as Json;
    assert.deepEqual([NumberOfDecreasesToday, ReadCapacityUnits], [4, 20]);
  },

  'an index is added, filled in sight, changed and removed': async (aws) => {
    await create(aws, PROVISIONED);
    const updates = (update: unknown): string => `--global-secondary-index-updates ${JSON.stringify([update])}`;
    const states = async (): Promise<unknown[]> => {
      const table = await aws.table();
      const indexes = (table.GlobalSecondaryIndexes ?? []) as Json[];
      return [table.TableStatus, ...indexes.flatMap((index) => [index.IndexStatus, index.Backfilling])];
    };
    const units = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
    const creation = {
      Create: {
        IndexName: 'by-who',
        KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
        ProvisionedThroughput: units,
      },
    };
    await aws.do(`${UPDATE} --attribute-definitions AttributeName=who,AttributeType=S ${updates(creation)}`);
    assert.deepEqual(await states(), ['UPDATING', 'CREATING', false]);
    await aws.pass('1s');
    assert.deepEqual(await states(), ['ACTIVE', 'CREATING', true]);
    await aws.refused(
      'dynamodb scan --table-name orders --index-name by-who',
      'ValidationException',
      /Cannot read from backfilling global secondary index/,
    );
    await aws.pass('1s');
    assert.deepEqual(await states(), ['ACTIVE', 'ACTIVE', undefined]);
    await aws.do(
      `${UPDATE} ${updates({ Update: { IndexName: 'by-who', ProvisionedThroughput: { ...units, ReadCapacityUnits: 2 } } })}`,
    );
    assert.deepEqual(await states(), ['ACTIVE', 'UPDATING', undefined]);
    await aws.pass('1s');
    await aws.do(`${UPDATE} ${updates({ Delete: { IndexName: 'by-who' } })}`);
    assert.deepEqual(await states(), ['UPDATING', 'DELETING', undefined]);
    await aws.pass('1s');
    assert.deepEqual(await states(), ['ACTIVE']);
  },

  'streams, encryption and the table class are changed one at a time': async (aws) => {
    await create(aws);
    const on = '--stream-specification StreamEnabled=true,StreamViewType=KEYS_ONLY';
    await aws.refused(
      `${UPDATE} ${on} --sse-specification Enabled=true`,
      'ValidationException',
      /Server-Side Encryption modification must be the only operation/,
    );
    await aws.do(`${UPDATE} ${on}`);
    await aws.pass('1s');
    await aws.refused(`${UPDATE} ${on}`, 'ValidationException', /Table already has an enabled stream/);
    const { LatestStreamArn: arn } = await aws.table();
    const stream = await aws.do(`dynamodbstreams describe-stream --stream-arn ${arn}`);
    assert.equal(at(stream, 'StreamDescription', 'StreamStatus'), 'ENABLED');
    await aws.do(`${UPDATE} --stream-specification StreamEnabled=false`);
    await aws.pass('1s');
    const key = at(await aws.do('kms create-key'), 'KeyMetadata', 'Arn');
    await aws.do(`${UPDATE} --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=${key}`);
    assert.equal(at(await aws.table(), 'SSEDescription', 'Status'), 'UPDATING');
    await aws.pass('1s');
    assert.deepEqual((await aws.table()).SSEDescription, { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: key });
    for (const name of ['STANDARD_INFREQUENT_ACCESS', 'STANDARD']) {
      await aws.do(`${UPDATE} --table-class ${name}`);
      await aws.pass('1s');
      assert.equal(at(await aws.table(), 'TableClassSummary', 'TableClass'), name);
    }
    await aws.refused(
      `${UPDATE} --table-class STANDARD_INFREQUENT_ACCESS`,
      'LimitExceededException',
      /limited to 2 times in 30 day/,
    );
  },

  'tags and time to live': async (aws) => {
    await create(aws);
    await aws.do(`dynamodb tag-resource --resource-arn ${ARN} --tags Key=a,Value=1 Key=b,Value=2`);
    await aws.do(`dynamodb untag-resource --resource-arn ${ARN} --tag-keys a missing`);
    assert.deepEqual(at(await aws.do(`dynamodb list-tags-of-resource --resource-arn ${ARN}`), 'Tags'), [
      { Key: 'b', Value: '2' },
    ]);
    const set = (enabled: boolean): string =>
      `dynamodb update-time-to-live --table-name ${ARN} --time-to-live-specification Enabled=${enabled},AttributeName=expires`;
    const status = async (): Promise<unknown> =>
      at(
        await aws.do(`dynamodb describe-time-to-live --table-name ${ARN}`),
        'TimeToLiveDescription',
        'TimeToLiveStatus',
      );
    await aws.do(set(true));
    assert.equal(await status(), 'ENABLING');
    await aws.pass('1s');
    assert.equal(await status(), 'ENABLED');
    await aws.refused(set(false), 'ValidationException', /multiple times within a fixed interval/);
    await aws.pass('1h');
    await aws.do(set(false));
    await aws.pass('1s');
    assert.equal(await status(), 'DISABLED');
  },

  'the scaling of all replicas at once': async (aws) => {
    await create(aws, PROVISIONED);
    const scaled =
      'MinimumUnits=5,MaximumUnits=40,ScalingPolicyUpdate={TargetTrackingScalingPolicyConfiguration={TargetValue=70}}';
    const update = 'dynamodb update-table-replica-auto-scaling --table-name orders';
    const scalable = '--service-namespace dynamodb --resource-id table/orders';
    const writes = `${scalable} --scalable-dimension dynamodb:table:WriteCapacityUnits`;
    await aws.do(`application-autoscaling register-scalable-target ${writes} --min-capacity 5 --max-capacity 20`);
    const metric = 'PredefinedMetricSpecification={PredefinedMetricType=DynamoDBWriteCapacityUtilization}';
    await aws.do(
      `application-autoscaling put-scaling-policy ${writes} --policy-name writes --policy-type TargetTrackingScaling ` +
        `--target-tracking-scaling-policy-configuration TargetValue=70,${metric}`,
    );
    await aws.update({ ReplicaUpdates: [{ Create: { RegionName: 'eu-west-1' } }] });
    await aws.do(`${update} --provisioned-write-capacity-auto-scaling-update ${scaled}`);
    const reads = `RegionName=eu-west-1,ReplicaProvisionedReadCapacityAutoScalingUpdate={${scaled}}`;
    await aws.do(`${update} --replica-updates ${reads}`);
    const answer = await aws.do('dynamodb describe-table-replica-auto-scaling --table-name orders');
    const settings = (replica: number, direction: string) => {
      const member = `ReplicaProvisioned${direction}CapacityAutoScalingSettings`;
      return at(answer, 'TableAutoScalingDescription', 'Replicas', replica, member);
    };
    // By region: eu-west-1 comes before us-east-1.
    assert.deepEqual(settings(1, 'Read'), { AutoScalingDisabled: true, ScalingPolicies: [] });
    assert.equal(at(settings(1, 'Write') as Json, 'MaximumUnits'), 40);
    assert.equal(
      at(settings(0, 'Read') as Json, 'ScalingPolicies', 0, 'PolicyName'),
      'DynamoDBReadCapacityUtilization:table/orders',
    );
    await aws.refused(
      `${update} --replica-updates ${reads.replace('eu', 'me')}`,
      'ResourceNotFoundException',
      /replica does not exist/,
    );
  },
  'names by ARN, limits and endpoints': async (aws) => {
    await create(aws);
    await aws.do(`dynamodb put-item --table-name ${ARN} --item {"id":{"S":"1"}}`);
    assert.deepEqual((await aws.do(`dynamodb get-item --table-name ${ARN} --key {"id":{"S":"1"}}`)).Item, {
      id: { S: '1' },
    });
    assert.equal((await aws.do(`dynamodb scan --table-name ${ARN}`)).Count, 1);
    assert.equal(at(await aws.do(`dynamodb describe-table --table-name ${ARN}`), 'Table', 'TableName'), 'orders');
    const backups = await aws.do(`dynamodb describe-continuous-backups --table-name ${ARN}`);
    assert.equal(at(backups, 'ContinuousBackupsDescription', 'ContinuousBackupsStatus'), 'ENABLED');
    await aws.refused(
      `dynamodb describe-table --table-name ${ARN.replace('us-east-1', 'eu-west-1')}`,
      'ValidationException',
      /Invalid AWS region in/,
    );
    assert.deepEqual(await aws.do('dynamodb describe-limits'), {
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    });
    const { host } = new URL(aws.endpoint.url);
    assert.deepEqual(await aws.do('dynamodb describe-endpoints'), {
      Endpoints: [{ Address: host, CachePeriodInMinutes: 1440 }],
    });
  },

  'on-demand maximums and warm throughput': async (aws) => {
    await create(aws, `${ON_DEMAND} --on-demand-throughput MaxReadRequestUnits=100,MaxWriteRequestUnits=50`);
    await aws.do(`${UPDATE} --on-demand-throughput MaxReadRequestUnits=-1`);
    assert.deepEqual((await aws.table()).OnDemandThroughput, { MaxWriteRequestUnits: 50 });
    await aws.do(`${UPDATE} --warm-throughput ReadUnitsPerSecond=13000,WriteUnitsPerSecond=5000`);
    const warm = async (): Promise<unknown> => Object.values((await aws.table()).WarmThroughput as Json);
    assert.deepEqual(await warm(), [12_000, 4000, 'UPDATING']);
    await aws.pass('1s');
    assert.deepEqual(await warm(), [13_000, 5000, 'ACTIVE']);
    await aws.refused(
      `${UPDATE} --warm-throughput ReadUnitsPerSecond=12000`,
      'ValidationException',
      /decreasing WarmThroughput is not supported/,
    );
  },

  'resource policies of a table and of its stream': async (aws) => {
    await create(aws, `${ON_DEMAND} --stream-specification StreamEnabled=true,StreamViewType=KEYS_ONLY`);
    const arns = [ARN, String((await aws.table()).LatestStreamArn)];
    for (const arn of arns) {
      const policy = (Effect: string): string =>
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect, Principal: { AWS: '111122223333' }, Action: ['dynamodb:*'], Resource: [arn] }],
        });
      const put = `dynamodb put-resource-policy --resource-arn ${arn} --policy`;
      const { RevisionId: revision } = await aws.do(`${put} ${policy('Allow')} --expected-revision-id NO_POLICY`);
      const read = await aws.do(`dynamodb get-resource-policy --resource-arn ${arn}`);
      assert.equal(read.RevisionId, revision);
      assert.equal(
        at(JSON.parse(String(read.Policy)), 'Statement', 0, 'Principal', 'AWS'),
        'arn:aws:iam::111122223333:root',
      );
      await aws.refused(`${put} ${policy('Deny')}`, 'ResourceInUseException', /pending previous resource-based policy/);
      await aws.refused(
        `dynamodb delete-resource-policy --resource-arn ${arn} --expected-revision-id 1`,
        'PolicyNotFoundException',
        /Requested update for policy with revision id 1, but the policy/,
      );
      await aws.pass('15s');
      assert.equal((await aws.do(`dynamodb delete-resource-policy --resource-arn ${arn}`)).RevisionId, revision);
    }
  },

  'contributor insights, and the report of what they counted': async (aws) => {
    await create(aws);
    const insights = 'contributor-insights --table-name orders';
    const enabled = await aws.do(`dynamodb update-${insights} --contributor-insights-action ENABLE`);
    assert.equal(enabled.ContributorInsightsStatus, 'ENABLING');
    await aws.pass('1s');
    const described = await aws.do(`dynamodb describe-${insights}`);
    const [rule] = described.ContributorInsightsRuleList as string[];
    assert.match(String(rule), /^DynamoDBContributorInsights-PKC-orders-\d{13}$/);
    assert.equal(
      at(await aws.do('dynamodb list-contributor-insights'), 'ContributorInsightsSummaries', 0, 'TableName'),
      'orders',
    );
    await aws.do('dynamodb put-item --table-name orders --item {"id":{"S":"hot"}}');
    const now = aws.endpoint.clock().nowMs;
    const window = `--start-time ${new Date(now - 3_600_000).toISOString()} --end-time ${new Date(now + 3_600_000).toISOString()}`;
    const report = await aws.do(`cloudwatch get-insight-rule-report --rule-name ${rule} ${window} --period 60`);
    assert.deepEqual(
      [report.KeyLabels, report.AggregateValue, at(report, 'Contributors', 0, 'Keys')],
      [['PartitionKey'], 3, ['hot']],
    );
    assert.equal(at(await aws.do('cloudwatch describe-insight-rules'), 'InsightRules', 0, 'Name'), rule);
    const disabled = await aws.do(`dynamodb update-${insights} --contributor-insights-action DISABLE`);
    assert.equal(disabled.ContributorInsightsStatus, 'DISABLING');
  },

  'contributor insights of throttled keys alone': async (aws) => {
    await create(aws);
    const mode = '--contributor-insights-mode THROTTLED_KEYS';
    await aws.do(
      `dynamodb update-contributor-insights --table-name orders --contributor-insights-action ENABLE ${mode}`,
    );
    await aws.pass('1s');
    const described = await aws.do('dynamodb describe-contributor-insights --table-name orders');
    assert.equal(described.ContributorInsightsMode, 'THROTTLED_KEYS');
    assert.match(String(described.ContributorInsightsRuleList), /^DynamoDBContributorInsights-PKT-orders-\d{13}$/);
  },
};

for (const major of [1, 2] as const) {
  const program = findAwsCli(major);
  const skip = program === undefined && `the AWS CLI of version ${major} is not installed`;
  describe(`the control plane by the AWS CLI, version ${major}`, { skip, concurrency: 2 }, () => {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      test(name, async (context) => {
        try {
          await scenario(await AwsCli.open(context, program ?? ''));
        } catch (error) {
          if (!(error instanceof TooOldError)) throw error;
          context.skip(`this AWS CLI is too old: ${error.message}`);
        }
      });
    }
  });
}
