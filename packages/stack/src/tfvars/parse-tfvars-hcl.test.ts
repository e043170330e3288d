// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test hold templates of HCL
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '@tablewright/base';
import type { JsonValue } from '../json-value.js';
import { plainValue } from '../schema/convert-value.js';
import { parseHclValue, parseTfvarsHcl } from './parse-tfvars-hcl.js';

function read(text: string): { [name: string]: JsonValue } {
  return Object.fromEntries(parseTfvarsHcl('x.tfvars', text).map((entry) => [entry.key, plainValue(entry.value)]));
}

function failure(text: string): UserError {
  try {
    parseTfvarsHcl('x.tfvars', text);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  return assert.fail(`accepted ${JSON.stringify(text)}`);
}

describe('tfvars in HCL', () => {
  test('strings, numbers, bools and null', () => {
    const text = 'a = "x"\nb = -1.5e2\nc = true\nd = false\ne = null\nf-g = 0';
    assert.deepEqual(read(text), { a: 'x', b: -150, c: true, d: false, e: null, 'f-g': 0 });
  });

  test('escapes, and "$${" and "%%{" for the text itself', () => {
    const text = 'a = "\\"q\\" \\\\ \\n\\t\\r \\u00e9 \\U0001F600 $${x} %%{y} $5 100%"';
    assert.equal(read(text).a, '"q" \\ \n\t\r é 😀 ${x} %{y} $5 100%');
  });

  test('lists and maps: commas or new lines, "=" or ":", trailing commas, nesting', () => {
    const text = `a = [
      1, # one
      "two", // two
      [true, /* three */ null,],
    ]
    b = {
      x = 1
      "y z" : { k = "v", l = [] }
      3 = "three", }
    c = {}`;
    assert.deepEqual(read(text), {
      a: [1, 'two', [true, null]],
      b: { x: 1, 'y z': { k: 'v', l: [] }, '3': 'three' },
      c: {},
    });
  });

  test('heredocs, plain and with the indentation taken away', () => {
    const text = 'a = <<EOF\n  one\n    two\nEOF\nb = <<-EOT\n    one\n\n      two \\n $${x}\n    EOT\nc = 1';
    assert.deepEqual(read(text), { a: '  one\n    two\n', b: 'one\n\n  two \\n ${x}\n', c: 1 });
  });

  test('Windows line ends, a byte order mark and a comment at the end', () => {
    assert.deepEqual(read('\uFEFFa = 1\r\nb = [\r\n  2\r\n]\r\nc = <<E\r\nx\r\nE\r\n# end'), {
      a: 1,
      b: [2],
      c: 'x\n',
    });
  });

  test('an error names file, line and column and shows the line with a caret', () => {
    const error = failure('a = 1\nb =   foo\n');
    assert.equal(error.message, 'x.tfvars:2:7: foo is no literal value\n\n  2 | b =   foo\n            ^');
    assert.equal(error.remedy, 'If it is text, put it in quotes: "foo".');
  });

  const refused: readonly (readonly [text: string, message: RegExp])[] = [
    ['a = 1\na = 2', /2:1: "a" is set twice, first in line 1/],
    ['a = {\n x = 1\n x = 2\n}', /3:2: the key "x" is given twice/],
    ['a = upper("x")', /1:5: upper\(…\) calls a function/],
    ['a = var.x', /1:5: var refers to another value/],
    ['a = "x ${y}"', /1:8: "\$\{" begins a template/],
    ['a = <<E\n${y}\nE', /1:5: this heredoc contains a template/],
    ['a = [for x in y : x]', /1:6: "for" computes a value/],
    ['a = "x', /1:5: this string is never closed/],
    ['a = "x\ny"', /1:5: this string is never closed/],
    ['a = "\\q"', /1:6: "\\q" is no escape/],
    ['a = <<E\nx', /1:5: this heredoc is never closed/],
    ['a = [1, 2', /1:5: this list is never closed/],
    ['a = { x = 1', /1:5: this map is never closed/],
    ['a = [1 2]', /1:8: "2" stands between two elements/],
    ['a = { x = 1 y = 2 }', /1:13: "y" stands between two entries/],
    ['a = ', /1:5: a value is missing here/],
    ['a = 1 b = 2', /1:7: "b" stands after the value/],
    ['a = 1 + 2', /1:7: "\+" stands after the value/],
    ['a = 5x', /1:5: this is no number/],
    ['a {\n}', /1:3: "a" opens a block/],
    ['a "b"', /1:3: "=" is missing after "a"/],
    ['= 1', /1:1: "=" stands where a variable name is expected/],
    ['/* x', /1:1: this comment is never closed/],
    [`a = ${'['.repeat(5000)}`, /nested more than 200 deep/],
  ];
  for (const [text, message] of refused) {
    test(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => assert.match(failure(text).message, message));
  }

  test('one value, as after -var', () => {
    assert.deepEqual(plainValue(parseHclValue('-var', ' {a = ["b"]} ')), { a: ['b'] });
    assert.throws(() => parseHclValue('-var tags', '{a = 1} x'), /-var tags:1:9: "x" stands after the value/);
  });

  test('a number that is longer than a double keeps its digits', () => {
    const [entry] = parseTfvarsHcl('x.tfvars', 'a = 123456789012345678901234567890');
    assert.deepEqual(entry?.value.kind === 'number' && entry.value.text, '123456789012345678901234567890');
  });
});
