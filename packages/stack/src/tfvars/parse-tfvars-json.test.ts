// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test hold templates of HCL
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainValue } from '../schema/convert-value.js';
import { parseTfvarsJson } from './parse-tfvars-json.js';

function read(text: string) {
  return Object.fromEntries(parseTfvarsJson('x.tfvars.json', text).map((it) => [it.key, plainValue(it.value)]));
}

describe('tfvars in JSON', () => {
  test('every kind of value; "${" is plain text', () => {
    const value = { a: 'x\n"${y}" \ud83d\ude00', b: -1.5, c: [true, null, {}], d: { e: [] } };
    assert.deepEqual(read(JSON.stringify(value, null, 2)), value);
  });

  const refused: readonly (readonly [text: string, message: RegExp])[] = [
    ['[1]', /x\.tfvars\.json:1:1: the file holds no JSON object/],
    ['{"a": 1,\n "a": 2}', /:2:2: the key "a" is given twice/],
    ['{"a": 1,}', /:1:9: a key in double quotes is expected/],
    ['{"a" 1}', /:1:6: ":" is missing after "a"/],
    ['{"a": tru}', /:1:7: this is no JSON value/],
    ['{"a": "x}', /:1:7: this string is broken/],
    ['{"a": [1', /:1:7: "\]" is missing/],
    ['{"a": 1} x', /:1:10: text follows/],
    ['{a: 1}', /:1:2: a key in double quotes/],
    [`{"a": ${'['.repeat(5000)}`, /nested more than 200 deep/],
  ];
  for (const [text, message] of refused) {
    test(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => assert.throws(() => read(text), message));
  }
});
