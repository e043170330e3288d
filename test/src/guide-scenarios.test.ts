// Scenarios 1, 2, 7 and 11 of the operations guide, their commands as the guide writes them, in a copy of the module.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { awsCliMissing, findPluginFolder, type Outcome, run, terraformMissing } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

describe('the operations guide', { skip: terraformMissing() || awsCliMissing() }, () => {
  let workspace: Workspace;
  /** Types "yes" wherever a command asks. */
  const bash = (script: string): Promise<Outcome> =>
    run('bash', ['-euo', 'pipefail', '-c', script], { cwd: workspace.folder, env: workspace.env, input: 'yes\n' });
  const succeed = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await bash(script);
    assert.equal(code, 0, `${script}\n${stdout}\n${stderr}`);
    return stdout;
  };

  before(async () => {
    workspace = await openWorkspace();
    // The guide's `terraform init` finds the provider in a registry; here it comes from the mirror.
    await succeed(`terraform init -no-color -plugin-dir='${findPluginFolder()}'`);
  });
  after(() => workspace?.close());

  test('the prerequisites check: terraform, aws, credentials', async () => {
    assert.match(await succeed('terraform version'), /Terraform v1\./);
    await succeed('aws --version');
    const identity = JSON.parse(await succeed('aws sts get-caller-identity')) as Record<string, string>;
    assert.deepEqual(identity, {
      UserId: '000000000000',
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:root',
    });
  });

  test('scenario 1: deploy a simple on-demand table, then the deployment script', async () => {
    await succeed('cat examples/simple-table.tfvars');
    await succeed('terraform validate');
    assert.match(await succeed('terraform plan -no-color -var-file="examples/simple-table.tfvars"'), /1 to add/);
    await succeed('terraform apply -var-file="examples/simple-table.tfvars"');
    assert.match(await succeed('terraform output'), /table_name = "users-table"/);
    // The script works on the same state, so it finds nothing to do.
    assert.match(await succeed('./scripts/deploy-table.sh dev examples/simple-table.tfvars'), /No changes/);
  });

  test('scenario 7, method 2: the batch write script', async () => {
    await succeed(`cat > data/users.json <<EOF
[
  {
    "userId": {"S": "user1"},
    "name": {"S": "John Doe"},
    "email": {"S": "john@example.com"},
    "createdAt": {"N": "1704067200"}
  },
  {
    "userId": {"S": "user2"},
    "name": {"S": "Jane Smith"},
    "email": {"S": "jane@example.com"},
    "createdAt": {"N": "1704067200"}
  }
]
EOF`);
    await succeed('./scripts/populate-data.sh users-table data/users.json');
    const scan = JSON.parse(await succeed('aws dynamodb scan --table-name users-table --max-items 5'));
    assert.equal(scan.Count, 2);
    const names = scan.Items.map((item: { name: { S: string } }) => item.name.S).sort();
    assert.deepEqual(names, ['Jane Smith', 'John Doe']);
  });

  test('scenario 7, method 3: single items with the AWS CLI', async () => {
    await succeed(`aws dynamodb put-item \\
  --table-name users-table \\
  --item '{
    "userId": {"S": "user3"},
    "name": {"S": "Bob Johnson"},
    "email": {"S": "bob@example.com"}
  }'`);
    const answer = JSON.parse(
      await succeed(`aws dynamodb get-item \\
  --table-name users-table \\
  --key '{"userId": {"S": "user3"}}'`),
    );
    assert.deepEqual(answer, {
      Item: { userId: { S: 'user3' }, name: { S: 'Bob Johnson' }, email: { S: 'bob@example.com' } },
    });
  });

  test('scenario 11: the validation script', async () => {
    assert.match(await succeed('./scripts/validate-table.sh users-table'), /users-table/);
    const { code, stderr, stdout } = await bash('./scripts/validate-table.sh no-such-table');
    assert.equal(code, 1, stdout + stderr);
  });

  test('scenario 2: deploy a table with a global secondary index', async () => {
    await succeed('cat examples/table-with-gsi.tfvars');
    // One folder has one state: the guide goes from table to table, so the one before is put away first.
    await succeed('terraform destroy -auto-approve -var-file="examples/simple-table.tfvars"');
    await succeed('terraform apply -var-file="examples/table-with-gsi.tfvars"');
    const indexes = JSON.parse(
      await succeed(`aws dynamodb describe-table \\
  --table-name products-table \\
  --query 'Table.GlobalSecondaryIndexes'`),
    ) as { IndexName: string; IndexStatus: string }[];
    assert.deepEqual(indexes.map(({ IndexName, IndexStatus }) => [IndexName, IndexStatus]).sort(), [
      ['category-price-index', 'ACTIVE'],
      ['supplier-index', 'ACTIVE'],
    ]);
    await succeed('./scripts/populate-data.sh products-table examples/data/sample-products.json');
    const audio = JSON.parse(
      await succeed(`aws dynamodb query --table-name products-table --index-name category-price-index \\
  --key-condition-expression 'category = :c AND price < :p' \\
  --expression-attribute-values '{":c": {"S": "audio"}, ":p": {"N": "100"}}'`),
    );
    assert.deepEqual(
      audio.Items.map((item: { price: { N: string } }) => item.price.N),
      ['47.49', '97.49'],
    );
    await succeed('terraform destroy -auto-approve -var-file="examples/table-with-gsi.tfvars"');
  });

  test('scenario 7, method 1: items under Terraform', async () => {
    await succeed(`cat > config-data.tfvars <<EOF
table_name   = "config-table"
hash_key     = "configKey"
attributes   = [{ name = "configKey", type = "S" }]

use_terraform_items = true
terraform_managed_items = {
  app_settings = {
    configKey = { S = "app_settings" }
    configValue = { S = "{\\"theme\\":\\"dark\\"}" }
  }
}
EOF`);
    await succeed('terraform apply -var-file="config-data.tfvars"');
    const answer = JSON.parse(
      await succeed(`aws dynamodb get-item --table-name config-table --key '{"configKey": {"S": "app_settings"}}'`),
    );
    assert.deepEqual(answer.Item.configValue, { S: '{"theme":"dark"}' });
    assert.match(await succeed('terraform plan -no-color -var-file="config-data.tfvars"'), /No changes\./);
    await succeed('terraform destroy -auto-approve -var-file="config-data.tfvars"');
  });

  test('the bulk population step of the module writes the items with the AWS CLI, in batches', async () => {
    const note = 'a $HOME `b` \\ c "d" \'e\'';
    writeFileSync(
      path.join(workspace.folder, 'bulk.tfvars.json'),
      JSON.stringify({
        table_name: 'bulk-table',
        hash_key: 'id',
        attributes: [{ name: 'id', type: 'S' }],
        populate_initial_data: true,
        initial_data_items: Array.from({ length: 60 }, (_, n) => ({ id: { S: `it's "${n}"` }, note: { S: note } })),
      }),
    );
    await succeed('terraform apply -auto-approve -var-file=bulk.tfvars.json');
    const answer = JSON.parse(await succeed('aws dynamodb scan --table-name bulk-table'));
    assert.equal(answer.Count, 60);
    assert.equal(answer.Items[0].note.S, note);
    await succeed('terraform destroy -auto-approve -var-file=bulk.tfvars.json');
  });
});
