import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlarmRule, evaluateAlarm } from './alarm-evaluation.js';

const RULE: AlarmRule = {
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  threshold: 5,
  operator: 'GreaterThanThreshold',
  missing: 'missing',
};

/** `X` breaches, `0` does not, `-` is missing; the newest last, as AWS's documentation writes them. */
function stateOf(points: string, missing: AlarmRule['missing'], rule: Partial<AlarmRule> = {}): string {
  const periods = [...points].toReversed().map((point, at) => ({
    timeMs: Date.UTC(2026, 0, 1, 1) - at * 60_000,
    value: point === '-' ? undefined : point === 'X' ? 9 : 0,
  }));
  return evaluateAlarm({ ...RULE, ...rule, missing }, periods, 'OK')?.state ?? 'kept';
}

test('missing data is treated as the documentation says, three of three', () => {
  const table: [string, string, string, string, string][] = [
    // points, missing, ignore, breaching, notBreaching
    ['0-X-X', 'OK', 'OK', 'OK', 'OK'],
    ['----0', 'OK', 'OK', 'OK', 'OK'],
    ['-----', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
    ['0XX-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['--X--', 'ALARM', 'kept', 'ALARM', 'OK'],
  ];
  for (const [points, ...expected] of table) {
    const found = (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map((missing) =>
      stateOf(points, missing),
    );
    assert.deepEqual(found, expected, points);
  }
});

test('some of several points are enough where that was asked for', () => {
  const some = { datapointsToAlarm: 2 };
  assert.equal(stateOf('00X0X', 'missing', some), 'ALARM');
  assert.equal(stateOf('0X00X', 'missing', some), 'OK');
  assert.equal(stateOf('XX000', 'missing', some), 'OK');
});

test('a single new point raises no alarm that needs two', () => {
  const two = { evaluationPeriods: 2, datapointsToAlarm: 2 };
  assert.equal(stateOf('---X', 'missing', two), 'OK');
  assert.equal(stateOf('--XX', 'missing', two), 'ALARM');
});

test('the reason names the points, the threshold and what the change took', () => {
  const periods = [7, 6.5, 1].map((value, at) => ({ timeMs: Date.UTC(2026, 10, 28, 11, 5 - at), value }));
  const rule = { ...RULE, evaluationPeriods: 2, datapointsToAlarm: 2 };
  assert.equal(
    evaluateAlarm(rule, periods, 'OK')?.reason,
    'Threshold Crossed: 2 out of the last 2 datapoints [7.0 (28/11/26 11:05:00), 6.5 (28/11/26 11:04:00)] were greater ' +
      'than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).',
  );
  const single = { ...RULE, evaluationPeriods: 1, datapointsToAlarm: 1 };
  assert.equal(
    evaluateAlarm(single, [{ timeMs: Date.UTC(2026, 10, 28, 11, 5), value: 2 }], 'ALARM')?.reason,
    'Threshold Crossed: 1 datapoint [2.0 (28/11/26 11:05:00)] was not greater than the threshold (5.0) ' +
      '(minimum 1 datapoint for ALARM -> OK transition).',
  );
  assert.equal(evaluateAlarm(single, [], 'OK')?.reason, 'Insufficient Data: 1 datapoint was unknown.');
});
