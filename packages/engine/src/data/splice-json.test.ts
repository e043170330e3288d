import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import { type AttributeMap, type AttributeValue, itemSizeBytes } from '../value/index.js';
import { setAttribute } from './own-attribute.js';
import { AttributeNames } from './pick-json.js';
import { StoredItem } from './stored-item.js';

const NAMES = ['a', 'b', 'ab', 'é', '"', '\\', '__proto__', 'constructor', 'M', '0', '12', '01', '-1'];
const name = fc.constantFrom(...NAMES);
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', '}', '{"a":', ',', '日', '\ud800')).map((S) => ({ S })),
    fc.constantFrom<AttributeValue>({ N: '1' }, { N: '-12.5' }, { BOOL: true }, { SS: ['"', 'a'] }, { B: 'AAE=' }),
    fc.dictionary(name, tie('value')).map((M) => ({ M })),
    fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
  ),
}));

/** The plain way: all of the item printed anew. */
function expected(item: AttributeMap, changes: AttributeMap, names: readonly string[]): StoredItem {
  const after: Record<string, AttributeValue> = { ...item };
  for (const one of names) {
    if (!Object.hasOwn(changes, one)) delete after[one];
    else setAttribute(after, one, changes[one] as AttributeValue);
  }
  return StoredItem.of(after, itemSizeBytes(after));
}

test('an item with attributes replaced in its bytes is the one that is printed as a whole', () => {
  const seen = { done: 0, left: 0 };
  fc.assert(
    fc.property(
      fc.dictionary(name, value),
      fc.dictionary(name, value),
      fc.uniqueArray(name, { maxLength: 4 }),
      (attributes, changes, names) => {
        // Every item has a key.
        const item = { key: { S: 'k' }, ...attributes };
        const before = new StoredItem(StoredItem.encode(item, itemSizeBytes(item)));
        const replaced = before.replaced(new AttributeNames(names), item, changes);
        if (replaced === undefined) {
          seen.left++;
          assert.ok(names.some((one) => /^\d+$/.test(one) && !Object.hasOwn(item, one)));
          return;
        }
        seen.done++;
        const plain = expected(item, changes, names);
        assert.equal(replaced.json, plain.json);
        assert.equal(replaced.sizeBytes, plain.sizeBytes);
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(seen.done > 1000 && seen.left > 50, JSON.stringify(seen));
});

test('attributes go from the beginning, the middle and the end', () => {
  const item: AttributeMap = { a: { N: '1' }, b: { N: '2' }, c: { N: '3' }, d: { N: '4' } };
  const stored = StoredItem.of(item, itemSizeBytes(item));
  const without = (...names: string[]) => stored.replaced(new AttributeNames(names), item, {})?.json;
  assert.equal(without('a'), '{"b":{"N":"2"},"c":{"N":"3"},"d":{"N":"4"}}');
  assert.equal(without('b', 'c'), '{"a":{"N":"1"},"d":{"N":"4"}}');
  assert.equal(without('c', 'd'), '{"a":{"N":"1"},"b":{"N":"2"}}');
  assert.equal(without('a', 'd', 'x'), '{"b":{"N":"2"},"c":{"N":"3"}}');
});
