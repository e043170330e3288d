import assert from 'node:assert/strict';
import { test } from 'node:test';
import { item, numbers, vectorIndex } from '../vectors/vector-fixture.js';
import { BulkFixture, line } from './bulk-fixture.js';

test('bulk operations put vectors into their indexes, and report those that do not fit', async () => {
  const fixture = await BulkFixture.with({ VectorIndexes: [vectorIndex('near')] });
  fixture.put('in/1.json', line(item('a', [1, 0, 0])) + line(item('b', [1, 0])) + line({ pk: { S: 'without' } }));
  const ended = await fixture.finished();
  assert.equal(ended.BulkOperationStatus, 'COMPLETED_WITH_ERRORS');
  assert.deepEqual([ended.ProcessedItemCount, ended.FailedItemCount], [3, 1]);
  const [error] = fixture.report('ERROR');
  assert.match(JSON.stringify(error), /Invalid size for parameter embedding, Expected: 3, Actual: 2 IndexName: near/);
  const search = { TableName: 'orders', IndexName: 'near', TopK: 5, SearchVector: numbers(1, 0, 0) };
  const { SearchResults } = await fixture.run('SearchVectors', search);
  assert.equal((SearchResults as unknown[]).length, 1);
  const [usage] = ended.BulkOperationUsage as [Record<string, unknown>];
  assert.deepEqual(usage.VectorIndexes, { near: { BulkPutVectorBytes: 1024 } });
  assert.deepEqual(
    usage.BulkPutBytes,
    (usage.Table as Record<string, unknown>).BulkPutBytes,
    'without those of vectors',
  );
});

test('a bulk operation does not begin while a vector index is made', async () => {
  const fixture = await BulkFixture.with({}, { transitionDelayMs: 1000 });
  fixture.clock.advance(1000);
  await fixture.engine.idle();
  await fixture.run('UpdateTable', { TableName: 'orders', VectorIndexUpdates: [{ Create: vectorIndex('near') }] });
  await assert.rejects(fixture.start(), /when an index is being created\. Table: orders Indexes: \[near\]/);
});
