import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePattern } from './filter-pattern.js';

function check(pattern: string, matching: readonly string[], others: readonly string[]): void {
  const matches = compilePattern(pattern);
  for (const message of matching) assert.ok(matches(message), `${pattern} must match ${message}`);
  for (const message of others) assert.ok(!matches(message), `${pattern} must not match ${message}`);
}

test('terms: all of them, any of those with ?, none of those with -, in quotes and as regular expressions', () => {
  check('', ['anything', ''], []);
  check('ERROR', ['an ERROR here'], ['an error here']);
  check('ERROR timeout', ['timeout after ERROR'], ['ERROR', 'timeout']);
  check('?ERROR ?WARN', ['ERROR', 'a WARN'], ['INFO']);
  check('ERROR -Exiting', ['ERROR stays'], ['ERROR Exiting', 'fine']);
  check('"Task timed out"', ['x Task timed out after 3.00 seconds'], ['Task was timed out']);
  check('"say \\"hi\\""', ['they say "hi"'], ['they say hi']);
  check('-"a b"', ['b a'], ['a b']);
  check('%code=5\\d\\d%', ['code=503'], ['code=403']);
});

test('JSON: comparisons, wildcards, null, existence, arrays, and, or, brackets', () => {
  const event = JSON.stringify({
    level: 'ERROR',
    code: 503,
    path: '/users/17',
    none: null,
    ok: false,
    items: [{ id: 1 }, { id: 2 }],
    'a.b': 'dotted',
  });
  const yes = [
    '{ $.level = "ERROR" }',
    '{ $.level = ERROR }',
    '{ $.code = 503 }',
    '{ $.code >= 500 && $.code < 600 }',
    '{ $.path = "/users/*" }',
    '{ $.path = %/users/\\d+% }',
    '{ $.none IS NULL }',
    '{ $.ok IS FALSE }',
    '{ $.missing NOT EXISTS }',
    '{ $.items[1].id = 2 }',
    '{ $.items[*].id = 2 }',
    "{ $['a.b'] = dotted }",
    '{ ($.level = "WARN" || $.level = "ERROR") && $.code != 200 }',
    '{ $.level = "ERROR" || $.level = "WARN" && $.code = 1 }',
  ];
  const no = [
    '{ $.level = "WARN" }',
    '{ $.level != "ERROR" }',
    '{ $.code > 503 }',
    '{ $.missing != 3 }',
    '{ $.ok IS TRUE }',
    '{ $.items[2].id = 2 }',
    '{ ($.level = "ERROR" || $.level = "WARN") && $.code = 1 }',
  ];
  for (const pattern of yes) check(pattern, [event], ['no JSON', '[]']);
  for (const pattern of no) check(pattern, [], [event]);
});

test('space-delimited fields: names, conditions, any number with ...', () => {
  const line = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
  check('[ip, id, user, time, request, status = 4*, bytes]', [line], [line.replace('404', '500')]);
  check('[ip, id, user, time, request = "GET*", status = 404 || status = 410, bytes > 1000]', [line], []);
  check('[ip, ..., bytes > 1534]', [], [line]);
  check('[..., status = 404, bytes]', [line], ['404']);
  check('[ip, id]', ['a b'], ['a', 'a b c']);
  check('[w1 = ERROR || w1 = WARN, ...]', ['ERROR x', 'WARN'], ['INFO x']);
});

test('what is no pattern is refused', () => {
  for (const pattern of [
    '{ $.a = }',
    '{ $.a = 1',
    '{ a = 1 }',
    '[a',
    '[..., a, ...]',
    '"open',
    '{ $.a > "x" }',
    '%(%',
    'a:b',
  ]) {
    assert.throws(
      () => compilePattern(pattern),
      { code: 'InvalidParameterException', message: 'Invalid filter pattern' },
      pattern,
    );
  }
});
