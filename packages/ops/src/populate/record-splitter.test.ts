import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '@tablewright/base';
import { MAX_RECORD_BYTES, RecordSplitter } from './record-splitter.js';

/** Splits `text` given in pieces of `size` bytes. */
function split(text: string, size = text.length + 1): { json: unknown[]; lines: number[]; containers: unknown[] } {
  const splitter = new RecordSplitter('data.json');
  const bytes = Buffer.from(text);
  const records = [];
  for (let at = 0; at < bytes.length; at += size) records.push(...splitter.push(bytes.subarray(at, at + size)));
  records.push(...splitter.end());
  assert.deepEqual(
    records.map((record) => record.index),
    records.map((_, index) => index + 1),
  );
  return {
    json: records.map((record) => JSON.parse(record.bytes.toString())),
    lines: records.map((record) => record.line),
    containers: [...new Set(records.map((record) => record.container))],
  };
}

function refusal(text: string): UserError {
  try {
    split(text);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: `accepted: ${text}` });
}

const ITEMS = [{ id: { S: 'a "quoted" } ] \\ ü\n' } }, { id: { S: 'b' }, l: { L: [{ M: { x: { N: '1' } } }] } }, {}];

const LAYOUTS: Record<string, string> = {
  array: JSON.stringify(ITEMS),
  'indented array': JSON.stringify(ITEMS, null, 2),
  'JSON lines': ITEMS.map((item) => JSON.stringify(item)).join('\n'),
  'JSON lines with Windows line ends': ITEMS.map((item) => `${JSON.stringify(item)}\r\n`).join(''),
  'one object after another, indented': ITEMS.map((item) => JSON.stringify(item, null, 2)).join('\n'),
  'output of a scan': JSON.stringify({ Items: ITEMS, Count: 3, ScannedCount: 3, ConsumedCapacity: null }, null, 4),
  'output of a scan, count first': JSON.stringify({ Count: 3, LastEvaluatedKey: { id: { S: '[{' } }, Items: ITEMS }),
};

for (const [name, text] of Object.entries(LAYOUTS)) {
  test(`${name}: the same records, whatever the pieces`, () => {
    for (const size of [1, 2, 3, 5, 7, 64, text.length]) assert.deepEqual(split(text, size).json, ITEMS, `${size}`);
  });
}

test('a byte order mark is not part of the first record', () => {
  assert.deepEqual(split(`\ufeff${LAYOUTS.array}`, 2).json, ITEMS);
});

test('records know the line that they begin on', () => {
  assert.deepEqual(split('\n[\n  {"a":\n 1},\n\n  {"b": 2}, {"c": 3}]').lines, [3, 6, 6]);
  assert.deepEqual(split('{"a": {}}\n\n{"b": {}}\n').lines, [1, 3]);
  assert.deepEqual(split('{"Count": 1,\n "Items": [\n{"a": {}}]}').lines, [3]);
});

test('records in a document know the member that holds them', () => {
  assert.deepEqual(split('{"users-table": [{"a": {}}, {"b": {}}]}').containers, ['users-table']);
  assert.deepEqual(split('[{"a": {}}]').containers, [undefined]);
});

test('an empty array holds no records', () => {
  assert.deepEqual(split(' [ ] \n').json, []);
  assert.deepEqual(split('{"Items": [], "Count": 0}').json, []);
});

test('what is no record is passed on, to be named by its number', () => {
  assert.deepEqual(split('[1, "two", null, [3]]').json, [1, 'two', null, [3]]);
});

test('broken files are refused with the line', () => {
  assert.match(refusal('').message, /^data\.json, line 1: the file is empty$/);
  assert.match(refusal(' \n\n').message, /the file is empty/);
  assert.match(refusal('[{"a": 1},\n{"b": 2}').message, /line 2: the array is never closed/);
  assert.match(refusal('[{"a": 1},\n{"b": 2},\n]').message, /line 3: a comma stands before the closing/);
  assert.match(refusal('[{"a": 1}\n{"b": 2}]').message, /line 2: a comma or "\]" is missing after record 1/);
  assert.match(refusal('[{"a": 1}] x').message, /something follows the end/);
  assert.match(refusal('[{"a": "x\ny"}]').message, /line 1: a quote is not closed on its line/);
  assert.match(refusal('[\n{"a": {\n').message, /line 2: record 1, which begins here, is not closed at the end/);
  assert.match(refusal('[\n{"a": 1,\n "b" 2,\n{').message, /line 3: record 1 is not JSON/);
  assert.match(refusal('id,name\n1,Ann').message, /line 1: "i" stands where an item should begin/);
  assert.match(refusal('[,{"a": 1}]').message, /"," stands where a record should begin/);
  assert.match(refusal('{"Items": [{"a": 1}]').message, /the document is never closed/);
});

test('a record that never ends is given up at 16 MB', () => {
  const splitter = new RecordSplitter('data.json');
  const piece = Buffer.from('{"a":'.repeat(200_000));
  splitter.push(Buffer.from('['));
  assert.throws(() => {
    for (let bytes = 0; bytes <= MAX_RECORD_BYTES; bytes += piece.length) splitter.push(piece);
  }, /record 1, which begins here, is not closed within 16 MB/);
});
