// docs/local-endpoint.md: every command of the endpoint's own in it is run, in order, so that the manual stays true.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { tablewright } from './support/cli.js';
import { repository } from './support/workspace.js';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'tablewright-manual-')));
const env = { TABLEWRIGHT_DATA_DIR: path.join(folder, 'data') };

after(async () => {
  await tablewright(['local', 'stop'], { cwd: folder, env });
  rmSync(folder, { recursive: true, force: true });
});

test('every "tablewright local" command of the manual works as it stands there', async () => {
  const manual = readFileSync(path.join(repository, 'docs/local-endpoint.md'), 'utf8');
  const blocks = [...manual.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'));
  const commands = blocks.filter((line) => line.startsWith('npx tablewright local '));
  assert.ok(commands.length > 20, 'the manual has commands');
  for (const line of commands) {
    const args = line.slice('npx tablewright '.length).split(/\s+/);
    // The usual port may be taken here.
    if (args[1] === 'start') args.push('--port', '0');
    const { code, stdout, stderr } = await tablewright(args, { cwd: folder, env });
    assert.equal(code, 0, `${line}\n${stdout}\n${stderr}`);
  }
});
