// Terraform's own S3 backend on the endpoint: locks as objects (use_lockfile) and as items (dynamodb_table), states
// moved in, pulled, pushed, and workspaces. No provider is needed: terraform_data is built in.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { isInstalled } from './support/programs.js';
import { TerraformFolder } from './support/terraform-folder.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const BUCKET = 'tablewright-backend';
const TABLE = 'terraform-locks';
const RESOURCE = 'variable "input" { default = "one" }\nresource "terraform_data" "this" { input = var.input }\n';
const missing = isInstalled('terraform', ['version']) ? false : 'terraform is not installed';

const backend = (key: string, lock: string): string => `
terraform {
  backend "s3" {
    bucket         = "${BUCKET}"
    key            = "${key}"
    region         = "us-east-1"
    use_path_style = true
    ${lock}
  }
}
`;

describe("Terraform's S3 backend", { skip: missing }, () => {
  let workspace: Workspace;
  let s3: S3Client;
  const folders: TerraformFolder[] = [];

  before(async () => {
    workspace = await openWorkspace();
    const { url } = workspace.endpoint;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const options = { endpoint: url, region: 'us-east-1', credentials };
    s3 = new S3Client({ ...options, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const dynamodb = new DynamoDBClient(options);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      }),
    );
    dynamodb.destroy();
  });
  after(async () => {
    s3?.destroy();
    for (const folder of folders) folder.close();
    await workspace?.close();
  });

  const open = (...texts: string[]): TerraformFolder => {
    const folder = new TerraformFolder(workspace.env);
    folders.push(folder);
    folder.write('main.tf', texts.join(''));
    return folder;
  };
  const keys = async (prefix: string): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
    return Contents.map(({ Key }) => Key ?? '');
  };

  for (const [name, lock] of [
    ['use_lockfile', 'use_lockfile = true'],
    ['dynamodb_table', `dynamodb_table = "${TABLE}"`],
  ] as const) {
    test(`${name}: a second run is refused with the lock's info until the lock is forced open`, async () => {
      const key = `${name}/terraform.tfstate`;
      const terraform = open(backend(key, lock), RESOURCE);
      await terraform.init();
      await terraform.succeed('apply', '-no-color', '-auto-approve');
      assert.deepEqual(await keys(name), [key]);
      const holder = await holdLock(terraform);
      try {
        const refused = await terraform.fail('plan', '-no-color', '-var=input=two');
        assert.match(refused, /Error acquiring the state lock/);
        assert.match(refused, new RegExp(`Path: +${BUCKET}/${key}`));
        assert.match(refused, /Operation: OperationTypeApply/);
        const id = /Lock Info: ID: +([0-9a-f-]{36})/.exec(refused)?.[1] ?? '';
        await terraform.succeed('force-unlock', '-force', id);
        assert.match(await terraform.succeed('plan', '-no-color', '-var=input=two'), /1 to change/);
      } finally {
        await giveUp(holder);
      }
      assert.deepEqual(await keys(name), [key]);
      await terraform.succeed('destroy', '-no-color', '-auto-approve');
    });

    test(`${name}: states are pulled and pushed, and every workspace has its own`, async () => {
      const key = `${name}-states/terraform.tfstate`;
      const terraform = open(backend(key, lock), RESOURCE);
      await terraform.init();
      await terraform.succeed('apply', '-no-color', '-auto-approve');
      const pulled = JSON.parse(await terraform.succeed('state', 'pull')) as { serial: number };
      terraform.write('edited.tfstate', JSON.stringify({ ...pulled, serial: pulled.serial + 5 }));
      await terraform.succeed('state', 'push', 'edited.tfstate');
      const again = JSON.parse(await terraform.succeed('state', 'pull')) as { serial: number };
      // Terraform counts the push itself, too.
      assert.ok(again.serial >= pulled.serial + 5, `serial ${again.serial}`);
      await terraform.succeed('workspace', 'new', name);
      await terraform.succeed('apply', '-no-color', '-auto-approve', '-var=input=two');
      assert.match(await terraform.succeed('workspace', 'list'), new RegExp(`default\\n\\* ${name}`));
      assert.deepEqual(await keys(`env:/${name}/`), [`env:/${name}/${key}`]);
      await terraform.succeed('destroy', '-no-color', '-auto-approve');
      await terraform.succeed('workspace', 'select', 'default');
      await terraform.succeed('workspace', 'delete', name);
      assert.deepEqual(await keys(`env:/${name}/`), []);
      assert.match(await terraform.succeed('state', 'list'), /terraform_data\.this/);
    });
  }

  test('a local state moves into the bucket', async () => {
    const key = 'migrated/terraform.tfstate';
    const terraform = open(RESOURCE);
    await terraform.init();
    await terraform.succeed('apply', '-no-color', '-auto-approve');
    terraform.write('backend.tf', backend(key, 'use_lockfile = true'));
    assert.match(await terraform.init('-migrate-state', '-force-copy'), /Successfully configured the backend "s3"/);
    assert.match(await terraform.succeed('plan', '-no-color'), /No changes\./);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    assert.match((await Body?.transformToString()) ?? '', /terraform_data/);
  });
});

/** An apply that has the lock and asks whether to go on. */
async function holdLock({ folder, env }: TerraformFolder): Promise<ChildProcess> {
  const args = ['apply', '-no-color', '-var=input=three'];
  const holder = spawn('terraform', args, { cwd: path.resolve(folder), env: { ...process.env, ...env } });
  let output = '';
  for await (const chunk of holder.stdout) {
    output += chunk;
    if (output.includes('Enter a value:')) break;
  }
  assert.match(output, /Enter a value:/);
  return holder;
}

/** Declines; the lock that it would release is gone, which it complains of. */
async function giveUp(holder: ChildProcess): Promise<void> {
  const closed = once(holder, 'exit');
  holder.stdin?.end('no\n');
  await closed;
}
