import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePattern, PatternError } from './event-pattern.js';

const EVENT = {
  eventName: 'INSERT',
  count: 5,
  none: null,
  tags: ['red', 'green'],
  ip: '10.0.0.5',
  lines: [
    { sku: 'a', n: 1 },
    { sku: 'b', n: 2 },
  ],
  dynamodb: { NewImage: { id: { S: 'order-7' }, total: { N: '101' }, open: { BOOL: true } } },
};

const image = (attribute: unknown) => ({ dynamodb: { NewImage: attribute } });
const id = (...entries: unknown[]) => image({ id: { S: entries } });

test('a record passes when each key of the pattern matches', () => {
  const cases: readonly (readonly [unknown, boolean])[] = [
    [{}, true],
    [{ eventName: ['INSERT'] }, true],
    [{ eventName: ['MODIFY', 'INSERT'] }, true],
    [{ eventName: ['MODIFY'] }, false],
    [{ eventName: ['INSERT'], count: [4] }, false],
    [{ none: [null] }, true],
    [{ other: [null] }, false],
    [{ tags: ['green'] }, true],
    [{ tags: ['blue'] }, false],
    [{ lines: { sku: ['b'] } }, true],
    [{ lines: { sku: ['c'] } }, false],
    [image({ open: { BOOL: [true] } }), true],
    [id('order-7'), true],
    [id({ prefix: 'order-' }), true],
    [id({ prefix: 'Order-' }), false],
    [id({ prefix: { 'equals-ignore-case': 'ORDER-' } }), true],
    [id({ suffix: '-7' }), true],
    [id({ suffix: { 'equals-ignore-case': 'R-7' } }), true],
    [id({ suffix: '-8' }), false],
    [id({ 'equals-ignore-case': 'ORDER-7' }), true],
    [id({ wildcard: 'o*-7' }), true],
    [id({ wildcard: 'o*8' }), false],
    [id({ wildcard: 'o.*7' }), false],
    [id({ 'anything-but': 'order-7' }), false],
    [id({ 'anything-but': ['order-8', 'order-9'] }), true],
    [id({ 'anything-but': { prefix: 'order' } }), false],
    [id({ 'anything-but': { suffix: ['8', '9'] } }), true],
    [id({ 'anything-but': { 'equals-ignore-case': ['ORDER-7'] } }), false],
    [id({ 'anything-but': { wildcard: '*-7' } }), false],
    [id({ exists: true }), true],
    [id({ exists: false }), false],
    [image({ gone: { S: [{ exists: false }] } }), true],
    [image({ id: [{ exists: true }] }), false],
    [image({ gone: { S: ['x', { exists: false }] } }), true],
    [{ count: [{ numeric: ['=', 5] }] }, true],
    [{ count: [{ numeric: ['>', 0, '<=', 5] }] }, true],
    [{ count: [{ numeric: ['>', 5] }] }, false],
    [image({ total: { N: [{ numeric: ['>', 100] }] } }), false],
    [{ ip: [{ cidr: '10.0.0.0/24' }] }, true],
    [{ ip: [{ cidr: '10.0.1.0/24' }] }, false],
    [{ $or: [{ eventName: ['REMOVE'] }, { count: [{ numeric: ['<', 9] }] }] }, true],
    [{ $or: [{ eventName: ['REMOVE'] }, { count: [9] }] }, false],
    [{ dynamodb: { NewImage: { $or: [{ id: { S: ['x'] } }, { open: { BOOL: [true] } }] } } }, true],
  ];
  for (const [pattern, expected] of cases) {
    assert.equal(compilePattern(JSON.stringify(pattern))(EVENT), expected, JSON.stringify(pattern));
  }
});

test('what is no pattern is refused', () => {
  const wrong = ['', '[]', '"x"', '{"a":"b"}', '{"a":[]}', '{"a":1}', '{"a":[{"prefix":1}]}', '{"a":[{"like":"x"}]}'];
  const operators = [
    '{"a":[{"numeric":["!",1]}]}',
    '{"a":[{"numeric":[">"]}]}',
    '{"a":[{"exists":"yes"}]}',
    '{"$or":[]}',
    '{"a":[{"anything-but":{"numeric":["=",1]}}]}',
    '{"a":[{"prefix":"a","suffix":"b"}]}',
    '{"a":[{"wildcard":"a**b"}]}',
    '{"a":[{"cidr":"x/1"}]}',
  ];
  for (const text of [...wrong, ...operators]) assert.throws(() => compilePattern(text), PatternError, text);
});
