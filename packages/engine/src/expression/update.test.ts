import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttributeMap, valuesEqual } from '../value/index.js';
import { compileUpdate, projectUpdatedPaths, Substitutions } from './index.js';

const ITEM: AttributeMap = {
  pk: { S: 'k' },
  a: { N: '5' },
  s: { S: 'hello' },
  m: { M: { x: { N: '1' }, y: { L: [{ N: '1' }, { S: 'q' }] } } },
  l: { L: [{ N: '0' }, { S: 'one' }, { M: { z: { S: 'zz' } } }, { N: '3' }] },
  ss: { SS: ['a', 'b'] },
  ns: { NS: ['1', '2'] },
};

const VALUES: AttributeMap = {
  ':v': { N: '5' },
  ':w': { N: '7' },
  ':s': { S: 'he' },
  ':ss': { SS: ['a', 'c'] },
  ':sa': { SS: ['b', 'a'] },
  ':ns': { NS: ['2', '3'] },
  ':l': { L: [{ N: '9' }] },
  ':e': { L: [] },
  ':m': { M: {} },
  ':big': { N: `99${'0'.repeat(124)}` },
};

function compile(text: string) {
  const named = Object.entries(VALUES).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  const substitutions = new Substitutions(undefined, named.length === 0 ? undefined : Object.fromEntries(named));
  const update = compileUpdate(text, substitutions);
  substitutions.assertAllUsed();
  return update;
}

/** The item after the update differs from ITEM by `changes`; undefined stands for an attribute that is gone. */
function assertUpdates(text: string, changes: Readonly<Record<string, AttributeMap[string] | undefined>>): void {
  const before = structuredClone(ITEM);
  const { item } = compile(text).apply(ITEM);
  const expected = Object.fromEntries(
    Object.entries({ ...ITEM, ...changes }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  assert.ok(valuesEqual({ M: item }, { M: expected }), `${text}: ${JSON.stringify(item)}`);
  assert.deepEqual(ITEM, before, `${text} changed the item given`);
}

test('updates do what DynamoDB does', () => {
  assertUpdates('SET a = :w', { a: { N: '7' } });
  assertUpdates('set q = a + :v remove s', { q: { N: '10' }, s: undefined });
  assertUpdates('SET a = :v - :w', { a: { N: '-2' } });
  assertUpdates('SET a = (a) + (:v)', { a: { N: '10' } });
  assertUpdates('SET a = (a + :v)', { a: { N: '10' } });
  assertUpdates('SET a = a + a', { a: { N: '10' } });
  assertUpdates('SET a = s, s = a', { a: { S: 'hello' }, s: { N: '5' } });
  assertUpdates('SET q = if_not_exists(q, :w) + :v, a = if_not_exists(a, :w)', { q: { N: '12' } });
  assertUpdates('SET q = if_not_exists(q, if_not_exists(nope, a))', { q: { N: '5' } });
  assertUpdates('SET q = list_append(:l, m.y)', { q: { L: [{ N: '9' }, { N: '1' }, { S: 'q' }] } });
  assertUpdates('SET q = list_append(if_not_exists(q, :e), :l)', { q: { L: [{ N: '9' }] } });
  assertUpdates('SET m.x = :w, m.q = :s', {
    m: { M: { x: { N: '7' }, q: { S: 'he' }, y: { L: [{ N: '1' }, { S: 'q' }] } } },
  });
  assertUpdates('REMOVE a, nope, m.nope, m.y[9], m.y[0]', {
    a: undefined,
    m: { M: { x: { N: '1' }, y: { L: [{ S: 'q' }] } } },
  });
  assertUpdates('ADD a :v, q :w, ss :ss, ns :ns', {
    a: { N: '10' },
    q: { N: '7' },
    ss: { SS: ['a', 'b', 'c'] },
    ns: { NS: ['1', '2', '3'] },
  });
  assertUpdates('ADD q :ss, m.x :v', {
    q: { SS: ['a', 'c'] },
    m: { M: { x: { N: '6' }, y: { L: [{ N: '1' }, { S: 'q' }] } } },
  });
  assertUpdates('DELETE ss :ss, ns :ns', { ss: { SS: ['b'] }, ns: { NS: ['1'] } });
  assertUpdates('DELETE ss :sa, nope :ss', { ss: undefined });
});

test('list indexes are those of the list as it was', () => {
  const [zero, one, two, three] = [{ N: '0' }, { S: 'one' }, { M: { z: { S: 'zz' } } }, { N: '3' }];
  const [v, w, s] = [{ N: '5' }, { N: '7' }, { S: 'he' }];
  assertUpdates('REMOVE l[0], l[1]', { l: { L: [two, three] } });
  assertUpdates('REMOVE l[1], l[3], l[0]', { l: { L: [two] } });
  assertUpdates('SET l[1] = :v REMOVE l[0]', { l: { L: [v, two, three] } });
  assertUpdates('SET l[0] = l[1], l[1] = l[0]', { l: { L: [one, zero, two, three] } });
  assertUpdates('SET l[9] = :v REMOVE l[0]', { l: { L: [one, two, three, v] } });
  assertUpdates('SET l[9] = :v, l[7] = :w', { l: { L: [zero, one, two, three, w, v] } });
  assertUpdates('SET l[10] = :v, l[11] = :w, l[0] = :s REMOVE l[1]', { l: { L: [s, two, three, v, w] } });
  assertUpdates('SET l[2].z = :v, l[2].q = :w', {
    l: { L: [zero, one, { M: { z: v, q: w } }, three] },
  });
});

test('unchanged parts are shared with the item given', () => {
  const { item } = compile('SET a = :w').apply(ITEM);
  assert.equal(item.l, ITEM.l);
  assert.equal(item.m, ITEM.m);
});

test('updates that do not fit the item are refused', () => {
  const invalidPath = 'The document path provided in the update expression is invalid for update';
  const missing = 'The provided expression refers to an attribute that does not exist in the item';
  const wrongType = 'An operand in the update expression has an incorrect data type';
  const cases: readonly (readonly [string, string])[] = [
    ['SET nope.x = :v', invalidPath],
    ['SET a.x = :v', invalidPath],
    ['SET m[0] = :v', invalidPath],
    ['SET l.x = :v', invalidPath],
    ['SET ss[0] = :v', invalidPath],
    ['SET l[9].x = :v', invalidPath],
    ['SET m.q.r = :v', invalidPath],
    ['REMOVE nope.x', invalidPath],
    ['REMOVE a[0]', invalidPath],
    ['DELETE nope.x :ss', invalidPath],
    ['ADD nope.x :v', invalidPath],
    ['SET q = nope', missing],
    ['SET q = l[9]', missing],
    ['SET q = a + nope', missing],
    ['SET q = if_not_exists(a, nope)', missing],
    ['SET q = list_append(nope, :l)', missing],
    ['SET q = s + :v', wrongType],
    ['SET q = list_append(a, :l)', wrongType],
    ['ADD s :v', wrongType],
    ['ADD ss :ns', wrongType],
    ['ADD ns :v', wrongType],
    ['DELETE ss :ns', wrongType],
    ['DELETE a :ss', wrongType],
    ['ADD a :big', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['SET a = :big + :big', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => compile(text).apply(ITEM), { name: 'ValidationException', message }, text);
  }
});

test('a value may not become too deep where it is put', () => {
  let value: AttributeMap[string] = { L: [] };
  for (let level = 1; level < 31; level++) value = { L: [value] };
  const substitutions = () => new Substitutions(undefined, { ':v': value });
  assert.ok(compileUpdate('SET q = :v', substitutions()).apply(ITEM));
  assert.throws(() => compileUpdate('SET m.q = :v', substitutions()).apply(ITEM), {
    message: 'Nesting Levels have exceeded supported limits',
  });
});

test('wrong updates are refused in AWS’s words', () => {
  const wrongType = 'Incorrect operand type for operator or function; operator or function:';
  const paths = (relation: string, one: string, two: string) =>
    `Two document paths ${relation} with each other; must remove or rewrite one of these paths; ` +
    `path one: ${one}, path two: ${two}`;
  const cases: readonly (readonly [string, string])[] = [
    ['', 'The expression can not be empty;'],
    ['foo', 'Syntax error; token: "foo", near: "foo"'],
    ['SET a', 'Syntax error; token: "<EOF>", near: "a"'],
    ['SET a = :v,', 'Syntax error; token: "<EOF>", near: ","'],
    ['SET a = a + :v + :w', 'Syntax error; token: "+", near: ":v + :w"'],
    ['SET a = (a + :v) - :w', 'Syntax error; token: "-", near: ") - :w"'],
    ['SET (a) = :v', 'Syntax error; token: "(", near: "SET (a"'],
    ['ADD a s', 'Syntax error; token: "s", near: "a s"'],
    ['SET a = ((a + :v))', 'The expression has redundant parentheses;'],
    ['SET a = :v SET s = :s', 'The "SET" section can only be used once in an update expression;'],
    ['REMOVE a REMOVE s', 'The "REMOVE" section can only be used once in an update expression;'],
    ['SET name = :v', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['SET a = foo(a)', 'Invalid function name; function: foo'],
    ['SET a = size(a)', 'The function is not allowed in an update expression; function: size'],
    [
      'SET a = list_append(list_append(l, :l), :l)',
      'The function is not allowed to be used this way in an expression; function: list_append',
    ],
    [
      'SET q = if_not_exists(:v, :w)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    ['SET a = :s + :v', `${wrongType} +, operand type: S`],
    ['SET a = list_append(l, :v)', `${wrongType} list_append, operand type: N`],
    [
      'ADD s :s',
      'Incorrect operand type for operator or function; operator: ADD, operand type: STRING, ' +
        'typeSet: ALLOWED_FOR_ADD_OPERAND',
    ],
    [
      'DELETE a :v',
      'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, ' +
        'typeSet: ALLOWED_FOR_DELETE_OPERAND',
    ],
    ['SET a = :v, a = :w', paths('overlap', '[a]', '[a]')],
    ['SET m.x = :v, m = :m', paths('overlap', '[m, x]', '[m]')],
    ['SET m = :m REMOVE m.x', paths('overlap', '[m]', '[m, x]')],
    ['SET l[0] = :v, l[0].x = :w', paths('overlap', '[l, [0]]', '[l, [0], x]')],
    ['SET m.x = :v, m[0] = :w', paths('conflict', '[m, x]', '[m, [0]]')],
    ['SET a = :s + :v, a = :w', paths('overlap', '[a]', '[a]')],
    [
      'SET q = :s + :v, a = :zz',
      'An expression attribute value used in expression is not defined; attribute value: :zz',
    ],
  ];
  for (const [text, fault] of cases) {
    assert.throws(
      () => compile(text),
      { name: 'ValidationException', message: `Invalid UpdateExpression: ${fault}` },
      text,
    );
  }
});

test('the updated paths are returned alone, nested as they lie', () => {
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['SET m.x = :w', { m: { M: { x: { N: '1' } } } }, { m: { M: { x: { N: '7' } } } }],
    ['SET a = :w REMOVE s', { a: { N: '5' }, s: { S: 'hello' } }, { a: { N: '7' } }],
    ['REMOVE a', { a: { N: '5' } }, undefined],
    ['SET q = :v', undefined, { q: { N: '5' } }],
    ['SET l[1] = :v', { l: { L: [{ S: 'one' }] } }, { l: { L: [{ N: '5' }] } }],
    ['SET l[9] = :v', undefined, undefined],
    ['REMOVE m.y[0]', { m: { M: { y: { L: [{ N: '1' }] } } } }, { m: { M: { y: { L: [{ S: 'q' }] } } } }],
  ];
  for (const [text, before, after] of cases) {
    const { item, updatedPaths } = compile(text).apply(ITEM);
    assert.deepEqual(projectUpdatedPaths(ITEM, updatedPaths), before, text);
    assert.deepEqual(projectUpdatedPaths(item, updatedPaths), after, text);
  }
  assert.equal(projectUpdatedPaths(undefined, [['a']]), undefined);
});

test('an update names the top-level attributes that it writes, not those that it reads', () => {
  assert.deepEqual([...compile('SET m.x = a, l[0] = :v REMOVE q').topLevelAttributes()], ['m', 'l', 'q']);
});
