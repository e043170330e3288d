// What the module's IAM policies allow, as IAM itself evaluates them: every action of DynamoDB is simulated on the
// table, its index, its stream and what is not its own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  paginateSimulateCustomPolicy,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam';
import { createFunction, type ModuleRun, openModule } from './support/module-run.js';
import { terraformMissing } from './support/programs.js';

const CONFIGURATION = `
table_name = "orders-table"
hash_key   = "orderId"
attributes = [
  { name = "orderId", type = "S" },
  { name = "customer", type = "S" },
]
global_secondary_indexes = [
  { name = "by-customer", hash_key = "customer", projection_type = "ALL" },
]
stream_enabled              = true
create_lambda_access_policy = true
lambda_function_names       = ["order-processing-lambda"]
create_read_only_policy     = true
create_write_only_policy    = true
stream_lambda_functions = {
  orders = { function_name = "order-processing-lambda", starting_position = "LATEST" }
}
`;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
const ACTIONS = (
  'AssociateTableReplica BatchGetItem BatchWriteItem ConditionCheckItem CreateBackup CreateGlobalTable CreateTable ' +
  'CreateTableReplica DeleteBackup DeleteItem DeleteResourcePolicy DeleteTable DeleteTableReplica DescribeBackup ' +
  'DescribeContinuousBackups DescribeContributorInsights DescribeEndpoints DescribeExport DescribeGlobalTable ' +
  'DescribeImport DescribeKinesisStreamingDestination DescribeLimits DescribeStream DescribeTable ' +
  'DescribeTableReplicaAutoScaling DescribeTimeToLive DisableKinesisStreamingDestination ' +
  'EnableKinesisStreamingDestination ExportTableToPointInTime GetItem GetRecords GetResourcePolicy GetShardIterator ' +
  'ImportTable ListBackups ListContributorInsights ListExports ListGlobalTables ListImports ListStreams ListTables ' +
  'ListTagsOfResource PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate PurchaseReservedCapacityOfferings ' +
  'PutItem PutResourcePolicy Query RestoreTableFromAwsBackup RestoreTableFromBackup RestoreTableToPointInTime Scan ' +
  'StartAwsBackupJob TagResource UntagResource UpdateContinuousBackups UpdateContributorInsights UpdateGlobalTable ' +
  'UpdateItem UpdateKinesisStreamingDestination UpdateTable UpdateTableReplicaAutoScaling UpdateTimeToLive'
).split(' ');
const OTHERS = ['iam:PassRole', 'kms:Decrypt', 'lambda:InvokeFunction', 'logs:PutLogEvents', 's3:GetObject'];

const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders-table';
const RESOURCES = {
  table: tableArn,
  index: `${tableArn}/index/by-customer`,
  stream: `${tableArn}/stream/2026-01-01T00:00:00.000`,
  backup: `${tableArn}/backup/01700000000000-12345678`,
  neighbour: `${tableArn}-2`,
  'neighbour index': `${tableArn}-2/index/by-customer`,
  'other region': tableArn.replace('us-east-1', 'eu-west-1'),
};

const READS = ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query', 'Scan'];
const WRITES = ['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'];
const LAMBDA = { table: [...READS, ...WRITES, 'DescribeTable'].sort(), index: ['Query', 'Scan'] };

interface Answer {
  readonly EvaluationResults?: readonly {
    readonly EvalActionName: string | undefined;
    readonly EvalDecision: string | undefined;
  }[];
}

describe("the module's IAM policies", { skip: terraformMissing() }, () => {
  let module: ModuleRun;
  let iam: IAMClient;

  before(async () => {
    module = await openModule();
    module.terraform.write('terraform.tfvars', CONFIGURATION);
    iam = new IAMClient(module.options);
    await createFunction(module, 'order-processing-lambda', 'order-processing');
    await module.terraform.apply();
  });
  after(async () => {
    iam?.destroy();
    await module?.close();
  });

  /** Allowed actions by resource; resources on which nothing is allowed are left out. */
  const allowed = async (simulate: (resource: string) => AsyncIterable<Answer>): Promise<Record<string, string[]>> => {
    const found: Record<string, string[]> = {};
    for (const [name, resource] of Object.entries(RESOURCES)) {
      for await (const { EvaluationResults = [] } of simulate(resource)) {
        for (const { EvalActionName = '', EvalDecision } of EvaluationResults) {
          if (EvalDecision !== 'allowed') continue;
          found[name] = [...(found[name] ?? []), EvalActionName.replace('dynamodb:', '')].sort();
        }
      }
    }
    return found;
  };
  const ActionNames = [...ACTIONS.map((action) => `dynamodb:${action}`), ...OTHERS];
  const ofRole = () =>
    allowed((resource) =>
      paginateSimulatePrincipalPolicy(
        { client: iam },
        { PolicySourceArn: 'arn:aws:iam::000000000000:role/order-processing', ActionNames, ResourceArns: [resource] },
      ),
    );
  const document = async (name: string): Promise<string> => {
    const PolicyArn = `arn:aws:iam::000000000000:policy/orders-table-${name}`;
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return decodeURIComponent(PolicyVersion?.Document ?? '');
  };
  const statements = async (name: string): Promise<string[]> =>
    (JSON.parse(await document(name)) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
  const ofPolicy = async (name: string, returnValues?: string) => {
    const PolicyInputList = [await document(name)];
    const ContextKeyName = 'dynamodb:ReturnValues';
    const ContextEntries =
      returnValues === undefined
        ? []
        : [{ ContextKeyName, ContextKeyType: 'string' as const, ContextKeyValues: [returnValues] }];
    return allowed((resource) =>
      paginateSimulateCustomPolicy(
        { client: iam },
        { PolicyInputList, ActionNames, ResourceArns: [resource], ContextEntries },
      ),
    );
  };

  test('read-only reads the table and its indexes', async () => {
    assert.deepEqual(await ofPolicy('read-only'), {
      table: [...READS, 'DescribeTable', 'DescribeTimeToLive', 'PartiQLSelect'].sort(),
      index: ['PartiQLSelect', 'Query', 'Scan'],
    });
  });

  test('write-only writes the table, and not even a write reads', async () => {
    assert.deepEqual(await ofPolicy('write-only'), { table: WRITES });
    assert.deepEqual(await ofPolicy('write-only', 'NONE'), { table: WRITES });
    for (const values of ['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'])
      assert.deepEqual(await ofPolicy('write-only', values), {});
  });

  test("a function's role gets table and indexes, and the stream only with a trigger", async () => {
    assert.deepEqual(await statements('lambda-access'), ['Table', 'Indexes']);
    assert.deepEqual(await ofRole(), LAMBDA);
    await module.terraform.apply('-var=enable_stream_lambda_triggers=true');
    assert.deepEqual(await statements('lambda-access'), ['Table', 'Indexes', 'Stream']);
    const stream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
    assert.deepEqual(await ofRole(), { ...LAMBDA, stream });
  });
});
