// The module's bulk population step, which writes items with the AWS CLI, by both generations of it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { findAwsCli, findPluginFolder, run, terraformMissing } from './support/programs.js';
import { openWorkspace } from './support/workspace.js';

const NOTE = 'a $HOME `b` \\ c "d" \'e\'';

for (const major of [1, 2] as const) {
  const aws = findAwsCli(major);
  const skip = terraformMissing() || (aws === undefined && `version ${major} of the AWS CLI is not installed`);
  test(`60 items arrive as they are, in batches, with version ${major} of the AWS CLI`, { skip }, async (context) => {
    const workspace = await openWorkspace();
    context.after(() => workspace.close());
    writeFileSync(
      path.join(workspace.folder, 'terraform.tfvars.json'),
      JSON.stringify({
        table_name: 'bulk-table',
        hash_key: 'id',
        attributes: [{ name: 'id', type: 'S' }],
        aws_cli_path: aws,
        populate_initial_data: true,
        initial_data_items: Array.from({ length: 60 }, (_, n) => ({ id: { S: `it's "${n}"` }, note: { S: NOTE } })),
      }),
    );
    const plugins = `-plugin-dir=${findPluginFolder()}`;
    for (const args of [
      ['init', plugins],
      ['apply', '-auto-approve'],
    ]) {
      const { code, stdout, stderr } = await run('terraform', args, { cwd: workspace.folder, env: workspace.env });
      assert.equal(code, 0, stdout + stderr);
    }
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new DynamoDBClient({ endpoint: workspace.endpoint.url, region: 'us-east-1', credentials });
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'bulk-table' }));
    client.destroy();
    assert.deepEqual(
      new Set(Items.map(({ id }) => id?.S)),
      new Set(Array.from({ length: 60 }, (_, n) => `it's "${n}"`)),
    );
    assert.ok(Items.every(({ note }) => note?.S === NOTE));
  });
}
