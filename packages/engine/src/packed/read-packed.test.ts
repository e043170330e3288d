import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import { StoredItem } from '../data/stored-item.js';
import { checkItem } from '../value/index.js';
import { PackedItem } from './packed-item.js';
import { type PackedOperation, readPacked } from './read-packed.js';

type Json = Record<string, unknown>;

/** How each operation carries an item. */
const WRAPPED: Readonly<Record<PackedOperation, (item: string) => string>> = {
  PutItem: (item) => `{"TableName":"t","Item":${item},"ReturnValues":"NONE"}`,
  BatchWriteItem: (item) => `{"RequestItems":{"t":[{"PutRequest":{"Item":${item}}},{"DeleteRequest":{"Key":{}}}]}}`,
  TransactWriteItems: (item) => `{"TransactItems":[{"Put":{"Item":${item},"TableName":"t"}},{"Delete":{}}]}`,
};

const ITEM_OF: Readonly<Record<PackedOperation, (input: unknown) => unknown>> = {
  PutItem: (input) => (input as Json).Item,
  BatchWriteItem: (input) =>
    (input as { RequestItems: { t: [{ PutRequest: Json }] } }).RequestItems.t[0].PutRequest.Item,
  TransactWriteItems: (input) => (input as { TransactItems: [{ Put: Json }] }).TransactItems[0].Put.Item,
};

const OPERATIONS = Object.keys(WRAPPED) as PackedOperation[];

/** The item as read from bytes; undefined when it was left to the usual way. */
function packed(item: string | Buffer, operation: PackedOperation = 'PutItem'): StoredItem | undefined {
  const body = Buffer.isBuffer(item) ? item : Buffer.from(WRAPPED[operation](item));
  const input = readPacked(operation, body);
  const found = input && ITEM_OF[operation](input);
  return found instanceof PackedItem ? found.stored : undefined;
}

/** The item in the usual way. */
function usual(item: string): StoredItem {
  const { item: checked, sizeBytes } = checkItem(JSON.parse(item));
  return StoredItem.of(checked, sizeBytes);
}

function assertSame(item: string, read: StoredItem): void {
  const expected = usual(item);
  assert.equal(read.json, expected.json);
  assert.equal(read.sizeBytes, expected.sizeBytes);
}

const PLAIN: Readonly<Record<string, string>> = {
  'an empty item': '{}',
  strings: '{"a":{"S":"x"},"b":{"S":""},"é":{"S":"日本 🎉"}}',
  escapes: '{"a":{"S":"\\"\\\\\\b\\f\\n\\r\\t"},"b":{"S":"\\u00e9\\/\\u0000\\ud83c\\udf89\\ud800"}}',
  numbers: '{"a":{"N":"0"},"b":{"N":"-12.5"},"c":{"N":"1200"},"d":{"N":"0.0012"},"e":{"N":"1e5"},"f":{"N":"-0"}}',
  'long numbers': `{"a":{"N":"${'9'.repeat(38)}"},"b":{"N":"-0.${'1'.repeat(38)}"},"c":{"N":"1E125"},"d":{"N":"1e-130"}}`,
  flags: '{"a":{"BOOL":true},"b":{"BOOL":false},"c":{"NULL":true},"d":{"BOOL":"true"},"e":{"NULL":"true"}}',
  binary: '{"a":{"B":"AAEC"},"b":{"B":""},"c":{"BS":["AAEC","AQ=="]}}',
  sets: '{"a":{"SS":["a","aa","b"]},"b":{"SS":["b","a"]},"c":{"NS":["3","1.0","2"]},"d":{"SS":["\\n","a"]}}',
  collections: '{"a":{"M":{}},"b":{"L":[]},"c":{"M":{"x":{"L":[{"S":"y"},{"M":{"x":{"N":"1"}}}]},"y":{"NULL":true}}}}',
  'white space':
    '{ "a" :\t{ "S" : "x y" } ,\r\n "b":{"M":{ "c" : { "L" : [ {"N" : "1" } , { "SS" : [ "a" , "b" ] } ] } } } }',
  'names that objects inherit': '{"__proto__":{"S":"x"},"constructor":{"M":{"toString":{"N":"1"}}}}',
};

test('plain items are read from their bytes as parsing, checking and printing make them', () => {
  for (const [name, item] of Object.entries(PLAIN)) {
    for (const operation of OPERATIONS) {
      const read = packed(item, operation);
      assert.ok(read !== undefined, `${name}: ${operation} left it`);
      assertSame(item, read);
    }
  }
});

const NOT_PLAIN: Readonly<Record<string, string>> = {
  'no type': '{"a":{}}',
  'two types': '{"a":{"S":"x","N":"1"}}',
  'an unknown type': '{"a":{"X":"x"}}',
  'a wrong JSON type': '{"a":{"S":1}}',
  'a null': '{"a":{"S":null}}',
  'no value': '{"a":"x"}',
  'no number': '{"a":{"N":"x"}}',
  'too many digits': `{"a":{"N":"${'1'.repeat(39)}"}}`,
  'out of range': '{"a":{"N":"1e126"}}',
  'bad base64': '{"a":{"B":"A"}}',
  'a false null': '{"a":{"NULL":false}}',
  'an empty set': '{"a":{"SS":[]}}',
  'a set with duplicates': '{"a":{"SS":["x","x"]}}',
  'an empty name': '{"":{"S":"x"}}',
  'an escaped name': '{"\\u0061":{"S":"x"}}',
  'a name twice': '{"a":{"S":"x"},"a":{"S":"y"}}',
  'a name twice within a map': '{"a":{"M":{"b":{"S":"x"},"b":{"S":"y"}}}}',
  'names that JSON.parse puts in order': '{"b":{"S":"x"},"1":{"S":"y"}}',
  'too deep': `{"a":${'{"L":['.repeat(32)}${']}'.repeat(32)}}`,
  'too large': `{"a":{"S":"${'x'.repeat(400 * 1024)}"}}`,
  'a trailing comma': '{"a":{"S":"x"},}',
  'a control character': '{"a":{"S":"\n"}}',
  'a bad escape': '{"a":{"S":"\\x"}}',
  'no end': '{"a":{"S":"x"}',
  'no item': '1',
};

test('what is wrong or rare is left to the usual way', () => {
  for (const [name, item] of Object.entries(NOT_PLAIN)) {
    for (const operation of OPERATIONS) assert.equal(packed(item, operation), undefined, `${name}: ${operation}`);
  }
});

test('no other member is taken for an item', () => {
  const item = '{"a":{"S":"x"}}';
  const bodies = [
    `{"Item":${item},"Item":0}`,
    `{"Item":${item},"It\\u0065m":0}`,
    `{"It\\u0065m":0,"Item":${item}}`,
    `[{"Item":${item}}]`,
    `{"Item":${item}`,
    `{"Item":${item}}}`,
    `{"Item":${item}} x`,
    `{"Item" ${item}}`,
    '',
    '"',
    '{"Item":',
    '{"Item":{"a":{"S":"',
  ];
  for (const body of bodies) assert.equal(readPacked('PutItem', Buffer.from(body)), undefined, body);
  const elsewhere = readPacked('PutItem', Buffer.from(`{"X":{"Item":${item}},"Y":["Item"],"Item":${item}}`)) as Json;
  assert.deepEqual(elsewhere.X, { Item: { a: { S: 'x' } } });
  assert.deepEqual(elsewhere.Y, ['Item']);
  assert.ok(elsewhere.Item instanceof PackedItem);
});

test('bytes that are no UTF-8 are left to the usual way', () => {
  const body = Buffer.from('{"Item":{"a":{"S":"x"}}}', 'latin1');
  body[body.indexOf('x')] = 0xff;
  assert.equal(readPacked('PutItem', body), undefined);
});

test('many items of one request each get their place, empty ones too', () => {
  const items = Array.from({ length: 300 }, (_, n) => (n % 3 === 0 ? '{}' : `{"a":{"N":"${n}"}}`));
  const puts = items.map((item) => `{"PutRequest":{"Item":${item}}}`);
  const body = `{"RequestItems":{"t":[${puts.join(',')}]}}`;
  const input = readPacked('BatchWriteItem', Buffer.from(body));
  assert.deepEqual(JSON.parse(JSON.stringify(input)), JSON.parse(body));
});

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('', '\u0000', '\ud800', '"\\/\n'));
const name = fc.oneof(
  { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: text },
);
const number = fc.oneof(
  fc.integer().map(String),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.tuple(fc.integer(), fc.nat({ max: 10_000 })).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom('00', '1.', '.5', '-0', '+1', '1e3', '1E-5', ''),
);
const bytes = fc.uint8Array({ maxLength: 8 }).map((value) => Buffer.from(value).toString('base64'));
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    bytes.map((B) => ({ B })),
    fc.array(text, { maxLength: 4 }).map((SS) => ({ SS })),
    fc.uniqueArray(fc.constantFrom('a', 'b', 'ab', 'é', '\n'), { minLength: 1 }).map((SS) => ({ SS: SS.sort() })),
    fc.array(number, { maxLength: 4 }).map((NS) => ({ NS })),
    fc.array(bytes, { maxLength: 4 }).map((BS) => ({ BS })),
    fc.constantFrom(
      { BOOL: true },
      { BOOL: false },
      { NULL: true },
      { NULL: false },
      { S: null },
      { S: 1 },
      {},
      'x',
      null,
    ),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }).map((M) => ({ M })),
    fc.array(tie('value'), { maxLength: 4 }).map((L) => ({ L })),
  ),
}));
const anyItem = fc.dictionary(name, anyValue, { maxKeys: 6 });
/** As different clients print JSON. */
const printed = fc.tuple(anyItem, fc.constantFrom(0, 1, '\t'), fc.boolean()).map(([item, space, isAscii]) => {
  const json = JSON.stringify(item, null, space);
  return isAscii
    ? json.replace(/[^\x20-\x7e\n\t]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
});

test('whatever is read from bytes is what parsing, checking and printing make of it', () => {
  let read = 0;
  fc.assert(
    fc.property(printed, fc.constantFrom(...OPERATIONS), (item, operation) => {
      const stored = packed(item, operation);
      if (stored === undefined) return;
      read++;
      assertSame(item, stored);
    }),
    { numRuns: 3000 },
  );
  assert.ok(read > 500, `only ${read} items were read`);
});

test('damaged requests are read right or not at all', () => {
  const damage = fc.array(
    fc.tuple(fc.nat(), fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...Buffer.from('"\\{}[]:, ')))),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  fc.assert(
    fc.property(printed, damage, fc.boolean(), (item, changes, isCut) => {
      const body = Buffer.from(WRAPPED.PutItem(item));
      for (const [at, byte] of changes) body[at % body.length] = byte;
      const damaged = isCut ? body.subarray(0, (changes[0]?.[0] ?? 0) % body.length) : body;
      const input = readPacked('PutItem', damaged);
      if (input === undefined) return;
      const parsed = JSON.parse(damaged.toString('utf8')) as Json;
      assert.deepEqual(JSON.parse(JSON.stringify(input)), parsed);
      const { Item: found } = input as Json;
      if (found instanceof PackedItem) assertSame(JSON.stringify(parsed.Item), found.stored);
    }),
    { numRuns: 3000 },
  );
});
