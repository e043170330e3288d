import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttributeMap, itemSizeBytes } from '../value/index.js';
import { sameItem } from './same-item.js';
import { StoredItem } from './stored-item.js';

function isSame(before: AttributeMap, after: AttributeMap): boolean {
  const encode = (item: AttributeMap): Buffer => StoredItem.encode(item, itemSizeBytes(item));
  return sameItem(new StoredItem(encode(before)), new StoredItem(encode(after)));
}

const ITEM: AttributeMap = { pk: { S: 'a' }, n: { N: '12' }, set: { SS: ['x', 'y'] }, map: { M: { p: { N: '1' } } } };

test('an item is the same in whatever order its attributes and the members of its sets were written', () => {
  assert.ok(isSame(ITEM, { ...ITEM }));
  assert.ok(isSame(ITEM, { map: { M: { p: { N: '1' } } }, set: { SS: ['y', 'x'] }, n: { N: '12' }, pk: { S: 'a' } }));
});

test('an item is another with any other value, also one made of the same characters', () => {
  const changes: readonly AttributeMap[] = [
    { n: { N: '13' } },
    { n: { N: '21' } },
    { n: { N: '120' } },
    { n: { S: '12' } },
    { set: { SS: ['x', 'z'] } },
    { set: { L: [{ S: 'x' }, { S: 'y' }] } },
    { map: { M: { p: { N: '2' } } } },
    { map: { M: { q: { N: '1' } } } },
    { more: { BOOL: true } },
  ];
  for (const change of changes) assert.ok(!isSame(ITEM, { ...ITEM, ...change }), JSON.stringify(change));
  const { map: _, ...less } = ITEM;
  assert.ok(!isSame(ITEM, less));
  assert.ok(!isSame({ a: { S: '1' }, b: { S: '2' } }, { a: { S: '2' }, b: { S: '1' } }));
  assert.ok(!isSame({ a: { L: [{ S: 'x' }, { S: 'y' }] } }, { a: { L: [{ S: 'y' }, { S: 'x' }] } }));
});
