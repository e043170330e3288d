// What a function's role allows decides: the guide's cure for "access denied", from the denial to the granted access.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { cleanEnv } from './support/cli.js';
import { run } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const CODE = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = async ({ table, id }) => {
  await client.send(new PutItemCommand({ TableName: table, Item: { id: { S: id } } }));
  return 'written';
};`;

let workspace: Workspace;
const clients: { destroy(): void }[] = [];

before(async () => {
  workspace = await openWorkspace();
});
after(async () => {
  for (const client of clients) client.destroy();
  await workspace?.close();
});

test('a function without permission is denied, and allowed after setup-lambda-permissions.sh', async () => {
  const options = {
    endpoint: workspace.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const [dynamodb, iam, lambda] = [new DynamoDBClient(options), new IAMClient(options), new LambdaClient(options)];
  clients.push(dynamodb, iam, lambda);
  for (const TableName of ['orders', 'others']) {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
  }
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument }));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Role: Role?.Arn,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Timeout: 30,
      Code: { ZipFile: zipOfFiles({ 'index.mjs': CODE }) },
    }),
  );
  const invoke = async (table: string): Promise<{ error: string | undefined; answer: { errorMessage?: string } }> => {
    const Payload = JSON.stringify({ table, id: 'a' });
    const output = await lambda.send(new InvokeCommand({ FunctionName: 'worker', Payload }));
    return { error: output.FunctionError, answer: JSON.parse(Buffer.from(output.Payload ?? []).toString('utf8')) };
  };
  const denied = await invoke('orders');
  assert.equal(denied.error, 'Unhandled');
  assert.match(
    denied.answer.errorMessage ?? '',
    /^User: arn:aws:sts::000000000000:assumed-role\/worker\/worker is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table\/orders because no identity-based policy allows the dynamodb:PutItem action$/,
  );

  const script = path.join(workspace.folder, 'scripts/setup-lambda-permissions.sh');
  const granted = await run(script, ['orders', 'worker'], {
    cwd: workspace.folder,
    env: { ...cleanEnv(), ...workspace.env },
  });
  assert.equal(granted.code, 0, granted.stdout + granted.stderr);
  assert.deepEqual(await invoke('orders'), { error: undefined, answer: 'written' });
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'a' } } }));
  assert.deepEqual(Item, { id: { S: 'a' } });
  // No more than that was granted.
  assert.match((await invoke('others')).answer.errorMessage ?? '', /is not authorized to perform: dynamodb:PutItem/);
});
