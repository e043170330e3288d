import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeMap } from '../value/index.js';
import { StoredItem } from './stored-item.js';

const ITEM: AttributeMap = { pk: { S: 'k' }, n: { N: '1' } };

/** The item among others, as a walk through the store hands it out. */
function among(others: Buffer): StoredItem {
  const value = StoredItem.encode(ITEM, 9);
  const bytes = Buffer.concat([others, value, others]);
  return new StoredItem(bytes, undefined, others.length, others.length + value.length);
}

test('an item that lies among other bytes is the item', () => {
  const item = among(Buffer.from('others'));
  assert.equal(item.sizeBytes, 9);
  assert.equal(item.json, JSON.stringify(ITEM));
  assert.deepEqual(item.item, ITEM);
  assert.ok(item.bytes.equals(StoredItem.encode(ITEM, 9)));
});

test('what is kept of an item that was read does not keep what was read beside it', () => {
  const read = among(Buffer.alloc(1_000_000));
  const kept = read.bytesToKeep();
  assert.ok(kept.equals(read.bytes));
  assert.notEqual(kept.buffer, read.bytes.buffer);
  assert.ok(kept.buffer.byteLength < 100_000);
});
