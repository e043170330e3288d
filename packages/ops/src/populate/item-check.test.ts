import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokenRecord } from './attribute-check.js';
import { type CheckedItem, checkRecord } from './item-check.js';
import type { TableKeys } from './table-keys.js';

const KEYS: TableKeys = {
  table: 'users',
  hashKey: { name: 'id', type: 'S' },
  rangeKey: { name: 'n', type: 'N' },
  indexKeys: [{ name: 'category', type: 'S' }],
};

function check(value: unknown, container?: string): CheckedItem {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return checkRecord({ index: 1, line: 10, bytes, container }, KEYS);
}

function problem(value: unknown, container?: string): string {
  try {
    check(value, container);
  } catch (error) {
    assert.ok(error instanceof BrokenRecord, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: `accepted: ${JSON.stringify(value)}` });
}

const KEY = { id: { S: 'a' }, n: { N: '1' } };
const withValue = (x: unknown): unknown => ({ ...KEY, x });

test('a good item keeps its text and has its size by DynamoDB’s arithmetic', () => {
  const text = '{"id": {"S": "ab"},\n "n": {"N": "-12.50"}, "x": {"M": {"y": {"L": [{"NULL": true}]}}}}';
  const checked = check(text);
  assert.equal(checked.text.toString(), text);
  // id 2+2, n 1+(2+1+1), x 1+3+(1+1+3+(1+1))
  assert.equal(checked.sizeBytes, 4 + 5 + 11);
});

test('every type is taken', () => {
  const x = {
    M: {
      s: { S: '' },
      n: { N: '1e5' },
      b: { B: 'aGVsbG8=' },
      t: { BOOL: false },
      z: { NULL: true },
      ss: { SS: ['a', ''] },
      ns: { NS: ['1', '2'] },
      bs: { BS: ['YQ==', ''] },
      l: { L: [] },
      m: { M: {} },
    },
  };
  assert.ok(check(withValue(x)).sizeBytes > 0);
});

test('equal keys are recognised however they are written', () => {
  const one = check({ id: { S: 'a' }, n: { N: '1.50e1' } });
  assert.equal(one.key, check({ id: { S: 'a' }, n: { N: '+015' } }).key);
  assert.notEqual(one.key, check({ id: { S: 'a' }, n: { N: '-15' } }).key);
});

test('exports and batch writes are unwrapped, unless the wrapper’s name is an attribute', () => {
  assert.equal(check({ Item: KEY }).text.toString(), JSON.stringify(KEY));
  assert.equal(check({ PutRequest: { Item: KEY } }, 'users').text.toString(), JSON.stringify(KEY));
  const item = { ...KEY, Item: { S: 'x' } };
  assert.equal(check(item).text.toString(), JSON.stringify(item));
  assert.match(problem({ DeleteRequest: { Key: KEY } }), /delete request/);
  assert.match(problem(KEY, 'orders'), /stands under "orders", which is neither "Items" nor "users"/);
});

test('what is no JSON, or no object, is named', () => {
  assert.match(problem('{"id": {"S": "a"},\n "n" 1}'), /^it is not JSON on line 11: /);
  assert.match(problem('[1]'), /it is \[1\], not an object/);
  assert.match(problem('"x"'), /it is "x", not an object/);
  const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
  assert.throws(() => checkRecord({ index: 1, line: 1, bytes, container: undefined }, KEYS), /not UTF-8/);
});

test('keys must be there, of the right type, and not empty', () => {
  assert.match(problem({ n: { N: '1' } }), /the hash key "id" \(S\) is missing/);
  assert.match(problem({ id: { S: 'a' } }), /the range key "n" \(N\) is missing/);
  assert.match(problem({ id: { N: '1' }, n: { N: '1' } }), /the hash key "id" must have type S, not N/);
  assert.match(problem({ id: { S: '' }, n: { N: '1' } }), /the hash key "id" is empty/);
  assert.match(problem({ ...KEY, id: { S: 'x'.repeat(2049) } }), /2049 bytes; at most 2048/);
  assert.match(problem({ ...KEY, category: { N: '1' } }), /the index key "category" must have type S, not N/);
  assert.match(problem({ ...KEY, category: { S: '' } }), /the index key "category" is empty/);
});

test('a plain value is shown with its type', () => {
  assert.match(problem(withValue('Ann')), /attribute "x" is "Ann" without a type; write \{"S": "Ann"\}/);
  assert.match(problem(withValue(42)), /write \{"N": "42"\}/);
  assert.match(problem(withValue(true)), /write \{"BOOL": true\}/);
  assert.match(problem(withValue({ M: { y: 1 } })), /attribute "x\.y" is 1 without a type/);
  assert.match(problem(withValue({ L: [{ S: 'a' }, null] })), /attribute "x\[1\]" is null without a type/);
});

test('a value of the wrong shape is named', () => {
  const cases: [unknown, RegExp][] = [
    [{}, /"x" is empty/],
    [{ X: 1 }, /unknown type "X"/],
    [{ constructor: 1 }, /unknown type "constructor"/],
    [{ S: 'a', N: '1' }, /exactly one type .* not S, N/],
    [{ S: 1 }, /S takes a string, not 1/],
    [{ N: 1 }, /N takes a number in quotes, not 1/],
    [{ N: 'one' }, /"one" is not a number/],
    [{ N: '' }, /"" is not a number/],
    [{ N: '1'.repeat(39) }, /39 significant digits/],
    [{ N: '1e126' }, /beyond what a number can hold/],
    [{ N: '1e-131' }, /beyond what a number can hold/],
    [{ B: 'a' }, /"a" is not base64/],
    [{ BOOL: 'true' }, /BOOL takes true or false, not "true"/],
    [{ NULL: false }, /NULL takes true, not false/],
    [{ SS: [] }, /a set \(SS\) may not be empty/],
    [{ SS: ['a', 'a'] }, /holds "a" twice/],
    [{ NS: ['1', '1.0'] }, /holds "1.0" twice/],
    [{ L: {} }, /L takes a list/],
    [{ M: [] }, /M takes an object/],
  ];
  for (const [value, expected] of cases) assert.match(problem(withValue(value)), expected);
});

test('numbers at the limits are taken', () => {
  for (const text of [
    '0',
    '-0',
    '1e125',
    '9.9999999999999999999999999999999999999E+125',
    '1E-130',
    `0.${'0'.repeat(129)}1`,
    `${'1'.repeat(38)}000`,
  ]) {
    assert.ok(check(withValue({ N: text })), text);
  }
});

test('half of a character is refused, a whole one taken', () => {
  assert.match(problem('{"id":{"S":"a"},"n":{"N":"1"},"x":{"S":"\\ud83d"}}'), /half of a character/);
  assert.ok(check('{"id":{"S":"a"},"n":{"N":"1"},"x":{"S":"\\ud83d\\ude00"}}'));
});

test('an item beyond 400 KB, or beyond 32 levels, is refused', () => {
  assert.match(problem(withValue({ S: 'x'.repeat(409_600) })), /at most 409600 \(400 KB\) fit/);
  const nest = (levels: number): unknown => (levels === 0 ? { S: 'a' } : { L: [nest(levels - 1)] });
  assert.ok(check(withValue(nest(32))));
  assert.match(problem(withValue(nest(33))), /more than 32 levels/);
});
