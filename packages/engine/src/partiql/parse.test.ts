import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoError } from '../errors.js';
import { parse } from './parse.js';
import { withoutPlaces } from './statement-fixture.js';

function faultOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof DynamoError, text);
    assert.equal(error.code, 'ValidationException');
    const prefix = "Statement wasn't well formed, can't be processed: ";
    assert.ok(error.message.startsWith(prefix), error.message);
    return error.message.slice(prefix.length);
  }
  return 'none';
}

test('what does not parse is told as by AWS’s parser', () => {
  const cases: readonly (readonly [string, string])[] = [
    // What cannot be read as tokens has no detail.
    ['SELECT * FROM t # comment', ''],
    ["SELECT * FROM t WHERE a = 'open", ''],
    ['SELECT * FROM "open', ''],
    ['SELECT * FROM t /* open', ''],
    ['SELECT * FROM t WHERE a = 1e', ''],
    ['SELECT * FROM t WHERE a = 1e2147483648', ''],
    ['SELECT * FROM t WHERE a = 1e-2147483648', ''],
    ['SELECT * FROM t WHERE a = ``', ''],
    [`SELECT * FROM t WHERE ${'('.repeat(4000)}`, ''],
    [`SELECT * FROM t WHERE a = ${'['.repeat(4000)}`, ''],
    ['SELECT * FROM t WHERE', 'Unexpected term'],
    ['SELECT * FROM t WHERE;', 'Unexpected term'],
    ['SELECT * FROM t WHERE (', 'Unexpected term'],
    ['SELECT * FROM t WHERE NOT', 'Unexpected term'],
    ['SELECT * FROM', 'Unexpected term'],
    ['SELECT a', 'Expected FROM after SELECT list'],
    [
      'SELECT *, a FROM t',
      "Other expressions may not be present in the select list when '*' is used without dot notation.",
    ],
    ['SELECT a[*] FROM t', 'Invalid use of * in select list'],
    ['SELECT a.*.b FROM t', 'Invalid use of * in select list'],
    ['SELECT a[1].* FROM t', 'Cannot use [] and * together in SELECT list expression'],
    ['SELECT a AS FROM t', 'Expected identifier for AS-alias'],
    ['SELECT * FROM t WHERE a = 1 AND', 'Missing right-hand side expression of infix operator'],
    ['SELECT * FROM t WHERE a = 1 OR', 'Missing right-hand side expression of infix operator'],
    ['SELECT * FROM t WHERE a BETWEEN 1 AND', 'Expected expression after AND'],
    ['SELECT * FROM t WHERE a BETWEEN 1', 'Expected AND keyword'],
    ['SELECT * FROM t WHERE ORDER BY a', 'Unexpected keyword'],
    ['SELECT * FROM t WHERE IS NULL', 'Unexpected operator'],
    ["SELECT * FROM t WHERE a = LIKE 'x'", 'Unexpected operator'],
    ['SELECT * FROM t WHERE a IS FOO', 'Expected type name'],
    ['SELECT * FROM t WHERE (a = 1', 'Expected RIGHT_PAREN'],
    ['SELECT * FROM t WHERE a = [1', 'Expected RIGHT_BRACKET'],
    ['SELECT * FROM t WHERE a = <<1', 'Expected RIGHT_DOUBLE_ANGLE_BRACKET'],
    ["SELECT * FROM t WHERE a = {'b': 1", 'Expected RIGHT_CURLY'],
    ["SELECT * FROM t WHERE a = {'b' 1}", 'Expected COLON'],
    ['SELECT * FROM t WHERE a.inner = 1', 'Invalid path dot component'],
    ['SELECT * FROM t ORDER a', 'Expected BY'],
    ['SELECT * FROM t ORDER BY a WHERE a = 1', 'Unexpected token after expression'],
    ['SELECT * FROM t OFFSET 1', 'Unexpected token after expression'],
    ['SELECT * FROM t; SELECT * FROM t', 'Unexpected token after semicolon. (Only one query is allowed.)'],
    ['SELECT * FROM t;;', 'Unexpected token after semicolon. (Only one query is allowed.)'],
    ['SLECT * FROM t', 'Expected data manipulation'],
    ["INSERT INTO t x VALUE {'pk': 1}", 'Unexpected token after expression'],
    ['INSERT t VALUE {}', 'Unexpected keyword'],
    ['UPDATE t WHERE a = 1', 'Expected data manipulation'],
    ['UPDATE', 'Expected identifier for simple path'],
    ['UPDATE t SET WHERE a = 1', 'Expected identifier for simple path'],
    ['UPDATE t SET a WHERE a = 1', "Expected '='"],
    ['UPDATE t SET a.* = 1', 'Invalid path dot component for simple path'],
    ['UPDATE t SET a[b = 1] = 1', 'Invalid path component for simple path'],
    ['UPDATE t REMOVE a, b', 'Unexpected token after expression'],
    ['UPDATE t SET a = 1 RETURNING OLD *', 'Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.'],
    ['UPDATE t SET a = 1 RETURNING ALL OLD 1', 'Unsupported syntax in RETURNING columns.'],
    ['DELETE t', 'Expected FROM after DELETE'],
    ['DELETE FROM', 'Expected identifier for simple path'],
    ["DELETE FROM WHERE pk = 'a'", 'Expected identifier for simple path'],
    ["DELETE FROM t WHERE pk = 'a' ORDER BY pk", 'Unexpected token after expression'],
    ["FROM t SET a = 1 WHERE pk = 'a'", 'Unexpected token after expression'],
    ['SELECT * FROM t WHERE a = (UPDATE t SET a = 1)', 'Keyword update only expected at the top level in the query'],
  ];
  for (const [text, fault] of cases) assert.equal(faultOf(text), fault, text);
});

test('comments, quotes and the trailing semicolon', () => {
  const cases = [
    "SELECT/**/* FROM t -- the table\nWHERE pk/* key */='a' --",
    'SELECT "from", "a ""b""" FROM t WHERE a = \'it\'\'s -- not a /* comment */\';',
    'select * from T where A is not missing;',
  ];
  for (const text of cases) assert.equal(faultOf(text), 'none', text);
});

test('operators bind as in SQL', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['NOT a = 1 AND b = 2 OR c = 3', '((NOT (a = 1)) AND (b = 2)) OR (c = 3)'],
    ['a = 1 OR b = 2 AND c = 3', '(a = 1) OR ((b = 2) AND (c = 3))'],
    ['a + 1 * 2 < 3', '(a + (1 * 2)) < 3'],
    ['a BETWEEN 1 AND 2 AND b = 1', '(a BETWEEN 1 AND 2) AND (b = 1)'],
    ['a NOT IN (1) AND b IS NOT NULL', '(NOT (a IN [1])) AND (NOT (b IS NULL))'],
    ['a = 1 - -1', 'a = (1 - (-1))'],
    ['a = - - 1', 'a = 1'],
    ['a != 1', 'a <> 1'],
    ['a > 1 = true', '(a > 1) = true'],
  ];
  for (const [text, same] of cases) {
    assert.deepEqual(withoutPlaces(parse(text)), withoutPlaces(parse(same)), text);
  }
});

test('parameters are counted through the statement', () => {
  const node = parse('UPDATE t SET a = ?, b = ? WHERE pk = ?');
  assert.deepEqual(JSON.stringify(node).match(/"index":\d/g), ['"index":0', '"index":1', '"index":2']);
});
