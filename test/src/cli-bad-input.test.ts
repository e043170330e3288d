// Wrong input of every kind: one clear error with the remedy, exit code 1, and state and data as they were before.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Connection, connect, scanItems } from '@tablewright/ops';
import { tablewright } from './support/cli.js';
import type { Outcome } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const TFVARS = `table_name = "users-table"
hash_key   = "userId"
attributes = [{ name = "userId", type = "S" }]
`;

describe('wrong input', () => {
  let workspace: Workspace;
  let connection: Connection;
  const inFolder = (name: string): string => path.join(workspace.folder, name);
  const write = (name: string, text: string): string => {
    writeFileSync(inFolder(name), text);
    return name;
  };
  const run = (...args: string[]): Promise<Outcome> => tablewright(args, { cwd: workspace.folder, env: workspace.env });

  /** What a failed command must leave alone: the state file, and every item of the table. */
  const snapshot = async (): Promise<string> => {
    const state = inFolder('terraform.tfstate');
    const items: unknown[] = [];
    for await (const page of scanItems(connection, { table: 'users-table' })) items.push(...page);
    return `${existsSync(state) ? readFileSync(state, 'utf8') : 'no state'}\n${JSON.stringify(items)}`;
  };

  const refused = async (args: readonly string[], message: RegExp, remedy: RegExp): Promise<void> => {
    const before = await snapshot();
    const { code, stderr } = await run(...args);
    assert.equal(code, 1, stderr);
    assert.equal(stderr.match(/^Error: /gm)?.length, 1, stderr);
    assert.match(stderr, message);
    assert.match(stderr.split('\n→ ')[1] ?? '', remedy);
    assert.doesNotMatch(stderr, /\n {4}at /, 'no stack');
    assert.equal(await snapshot(), before);
    assert.ok(!existsSync(inFolder('.terraform.tfstate.lock.info')), 'the lock is released');
  };

  before(async () => {
    workspace = await openWorkspace();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    connection = connect({ endpoint: workspace.endpoint.url, region: 'us-east-1', credentials });
    write('good.tfvars', TFVARS);
    assert.equal((await run('apply', '-var-file=good.tfvars')).code, 0);
    assert.equal((await run('populate', 'users-table', 'examples/data/sample-users.json')).code, 0);
  });
  after(async () => {
    connection?.close();
    await workspace?.close();
  });

  for (const command of ['plan', 'apply', 'destroy']) {
    test(`${command}: a malformed tfvars file`, async () => {
      const file = write('bad.tfvars', `${TFVARS}tags = { a = \n`);
      await refused([command, `-var-file=${file}`], /bad\.tfvars/, /./);
    });

    test(`${command}: an unknown variable`, async () => {
      const file = write('bad.tfvars', `${TFVARS}tabel_class = "STANDARD"\n`);
      await refused([command, `-var-file=${file}`], /tabel_class/, /./);
    });

    test(`${command}: a value of the wrong type`, async () => {
      const file = write('bad.tfvars', `${TFVARS}read_capacity = "many"\n`);
      await refused([command, `-var-file=${file}`], /read_capacity/, /./);
    });

    test(`${command}: a key attribute that is not defined`, async () => {
      const file = write('bad.tfvars', TFVARS.replace('name = "userId"', 'name = "other"'));
      await refused([command, `-var-file=${file}`], /userId/, /./);
    });
  }

  test('a tfvars file that is not there', async () => {
    await refused(['plan', '-var-file=none.tfvars'], /none\.tfvars/, /./);
    await refused(['deploy', 'dev', 'none.tfvars', '--yes'], /cannot read the configuration .*none\.tfvars/, /path/);
  });

  test('a state file of a newer version', async () => {
    const state = inFolder('terraform.tfstate');
    const original = readFileSync(state, 'utf8');
    writeFileSync(state, original.replace(/"version": ?4/, '"version": 5'));
    try {
      for (const command of ['plan', 'apply', 'destroy']) {
        await refused([command, '-var-file=good.tfvars'], /version 5|newer/, /./);
      }
      await refused(['output'], /version 5|newer/, /./);
    } finally {
      writeFileSync(state, original);
    }
  });

  test('a data file that is not JSON', async () => {
    const csv = write('users.csv', 'userId,name\nu1,Ann\n');
    await refused(
      ['populate', 'users-table', csv],
      /users\.csv, line 1: "u" stands where an item should begin/,
      /JSON array/,
    );
    const broken = write('users.json', '[\n{"userId": {"S": "new-1"}},\n{"userId": {"S": "new-2"}\n]\n');
    await refused(['populate', 'users-table', broken], /users\.json, line 3, record 2: it is not JSON on line 4/, /./);
  });

  test('an item without its key, after hundreds of good ones', async () => {
    const items: object[] = Array.from({ length: 300 }, (_, index) => ({ userId: { S: `new-${index}` } }));
    const file = write('users.json', JSON.stringify([...items, { name: { S: 'Ann' } }], null, 0));
    const message = /users\.json, line 1, record 301: the hash key "userId" \(S\) is missing/;
    await refused(['populate', 'users-table', file], message, /Nothing was written/);
  });

  test('a table and a file that are not there', async () => {
    await refused(
      ['populate', 'no-table', 'examples/data/sample-users.json'],
      /table "no-table" does not exist/,
      /Deploy/,
    );
    await refused(['populate', 'users-table', 'none.json'], /none\.json/, /path/);
    await refused(['items', 'no-table'], /table "no-table" does not exist/, /Deploy/);
  });

  test('an endpoint that is down', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const down = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => server.close(resolve));
    for (const args of [
      ['plan', '-var-file=good.tfvars'],
      ['apply', '-var-file=good.tfvars'],
      ['populate', 'users-table', 'examples/data/sample-users.json'],
      ['validate', 'users-table'],
    ]) {
      await refused([...args, '--target', down], new RegExp(`cannot reach ${down}`), /tablewright local start/);
    }
  });

  test('a port in use', async () => {
    const port = String(workspace.endpoint.port);
    const args = ['local', 'start', '--port', port, '--data-dir', inFolder('other-data')];
    await refused(args, new RegExp(`port ${port} is in use`), /--port/);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const taken = String((server.address() as AddressInfo).port);
    const other = ['local', 'start', '--port', taken, '--data-dir', inFolder('other-data')];
    await refused(other, new RegExp(`port ${taken} is in use`), /--port/);
    await refused([...other, '--foreground'], new RegExp(`port ${taken} is in use`), /--port/);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a target that is none, an option and a command that are none', async () => {
    await refused(['validate', 'users-table', '--target', 'moon'], /"moon" is no target/, /local, aws, or a URL/);
    await refused(['plan', '--target', 'aws_dynamodb_table.this'], /is no target/, /--only/);
    for (const args of [['validate'], ['populate', 'users-table'], ['plan', '--bogus'], ['bogus']]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 1);
      assert.match(stderr, /^Error: .*\n\(add --help/);
    }
  });

  test('nobody to confirm: nothing is done', async () => {
    const gsi = 'examples/table-with-gsi.tfvars';
    await refused(['deploy', 'dev', gsi], /nobody is here to confirm the apply/, /--yes/);
    await refused(['deploy', 'dev', gsi, '--yes'], /would delete the table users-table/, /--allow-delete/);
    await refused(['deploy', '../dev', gsi, '--yes'], /"\.\.\/dev" is no name for an environment/, /letters/);
  });

  test('with --debug the error says where it comes from', async () => {
    const { code, stderr } = await run('populate', 'users-table', 'none.json', '--debug');
    assert.equal(code, 1);
    assert.match(stderr, /\n {4}at /);
  });
});
