import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeMap } from '../value/index.js';
import { compileProjection, projectionOf, Substitutions } from './index.js';

const ITEM: AttributeMap = {
  a: { N: '5' },
  s: { S: 'hello' },
  m: { M: { x: { N: '1' }, y: { L: [{ N: '1' }, { S: 'q' }] } } },
  l: { L: [{ N: '0' }, { S: 'one' }, { M: { z: { S: 'zz' } } }, { N: '3' }] },
};

test('a projection takes the named parts; list elements keep their order and close up', () => {
  const cases: readonly (readonly [string, AttributeMap])[] = [
    ['a', { a: { N: '5' } }],
    ['a, s , nope', { a: { N: '5' }, s: { S: 'hello' } }],
    ['m.x', { m: { M: { x: { N: '1' } } } }],
    ['m.y[1], m.y[0]', { m: { M: { y: { L: [{ N: '1' }, { S: 'q' }] } } } }],
    ['l[3], l[2].z, l[0]', { l: { L: [{ N: '0' }, { M: { z: { S: 'zz' } } }, { N: '3' }] } }],
    ['l[9]', {}],
    ['m.nope', {}],
    ['a.x, s[0]', {}],
    ['l[1].q, l[0]', { l: { L: [{ N: '0' }] } }],
    ['m', { m: ITEM.m ?? { NULL: true } }],
  ];
  for (const [text, expected] of cases) {
    assert.deepEqual(compileProjection(text, new Substitutions(null, null)).project(ITEM), expected, text);
  }
});

test('placeholders may stand for names with dots, which are names all the same', () => {
  const projection = compileProjection('#d.x', new Substitutions({ '#d': 'm.y' }, null));
  assert.deepEqual(projection.project({ 'm.y': { M: { x: { N: '1' } } }, ...ITEM }), {
    'm.y': { M: { x: { N: '1' } } },
  });
  assert.deepEqual([...projection.topLevelAttributes()], ['m.y']);
});

test('wrong projections are refused in AWS’s words', () => {
  const paths = 'Two document paths overlap with each other; must remove or rewrite one of these paths;';
  const cases: readonly (readonly [string, string])[] = [
    ['', 'The expression can not be empty;'],
    ['a,', 'Syntax error; token: "<EOF>", near: ","'],
    ['a b', 'Syntax error; token: "b", near: "a b"'],
    ['(a)', 'Syntax error; token: "(", near: "(a"'],
    ['size(a)', 'Syntax error; token: "(", near: "size(a"'],
    [':v', 'Syntax error; token: ":v", near: ":v"'],
    ['name', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['a, a', `${paths} path one: [a], path two: [a]`],
    ['m.x, m', `${paths} path one: [m, x], path two: [m]`],
    ['#x', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
  ];
  for (const [text, fault] of cases) {
    const message = `Invalid ProjectionExpression: ${fault}`;
    assert.throws(() => compileProjection(text, new Substitutions(null, null)), { message }, text);
  }
});

test('a list of attributes projects without an expression', () => {
  assert.deepEqual(projectionOf(['a', 'name']).project({ ...ITEM, name: { S: 'n' } }), {
    a: { N: '5' },
    name: { S: 'n' },
  });
});
