import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  GetLayerVersionCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { lambdaFixture } from '../testing/lambda-fixture.js';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
const FunctionName = 'worker';
const codeOf = (answer: string) =>
  `export const handler = (e, c) => c.done(null, ${JSON.stringify(answer)} + c.functionVersion)`;
const zip = (answer: string) => zipOfFiles({ 'index.mjs': codeOf(answer) });

test('versions keep the code that they were published with', async (t) => {
  const { create, invoke, lambda } = await lambdaFixture(t);
  await create('worker', codeOf('one'));
  const first = await lambda.send(new PublishVersionCommand({ FunctionName }));
  assert.deepEqual([first.Version, first.FunctionArn], ['1', `${ARN}:1`]);
  const same = await lambda.send(new PublishVersionCommand({ FunctionName }));
  assert.equal(same.Version, '1', 'nothing has changed');
  const code = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip('two'), Publish: true }));
  assert.equal(code.Version, '2');
  assert.equal((await invoke('worker:1')).payload, 'one1');
  assert.equal((await invoke('worker:2')).payload, 'two2');
  assert.equal((await invoke('worker')).payload, 'two$LATEST');
  const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
  assert.deepEqual(
    Versions?.map((version) => [version.Version, version.FunctionArn]),
    [
      ['$LATEST', `${ARN}:$LATEST`],
      ['1', `${ARN}:1`],
      ['2', `${ARN}:2`],
    ],
  );
  await lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '1' }));
  await assert.rejects(invoke('worker:1'), {
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN}:1`,
  });
  await assert.rejects(lambda.send(new PublishVersionCommand({ FunctionName, CodeSha256: 'other' })), {
    name: 'InvalidParameterValueException',
  });
});

test('an alias leads to its version, and by weight to another', async (t) => {
  const { create, lambda } = await lambdaFixture(t);
  await create('worker', codeOf('one'), { Publish: true });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip('two'), Publish: true }));
  const alias = await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  assert.equal(alias.AliasArn, `${ARN}:live`);
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live' }));
  assert.equal((await invoke()).ExecutedVersion, '1');
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.5 } };
  await lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', RoutingConfig }));
  const seen = new Set<string | undefined>();
  for (let call = 0; call < 20; call++) seen.add((await invoke()).ExecutedVersion);
  assert.deepEqual([...seen].sort(), ['1', '2']);
  const { Aliases } = await lambda.send(new ListAliasesCommand({ FunctionName }));
  assert.deepEqual(
    Aliases?.map(({ Name, RoutingConfig: routing }) => [Name, routing]),
    [['live', RoutingConfig]],
  );
  await assert.rejects(lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' })), {
    name: 'ResourceConflictException',
  });
  await assert.rejects(lambda.send(new CreateAliasCommand({ FunctionName, Name: 'x', FunctionVersion: '9' })), {
    name: 'ResourceNotFoundException',
  });
  await assert.rejects(lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '2' })), {
    name: 'ResourceConflictException',
  });
});

test('permissions make a policy, statement by statement', async (t) => {
  const { create, lambda } = await lambdaFixture(t);
  await create('worker', codeOf('one'));
  await assert.rejects(lambda.send(new GetPolicyCommand({ FunctionName })), {
    name: 'ResourceNotFoundException',
    message: 'The resource you requested does not exist.',
  });
  const permission = {
    FunctionName,
    StatementId: 's3',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::bucket',
    SourceAccount: '000000000000',
  };
  const { Statement } = await lambda.send(new AddPermissionCommand(permission));
  const statement = {
    Sid: 's3',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: ARN,
    Condition: {
      StringEquals: { 'AWS:SourceAccount': '000000000000' },
      ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' },
    },
  };
  assert.deepEqual(JSON.parse(Statement ?? ''), statement);
  await assert.rejects(lambda.send(new AddPermissionCommand(permission)), { name: 'ResourceConflictException' });
  const { Policy, RevisionId } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  assert.deepEqual(JSON.parse(Policy ?? ''), { Version: '2012-10-17', Id: 'default', Statement: [statement] });
  const remove = { FunctionName, StatementId: 's3' };
  await assert.rejects(lambda.send(new RemovePermissionCommand({ ...remove, RevisionId: 'other' })), {
    name: 'PreconditionFailedException',
  });
  await lambda.send(new RemovePermissionCommand({ ...remove, RevisionId }));
  await assert.rejects(lambda.send(new RemovePermissionCommand(remove)), { name: 'ResourceNotFoundException' });
});

test('layers bring modules, and are versions of their own', async (t) => {
  const { create, invoke, lambda } = await lambdaFixture(t);
  const layer = (answer: string) => ({
    LayerName: 'shared',
    CompatibleRuntimes: ['nodejs20.x' as const],
    Content: { ZipFile: zipOfFiles({ 'nodejs/node_modules/shared/index.js': `module.exports = '${answer}';` }) },
  });
  const first = await lambda.send(new PublishLayerVersionCommand(layer('first')));
  const second = await lambda.send(new PublishLayerVersionCommand(layer('second')));
  assert.deepEqual([first.Version, second.Version], [1, 2]);
  const Code = { ZipFile: zipOfFiles({ 'index.js': "exports.handler = async () => require('shared');" }) };
  const Layers = [first.LayerVersionArn ?? ''];
  await create('worker', '', { Code, Layers });
  assert.equal((await invoke('worker')).payload, 'first');
  const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  assert.deepEqual(configuration.Layers, [{ Arn: Layers[0], CodeSize: first.Content?.CodeSize }]);
  await assert.rejects(create('other', '', { Code, Layers: [`${Layers[0]}9`] }), {
    name: 'InvalidParameterValueException',
  });
  await assert.rejects(lambda.send(new GetLayerVersionCommand({ LayerName: 'shared', VersionNumber: 3 })), {
    name: 'ResourceNotFoundException',
  });
});
