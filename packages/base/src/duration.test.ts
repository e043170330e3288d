import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration } from './duration.js';

test('durations are read in every unit and in sums of them', () => {
  assert.equal(parseDuration('250ms'), 250);
  assert.equal(parseDuration('90s'), 90_000);
  assert.equal(parseDuration('1h30m'), 5_400_000);
  assert.equal(parseDuration('2.5d'), 216_000_000);
  assert.equal(parseDuration('1w'), 604_800_000);
});

test('what is no duration is none', () => {
  for (const text of ['', '5', 'm', '5 m', '-5m', '1h30', '1y', '1hm', 'P1D']) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test('durations are written in the two largest units', () => {
  assert.equal(formatDuration(0), '0s');
  assert.equal(formatDuration(250), '250ms');
  assert.equal(formatDuration(90_000), '1m 30s');
  assert.equal(formatDuration(86_400_000 * 9), '1w 2d');
});
