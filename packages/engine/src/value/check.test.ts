import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import {
  type AttributeMap,
  type AttributeValue,
  checkItem,
  checkValue,
  itemSizeBytes,
  valueSizeBytes,
} from './index.js';

const INVALID = 'One or more parameter values were invalid: ';
const EMPTY = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
const SEVERAL =
  'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes';
const TOO_DEEP =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';

test('invalid values are refused in AWS’s words', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [{}, EMPTY],
    [null, EMPTY],
    [{ S: null }, EMPTY],
    [{ X: 'a' }, EMPTY],
    [{ M: { a: {} } }, EMPTY],
    [{ L: [null] }, EMPTY],
    [{ S: 'a', N: '1' }, SEVERAL],
    [{ L: [{ S: 'a', N: '1' }] }, SEVERAL],
    [{ N: '' }, 'The parameter cannot be converted to a numeric value'],
    [{ N: 'xyz' }, 'The parameter cannot be converted to a numeric value: xyz'],
    [{ S: 'a', N: 'b' }, 'The parameter cannot be converted to a numeric value: b'],
    [{ NS: ['1', 'b'] }, 'The parameter cannot be converted to a numeric value: b'],
    [{ SS: [] }, `${INVALID}An string set  may not be empty`],
    [{ NS: [] }, `${INVALID}An number set  may not be empty`],
    [{ BS: [] }, `${INVALID}Binary sets should not be empty`],
    [{ SS: [], S: 'a' }, `${INVALID}An string set  may not be empty`],
    [{ SS: ['a', null] }, `${INVALID}An string set may not have a null string as a member`],
    [{ NS: ['1', null] }, `${INVALID}An number set may not have a null string as a member`],
    [{ BS: ['YQ==', null] }, `${INVALID}Binary sets may not contain null values`],
    [{ SS: ['a', 'b', 'a'] }, `${INVALID}Input collection [a, b, a] contains duplicates.`],
    [{ NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
    [{ BS: ['YQ==', 'YQ=='] }, `${INVALID}Input collection [YQ==, YQ==]of type BS contains duplicates.`],
    [{ NULL: false }, `${INVALID}Null attribute value types must have the value of true`],
    [{ M: { '': { S: 'x' } } }, 'Empty attribute name'],
    [{ M: { ['x'.repeat(65536)]: { S: 'x' } } }, 'Attribute name is too large, must be less than 65536 bytes'],
    [{ SS: Array.from({ length: 20 }, (_, index) => String(index % 19)) }, /contains duplicates\.$/.source],
  ];
  for (const [raw, message] of cases) {
    const expected = message.endsWith('$') ? new RegExp(message) : message;
    assert.throws(() => checkValue(raw), { name: 'ValidationException', message: expected }, JSON.stringify(raw));
    assert.throws(() => checkItem({ a: raw }), { name: 'ValidationException', message: expected });
  }
});

test('wrong JSON types are refused as the protocol refuses them, before any other fault', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [23, 'Unexpected value type in payload'],
    [[], 'Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue'],
    [{ S: 23 }, 'NUMBER_VALUE cannot be converted to String'],
    [{ N: 34.56 }, 'DECIMAL_VALUE cannot be converted to String'],
    [{ N: true }, 'TRUE_VALUE cannot be converted to String'],
    [{ S: [] }, 'Unrecognized collection type class java.lang.String'],
    [{ S: {} }, 'Start of structure or map found where not expected'],
    [{ B: 5 }, 'only base-64-encoded strings are convertible to bytes'],
    [{ B: '23456' }, 'Base64 encoded length is expected a multiple of 4 bytes but found: 5'],
    [{ B: '+/+=' }, 'Invalid last non-pad Base64 character dectected'],
    [{ B: '=+/=' }, 'Invalid last non-pad Base64 character dectected'],
    [{ BS: [true] }, 'only base-64-encoded strings are convertible to bytes'],
    [{ BOOL: 23 }, 'NUMBER_VALUE cannot be converted to Boolean'],
    [{ BOOL: 'x' }, 'Unexpected token received from parser'],
    [{ NULL: {} }, 'Start of structure or map found where not expected'],
    [{ SS: 'a' }, 'Unexpected field type'],
    [{ SS: {} }, 'Start of structure or map found where not expected'],
    [{ L: 'a' }, 'Unexpected field type'],
    [
      { M: [] },
      'Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>',
    ],
    [{ N: 'x', S: 1 }, 'NUMBER_VALUE cannot be converted to String'],
    [{ L: [{}, { S: 1 }] }, 'NUMBER_VALUE cannot be converted to String'],
  ];
  for (const [raw, message] of cases) {
    assert.throws(() => checkValue(raw), { name: 'SerializationException', message }, JSON.stringify(raw));
  }
  assert.throws(() => checkItem({ a: {}, b: { S: 1 } }), { name: 'SerializationException' });
  assert.throws(() => checkItem([]), { name: 'SerializationException' });
});

test('an item that needs no change is given back itself, one that does is copied where it changes', () => {
  const item = { a: { S: 'x' }, b: { M: { n: { N: '12' } } }, c: { NS: ['1', '2'] } };
  assert.equal(checkItem(item).item, item);
  const raw = { a: { L: [{ N: '1' }, { N: '1.0e1' }] }, b: { M: { n: { N: '007' } } }, c: { S: 'kept' } };
  const before = structuredClone(raw);
  const checked = checkItem(raw).item;
  assert.deepEqual(checked, { a: { L: [{ N: '1' }, { N: '10' }] }, b: { M: { n: { N: '7' } } }, c: { S: 'kept' } });
  assert.equal(checked.c, raw.c);
  assert.deepEqual(raw, before);
});

test('members of sets come in order: by their bytes, numbers by value', () => {
  const cases: readonly [unknown, unknown][] = [
    [{ SS: ['b', 'é', '', 'B', '\u{1F600}', '\uFFFD'] }, { SS: ['', 'B', 'b', 'é', '\uFFFD', '\u{1F600}'] }],
    [{ NS: ['10', '9', '-1', '1e2', '-20', '0.5'] }, { NS: ['-20', '-1', '0.5', '9', '10', '100'] }],
    [{ BS: ['Ag==', 'AQI=', 'AQ==', '', '/w=='] }, { BS: ['', 'AQ==', 'AQI=', 'Ag==', '/w=='] }],
  ];
  for (const [raw, expected] of cases) {
    const before = structuredClone(raw);
    assert.deepEqual(checkValue(raw).value, expected);
    assert.deepEqual(raw, before);
  }
});

test('members that are null or unknown are dropped, booleans may be written as strings', () => {
  assert.deepEqual(checkValue({ S: 'a', L: null, Z: 1 }).value, { S: 'a' });
  assert.deepEqual(checkValue({ BOOL: 'TRUE' }).value, { BOOL: true });
  assert.deepEqual(checkValue({ NULL: 'true' }).value, { NULL: true });
});

test('an attribute named __proto__ is an attribute like any other', () => {
  const raw: unknown = JSON.parse('{"__proto__": {"N": "1.0"}, "b": {"N": "2.0"}}');
  const { item } = checkItem(raw);
  assert.equal(JSON.stringify(item), '{"__proto__":{"N":"1"},"b":{"N":"2"}}');
});

test('values nest up to 32 levels', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = { S: 'x' };
    for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { L: [value] } : { M: { a: value } };
    return value;
  };
  assert.ok(checkItem({ a: nested(31) }).sizeBytes > 0);
  assert.throws(() => checkItem({ a: nested(32) }), { message: TOO_DEEP });
  assert.ok(checkValue(nested(32)).sizeBytes > 0);
  assert.throws(() => checkValue(nested(33)), { message: TOO_DEEP });
  assert.throws(() => checkValue(nested(32), { nestsAsStored: true }), { message: TOO_DEEP });
});

test('an item above the size limit is refused', () => {
  const item = { a: { S: 'x'.repeat(9) } };
  assert.equal(checkItem(item, { maxSizeBytes: 10 }).sizeBytes, 10);
  assert.throws(() => checkItem(item, { maxSizeBytes: 9 }), {
    name: 'ValidationException',
    message: 'Item size has exceeded the maximum allowed size',
  });
});

test('sizes follow the arithmetic of the developer guide', () => {
  const cases: readonly (readonly [AttributeValue, number])[] = [
    [{ S: '' }, 0],
    [{ S: 'é😀' }, 6],
    [{ N: '0' }, 1],
    [{ N: '7' }, 2],
    [{ N: '42' }, 2],
    [{ N: '-42' }, 3],
    [{ N: '100' }, 2],
    [{ N: '12.5' }, 3],
    [{ N: '0.0005' }, 2],
    [{ N: '9'.repeat(38) }, 20],
    [{ B: 'AQID' }, 3],
    [{ B: 'AQI=' }, 2],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '-1'] }, 5],
    [{ BS: ['AQ==', ''] }, 1],
    [{ L: [] }, 3],
    [{ M: {} }, 3],
    [{ L: [{ S: 'ab' }, { BOOL: true }] }, 8],
    [{ M: { key: { S: 'ab' } } }, 9],
  ];
  for (const [value, size] of cases) {
    assert.equal(valueSizeBytes(value), size, JSON.stringify(value));
    assert.equal(checkValue(value).sizeBytes, size, JSON.stringify(value));
    assert.equal(itemSizeBytes({ name: value }), size + 4);
  }
});

test('checking and measuring agree on any item', () => {
  const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }).map((S) => ({ S })),
      fc.integer().map((number) => ({ N: String(number) })),
      fc.uint8Array().map((bytes) => ({ B: Buffer.from(bytes).toString('base64') })),
      fc.uniqueArray(fc.string(), { minLength: 1 }).map((SS) => ({ SS })),
      fc.array(tie('value'), { maxLength: 4 }).map((L) => ({ L })),
      fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 4 }).map((M) => ({ M })),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), value), (item: AttributeMap) => {
      const checked = checkItem(item);
      assert.equal(checked.sizeBytes, itemSizeBytes(checked.item));
      assert.equal(checkItem(checked.item).item, checked.item);
    }),
  );
});
