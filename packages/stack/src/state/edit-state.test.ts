import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SeededRandom } from '@tablewright/testkit';
import { emptyState, listResources, removeResource, withInstance } from './edit-state.js';

const instance = (index_key?: string) => ({
  schema_version: 0,
  attributes: {},
  ...(index_key === undefined ? {} : { index_key }),
});
const table = { type: 'aws_dynamodb_table', name: 'this' };
const item = (index: string) => ({ type: 'aws_dynamodb_table_item', name: 'static_items', index });

function sample() {
  let state = emptyState(new SeededRandom(7));
  state = withInstance(state, item('b'), instance('b'));
  state = withInstance(state, table, instance());
  return withInstance(state, item('a'), instance('a'));
}

describe('a state', () => {
  test('keeps resources and instances sorted', () => {
    assert.deepEqual(listResources(sample()), [
      'aws_dynamodb_table.this',
      'aws_dynamodb_table_item.static_items["a"]',
      'aws_dynamodb_table_item.static_items["b"]',
    ]);
  });

  test('replaces an instance of the same key and drops a resource with its last one', () => {
    const once = withInstance(sample(), item('a'), { ...instance('a'), attributes: { x: 1 } });
    assert.equal(listResources(once).length, 3);
    const none = withInstance(withInstance(once, item('a'), null), item('b'), null);
    assert.deepEqual(listResources(none), ['aws_dynamodb_table.this']);
    assert.equal(none.resources.length, 1);
  });

  test('loses one instance, or all of a resource, and counts its serial up', () => {
    const one = removeResource(sample(), 'aws_dynamodb_table_item.static_items["a"]');
    assert.equal(listResources(one).length, 2);
    assert.equal(one.serial, 1);
    assert.deepEqual(listResources(removeResource(sample(), 'aws_dynamodb_table_item.static_items')), [
      'aws_dynamodb_table.this',
    ]);
    assert.throws(
      () => removeResource(sample(), 'aws_dynamodb_table.other'),
      /the state has no aws_dynamodb_table.other/,
    );
  });
});
