// The local endpoint as a background process: its life, its log, and what survives when it is killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { cleanEnv, tablewright } from './support/cli.js';
import { Ledger } from './support/ledger.js';
import type { Outcome } from './support/programs.js';
import { cli, moduleFolder } from './support/workspace.js';

describe('tablewright local', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'tablewright-local-')));
  const simple = path.join(moduleFolder, 'examples/simple-table.tfvars');
  const env = { TABLEWRIGHT_DATA_DIR: path.join(root, 'data') };
  const run = (...args: string[]): Promise<Outcome> => tablewright(args, { cwd: root, env });
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, `${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const status = async (): Promise<{ state: string; url: string; pid: number }> =>
    JSON.parse((await run('local', 'status', '--json')).stdout);

  after(async () => {
    await run('local', 'stop');
    rmSync(root, { recursive: true, force: true });
  });

  test('start, status, stop; each can be said twice', async () => {
    assert.equal((await run('local', 'status')).code, 1);
    assert.match(
      await succeed('local', 'start', '--port', '0'),
      /^The local endpoint runs at http:\/\/127\.0\.0\.1:\d+, data in /,
    );
    assert.match(await succeed('local', 'start'), /runs already at/);
    assert.match(await succeed('local', 'status'), /process .*\n.*data .*\n.*services .*dynamodb/);
    assert.match(await succeed('local', 'stop'), /^Stopped the local endpoint/);
    assert.match(await succeed('local', 'stop'), /^No local endpoint runs/);
  });

  test('data stays over a stop, and goes with a reset', async () => {
    await succeed('local', 'start', '--port', '0');
    await succeed('apply', `-var-file=${simple}`);
    await succeed('local', 'stop');
    await succeed('local', 'start', '--port', '0');
    assert.match(await succeed('items', 'users-table'), /holds no items/);
    assert.match(await succeed('local', 'reset'), /the endpoint goes on, empty/);
    assert.match((await run('items', 'users-table')).stderr, /does not exist/);
  });

  test('the log has every request, for reading and for scripts', async () => {
    const text = await succeed('local', 'logs');
    assert.match(text, /200 sts\.GetCallerIdentity/);
    assert.match(text, /400 dynamodb\.DescribeTable .*users-table {2}ResourceNotFoundException/);
    const records = (await succeed('local', 'logs', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(records.some((record) => record.operation === 'DescribeTable' && record.status === 400));
  });

  test('a followed log shows requests as they come, and ends with Ctrl-C', async () => {
    const child = spawn(process.execPath, [cli, 'local', 'logs', '--follow'], {
      cwd: root,
      env: { ...cleanEnv(), ...env },
    });
    let text = '';
    const seen = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.includes('follow-me')) resolve();
      });
    });
    // Asked again and again, since the log may begin to follow after the first.
    const asking = (async () => {
      while (!text.includes('follow-me')) await run('validate', 'follow-me');
    })();
    await Promise.all([seen, asking]);
    const code = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    assert.equal(await code, 130);
  });

  test('in the foreground it shows its requests until Ctrl-C, and closes its data', async () => {
    const dataDir = path.join(root, 'foreground');
    const args = [cli, 'local', 'start', '--foreground', '--port', '0', '--data-dir', dataDir];
    const child = spawn(process.execPath, args, { cwd: root, env: cleanEnv() });
    let text = '';
    const until = (pattern: RegExp): Promise<RegExpExecArray> =>
      new Promise((resolve) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match !== null) resolve(match);
        };
        child.stdout.on('data', (chunk) => {
          text += chunk;
          look();
        });
        look();
      });
    const url = (await until(/runs at (http:\S+),/))[1] ?? '';
    await run('validate', 'users-table', '--target', url);
    await until(/400 dynamodb\.DescribeTable/);
    const code = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    assert.equal(await code, 0);
  });

  test('folders of one repository share an endpoint, which starts by itself', async () => {
    const repository = path.join(root, 'repository');
    const inner = path.join(repository, 'a', 'b');
    mkdirSync(path.join(repository, '.git'), { recursive: true });
    mkdirSync(inner, { recursive: true });
    const outcome = await tablewright(['validate', 'none'], { cwd: inner });
    assert.match(outcome.stderr, /Started the local endpoint at http/);
    const fromInner = JSON.parse((await tablewright(['local', 'status', '--json'], { cwd: inner })).stdout);
    const fromRoot = JSON.parse((await tablewright(['local', 'status', '--json'], { cwd: repository })).stdout);
    assert.equal(fromInner.dataDir, path.join(repository, '.tablewright'));
    assert.equal(fromInner.pid, fromRoot.pid);
    await tablewright(['local', 'stop'], { cwd: repository });
  });

  test('killed in the middle of a populate: nothing acknowledged is lost, and the second run completes it', async () => {
    const items = Array.from({ length: 20_000 }, (_, index) => ({
      userId: { S: `u${index}` },
      v: { S: 'x'.repeat(200) },
    }));
    const file = path.join(root, 'many.json');
    writeFileSync(file, JSON.stringify(items));
    await succeed('local', 'start');
    await succeed('apply', `-var-file=${simple}`);
    const { pid, url } = await status();
    // Slow enough not to be through before it is killed, whoever gets the processor.
    await succeed('local', 'fault', 'add', 'dynamodb', '--operation', 'BatchWriteItem', '--latency', '200ms');
    const ledger = new Ledger(url, 'users-table');
    const interrupted = run('populate', 'users-table', file, '--json');
    const log = path.join(env.TABLEWRIGHT_DATA_DIR, 'requests.log');
    const batches = (): number => readFileSync(log, 'utf8').split('BatchWriteItem').length - 1;
    // Eight are in flight at once: 20 of them have been acknowledged.
    while (batches() < 30) await new Promise((resolve) => setImmediate(resolve));
    process.kill(pid, 'SIGKILL');
    const { code, stderr } = await interrupted;
    assert.equal(code, 1);
    const acknowledged = Number(/Error: (\d+) of 20000 items were written, then: cannot reach/.exec(stderr)?.[1]);
    assert.ok(acknowledged >= 500 && acknowledged < 20_000, stderr);
    const written = await ledger.close();
    assert.ok(written.size > 0);

    await succeed('local', 'start', '--port', '0');
    await succeed('local', 'fault', 'clear');
    const found = JSON.parse(await succeed('items', 'users-table', '--limit', '100000', '--json'));
    const foundById = new Map(found.map((item: { userId: { S: string } }) => [item.userId.S, item]));
    for (const [id, item] of written) assert.deepEqual(foundById.get(id), item, 'acknowledged before the kill');
    const populated = [...foundById.keys()].filter((id) => String(id).startsWith('u')).length;
    assert.ok(populated >= acknowledged, `${populated} of ${acknowledged} acknowledged`);
    assert.match(await succeed('populate', 'users-table', file), /^20,000 items written/);
    const all = JSON.parse(await succeed('items', 'users-table', '--limit', '100000', '--json'));
    const byId = new Map(all.map((item: { userId: { S: string } }) => [item.userId.S, item]));
    const ledgerItems = [...byId.keys()].filter((id) => String(id).startsWith('ledger-')).length;
    assert.equal(all.length, 20_000 + ledgerItems);
    for (const item of items) assert.deepEqual(byId.get(item.userId.S), item);
  });
});
