import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEndpointRounds } from './endpoint/kill-rounds.js';

test('an endpoint that is killed at any instant keeps what it acknowledged, and all that follows from it', async () => {
  const summary = await runEndpointRounds({ rounds: 10, seed: 1 });
  assert.deepEqual(summary.violations, []);
  assert.equal(summary.rounds, 10);
  assert.ok(summary.acknowledged > 100, `only ${summary.acknowledged} writes`);
});

for (const [plant, pattern] of [
  ['split', /^half a transaction/],
  ['early', /instead of/],
] as const) {
  test(`the endpoint's kill harness finds the planted mistake "${plant}"`, async () => {
    const { violations } = await runEndpointRounds({ rounds: 30, seed: 2, plant, until: pattern });
    assert.ok(
      violations.some((violation) => pattern.test(violation)),
      violations.join('\n'),
    );
  });
}
