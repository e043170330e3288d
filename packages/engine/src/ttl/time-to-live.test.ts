import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, orders } from '../control/engine-fixture.js';
import { StreamFixture, streamOf } from '../streams/stream-fixture.js';

const YEAR_SECONDS = 365 * 24 * 3600;
const TABLE = { TableName: 'orders' };

class TtlFixture extends StreamFixture {
  get nowSeconds(): number {
    return this.clock.nowMs() / 1000;
  }

  /** A number attribute `expires`, so many seconds from now. */
  expiresIn(seconds: number): Record<string, unknown> {
    return { expires: { N: String(this.nowSeconds + seconds) } };
  }

  setTimeToLive(Enabled: boolean, AttributeName = 'expires'): Promise<unknown> {
    return this.run('UpdateTimeToLive', { ...TABLE, TimeToLiveSpecification: { AttributeName, Enabled } });
  }

  async status(): Promise<unknown> {
    return ((await this.run('DescribeTimeToLive', TABLE)).TimeToLiveDescription as Record<string, unknown>)
      .TimeToLiveStatus;
  }

  /** Moves the clock and waits for what falls due. */
  async pass(seconds: number): Promise<void> {
    this.clock.advance(seconds * 1000);
    await this.engine.idle();
  }

  /** The keys of the items that are there, in order. */
  async keys(index?: string): Promise<string[]> {
    const { Items } = await this.run('Scan', { ...TABLE, ...(index !== undefined && { IndexName: index }) });
    const items = JSON.parse(JSON.stringify(Items)) as { pk: { S: string } }[];
    return items.map(({ pk }) => pk.S).sort();
  }

  get indexEntries(): number {
    return [...this.store.range({ start: 'De', end: 'Df' })].length;
  }
}

async function tableWithTimeToLive(): Promise<TtlFixture> {
  const fixture = new TtlFixture();
  await fixture.run('CreateTable', orders());
  await fixture.setTimeToLive(true);
  return fixture;
}

test('an item is deleted in the second in which it expires, and read until then', async () => {
  const fixture = await tableWithTimeToLive();
  await fixture.put('soon', fixture.expiresIn(10));
  await fixture.put('later', fixture.expiresIn(3600));
  await fixture.put('never');
  await fixture.pass(9.999);
  assert.deepEqual(await fixture.keys(), ['later', 'never', 'soon']);
  fixture.clock.advance(1);
  assert.deepEqual(await fixture.keys(), ['later', 'never', 'soon'], 'it has expired, and is not deleted yet');
  await fixture.engine.idle();
  assert.deepEqual(await fixture.keys(), ['later', 'never']);
  await fixture.pass(3600);
  assert.deepEqual(await fixture.keys(), ['never']);
  assert.equal(fixture.indexEntries, 0);
});

test('an item that is stored with a time that has passed goes at once', async () => {
  const fixture = await tableWithTimeToLive();
  await fixture.put('past', fixture.expiresIn(-5));
  await fixture.engine.idle();
  assert.deepEqual(await fixture.keys(), []);
});

test('what is no number, or expired more than five years ago, or never will, stays', async () => {
  const fixture = await tableWithTimeToLive();
  await fixture.put('text', { expires: { S: String(fixture.nowSeconds - 10) } });
  await fixture.put('set', { expires: { NS: ['1'] } });
  await fixture.put('nested', { map: { M: fixture.expiresIn(-10) } });
  await fixture.put('ancient', fixture.expiresIn(-5 * YEAR_SECONDS - 100));
  await fixture.put('negative', { expires: { N: '-1' } });
  await fixture.put('milliseconds', { expires: { N: String(fixture.clock.nowMs() - 10) } });
  await fixture.put('huge', { expires: { N: '1e100' } });
  await fixture.put('recent', fixture.expiresIn(-5 * YEAR_SECONDS + 1));
  await fixture.pass(1000);
  assert.deepEqual(await fixture.keys(), ['ancient', 'huge', 'milliseconds', 'negative', 'nested', 'set', 'text']);
});

test('an item that gets another time, or none, is not deleted at the first', async () => {
  const fixture = await tableWithTimeToLive();
  for (const pk of ['moved', 'freed', 'replaced', 'again']) await fixture.put(pk, fixture.expiresIn(10));
  const update = (pk: string, expression: string, values?: Record<string, unknown>): Promise<unknown> =>
    fixture.run('UpdateItem', {
      ...TABLE,
      Key: { pk: { S: pk } },
      UpdateExpression: expression,
      ...(values && { ExpressionAttributeValues: values }),
    });
  await update('moved', 'SET expires = :t', { ':t': fixture.expiresIn(20).expires });
  await update('freed', 'REMOVE expires');
  await fixture.put('replaced');
  await fixture.delete('again');
  await fixture.put('again', fixture.expiresIn(30));
  await fixture.pass(10);
  assert.deepEqual(await fixture.keys(), ['again', 'freed', 'moved', 'replaced']);
  await fixture.pass(10);
  assert.deepEqual(await fixture.keys(), ['again', 'freed', 'replaced']);
  await fixture.pass(10);
  assert.deepEqual(await fixture.keys(), ['freed', 'replaced']);
  assert.equal(fixture.indexEntries, 0);
});

test('an entry that no longer fits its item deletes nothing but itself', async () => {
  const fixture = await tableWithTimeToLive();
  await fixture.put('a', fixture.expiresIn(1000));
  const [entry] = fixture.store.range({ start: 'De', end: 'Df' });
  const [head = '', rest = ''] = [entry?.key.slice(0, 6), entry?.key.slice(14)];
  const second = Buffer.alloc(8);
  second.writeBigUInt64BE(BigInt(fixture.nowSeconds + 5));
  await fixture.store.change((writer) => writer.put(head + second.toString('latin1') + rest, Buffer.alloc(0)));
  await fixture.put('b', fixture.expiresIn(5));
  await fixture.pass(5);
  assert.deepEqual(await fixture.keys(), ['a']);
  assert.equal(fixture.indexEntries, 1);
  assert.equal(fixture.engine.timeToLive.deletedItems(ARN), 1);
});

test('a deletion reaches the indexes, the counts and the stream, which names DynamoDB as the one who did it', async () => {
  const fixture = new TtlFixture();
  const arn = await fixture.createTable('NEW_AND_OLD_IMAGES', {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'group', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-group',
        KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  await fixture.setTimeToLive(true);
  const told: unknown[] = [];
  fixture.engine.timeToLive.subscribe((table, deletedItems, atMs) => told.push([table, deletedItems, atMs]));
  const item = { group: { S: 'g' }, ...fixture.expiresIn(60) };
  await fixture.put('gone', item);
  await fixture.put('deleted by hand', item);
  await fixture.delete('deleted by hand');
  assert.deepEqual(await fixture.keys('by-group'), ['gone']);
  await fixture.pass(60);
  assert.deepEqual(await fixture.keys('by-group'), []);
  const { ItemCount, TableSizeBytes, GlobalSecondaryIndexes } = await fixture.describe();
  const [index] = GlobalSecondaryIndexes as { ItemCount: number; IndexSizeBytes: number }[];
  assert.deepEqual([ItemCount, TableSizeBytes, index?.ItemCount, index?.IndexSizeBytes], [0, 0, 0, 0]);
  const records = await fixture.readAll(arn);
  assert.deepEqual(
    records.map(({ eventName, userIdentity }) => [eventName, userIdentity]),
    [
      ['INSERT', undefined],
      ['INSERT', undefined],
      ['REMOVE', undefined],
      ['REMOVE', { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }],
    ],
  );
  assert.deepEqual(records[3]?.dynamodb.OldImage, { pk: { S: 'gone' }, ...item });
  assert.deepEqual(told, [[ARN, 1, fixture.clock.nowMs()]]);
  assert.equal(fixture.engine.timeToLive.deletedItems(ARN), 1);
});

test('a table with many items is indexed in the background, while it is written to', async () => {
  const fixture = new TtlFixture();
  await fixture.run('CreateTable', orders());
  for (let at = 0; at < 1200; at++) await fixture.put(`item-${at}`, fixture.expiresIn(at < 600 ? 10 : 100));
  await fixture.setTimeToLive(true);
  assert.equal(await fixture.status(), 'ENABLING');
  await fixture.refuses(
    'UpdateTimeToLive',
    { ...TABLE, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: false } },
    'ValidationException',
    'Time to live has been modified multiple times within a fixed interval',
  );
  for (let at = 0; at < 100; at++) await fixture.put(`item-${at}`, fixture.expiresIn(50));
  await fixture.engine.idle();
  assert.equal(await fixture.status(), 'ENABLED');
  assert.equal(fixture.indexEntries, 1200);
  await fixture.pass(10);
  assert.equal((await fixture.keys()).length, 700);
  await fixture.pass(90);
  assert.deepEqual(await fixture.keys(), []);
});

test('switched off, nothing more is deleted and the index goes; switched on again, what has expired goes', async () => {
  const fixture = await tableWithTimeToLive();
  await fixture.put('a', fixture.expiresIn(10));
  await fixture.setTimeToLive(false);
  await fixture.engine.idle();
  assert.equal(fixture.indexEntries, 0);
  await fixture.pass(20);
  assert.deepEqual(await fixture.keys(), ['a']);
  await fixture.setTimeToLive(true);
  await fixture.engine.idle();
  assert.deepEqual(await fixture.keys(), []);
});

test('a deleted table takes its index with it', async () => {
  const fixture = await tableWithTimeToLive();
  await fixture.put('a', fixture.expiresIn(10));
  await fixture.run('DeleteTable', TABLE);
  await fixture.pass(20);
  assert.equal(fixture.indexEntries, 0);
  assert.equal(fixture.engine.timeToLive.deletedItems(ARN), 0);
});

test('what expired while nothing ran is deleted at the start, and the timer is set again', async () => {
  const fixture = await tableWithTimeToLive();
  await fixture.put('meanwhile', fixture.expiresIn(10));
  await fixture.put('later', fixture.expiresIn(40 * 24 * 3600));
  await fixture.engine.close();
  fixture.clock.advance(20_000);
  assert.deepEqual([...fixture.store.range({ start: 'Dd', end: 'De' })].length, 2);
  await fixture.restart('killed');
  await fixture.engine.idle();
  assert.deepEqual(await fixture.keys(), ['later']);
  for (let day = 0; day < 40; day++) await fixture.pass(24 * 3600);
  assert.deepEqual(await fixture.keys(), []);
});

test('time to live passes through its states where transitions take time', async () => {
  const fixture = new TtlFixture({ transitionDelayMs: 1000 });
  await fixture.run('CreateTable', orders({ StreamSpecification: streamOf('KEYS_ONLY') }));
  fixture.clock.advance(1000);
  await fixture.setTimeToLive(true);
  assert.equal(await fixture.status(), 'ENABLING');
  fixture.clock.advance(1000);
  assert.equal(await fixture.status(), 'ENABLED');
  fixture.clock.advance(3600 * 1000);
  await fixture.setTimeToLive(false);
  assert.equal(await fixture.status(), 'DISABLING');
  fixture.clock.advance(1000);
  assert.equal(await fixture.status(), 'DISABLED');
});
