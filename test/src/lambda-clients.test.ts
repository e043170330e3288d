// Functions and their triggers as the real clients see them: Terraform with the AWS provider, and both AWS CLIs.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type LocalEndpoint, startLocalEndpoint } from '@tablewright/cloud';
import { zipOfFiles } from '@tablewright/testkit';
import { AWS_ENV } from './support/aws-env.js';
import { cleanEnv } from './support/cli.js';
import { findAwsCli, run, terraformMissing } from './support/programs.js';
import { TerraformFolder } from './support/terraform-folder.js';

const CODE = `exports.handler = async (event) => {
  if (event.fail) throw new Error('boom');
  for (const record of event.Records ?? []) {
    const data = record.kinesis && JSON.parse(Buffer.from(record.kinesis.data, 'base64'));
    const { eventName, dynamodb } = data ?? record;
    console.log(data ? 'by Kinesis' : 'by the stream', eventName, dynamodb.Keys.orderId.S);
  }
  return { ok: true };
};`;

const CONFIGURATION = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "us-east-1"
}
resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "orderId"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "orderId"
    type = "S"
  }
}
resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_iam_role_policy_attachment" "stream" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"
}
resource "aws_iam_role_policy_attachment" "kinesis" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole"
}
resource "aws_kinesis_stream" "changes" {
  name        = "changes"
  shard_count = 2
}
resource "aws_dynamodb_kinesis_streaming_destination" "orders" {
  table_name = aws_dynamodb_table.orders.name
  stream_arn = aws_kinesis_stream.changes.arn
}
resource "aws_lambda_event_source_mapping" "changes" {
  depends_on                         = [aws_iam_role_policy_attachment.kinesis]
  event_source_arn                   = aws_kinesis_stream.changes.arn
  function_name                      = aws_lambda_function.worker.arn
  starting_position                  = "AT_TIMESTAMP"
  starting_position_timestamp        = "2020-01-01T00:00:00Z"
  batch_size                         = 10000
  maximum_batching_window_in_seconds = 5
  parallelization_factor             = 2
  maximum_record_age_in_seconds      = 604800
}
resource "aws_lambda_layer_version" "shared" {
  layer_name          = "shared"
  filename            = "\${path.module}/code.zip"
  compatible_runtimes = ["nodejs20.x"]
}
resource "aws_lambda_function" "worker" {
  function_name                  = "worker"
  role                           = aws_iam_role.worker.arn
  runtime                        = "nodejs20.x"
  handler                        = "index.handler"
  filename                       = "\${path.module}/code.zip"
  source_code_hash               = filebase64sha256("\${path.module}/code.zip")
  layers                         = [aws_lambda_layer_version.shared.arn]
  publish                        = true
  memory_size                    = 256
  timeout                        = 10
  reserved_concurrent_executions = 5
  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name }
  }
  tags = { team = "ops" }
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.worker.function_name
  function_version = aws_lambda_function.worker.version
}
resource "aws_lambda_permission" "s3" {
  statement_id  = "AllowS3"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.worker.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::bucket"
}
resource "aws_lambda_function_event_invoke_config" "worker" {
  function_name          = aws_lambda_function.worker.function_name
  maximum_retry_attempts = 1
}
resource "aws_lambda_event_source_mapping" "orders" {
  depends_on                     = [aws_iam_role_policy_attachment.stream]
  event_source_arn               = aws_dynamodb_table.orders.stream_arn
  function_name                  = aws_lambda_function.worker.arn
  starting_position              = "TRIM_HORIZON"
  batch_size                     = 10
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = 3
  function_response_types        = ["ReportBatchItemFailures"]
  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["INSERT"] })
    }
  }
  tags = { team = "ops" }
}
`;

function environment({ url }: LocalEndpoint): Record<string, string> {
  return { ...cleanEnv(), ...AWS_ENV, AWS_ENDPOINT_URL: url, CHECKPOINT_DISABLE: '1' };
}

test('Terraform makes a function with all around it, sees no changes, and takes it away', {
  skip: terraformMissing(),
}, async (t) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'tablewright-lambda-'));
  const endpoint = await startLocalEndpoint({ port: 0, dataDir });
  const terraform = new TerraformFolder(environment(endpoint));
  t.after(async () => {
    await endpoint.close();
    terraform.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  writeFileSync(path.join(terraform.folder, 'code.zip'), zipOfFiles({ 'index.js': CODE }));
  terraform.write('main.tf', CONFIGURATION);
  await terraform.init();
  assert.match(await terraform.succeed('apply', '-no-color', '-auto-approve'), /Resources: 13 added/);
  assert.match(await terraform.succeed('plan', '-no-color'), /No changes\./);
  assert.match(await terraform.succeed('destroy', '-no-color', '-auto-approve'), /Resources: 13 destroyed/);
});

for (const major of [1, 2] as const) {
  const program = findAwsCli(major);
  const skip = program === undefined && `the AWS CLI of version ${major} is not installed`;
  test(`the AWS CLI, version ${major}, creates, invokes and wires a function`, { skip }, async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tablewright-lambda-'));
    const endpoint = await startLocalEndpoint({ port: 0, dataDir: path.join(folder, 'data') });
    t.after(async () => {
      await endpoint.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const aws = async (...args: string[]): Promise<Record<string, unknown>> => {
      const raw = major === 2 && args[1] === 'invoke' ? ['--cli-binary-format', 'raw-in-base64-out'] : [];
      const all = [...args, ...raw, '--endpoint-url', endpoint.url, '--output', 'json'];
      const { code, stdout, stderr } = await run(program ?? '', all, { cwd: folder, env: environment(endpoint) });
      assert.equal(code, 0, `aws ${args.join(' ')}\n${stderr}`);
      return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
    };
    const answer = (): unknown => JSON.parse(readFileSync(path.join(folder, 'out.json'), 'utf8'));
    writeFileSync(path.join(folder, 'code.zip'), zipOfFiles({ 'index.js': CODE }));
    const statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await aws('iam', 'create-role', '--role-name', 'worker', '--assume-role-policy-document', trust);
    for (const service of ['DynamoDB', 'Kinesis']) {
      const policy = `arn:aws:iam::aws:policy/service-role/AWSLambda${service}ExecutionRole`;
      await aws('iam', 'attach-role-policy', '--role-name', 'worker', '--policy-arn', policy);
    }
    const name = ['--function-name', 'worker'];
    const role = ['--role', 'arn:aws:iam::000000000000:role/worker'];
    const code = ['--runtime', 'nodejs20.x', '--handler', 'index.handler', '--zip-file', 'fileb://code.zip'];
    await aws('lambda', 'create-function', ...name, ...role, ...code, '--timeout', '60');
    const invoked = await aws('lambda', 'invoke', ...name, '--payload', '{"a":1}', 'out.json');
    assert.deepEqual(invoked, { StatusCode: 200, ExecutedVersion: '$LATEST' });
    assert.deepEqual(answer(), { ok: true });
    const failed = await aws('lambda', 'invoke', ...name, '--payload', '{"fail":true}', 'out.json');
    assert.equal(failed.FunctionError, 'Unhandled');
    assert.equal((answer() as { errorMessage: string }).errorMessage, 'boom');
    const permission = ['--statement-id', 's3', '--action', 'lambda:InvokeFunction', '--principal', 's3.amazonaws.com'];
    await aws('lambda', 'add-permission', ...name, ...permission);
    const { Policy } = await aws('lambda', 'get-policy', ...name);
    assert.equal((JSON.parse(String(Policy)) as { Statement: { Sid: string }[] }).Statement[0]?.Sid, 's3');

    const stream = ['--stream-specification', 'StreamEnabled=true,StreamViewType=NEW_IMAGE'];
    const key = ['--attribute-definitions', 'AttributeName=orderId,AttributeType=S', '--key-schema'];
    const table = [...key, 'AttributeName=orderId,KeyType=HASH', '--billing-mode', 'PAY_PER_REQUEST', ...stream];
    const created = await aws('dynamodb', 'create-table', '--table-name', 'orders', ...table);
    const arn = (created.TableDescription as { LatestStreamArn: string }).LatestStreamArn;
    const source = ['--event-source-arn', arn, '--starting-position', 'TRIM_HORIZON'];
    await aws('lambda', 'create-event-source-mapping', ...name, ...source);
    await aws('kinesis', 'create-stream', '--stream-name', 'changes', '--shard-count', '2');
    const changes = 'arn:aws:kinesis:us-east-1:000000000000:stream/changes';
    const destination = ['--table-name', 'orders', '--stream-arn', changes];
    await aws('dynamodb', 'enable-kinesis-streaming-destination', ...destination);
    await endpoint.setClock({ advance: '1m' });
    const since = ['--starting-position', 'AT_TIMESTAMP', '--starting-position-timestamp', '2020-01-01'];
    await aws('lambda', 'create-event-source-mapping', ...name, '--event-source-arn', changes, ...since);
    await aws('dynamodb', 'put-item', '--table-name', 'orders', '--item', '{"orderId":{"S":"order-123"}}');
    await endpoint.setClock({ advance: '1s' });
    const { EventSourceMappings } = await aws('lambda', 'list-event-source-mappings', ...name);
    const mappings = EventSourceMappings as { State: string; LastProcessingResult: string }[];
    assert.deepEqual(
      mappings.map(({ State, LastProcessingResult }) => [State, LastProcessingResult]),
      [
        ['Enabled', 'OK'],
        ['Enabled', 'OK'],
      ],
    );
    const logs = await aws(
      'logs',
      'filter-log-events',
      '--log-group-name',
      '/aws/lambda/worker',
      '--filter-pattern',
      'INSERT',
    );
    const lines = (logs.events as { message: string }[]).map(({ message }) => message.split('\tINFO\t')[1]);
    assert.deepEqual(lines.sort(), ['by Kinesis INSERT order-123\n', 'by the stream INSERT order-123\n']);
  });
}
