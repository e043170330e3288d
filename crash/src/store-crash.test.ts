import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runKillRounds } from './kill-rounds.js';

test('a store that is killed at any instant keeps every acknowledged change and no half of one', async () => {
  const summary = await runKillRounds({ rounds: 15, seed: 1 });
  assert.deepEqual(summary.violations, []);
  assert.equal(summary.rounds, 15);
  assert.ok(summary.acknowledged > 500, `only ${summary.acknowledged} changes`);
});

for (const plant of ['split', 'early'] as const) {
  test(`the kill harness finds the planted mistake "${plant}"`, async () => {
    const summary = await runKillRounds({ rounds: 30, seed: 2, plant });
    assert.notDeepEqual(summary.violations, []);
  });
}
