import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { UserError } from '@tablewright/base';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { emptyState } from './edit-state.js';
import { LocalState } from './local-state.js';
import { hasPosixLock } from './posix-locks.js';

let folder: string;
let path: string;
const random = new SeededRandom(1);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stack-state-'));
  path = join(folder, 'terraform.tfstate');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () => new LocalState({ path, clock: new VirtualClock(), random });
const state = { ...emptyState(random), serial: 1 };

async function failure(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  return error;
}

describe('a state in a file', () => {
  test('is absent at first, then what was written; the one before is the backup', async () => {
    assert.equal(await open().read(), null);
    await open().write(state);
    await open().write({ ...state, serial: 2 });
    assert.deepEqual(await open().read(), { ...state, serial: 2 });
    assert.equal(JSON.parse(await readFile(`${path}.backup`, 'utf8')).serial, 1);
    assert.deepEqual((await readdir(folder)).sort(), ['terraform.tfstate', 'terraform.tfstate.backup']);
  });

  test('an empty file, as terraform leaves it, counts as no state', async () => {
    await writeFile(path, '');
    assert.equal(await open().read(), null);
  });

  const broken: readonly (readonly [text: string, message: RegExp])[] = [
    ['{"version": 5, "serial": 1}', /format version 5; this program knows version 4/],
    ['{"version": 3, "serial": 1}', /format version 3/],
    ['{"version": 4,', /cannot be read/],
    ['{}', /it has no version/],
    ['{"version": 4, "lineage": "x"}', /serial or lineage is missing/],
    ['{"version": 4, "serial": 1, "lineage": "x", "resources": [{}]}', /resources are malformed/],
  ];
  for (const [text, message] of broken) {
    test(`refuses ${text} and leaves it as it is`, async () => {
      await writeFile(path, text);
      const error = await failure(open().read());
      assert.match(error.message, message);
      assert.match(error.remedy, /Nothing was changed/);
      assert.equal(await readFile(path, 'utf8'), text);
    });
  }

  test('a folder that cannot be written to is named', async () => {
    const nowhere = new LocalState({ path: join(folder, 'none', 'x.tfstate'), clock: new VirtualClock(), random });
    assert.match((await failure(nowhere.write(state))).message, /x\.tfstate cannot be written/);
    assert.match((await failure(nowhere.lock('plan'))).message, /lock .* cannot be made/);
  });
});

describe("the lock of a state's file", () => {
  test("is Terraform's record, and is gone after the release", async () => {
    const lock = await open().lock('apply');
    const info = JSON.parse(await readFile(join(folder, '.terraform.tfstate.lock.info'), 'utf8'));
    assert.deepEqual(Object.keys(info), ['ID', 'Operation', 'Info', 'Who', 'Version', 'Created', 'Path']);
    assert.equal(info.Operation, 'OperationTypeApply');
    assert.equal(info.Path, 'terraform.tfstate');
    await lock.release();
    await lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  test('refuses a second holder while the first one lives', async () => {
    const lock = await open().lock('apply');
    const error = await failure(open().lock('plan'));
    assert.match(error.message, new RegExp(`is locked by another operation\\n  ID:        ${lock.info.ID}`));
    assert.match(error.remedy, /^Wait for that operation to end, then/);
    await lock.release();
    await (await open().lock('plan')).release();
  });

  test('left behind by a process that died, it says so and how to remove it', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const lock = await open().lock('apply');
    const info = { ...lock.info, Info: `tablewright, process ${child.pid}` };
    await writeFile(join(folder, '.terraform.tfstate.lock.info'), JSON.stringify(info));
    const { remedy } = await failure(open().lock('apply'));
    assert.match(remedy, /The process that made the lock is gone: remove the lock with rm .*lock\.info/);
    await open().forceUnlock(info.ID);
    await (await open().lock('apply')).release();
  });

  test('is removed by its own ID only', async () => {
    assert.match((await failure(open().forceUnlock('x'))).message, /is not locked/);
    const lock = await open().lock('apply');
    assert.match((await failure(open().forceUnlock('x'))).remedy, new RegExp(lock.info.ID));
  });

  test('taken away during the work, it turns the write into errored.tfstate', async () => {
    const backend = open();
    await backend.lock('apply');
    await writeFile(join(folder, '.terraform.tfstate.lock.info'), '{"ID":"another"}');
    const error = await failure(backend.write(state));
    assert.match(error.message, /another program took the state/);
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'errored.tfstate'), 'utf8')), state);
    assert.equal(await open().read(), null);
  });

  test('is seen on the file itself where the system tells', {
    skip: process.platform !== 'linux' && 'needs /proc/locks',
  }, async () => {
    await writeFile(path, '');
    assert.equal(await hasPosixLock(path), false);
    assert.equal(await hasPosixLock(join(folder, 'none')), null);
  });
});
