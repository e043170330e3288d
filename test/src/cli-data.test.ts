// The commands that work on a table's data and settings, as processes, against an endpoint of their own.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tablewright } from './support/cli.js';
import type { Outcome } from './support/programs.js';
import { openWorkspace, type Workspace } from './support/workspace.js';

const USERS = 'examples/data/sample-users.json';

describe('populate, validate, items, env and exec', () => {
  let workspace: Workspace;
  const run = (...args: string[]): Promise<Outcome> => tablewright(args, { cwd: workspace.folder, env: workspace.env });
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, `${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const itemsOf = async (table: string): Promise<Record<string, Record<string, unknown>>[]> =>
    JSON.parse(await succeed('items', table, '--limit', '100000', '--json'));

  before(async () => {
    workspace = await openWorkspace();
    await succeed('apply', '-var-file=examples/simple-table.tfvars');
  });
  after(() => workspace?.close());

  test('the sample users arrive as they are in the file, and twice is as good as once', async () => {
    assert.match(await succeed('populate', 'users-table', USERS), /^12 items written to users-table/);
    const before = await itemsOf('users-table');
    const result = JSON.parse(await succeed('populate', 'users-table', USERS, '--json'));
    assert.deepEqual([result.records, result.itemsWritten, result.consumedWriteUnits], [12, 12, 12]);
    assert.deepEqual(await itemsOf('users-table'), before);
    assert.equal(before.length, 12);
  });

  test('thousands of items, compressed, with every type', async () => {
    const items = Array.from({ length: 3000 }, (_, index) => ({
      userId: { S: `bulk-${index}` },
      n: { N: String(index) },
      b: { B: Buffer.from([index % 256]).toString('base64') },
      bs: { BS: [Buffer.from(`x${index}`).toString('base64')] },
      m: { M: { l: { L: [{ NULL: true }, { BOOL: index % 2 === 0 }, { S: 'ä\n"' }] } } },
    }));
    writeFileSync(
      path.join(workspace.folder, 'bulk.jsonl.gz'),
      gzipSync(items.map((item) => JSON.stringify(item)).join('\n')),
    );
    assert.match(await succeed('populate', 'users-table', 'bulk.jsonl.gz'), /^3,000 items written/);
    const stored = new Map((await itemsOf('users-table')).map((item) => [item.userId?.S, item]));
    for (const item of items) assert.deepEqual(stored.get(item.userId.S), item);
  });

  test('what items prints as JSON can be populated again', async () => {
    writeFileSync(
      path.join(workspace.folder, 'dump.json'),
      await succeed('items', 'users-table', '--limit', '50', '--json'),
    );
    assert.match(await succeed('populate', 'users-table', 'dump.json'), /^50 items written/);
  });

  test('checking a file writes nothing; broken records can be left out by name', async () => {
    writeFileSync(path.join(workspace.folder, 'mixed.json'), '[{"userId": {"S": "mixed"}},\n{"userId": 1}]');
    assert.equal((await run('populate', 'users-table', 'mixed.json', '--check')).code, 1);
    const { code, stdout, stderr } = await run('populate', 'users-table', 'mixed.json', '--skip-invalid');
    assert.equal(code, 0);
    assert.match(stdout, /^1 item written/);
    assert.match(stderr, /Warning: line 2, record 2, left out: attribute "userId" is 1 without a type/);
    assert.match(await succeed('populate', 'users-table', USERS, '--check'), /good for users-table: 12 items/);
  });

  test('validate: a line per check, JSON for scripts, and the exit code', async () => {
    assert.match(await succeed('validate', 'users-table'), /pass {2}Point-in-time recovery .*on/);
    const report = JSON.parse(await succeed('validate', 'users-table', '--json'));
    assert.equal(report.ok, true);
    assert.ok(
      report.checks.some((check: { id: string; status: string }) => check.id === 'ttl' && check.status === 'pass'),
    );
    const { code, stdout } = await run('validate', 'no-table');
    assert.equal(code, 1);
    assert.match(stdout, /FAIL .* there is no table "no-table" in us-east-1/);
  });

  test('every command says in one line on stderr where it acts', async () => {
    const { stderr } = await run('items', 'users-table', '--limit', '1');
    assert.equal(stderr, `Target: local endpoint ${workspace.endpoint.url}, account 000000000000, region us-east-1\n`);
    const env = { ...workspace.env, AWS_ACCESS_KEY_ID: '111122223333', AWS_REGION: 'eu-west-1' };
    const other = await tablewright(['items', 'users-table'], { cwd: workspace.folder, env });
    assert.match(other.stderr, /account 111122223333, region eu-west-1/);
    assert.match(other.stderr, /Error: table "users-table" does not exist in eu-west-1/);
  });

  test('env and exec point other programs at the target', async () => {
    const exported = await succeed('env');
    assert.match(exported, new RegExp(`^export AWS_ENDPOINT_URL=${workspace.endpoint.url}$`, 'm'));
    assert.match(exported, /^export AWS_REGION=us-east-1$/m);
    assert.match(await succeed('env', '--target', 'aws'), /^unset AWS_ENDPOINT_URL$/m);
    const script = 'console.log(process.env.AWS_ENDPOINT_URL, process.argv.slice(1).join()); process.exitCode = 7';
    const { code, stdout } = await run('exec', '--', process.execPath, '-e', script, '--', '-var-file=x');
    assert.deepEqual([code, stdout], [7, `${workspace.endpoint.url} -var-file=x\n`]);
    const missing = await run('exec', '--', 'no-such-program');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /Error: cannot run no-such-program/);
  });

  test('nothing is coloured where no terminal reads', async () => {
    const { stdout, stderr } = await run('validate', 'users-table');
    assert.ok(!`${stdout}${stderr}`.includes('\u001b'));
  });
});
