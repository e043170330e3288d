import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import { normalizeNumber, valueSizeBytes } from '../value/index.js';
import { plainNumberSize } from './plain-number.js';

function sizeOf(number: string): number {
  return plainNumberSize(Buffer.from(`x${number}x`), 1, number.length + 1);
}

function isCanonical(text: string): boolean {
  try {
    return normalizeNumber(text) === text;
  } catch {
    return false;
  }
}

const digits = fc.stringMatching(/^-?[0-9]{0,40}(\.[0-9]{0,40})?$/);
const sparse = fc.stringMatching(/^-?[01]{0,20}(\.[01]{0,20})?$/);
const noise = fc.string({ unit: fc.constantFrom(...'0123456789.-+eE "') });

test('a number has a size exactly when it is canonical and no longer than 38 digits, and the same', () => {
  fc.assert(
    fc.property(fc.oneof(digits, sparse, noise), (text) => {
      const size = sizeOf(text);
      if (size < 0) {
        assert.ok(!isCanonical(text) || text.replace(/[-.]/g, '').length > 38, text);
        return;
      }
      assert.ok(isCanonical(text), text);
      assert.equal(size, valueSizeBytes({ N: text }), text);
    }),
    { numRuns: 5000 },
  );
});
