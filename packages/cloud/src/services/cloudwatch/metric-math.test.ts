import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateExpression, isSeries, type Series } from './metric-math.js';

const SERIES: Record<string, Series> = {
  a: new Map([
    [0, 1],
    [60_000, 2],
    [120_000, 3],
  ]),
  b: new Map([
    [0, 10],
    [120_000, 0],
  ]),
};

function evaluate(text: string): unknown {
  const value = evaluateExpression(text, {
    series: (id) => {
      const series = SERIES[id];
      if (series === undefined) throw new Error(`no ${id}`);
      return series;
    },
    metrics: () => Object.values(SERIES),
    instants: () => [0, 60_000, 120_000],
    periodMs: 60_000,
  });
  return isSeries(value) ? [...value].map(([timeMs, one]) => [timeMs / 60_000, one]) : value;
}

test('arithmetic keeps its order of operations and leaves out points that one side lacks', () => {
  assert.equal(evaluate('1 + 2 * 3 - -4 / 2'), 9);
  assert.equal(evaluate('(1 + 2) * 3 ^ 2'), 27);
  assert.deepEqual(evaluate('a * 2 + 1'), [
    [0, 3],
    [1, 5],
    [2, 7],
  ]);
  assert.deepEqual(evaluate('a + b'), [
    [0, 11],
    [2, 3],
  ]);
  assert.deepEqual(evaluate('a / b'), [[0, 0.1]]);
});

test('functions over one series, several, and all metrics', () => {
  assert.equal(evaluate('SUM(a)'), 6);
  assert.equal(evaluate('AVG(a) + MAX(a) - MIN(a)'), 4);
  assert.deepEqual(evaluate('SUM([a, b])'), [
    [0, 11],
    [1, 2],
    [2, 3],
  ]);
  assert.deepEqual(evaluate('MAX(METRICS())'), [
    [0, 10],
    [1, 2],
    [2, 3],
  ]);
  assert.deepEqual(evaluate('a / PERIOD(a)'), [
    [0, 1 / 60],
    [1, 2 / 60],
    [2, 0.05],
  ]);
  assert.deepEqual(evaluate('RATE(a)'), [
    [1, 1 / 60],
    [2, 1 / 60],
  ]);
  assert.deepEqual(evaluate('DIFF(a)'), [
    [1, 1],
    [2, 1],
  ]);
  assert.deepEqual(evaluate('RUNNING_SUM(a)'), [
    [0, 1],
    [1, 3],
    [2, 6],
  ]);
  assert.deepEqual(evaluate('ABS(a - 2)'), [
    [0, 1],
    [1, 0],
    [2, 1],
  ]);
});

test('gaps are filled, conditions choose', () => {
  assert.deepEqual(evaluate('FILL(b, 7)'), [
    [0, 10],
    [1, 7],
    [2, 0],
  ]);
  assert.deepEqual(evaluate('FILL(b, REPEAT)'), [
    [0, 10],
    [1, 10],
    [2, 0],
  ]);
  assert.deepEqual(evaluate('FILL(b, LINEAR)'), [
    [0, 10],
    [1, 5],
    [2, 0],
  ]);
  assert.deepEqual(evaluate('IF(a > 1 AND a < 3, a, 0)'), [
    [0, 0],
    [1, 2],
    [2, 0],
  ]);
  assert.deepEqual(evaluate('IF(a >= 2, a)'), [
    [1, 2],
    [2, 3],
  ]);
});

test('what is no expression is refused by name', () => {
  for (const text of ['1 +', '(a', 'SUM()', 'a b', 'FILL(a)', '#']) {
    assert.throws(() => evaluate(text), { code: 'InvalidParameterValueException' }, text);
  }
  assert.throws(() => evaluate('SEARCH(a)'), { message: /the function SEARCH of metric math is not emulated/ });
});
