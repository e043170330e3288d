import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import { type AttributeValue, compareUtf8, compareValues, utf8SizeBytes, valuesEqual } from './index.js';

test('values are equal by type and content; sets and maps have no order', () => {
  const equal: readonly (readonly [AttributeValue, AttributeValue])[] = [
    [{ S: 'a' }, { S: 'a' }],
    [{ SS: ['a', 'b'] }, { SS: ['b', 'a'] }],
    [{ NS: ['1', '2'] }, { NS: ['2', '1'] }],
    [{ BS: ['AQ==', 'Ag=='] }, { BS: ['Ag==', 'AQ=='] }],
    [{ NULL: true }, { NULL: true }],
    [
      { M: { a: { N: '1' }, b: { L: [{ SS: ['x', 'y'] }] } } },
      { M: { b: { L: [{ SS: ['y', 'x'] }] }, a: { N: '1' } } },
    ],
  ];
  for (const [a, b] of equal) assert.ok(valuesEqual(a, b), `${JSON.stringify(a)} = ${JSON.stringify(b)}`);
  const different: readonly (readonly [AttributeValue, AttributeValue])[] = [
    [{ S: '1' }, { N: '1' }],
    [{ S: 'AQ==' }, { B: 'AQ==' }],
    [{ SS: ['1'] }, { NS: ['1'] }],
    [{ SS: ['a'] }, { SS: ['a', 'b'] }],
    [{ L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] }],
    [{ M: { a: { S: 'x' } } }, { M: { b: { S: 'x' } } }],
    [{ M: { toString: { S: 'x' } } }, { M: { a: { S: 'x' } } }],
    [{ BOOL: true }, { BOOL: false }],
    [{ NULL: true }, { BOOL: true }],
  ];
  for (const [a, b] of different) {
    assert.ok(!valuesEqual(a, b) && !valuesEqual(b, a), `${JSON.stringify(a)} ≠ ${JSON.stringify(b)}`);
  }
});

test('strings compare by their UTF-8 bytes, not by UTF-16 units', () => {
  // U+1F600 is written with surrogates below U+FFEE, yet its bytes come after.
  assert.ok(compareUtf8('\u{1f600}', '\uffee') > 0);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.equal(Math.sign(compareUtf8(a, b)), expected);
      assert.equal(utf8SizeBytes(a), Buffer.byteLength(a));
    }),
    { numRuns: 500 },
  );
});

test('binary compares by unsigned bytes, numbers by value, other types not at all', () => {
  assert.ok((compareValues({ B: '/w==' }, { B: 'AQ==' }) ?? 0) > 0);
  assert.ok((compareValues({ B: 'AQ==' }, { B: 'AQE=' }) ?? 0) < 0);
  assert.ok((compareValues({ N: '10' }, { N: '9' }) ?? 0) > 0);
  assert.equal(compareValues({ S: '1' }, { N: '1' }), undefined);
  assert.equal(compareValues({ BOOL: true }, { BOOL: true }), undefined);
  assert.equal(compareValues({ SS: ['a'] }, { SS: ['a'] }), undefined);
});
