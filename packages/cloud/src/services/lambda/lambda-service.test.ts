import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { testEndpoint } from '../../testing/test-endpoint.js';
import { createWorkerRole } from './testing/lambda-fixture.js';

/** An empty archive with one stored file, by hand: local header, central directory, its end. */
const ZIP = Buffer.concat([
  Buffer.from('504b0304140000000000000000000000000000000000000000000100000061', 'hex'),
  Buffer.from('504b01021400140000000000000000000000000000000000000000000100000000000000000000000000000000', 'hex'),
  Buffer.from('0061504b050600000000010001002f0000001f0000000000', 'hex'),
]);

const CREATE = {
  FunctionName: 'worker',
  Runtime: 'nodejs20.x',
  Role: 'arn:aws:iam::000000000000:role/worker',
  Handler: 'index.handler',
  Code: { ZipFile: ZIP },
  Environment: { Variables: { TABLE: 'users' } },
  Tags: { team: 'ops' },
} as const;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker';

test('a function is kept with code, configuration and tags, also over a restart', async (t) => {
  const endpoint = await testEndpoint(t);
  await createWorkerRole(endpoint);
  let client = new LambdaClient(endpoint.clientOptions());
  const created = await client.send(new CreateFunctionCommand(CREATE));
  assert.equal(created.FunctionArn, ARN);
  assert.equal(created.CodeSha256, createHash('sha256').update(ZIP).digest('base64'));
  assert.equal(created.State, 'Active');
  client.destroy();
  await endpoint.restart();
  client = new LambdaClient(endpoint.clientOptions());
  for (const FunctionName of ['worker', ARN, '000000000000:function:worker', 'worker:$LATEST']) {
    const got = await client.send(new GetFunctionCommand({ FunctionName }));
    assert.deepEqual(got.Configuration?.Environment, { Variables: { TABLE: 'users' } });
    assert.equal(got.Configuration?.Timeout, 3);
    assert.deepEqual(got.Tags, { team: 'ops' });
  }
  const { Versions } = await client.send(new ListVersionsByFunctionCommand({ FunctionName: 'worker' }));
  assert.deepEqual(
    Versions?.map(({ FunctionArn }) => FunctionArn),
    [`${ARN}:$LATEST`],
  );
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  assert.deepEqual(
    Functions?.map(({ FunctionName }) => FunctionName),
    ['worker'],
  );
  const signing = await client.send(new GetFunctionCodeSigningConfigCommand({ FunctionName: 'worker' }));
  assert.equal(signing.CodeSigningConfigArn, '');
  const account = await client.send(new GetAccountSettingsCommand({}));
  assert.deepEqual(account.AccountUsage, { TotalCodeSize: ZIP.length, FunctionCount: 1 });
  client.destroy();
});

test('updates change what they name, and only the revision that was meant', async (t) => {
  const endpoint = await testEndpoint(t);
  await createWorkerRole(endpoint);
  const client = new LambdaClient(endpoint.clientOptions());
  const { RevisionId } = await client.send(new CreateFunctionCommand(CREATE));
  const FunctionName = 'worker';
  const updated = await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 30, RevisionId }));
  assert.equal(updated.Timeout, 30);
  assert.deepEqual(updated.Environment, { Variables: { TABLE: 'users' } });
  await assert.rejects(client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 60, RevisionId })), {
    name: 'PreconditionFailedException',
  });
  const ZipFile = Buffer.concat([ZIP.subarray(0, 31), ZIP.subarray(31)]);
  const code = await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  assert.equal(code.Timeout, 30);
  assert.equal(code.LastUpdateStatus, 'Successful');
  await client.send(new TagResourceCommand({ Resource: ARN, Tags: { stage: 'dev' } }));
  await client.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ['team'] }));
  assert.deepEqual((await client.send(new ListTagsCommand({ Resource: ARN }))).Tags, { stage: 'dev' });
  client.destroy();
});

test('mistakes get the errors of Lambda', async (t) => {
  const endpoint = await testEndpoint(t);
  await createWorkerRole(endpoint);
  const client = new LambdaClient(endpoint.clientOptions());
  await client.send(new CreateFunctionCommand(CREATE));
  await assert.rejects(client.send(new CreateFunctionCommand(CREATE)), { name: 'ResourceConflictException' });
  await assert.rejects(client.send(new GetFunctionConfigurationCommand({ FunctionName: 'none' })), {
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:none',
  });
  const noZip = new CreateFunctionCommand({ ...CREATE, FunctionName: 'w2', Code: { ZipFile: Buffer.from('text') } });
  await assert.rejects(client.send(noZip), { name: 'InvalidParameterValueException' });
  await assert.rejects(client.send(new GetFunctionUrlConfigCommand({ FunctionName: 'worker' })), {
    name: 'UnknownOperationException',
    message: 'Lambda GetFunctionUrlConfig is not emulated by this endpoint',
  });
  await client.send(new DeleteFunctionCommand({ FunctionName: 'worker' }));
  await assert.rejects(client.send(new DeleteFunctionCommand({ FunctionName: 'worker' })), {
    name: 'ResourceNotFoundException',
  });
  client.destroy();
});
