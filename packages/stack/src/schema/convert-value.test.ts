import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseHclValue } from '../tfvars/parse-tfvars-hcl.js';
import { convertValue } from './convert-value.js';
import {
  bool,
  defaulted,
  list,
  map,
  number,
  object,
  optional,
  required,
  set,
  string,
  typeName,
  type VariableType,
} from './variable-type.js';

const convert = (text: string, type: VariableType) => convertValue(parseHclValue('v', text), type, 'v');

describe('conversion to a declared type', () => {
  test('between strings, numbers and bools, as Terraform converts', () => {
    assert.equal(convert('"5"', number), 5);
    assert.equal(convert('1.50', string), '1.5');
    assert.equal(convert('123456789012345678901', string), '123456789012345678901');
    assert.equal(convert('true', string), 'true');
    assert.equal(convert('"false"', bool), false);
    assert.equal(convert('null', number), null);
  });

  test('sets lose duplicates and order, maps are sorted by key', () => {
    assert.deepEqual(convert('["b", "a", "b"]', set(string)), ['a', 'b']);
    assert.deepEqual(Object.keys(Object(convert('{ b = 1, a = 2 }', map(number)))), ['a', 'b']);
  });

  test('objects get null or the default for what is left out', () => {
    const type = object({ a: required(string), b: optional(number), c: defaulted(bool, true) });
    assert.deepEqual(convert('{ a = "x" }', type), { a: 'x', b: null, c: true });
    assert.deepEqual(convert('{ a = "x", c = null }', type), { a: 'x', b: null, c: true });
    assert.equal(typeName(type), 'object({ a = string, b = optional(number), c = optional(bool, true) })');
  });

  const refused: readonly (readonly [text: string, type: VariableType, message: string])[] = [
    ['"x"', number, 'v is the string "x"; it must be a number'],
    ['""', number, 'v is the string ""; it must be a number'],
    ['"yes"', bool, 'v is the string "yes"; it must be a bool'],
    ['1', bool, 'v is the number 1; it must be a bool'],
    ['[1]', string, 'v is a list of 1; it must be a string'],
    ['{ a = 1 }', list(string), 'v is a map with a in it; it must be a list(string)'],
    ['["a", null]', list(string), 'v[1] is null'],
    ['[{ nmae = "x" }]', list(object({ name: required(string) })), 'v[0] has no field "nmae"; did you mean "name"?'],
    ['{}', object({ name: required(string) }), 'v lacks the field "name"'],
    ['{ k = { n = [] } }', map(object({ n: required(number) })), 'v.k.n is a list of 0; it must be a number'],
  ];
  for (const [text, type, message] of refused) {
    test(`refuses ${text} for ${typeName(type)}`, () => assert.throws(() => convert(text, type), { message }));
  }
});
