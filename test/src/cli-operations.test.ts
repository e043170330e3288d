// Backups, grants and the target's time, as processes, against an endpoint of their own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { tablewright } from './support/cli.js';
import type { Outcome } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

describe('backup, grant and now', () => {
  let workspace: Workspace;
  let iam: IAMClient;
  const run = (...args: string[]): Promise<Outcome> => tablewright(args, { cwd: workspace.folder, env: workspace.env });
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, `${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };

  before(async () => {
    workspace = await openWorkspace();
    await succeed('apply', '-var-file=examples/simple-table.tfvars');
    await succeed('apply', '-var-file=examples/table-with-gsi.tfvars', '-state=products.tfstate');
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const options = { endpoint: workspace.endpoint.url, region: 'us-east-1', credentials };
    iam = new IAMClient(options);
    const lambda = new LambdaClient(options);
    for (const RoleName of ['role-of-two', 'role-of-one']) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
    }
    for (const [name, role] of [
      ['one', 'role-of-one'],
      ['two', 'role-of-two'],
      ['three', 'role-of-two'],
    ]) {
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Role: `arn:aws:iam::000000000000:role/${role}`,
          Runtime: 'nodejs20.x',
          Handler: 'index.handler',
          Code: { ZipFile: zipOfFiles({ 'index.mjs': 'export const handler = async () => {};' }) },
        }),
      );
    }
    lambda.destroy();
  });
  after(() => {
    iam?.destroy();
    return workspace?.close();
  });

  const attached = async (role: string): Promise<string[]> => {
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }));
    return AttachedPolicies.map(({ PolicyName = '' }) => PolicyName);
  };
  const decisions = async (role: string, resource: string, ...actions: string[]): Promise<Record<string, string>> => {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::000000000000:role/${role}`,
        ActionNames: actions.map((action) => `dynamodb:${action}`),
        ResourceArns: [`arn:aws:dynamodb:us-east-1:000000000000:table/${resource}`],
      }),
    );
    return Object.fromEntries(
      EvaluationResults.map(({ EvalActionName = '', EvalDecision = '' }) => [EvalActionName.slice(9), EvalDecision]),
    );
  };

  test('a backup is made and can be restored when the command is done; both commands have JSON', async () => {
    assert.match(await succeed('backup', 'create', 'users-table', 'before-migration'), /before-migration .*AVAILABLE/);
    const second = JSON.parse(await succeed('backup', 'create', 'users-table', '--json'));
    assert.match(second.name, /^users-table-\d{8}-\d{6}$/);
    assert.match(second.arn, /^arn:aws:dynamodb:us-east-1:000000000000:table\/users-table\/backup\//);
    const listed = JSON.parse(await succeed('backup', 'list', 'users-table', '--json'));
    assert.deepEqual(
      listed.map(({ name }: { name: string }) => name),
      ['before-migration', second.name],
    );
    assert.match(await succeed('backup', 'list'), /before-migration .*USER .*AVAILABLE/);
    assert.equal(await succeed('backup', 'list', 'products-table'), '');
  });

  test('a backup of a table that is not there, or with a name that is none, is refused', async () => {
    const missing = await run('backup', 'create', 'no-table');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /Error: table "no-table" does not exist in us-east-1/);
    const misnamed = await run('backup', 'create', 'users-table', 'a b');
    assert.equal(misnamed.code, 1);
    assert.match(misnamed.stderr, /Error: "a b" is no name for a backup\n→ Use 3 to 255/);
  });

  test('a grant attaches one policy to each role, once, with no more than the table', async () => {
    const first = JSON.parse(await succeed('grant', 'users-table', 'one,two, three', '--json'));
    assert.equal(first.policy, 'created');
    assert.deepEqual(first.grants, [
      { role: 'role-of-one', functions: ['one'], attached: true },
      { role: 'role-of-two', functions: ['two', 'three'], attached: true },
    ]);
    assert.deepEqual(await attached('role-of-two'), ['users-table-us-east-1-functions-read-write']);
    assert.match(await succeed('grant', 'users-table', 'one', 'two'), /unchanged\.\n.*was attached already/);
    assert.deepEqual(await decisions('role-of-one', 'users-table', 'PutItem', 'Query', 'DeleteTable'), {
      PutItem: 'allowed',
      Query: 'allowed',
      DeleteTable: 'implicitDeny',
    });
    assert.deepEqual(await decisions('role-of-one', 'products-table', 'GetItem'), { GetItem: 'implicitDeny' });
  });

  test('read access reads, its indexes included, and writes nothing; a dry run only shows it', async () => {
    const shown = await succeed('grant', 'products-table', 'one', '--access', 'read', '--dry-run');
    assert.match(shown, /"dynamodb:Query"[\s\S]*role-of-one \(one\)/);
    assert.equal((await attached('role-of-one')).length, 1);
    await succeed('grant', 'products-table', 'one', '--access', 'read');
    assert.deepEqual(await decisions('role-of-one', 'products-table', 'GetItem', 'PutItem'), {
      GetItem: 'allowed',
      PutItem: 'implicitDeny',
    });
    assert.deepEqual(await decisions('role-of-one', 'products-table/index/supplier-index', 'Query'), {
      Query: 'allowed',
    });
  });

  test('a table that has gained a stream: the same grant brings the policy up to date, for ever', async () => {
    const stream = (on: boolean) => ['apply', '-var-file=examples/simple-table.tfvars', `-var=stream_enabled=${on}`];
    for (const on of [true, false, true, false, true, false]) {
      await succeed(...stream(on));
      assert.equal(JSON.parse(await succeed('grant', 'users-table', 'one', '--json')).policy, 'updated');
    }
    const PolicyArn = 'arn:aws:iam::000000000000:policy/users-table-us-east-1-functions-read-write';
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    assert.equal(Versions.length, 5);
  });

  test("a table with a customer's key: the grant gives the key, through DynamoDB alone", async () => {
    const options = { endpoint: workspace.endpoint.url, region: 'us-east-1', credentials: iam.config.credentials };
    const kms = new KMSClient(options);
    const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
    kms.destroy();
    await succeed('apply', '-var-file=examples/simple-table.tfvars', `-var=kms_key_arn=${key?.Arn}`);
    await succeed('grant', 'users-table', 'one');
    const mayDecrypt = async (via: string) => {
      const { EvaluationResults = [] } = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: 'arn:aws:iam::000000000000:role/role-of-one',
          ActionNames: ['kms:Decrypt'],
          ResourceArns: [key?.Arn ?? ''],
          ContextEntries: [{ ContextKeyName: 'kms:ViaService', ContextKeyType: 'string', ContextKeyValues: [via] }],
        }),
      );
      return EvaluationResults[0]?.EvalDecision;
    };
    assert.equal(await mayDecrypt('dynamodb.us-east-1.amazonaws.com'), 'allowed');
    assert.equal(await mayDecrypt('s3.us-east-1.amazonaws.com'), 'implicitDeny');
  });

  test('a function that is not there: nothing is granted to the others', async () => {
    const { code, stderr } = await run('grant', 'products-table', 'two', 'nobody');
    assert.equal(code, 1);
    assert.match(stderr, /Error: function "nobody" does not exist in us-east-1/);
    assert.ok(!(await attached('role-of-two')).some((name) => name.startsWith('products-table')));
  });

  test("now follows the endpoint's clock", async () => {
    await workspace.endpoint.setClock({ frozen: true });
    await workspace.endpoint.setClock({ advanceTo: '2031-02-03T04:05:06Z' });
    assert.equal(await succeed('now'), '2031-02-03T04:05:06Z\n');
    assert.equal(await succeed('now', '--ago', '1h5m'), '2031-02-03T03:00:06Z\n');
    const { code, stderr } = await run('now', '--ago', 'yesterday');
    assert.equal(code, 1);
    assert.match(stderr, /must be a duration, such as 90s/);
  });
});
