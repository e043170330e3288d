import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import type { AttributeMap } from '../value/index.js';
import { pickAttributes } from './own-attribute.js';
import { AttributeNames } from './pick-json.js';
import { StoredItem } from './stored-item.js';

const NAMES = ['a', 'b', 'ab', 'é', '"', '\\', '__proto__', 'constructor', 'M'];
const name = fc.constantFrom(...NAMES);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', '}', '{"a":', '日')).map((S) => ({ S })),
    fc.constantFrom({ N: '1' }, { BOOL: true }, { SS: ['"', 'a'] }),
    fc.dictionary(name, tie('value')).map((M) => ({ M })),
    fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
  ),
}));

test('attributes picked from the bytes of an item are those of the parsed item', () => {
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.uniqueArray(name), (item, names) => {
      const stored = new StoredItem(StoredItem.encode(item as AttributeMap, 1));
      const picked = stored.attributes(new AttributeNames(names));
      assert.deepEqual(pickAttributes(picked, NAMES), pickAttributes(stored.item, names));
    }),
    { numRuns: 1000 },
  );
});

test('an item that has been parsed gives what it has', () => {
  const item: AttributeMap = { a: { S: 'x' }, b: { N: '1' } };
  assert.deepEqual(StoredItem.of(item, 5).attributes(new AttributeNames(['a'])), item);
});
