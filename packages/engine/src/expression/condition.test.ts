import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeMap } from '../value/index.js';
import { assertNoKeyAttributes, compileCondition, Substitutions } from './index.js';

const ITEM: AttributeMap = {
  a: { N: '5' },
  s: { S: 'hello' },
  b: { B: 'AQID' },
  m: { M: { x: { N: '1' }, y: { L: [{ N: '1' }, { S: 'q' }] } } },
  l: { L: [{ N: '1' }, { S: 'two' }, { M: { z: { S: 'zz' } } }] },
  ss: { SS: ['a', 'b'] },
  ns: { NS: ['1', '2'] },
  bs: { BS: ['AQ=='] },
  nul: { NULL: true },
  t: { BOOL: true },
};

const VALUES: AttributeMap = {
  ':v': { N: '5' },
  ':w': { N: '7' },
  ':s': { S: 'he' },
  ':n': { S: 'N' },
  ':b': { B: 'AQ==' },
  ':ss': { SS: ['b', 'a'] },
  ':l': { L: [] },
  ':m': { M: {} },
  ':t': { BOOL: true },
  ':nul': { NULL: true },
};

/** The values that a text names. */
function valuesIn(text: string): AttributeMap | undefined {
  const entries = Object.entries(VALUES).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function evaluate(text: string, item: AttributeMap | undefined = ITEM): boolean {
  const substitutions = new Substitutions(undefined, valuesIn(text));
  const condition = compileCondition('ConditionExpression', text, substitutions);
  substitutions.assertAllUsed();
  return condition.evaluate(item);
}

function assertRefused(text: string, fault: string): void {
  assert.throws(
    () => evaluate(text),
    { name: 'ValidationException', message: `Invalid ConditionExpression: ${fault}` },
    text,
  );
}

test('conditions hold or do not, as on DynamoDB', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['a = :v', true],
    ['a=:v', true],
    ['a <> :v', false],
    ['a < :w', true],
    ['a <= :v', true],
    ['a > :v', false],
    ['a >= :v', true],
    ['a < :s', false],
    ['a <> :s', true],
    ['not a = :v', false],
    ['NOT NOT a = :v', true],
    ['a = :w OR a = :v AND s = :s', false],
    ['a = :v OR a = :v AND s = :s', true],
    ['NOT a = :w AND a = :v', true],
    ['((a) = :v)', true],
    ['(attribute_exists(a))', true],
    ['(size(s)) = :v', true],
    ['mist = :v', false],
    ['mist <> :v', true],
    ['mist < :v', false],
    ['mist = gone', false],
    ['mist <> gone', true],
    ['NOT mist = :v', true],
    ['a BETWEEN :v AND :w', true],
    ['s BETWEEN :v AND :w', false],
    ['a IN (:s, :v)', true],
    ['a IN (:s)', false],
    ['mist IN (:s)', false],
    ['attribute_exists(m.y[1])', true],
    ['attribute_exists(m.y[2])', false],
    ['attribute_exists(a.x)', false],
    ['attribute_not_exists(l[2].z)', false],
    ['attribute_not_exists(toString)', true],
    ['attribute_type(a, :n)', true],
    ['attribute_type(s, :n)', false],
    ['attribute_type(mist, :n)', false],
    ['begins_with(s, :s)', true],
    ['begins_with(b, :b)', true],
    ['begins_with(a, :s)', false],
    ['contains(s, :s)', true],
    ['contains(b, :b)', true],
    ['contains(ss, :s)', false],
    ['contains(bs, :b)', true],
    ['contains(l, l[0])', true],
    ['contains(ns, l[0])', true],
    ['contains(a, :v)', false],
    ['size(s) = :v', true],
    ['size(l) < :v', true],
    ['size(a) < :v', false],
    ['size(a) <> :v', true],
    ['size(mist) < :v', false],
    ['ss = :ss', true],
    ['nul = :nul', true],
    ['t = :t', true],
    ['l[1] = :s', false],
  ];
  for (const [text, expected] of cases) assert.equal(evaluate(text), expected, text);
});

test('an item that does not exist has no attributes', () => {
  const condition = compileCondition('ConditionExpression', 'attribute_not_exists(a)', new Substitutions(null, null));
  assert.equal(condition.evaluate(undefined), true);
  assert.equal(condition.evaluate(ITEM), false);
});

test('syntax errors show the token and its neighbours', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['  ', '<EOF>', '  '],
    ['a', '<EOF>', 'a'],
    ['a =', '<EOF>', '='],
    ['a x b', 'x', 'a x b'],
    ['a == :v', '=', '== :v'],
    ['a != :v', '!', 'a !='],
    ['a = :v AND OR s = :s', 'OR', 'AND OR s'],
    ['a = (:v', '<EOF>', ':v'],
    ['a = :v)', ')', ':v)'],
    ['()', ')', '()'],
    ['(a) AND (a)', 'AND', ') AND ('],
    ['(a = :v) = :t', '=', ') = :t'],
    ['a NOT IN (:v)', 'NOT', 'a NOT IN'],
    ['a in :v', ':v', 'in :v'],
    ['a BETWEEN :v', '<EOF>', ':v'],
    ['_a = :v', '_', '_a'],
    ['1a = :v', '1', '1a'],
    ['l[00] = :v', '0', '00]'],
    ['m..x = :v', '.', '..x'],
    ['x.and = :v', 'and', '.and ='],
    ['a = 5', '5', '= 5'],
    ["a = 'x'", "'", "= 'x"],
    ['a = :v ; b', ';', ':v ; b'],
    ['begins_with(s :s)', ':s', 's :s)'],
    ['a = NOT :v', 'NOT', '= NOT :v'],
    ['a < :v < :w', '<', ':v < :w'],
  ];
  for (const [text, token, near] of cases) assertRefused(text, `Syntax error; token: "${token}", near: "${near}"`);
});

test('wrong expressions are refused in AWS’s words', () => {
  const wrongType = 'Incorrect operand type for operator or function; operator or function:';
  const wrongNumber = 'Incorrect number of operands for operator or function; operator or function:';
  const repeated =
    'The first operand must be distinct from the remaining operands for this operator or function; operator:';
  const misuse = 'The function is not allowed to be used this way in an expression; function:';
  const cases: readonly (readonly [string, string])[] = [
    ['', 'The expression can not be empty;'],
    ['((a = :v))', 'The expression has redundant parentheses;'],
    ['((a)) = :v', 'The expression has redundant parentheses;'],
    ['NOT ((a = :v))', 'The expression has redundant parentheses;'],
    ['attribute_exists(((a)))', 'The expression has redundant parentheses;'],
    ['name = :v', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['m.Data = :v', 'Attribute name is a reserved keyword; reserved keyword: Data'],
    ['foo(name)', 'Invalid function name; function: foo'],
    ['Size(a) = :v', 'Invalid function name; function: Size'],
    ['if_not_exists(a, :v) = :v', 'The function is not allowed in a condition expression; function: if_not_exists'],
    ['size(a)', `${misuse} size`],
    ['attribute_exists(a) = :t', `${misuse} attribute_exists`],
    ['a = size(attribute_exists(a))', `${misuse} attribute_exists`],
    ['l[2147483648] = :v', 'List index is not within the allowable range; index: [2147483648]'],
    ['a = :zz', 'An expression attribute value used in expression is not defined; attribute value: :zz'],
    ['#x = :v', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
    ['attribute_exists(a, s)', `${wrongNumber} attribute_exists, number of operands: 2`],
    ['begins_with(s)', `${wrongNumber} begins_with, number of operands: 1`],
    ['begins_with(s, :v)', `${wrongType} begins_with, operand type: N`],
    ['size(:v) = :v', `${wrongType} size, operand type: N`],
    ['size(size(a)) = :v', `${wrongType} size, operand type: N`],
    ['s < :ss', `${wrongType} <, operand type: SS`],
    ['a BETWEEN :t AND :t', `${wrongType} BETWEEN, operand type: BOOL`],
    ['attribute_type(a, :v)', `${wrongType} attribute_type, operand type: N`],
    ['attribute_type(a, s)', `${wrongType} attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}`],
    [
      'attribute_type(a, :s)',
      'Invalid attribute type name found; type: he, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    ['attribute_exists(:v)', 'Operator or function requires a document path; operator or function: attribute_exists'],
    ['m.y[0] = m.y[0]', `${repeated} =, first operand: [m, y, [0]]`],
    ['a IN (:v, (a))', `${repeated} IN, first operand: [a]`],
    [
      'a BETWEEN :w AND :v',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
        'lower bound operand: AttributeValue: {N:7}, upper bound operand: AttributeValue: {N:5}',
    ],
    [
      'a BETWEEN :v AND :s',
      'The BETWEEN operator requires same data type for lower and upper bounds; ' +
        'lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:he}',
    ],
  ];
  for (const [text, fault] of cases) assertRefused(text, fault);
});

test('faults are reported in AWS’s order: parentheses, names and functions as they come, then operands', () => {
  assertRefused('name = :v AND ((a = :v))', 'The expression has redundant parentheses;');
  assertRefused('begins_with(s, :v) AND name = :v', 'Attribute name is a reserved keyword; reserved keyword: name');
  const misuse = 'The function is not allowed to be used this way in an expression; function: size';
  assertRefused('size(a) AND foo(a)', misuse);
  assertRefused('foo(a) AND size(a)', 'Invalid function name; function: foo');
  assertRefused(
    'begins_with(s, :v) AND a = :zz',
    'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
  );
});

test('limits of size, operators, operands and nesting are AWS’s', () => {
  assert.equal(evaluate(`a = :v${' '.repeat(4090)}`), true);
  assertRefused(
    `a = :v${' '.repeat(4091)}`,
    'Expression size has exceeded the maximum allowed size; expression size: 4097',
  );
  assert.equal(evaluate(Array(150).fill('a=:v').join(' OR ')), true);
  const tooMany = 'The expression contains too many operators; operator count: 301';
  assertRefused(Array(151).fill('a=:v').join(' OR '), tooMany);
  assertRefused(`${'NOT '.repeat(1000)}a = :v`, tooMany);
  assert.equal(evaluate(`a IN (${Array(100).fill(':v').join(',')})`), true);
  assertRefused(
    `a IN (${Array(101).fill(':v').join(',')})`,
    'The IN operator is provided with too many operands; number of operands: 101',
  );
  assert.equal(evaluate(`m${'.x'.repeat(31)} = :v`), false);
  assertRefused(`m${'.x'.repeat(32)} = :v`, 'The document path has too many nesting levels; nesting levels: 33');
  assertRefused(`${'('.repeat(2000)}a = :v${')'.repeat(2000)}`, 'The expression has redundant parentheses;');
});

test('a filter is named so in messages and cannot name key attributes', () => {
  const filter = compileCondition(
    'FilterExpression',
    'm.x = a OR attribute_exists(#s)',
    new Substitutions({ '#s': 's' }, null),
  );
  assert.deepEqual([...filter.attributes()].sort(), ['a', 'm', 's']);
  assertNoKeyAttributes(filter, ['pk', 'sk']);
  assert.throws(() => assertNoKeyAttributes(filter, ['pk', 's']), {
    message: 'Filter Expression can only contain non-primary key attributes: Primary key attribute: s',
  });
  assert.throws(() => compileCondition('FilterExpression', 'a', new Substitutions(null, null)), {
    message: 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "a"',
  });
});

test('one text serves requests with different substitutions', () => {
  for (const [name, value] of [
    ['a', '5'],
    ['b', '6'],
  ] as const) {
    const substitutions = new Substitutions({ '#n': name }, { ':x': { N: value } });
    const condition = compileCondition('ConditionExpression', '#n = :x', substitutions);
    assert.equal(condition.evaluate({ [name]: { N: value } }), true);
    assert.equal(condition.evaluate({ other: { N: value } }), false);
  }
});
