// Help, versions and spelling: what a newcomer meets first.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { tablewright } from './support/cli.js';

describe('help', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tablewright-help-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const COMMANDS = [
    [],
    ['local'],
    ['local', 'start'],
    ['local', 'stop'],
    ['local', 'status'],
    ['local', 'logs'],
    ['local', 'reset'],
    ['env'],
    ['exec'],
    ['deploy'],
    ['plan'],
    ['apply'],
    ['destroy'],
    ['output'],
    ['state'],
    ['state', 'list'],
    ['state', 'show'],
    ['state', 'rm'],
    ['import'],
    ['populate'],
    ['validate'],
    ['backup'],
    ['backup', 'create'],
    ['backup', 'list'],
    ['grant'],
    ['now'],
    ['items'],
  ];

  test('every command has help that has examples, and does nothing else', async () => {
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await tablewright([...command, '--help'], { cwd: folder });
      assert.equal(code, 0, command.join(' '));
      assert.equal(stderr, '');
      assert.match(stdout, /^Usage: tablewright/);
      assert.match(stdout, /\nExamples:\n {2}\S/, command.join(' '));
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  test('the version', async () => {
    const { code, stdout } = await tablewright(['--version'], { cwd: folder });
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test('without a command: help, and a failure for scripts', async () => {
    const { code, stderr, stdout } = await tablewright([], { cwd: folder });
    assert.equal(code, 1);
    assert.match(`${stdout}${stderr}`, /Usage: tablewright/);
  });
});
