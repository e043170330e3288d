import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orders } from '../control/engine-fixture.js';
import { HOUR_MS, StreamFixture, streamOf } from './stream-fixture.js';

const TRIMMED = 'The data you are trying to access has been trimmed';

/** Keys in the store that belong to streams. */
function storedKeys(fixture: StreamFixture): { records: number; streams: number } {
  const count = (start: string, end: string): number => [...fixture.store.range({ start, end })].length;
  return { records: count('Dr', 'Ds'), streams: count('Dm', 'Dn') };
}

test('shards are closed after four hours and followed by children, which go on with the numbers', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  await fixture.put('a');
  const [shard] = (await fixture.describeStream(arn)).Shards;
  assert.ok(shard !== undefined);
  fixture.clock.advance(4 * HOUR_MS - 1);
  assert.equal((await fixture.describeStream(arn)).Shards.length, 1);
  const open = await fixture.iterator(arn, shard.ShardId);
  fixture.clock.advance(1);
  await fixture.put('b');
  const [parent, child] = (await fixture.describeStream(arn)).Shards;
  assert.ok(parent !== undefined && child !== undefined);
  assert.equal(child.ParentShardId, parent.ShardId);
  const { EndingSequenceNumber: end = '' } = parent.SequenceNumberRange;
  assert.ok(parent.SequenceNumberRange.StartingSequenceNumber < end);
  assert.ok(end < child.SequenceNumberRange.StartingSequenceNumber);
  const old = await fixture.records(open);
  assert.deepEqual([old.records.length, old.next], [1, undefined]);
  const latest = await fixture.records(await fixture.iterator(arn, parent.ShardId, 'LATEST'));
  assert.deepEqual([latest.records, latest.next], [[], undefined]);
  const fresh = await fixture.records(await fixture.iterator(arn, child.ShardId));
  assert.deepEqual(
    fresh.records.map(({ dynamodb }) => dynamodb.Keys.pk),
    [{ S: 'b' }],
  );
});

test('records can be read for 24 hours, then go, and their shards with them', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  await fixture.put('old');
  const [shard] = (await fixture.describeStream(arn)).Shards;
  const old = (await fixture.readAll(arn))[0]?.dynamodb.SequenceNumber;
  fixture.clock.advance(HOUR_MS);
  await fixture.put('new');
  const keys = async (): Promise<unknown[]> => (await fixture.readAll(arn)).map(({ dynamodb }) => dynamodb.Keys.pk);
  fixture.clock.advance(22.9 * HOUR_MS);
  assert.deepEqual(await keys(), [{ S: 'old' }, { S: 'new' }]);
  const early = await fixture.iterator(arn, shard?.ShardId ?? '');
  fixture.clock.advance(0.2 * HOUR_MS);
  assert.deepEqual(await keys(), [{ S: 'new' }]);
  await fixture.refusesStream('GetRecords', { ShardIterator: early }, 'TrimmedDataAccessException', TRIMMED);
  await fixture.refusesStream(
    'GetShardIterator',
    { StreamArn: arn, ShardId: shard?.ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: old },
    'TrimmedDataAccessException',
    TRIMMED,
  );
  fixture.clock.advance(4 * HOUR_MS);
  const { Shards: shards } = await fixture.describeStream(arn);
  assert.ok(storedKeys(fixture).records > 0, 'it is not removed yet');
  await fixture.engine.idle();
  assert.deepEqual(await keys(), []);
  assert.equal(storedKeys(fixture).records, 0);
  assert.ok(!shards.some(({ ShardId }) => ShardId === shard?.ShardId));
  assert.equal(shards[0]?.ParentShardId, shard?.ShardId, 'the child still names its parent');
});

test('trimming goes on where a kill interrupted it, and says what was trimmed meanwhile', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable('KEYS_ONLY');
  for (let at = 0; at < 2500; at++) await fixture.put(`item-${at}`);
  const [shard] = (await fixture.describeStream(arn)).Shards;
  const first = (await fixture.records(await fixture.iterator(arn, shard?.ShardId ?? ''), 1)).records[0];
  fixture.clock.advance(28 * HOUR_MS + 1000);
  // One step of three, then the process is gone.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const { records } = storedKeys(fixture);
  assert.ok(records > 0 && records < 2500, `${records} are left`);
  const again = {
    StreamArn: arn,
    ShardId: shard?.ShardId,
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    SequenceNumber: first?.dynamodb.SequenceNumber,
  };
  await fixture.refusesStream('GetShardIterator', again, 'TrimmedDataAccessException', TRIMMED);
  await fixture.restart('stopped');
  await fixture.engine.idle();
  assert.equal(storedKeys(fixture).records, 0);
});

test('a disabled stream can be read for a day, and the next one has another ARN', async () => {
  const fixture = new StreamFixture();
  const first = await fixture.createTable();
  await fixture.put('a');
  await fixture.update({ StreamSpecification: { StreamEnabled: false } });
  assert.equal(await fixture.latestArn(), first);
  await fixture.update({ StreamSpecification: streamOf('KEYS_ONLY') });
  const second = await fixture.latestArn();
  assert.notEqual(second, first);
  await fixture.put('b');
  const old = await fixture.describeStream(first);
  assert.equal(old.StreamStatus, 'DISABLED');
  assert.ok(old.Shards.every(({ SequenceNumberRange }) => SequenceNumberRange.EndingSequenceNumber !== undefined));
  fixture.clock.advance(23 * HOUR_MS);
  assert.deepEqual(
    (await fixture.readAll(first)).map(({ dynamodb }) => dynamodb.Keys.pk),
    [{ S: 'a' }],
  );
  assert.deepEqual(
    (await fixture.readAll(second)).map(({ dynamodb }) => dynamodb.Keys.pk),
    [{ S: 'b' }],
  );
  assert.equal(((await fixture.stream('ListStreams', { TableName: 'orders' })).Streams as unknown[]).length, 2);
  fixture.clock.advance(HOUR_MS);
  await fixture.engine.idle();
  await fixture.refusesStream('DescribeStream', { StreamArn: first }, 'ResourceNotFoundException', /not found: Stream/);
  assert.equal((await fixture.describeStream(second)).StreamStatus, 'ENABLED');
  assert.equal(storedKeys(fixture).streams, 1);
});

test("a deleted table's stream can be read for a day, also beside that of a new table of its name", async () => {
  const fixture = new StreamFixture();
  const first = await fixture.createTable();
  await fixture.put('a');
  await fixture.run('DeleteTable', { TableName: 'orders' });
  assert.equal((await fixture.describeStream(first)).StreamStatus, 'DISABLED');
  const second = await fixture.createTable();
  assert.notEqual(second, first);
  await fixture.restart('stopped');
  assert.deepEqual(
    (await fixture.readAll(first)).map(({ dynamodb }) => dynamodb.Keys.pk),
    [{ S: 'a' }],
  );
  assert.deepEqual(await fixture.readAll(second), []);
  await fixture.run('DeleteTable', { TableName: 'orders' });
  fixture.clock.advance(25 * HOUR_MS);
  await fixture.engine.idle();
  assert.deepEqual(storedKeys(fixture), { records: 0, streams: 0 });
  assert.deepEqual(await fixture.stream('ListStreams', {}), { Streams: [] });
});

test('shards that should have rolled while nothing ran do so at the start, and lose nothing that is younger', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  await fixture.put('a');
  await fixture.engine.close();
  fixture.clock.advance(10 * HOUR_MS);
  await fixture.restart('killed');
  const { Shards: shards } = await fixture.describeStream(arn);
  assert.equal(shards.length, 2);
  await fixture.put('b');
  assert.deepEqual(
    (await fixture.readAll(arn)).map(({ dynamodb }) => dynamodb.Keys.pk),
    [{ S: 'a' }, { S: 'b' }],
  );
});

test('a table of another account or region has streams of its own', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  const other = { accountId: '111122223333', region: 'us-east-1' };
  await fixture.run('CreateTable', orders({ StreamSpecification: streamOf('KEYS_ONLY') }), other);
  await fixture.run('PutItem', { TableName: 'orders', Item: { pk: { S: 'x' } } }, other);
  assert.deepEqual(await fixture.readAll(arn), []);
  await assert.rejects(
    fixture.engine.executeStreams('DescribeStream', { ...other, region: 'eu-west-1' }, { StreamArn: arn }),
    { name: 'ResourceNotFoundException' },
  );
});
