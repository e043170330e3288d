import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import { compileProjection, Substitutions } from '../expression/index.js';
import type { AttributeMap } from '../value/index.js';
import { encodeOutput } from './encode-output.js';
import { ItemProjection } from './item-projection.js';
import { JsonItem } from './json-item.js';
import { StoredItem } from './stored-item.js';

const NAMES = ['a', 'b', 'ab', 'é', '"', '\\', '__proto__', 'constructor', 'M', '0', '12'];
const name = fc.constantFrom(...NAMES);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', '}', '{"a":', ',', '日')).map((S) => ({ S })),
    fc.constantFrom({ N: '1' }, { BOOL: true }, { SS: ['"', 'a'] }, { B: 'AAE=' }),
    fc.dictionary(name, tie('value')).map((M) => ({ M })),
    fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
  ),
}));
/** What follows the top-level name in a path. */
const beneath = fc.constantFrom('', '', '', '.#1', '[0]', '[1].#2');

/** A projection onto paths of which none is within another. */
function projectionOf(paths: readonly (readonly [string, string])[]) {
  const names: Record<string, string> = { '#1': 'a', '#2': 'b' };
  const texts = paths.map(([top, rest], n) => {
    names[`#t${n}`] = top;
    return `#t${n}${rest}`;
  });
  return compileProjection(texts.join(', '), new Substitutions(names, undefined));
}

/** The item within some other bytes, as it comes from the store. */
function storedAmongOthers(item: AttributeMap): StoredItem {
  const value = StoredItem.encode(item, 7);
  const bytes = Buffer.concat([Buffer.from('before'), value, Buffer.from('behind')]);
  return new StoredItem(bytes, undefined, 6, 6 + value.length);
}

test('a projection of an item in its bytes is that of the parsed item, in the answer too', () => {
  const seen = { parts: 0, parsed: 0 };
  fc.assert(
    fc.property(
      fc.dictionary(name, value),
      fc.uniqueArray(fc.tuple(name, beneath), { minLength: 1, maxLength: 4, selector: ([top]) => top }),
      (attributes, paths) => {
        const item = JSON.parse(JSON.stringify(attributes)) as AttributeMap;
        const projection = projectionOf(paths);
        const shown = new ItemProjection(projection).of(storedAmongOthers(item));
        const expected = projection.project(item);
        if (shown instanceof JsonItem) seen.parts++;
        else seen.parsed++;
        assert.deepEqual(shown instanceof JsonItem ? shown.item : shown, expected);
        assert.deepEqual(JSON.parse(encodeOutput({ Item: shown }).toString()), { Item: expected });
        const list = { Items: [shown, shown], Count: 2 };
        assert.deepEqual(JSON.parse(encodeOutput(list).toString()), { Items: [expected, expected], Count: 2 });
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(seen.parts > 300 && seen.parsed > 300, JSON.stringify(seen));
});
