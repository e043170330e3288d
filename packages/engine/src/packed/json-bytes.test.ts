import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import { collectionEnd, stringEnd } from './json-bytes.js';

const text = fc
  .array(fc.oneof(fc.constantFrom('"', '\\', '\\"', 'é', '{', ']'), fc.string({ maxLength: 40 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

test('a string ends where JSON ends it, however long it is and whatever is escaped in it', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const json = JSON.stringify(one);
      const bytes = Buffer.from(`[${json},${JSON.stringify(other)}`);
      assert.equal(stringEnd(bytes, 1), 1 + Buffer.byteLength(json));
    }),
    { numRuns: 2000 },
  );
});

test('what does not end, ends beyond the end', () => {
  fc.assert(
    fc.property(text, (one) => {
      const open = Buffer.from(JSON.stringify(one).slice(0, -1));
      assert.ok(stringEnd(open, 0) > open.length, open.toString());
      const list = Buffer.from(JSON.stringify([one]).slice(0, -1));
      assert.ok(collectionEnd(list, 0) > list.length, list.toString());
    }),
    { numRuns: 2000 },
  );
});
