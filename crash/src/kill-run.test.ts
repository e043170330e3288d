import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRunOptions } from './kill-run.js';

test('a harness by hand has defaults, and refuses what would test nothing', () => {
  assert.deepEqual(killRunOptions([]), { rounds: 15, seed: 1, plant: 'none' });
  assert.deepEqual(killRunOptions(['--rounds', '200', '--seed', '7', '--plant', 'early']), {
    rounds: 200,
    seed: 7,
    plant: 'early',
  });
  assert.throws(() => killRunOptions(['--rounds', 'many']), /--rounds is a whole number from 1 on; it is "many"/);
  assert.throws(() => killRunOptions(['--rounds', '0']), /--rounds is a whole number from 1 on/);
  assert.throws(() => killRunOptions(['--plant', 'late']), /--plant is one of none, split, early; it is "late"/);
  assert.throws(() => killRunOptions(['--round', '1']), /--round/);
});
