import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryObjects } from '../jobs/memory-objects.js';
import type { StoredObject } from '../object-store.js';
import { BulkFixture, line, order } from './bulk-fixture.js';

/** Tells of objects that are not there. */
class ListedObjects extends MemoryObjects {
  constructor(readonly listed: readonly StoredObject[]) {
    super();
  }

  override async list(...[, , { after = '', limit }]: Parameters<MemoryObjects['list']>): Promise<StoredObject[]> {
    const from = this.listed.findIndex(({ key }) => key === after) + 1;
    return this.listed.slice(from, from + limit);
  }
}

async function failureOf(listed: readonly StoredObject[]): Promise<unknown[]> {
  const fixture = await BulkFixture.with({}, { objectStore: new ListedObjects(listed) });
  const { BulkOperationStatus, FailureCode, FailureMessage, TotalInputBytes } = await fixture.finished();
  return [BulkOperationStatus, FailureCode, FailureMessage, TotalInputBytes];
}

test('every object of many pages is read, whatever the order of its key in UTF-16', async () => {
  const fixture = await BulkFixture.with();
  for (let at = 0; at < 250; at++) fixture.put(`in/${String(at).padStart(3, '0')}`, line(order(`o-${at}`)));
  const ended = await fixture.finished();
  assert.deepEqual([ended.ProcessedItemCount, ended.BulkOperationStatus], [250, 'COMPLETED']);
  // By bytes the first comes first, by UTF-16 the second.
  const objects = new ListedObjects(['in/\uff5e', 'in/\u{1f600}'].map((key) => ({ key, sizeBytes: 1 })));
  for (const { key } of objects.listed) objects.objects.set(key, Buffer.from(line(order(key))));
  const other = await BulkFixture.with({}, { objectStore: objects });
  assert.equal((await other.finished()).ProcessedItemCount, 2);
});

test('more or larger objects than an operation takes fail it', async () => {
  const many = Array.from({ length: 50_001 }, (_, at) => ({ key: `in/${at}`, sizeBytes: 1 }));
  assert.deepEqual(await failureOf(many), [
    'FAILED',
    'LimitExceeded',
    'The number of S3 objects exceeds the limit of 50000',
    undefined,
  ]);
  const large = { key: 'in/large', sizeBytes: 5 * 1024 ** 3 + 1 };
  assert.deepEqual(await failureOf([large]), [
    'FAILED',
    'LimitExceeded',
    'The S3 object in/large exceeds the size limit of 5368709120 bytes',
    undefined,
  ]);
});
