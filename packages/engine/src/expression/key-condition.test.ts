import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileKeyCondition, type KeyTerm, Substitutions } from './index.js';

const VALUES: Readonly<Record<string, unknown>> = {
  ':v': { S: 'k' },
  ':n': { N: '1' },
  ':m': { N: '2' },
  ':s': { S: 'a' },
  ':t': { BOOL: true },
};

function compile(text: string): readonly KeyTerm[] {
  const named = Object.entries(VALUES).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  return compileKeyCondition(
    text,
    new Substitutions(undefined, named.length === 0 ? undefined : Object.fromEntries(named)),
  );
}

test('a key condition is read as terms in the order of the text', () => {
  const hash: KeyTerm = { attribute: 'pk', operator: '=', operands: [{ S: 'k' }] };
  const cases: readonly (readonly [string, readonly KeyTerm[]])[] = [
    ['pk = :v', [hash]],
    ['(pk) = (:v)', [hash]],
    [':v = pk', [hash]],
    ['(pk = :v AND sk = :n)', [hash, { attribute: 'sk', operator: '=', operands: [{ N: '1' }] }]],
    ['sk >= :n AND pk = :v', [{ attribute: 'sk', operator: '>=', operands: [{ N: '1' }] }, hash]],
    ['pk = :v AND :n < sk', [hash, { attribute: 'sk', operator: '>', operands: [{ N: '1' }] }]],
    [
      'pk = :v AND sk BETWEEN :n AND :m',
      [hash, { attribute: 'sk', operator: 'BETWEEN', operands: [{ N: '1' }, { N: '2' }] }],
    ],
    ['pk = :v AND begins_with(sk, :s)', [hash, { attribute: 'sk', operator: 'begins_with', operands: [{ S: 'a' }] }]],
  ];
  for (const [text, terms] of cases) assert.deepEqual(compile(text), terms, text);
});

test('what no key condition can be is refused in AWS’s words', () => {
  const operator = 'Invalid operator used in KeyConditionExpression:';
  const condition = 'Invalid condition in KeyConditionExpression:';
  const nested = 'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes';
  const invalid = 'Invalid KeyConditionExpression:';
  const cases: readonly (readonly [string, string])[] = [
    ['pk = :v OR sk = :n', `${operator} OR`],
    ['size(pk) = :n OR pk = :v', `${operator} OR`],
    ['pk = :v AND NOT sk = :n', `${operator} NOT`],
    ['pk <> :v', `${operator} <>`],
    ['pk IN (:v)', `${operator} IN`],
    ['pk = :v AND attribute_exists(sk)', `${operator} attribute_exists`],
    ['pk = :v AND contains(sk, :n)', `${operator} contains`],
    ['pk = :v AND size(sk) = :n', 'KeyConditionExpressions cannot contain nested operations'],
    ['pk = sk', `${condition} Multiple attribute names used in one condition`],
    [':v = :v', `${condition} No key attribute specified`],
    [
      'pk = :v AND begins_with(:s, sk)',
      `${condition} begins_with operator must have the key attribute as its first operand`,
    ],
    [
      'pk = :v AND :n BETWEEN :n AND sk',
      `${condition} BETWEEN operator must have the key attribute as its first operand`,
    ],
    ['pk = :v AND sk.x = :n', nested],
    ['pk[0] = :v', nested],
    ['pk.x = sk', nested],
    [
      'pk = :v AND sk > :n AND sk < :m',
      'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key',
    ],
    ['', `${invalid} The expression can not be empty;`],
    ['name = :v', `${invalid} Attribute name is a reserved keyword; reserved keyword: name`],
    ['pk = :v AND', `${invalid} Syntax error; token: "<EOF>", near: "AND"`],
    [
      'pk = :v AND sk < :t',
      `${invalid} Incorrect operand type for operator or function; operator or function: <, operand type: BOOL`,
    ],
    [
      'pk = :v AND sk BETWEEN :m AND :n',
      `${invalid} The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ` +
        'lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    ],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => compile(text), { name: 'ValidationException', message }, text);
  }
});
