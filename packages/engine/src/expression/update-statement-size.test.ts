import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Substitutions } from './substitutions.js';
import { updateStatementBytes } from './update-statement-size.js';

const S = (length: number) => ({ S: 'x'.repeat(length) });

test('a statement costs what it writes and a fixed amount for each clause', () => {
  const table: readonly (readonly [string, Record<string, unknown> | undefined, number])[] = [
    ['SET b = :v', { ':v': S(100) }, 3 + 19 + 1 + 100],
    ['SET b = :v, cc = :v', { ':v': S(100) }, 3 + 19 + 1 + 100 + 19 + 2 + 100],
    ['SET m.abc[10] = :v', { ':v': S(5) }, 3 + 19 + 1 + (4 + 3) + (4 + 2) + 5],
    ['SET c = m.z', undefined, 3 + 19 + 1 + 1 + (14 + 1) + (14 + 1)],
    ['SET c = a + :n', { ':n': { N: '12' } }, 3 + 19 + 1 + 34 + (1 + 14 + 1) + 2],
    ['SET c = a - :n', { ':n': { N: '12' } }, 3 + 19 + 1 + 37 + (1 + 14 + 1) + 2],
    ['SET c = if_not_exists(c, :v)', { ':v': S(9) }, 3 + 19 + 1 + 39 + (1 + 14 + 1) + 9],
    ['SET c = list_append(c, :l)', { ':l': { L: [S(9)] } }, 3 + 19 + 1 + 37 + (1 + 14 + 1) + 13],
    ['ADD n :s', { ':s': { SS: ['ab', 'c'] } }, 3 + 19 + 1 + 3],
    ['REMOVE r', undefined, 3 + 1 + 1],
    ['DELETE tags :s', { ':s': { SS: ['ab', 'c'] } }, 3 + 1 + 4],
  ];
  for (const [text, values, sizeBytes] of table) {
    assert.equal(updateStatementBytes(text, new Substitutions(undefined, values)), sizeBytes, text);
  }
});
