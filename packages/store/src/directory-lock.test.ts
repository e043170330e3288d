import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '@tablewright/base';
import { openStore } from './open-store.js';
import { temporaryDir } from './temporary-dir.js';

test('a directory that is open cannot be opened again, and the error names it and the process', async () => {
  const dir = temporaryDir();
  const store = await openStore({ dir });
  await assert.rejects(openStore({ dir }), (error) => {
    assert.ok(error instanceof UserError);
    assert.ok(error.message.includes(dir) && error.message.includes(String(process.pid)), error.message);
    return true;
  });
  await store.close();
  await (await openStore({ dir })).close();
});

test('another process cannot open the directory either', async () => {
  const dir = temporaryDir();
  const store = await openStore({ dir });
  const script = `import { openStore } from ${JSON.stringify(new URL('./index.js', import.meta.url).href)};
    openStore({ dir: ${JSON.stringify(dir)} }).catch((error) => { console.log(error.message); });`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.match(stdout, new RegExp(`in use by process ${process.pid}`));
  await store.close();
});

test('the lock of a process that is gone is taken over', async () => {
  const dir = temporaryDir();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  for (const left of [
    JSON.stringify({ pid, startedAt: null }),
    JSON.stringify({ pid: process.pid, startedAt: 'x/1' }),
    '',
  ]) {
    writeFileSync(join(dir, 'lock'), left);
    const store = await openStore({ dir });
    await store.close();
  }
  assert.deepEqual(
    readdirSync(dir).filter((name) => name.startsWith('lock')),
    [],
  );
});

test('data is readable for its owner alone', { skip: process.platform === 'win32' }, async () => {
  const dir = join(temporaryDir(), 'new');
  const store = await openStore({ dir });
  await store.change((writer) => writer.put('a', Buffer.from('1')));
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    assert.equal(statSync(path).mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, path);
  }
  await store.close();
});
