import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeOutput, NO_OUTPUT } from './encode-output.js';
import { StoredItem } from './stored-item.js';

const ITEM = { pk: { S: 'naïve ☃ "quoted" \u0000' }, m: { M: { l: { L: [{ N: '1' }, { NULL: true as const }] } } } };
const stored = (item: object = ITEM) => new StoredItem(StoredItem.encode(item as typeof ITEM, 10));

describe('encodeOutput', () => {
  it('gives no body to what has no output', () => {
    assert.equal(encodeOutput(NO_OUTPUT).length, 0);
    assert.equal(encodeOutput({}).toString(), '{}');
  });

  const outputs: Record<string, object> = {
    'an empty output': {},
    'a plain output': { Table: { TableName: 't', KeySchema: [{ AttributeName: 'ü' }] }, Missing: undefined },
    'one item': { Item: stored() },
    'an item among other members': { Attributes: stored(), ConsumedCapacity: { CapacityUnits: 0.5 } },
    'a list of items': { Items: [stored(), stored({ pk: { S: 'b' } }), stored()], Count: 3 },
    'an empty list': { Items: [], Count: 0 },
    'projected items': { Items: [ITEM, {}], Count: 2 },
    'items by table': { Responses: { 't-1': [stored(), stored()], 't-2': [], 't-3': [ITEM] }, UnprocessedKeys: {} },
    'a table called like a method': { Responses: { constructor: [stored()] } },
  };
  for (const [what, output] of Object.entries(outputs)) {
    it(`gives the JSON of ${what}`, () => {
      assert.equal(encodeOutput(output).toString(), JSON.stringify(output));
    });
  }
});
