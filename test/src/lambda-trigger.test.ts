// The guide's scenario 5 with the real Terraform: the module wires a table to a function whose role gets its access from
// the module alone, and a written item runs the function.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { findPluginFolder, run, terraformMissing } from './support/programs.js';
import { openWorkspace } from './support/workspace.js';

const FunctionName = 'order-processing-lambda';
const TRUST = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};
const CODE = `exports.handler = async ({ Records }) => {
  for (const { eventName, dynamodb } of Records) console.log(eventName, dynamodb.NewImage.orderId.S);
};`;

test('table-with-lambda: an order runs the function, a second plan has no changes', {
  skip: terraformMissing(),
}, async (t) => {
  const workspace = await openWorkspace();
  t.after(() => workspace.close());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: workspace.endpoint.url, region: 'us-east-1', credentials };
  const clients = {
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    dynamodb: new DynamoDBClient(options),
    logs: new CloudWatchLogsClient(options),
  };
  t.after(() => Object.values(clients).forEach((client) => void client.destroy()));
  const { iam, lambda, dynamodb, logs } = clients;
  const RoleName = 'order-processing-role';
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const ZipFile = zipOfFiles({ 'index.js': CODE });
  const settings = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: Role?.Arn, Timeout: 60 } as const;
  await lambda.send(new CreateFunctionCommand({ FunctionName, ...settings, Code: { ZipFile } }));

  const terraform = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run('terraform', args, { cwd: workspace.folder, env: workspace.env });
    assert.equal(code, 0, `terraform ${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const configuration = '-var-file=examples/table-with-lambda.tfvars';
  await terraform('init', '-no-color', `-plugin-dir=${findPluginFolder()}`);
  assert.match(await terraform('apply', '-no-color', '-auto-approve', configuration), /Resources: 5 added/);
  assert.match(await terraform('plan', '-no-color', configuration), /No changes\./);

  const Item = { orderId: { S: 'order-123' }, amount: { N: '99.99' } };
  await dynamodb.send(new PutItemCommand({ TableName: 'orders-table', Item }));
  await workspace.endpoint.setClock({ advance: '1s' });
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  assert.deepEqual(
    EventSourceMappings?.map(({ State, LastProcessingResult }) => [State, LastProcessingResult]),
    [['Enabled', 'OK']],
  );
  const logGroupName = `/aws/lambda/${FunctionName}`;
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'INSERT' }));
  assert.match(events?.[0]?.message ?? '', /INFO\tINSERT order-123\n$/);
  assert.match(await terraform('destroy', '-no-color', '-auto-approve', configuration), /Resources: 5 destroyed/);
});
