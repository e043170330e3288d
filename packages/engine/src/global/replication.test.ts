import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlobalFixture, IRELAND, TOKYO, VIRGINIA } from './global-fixture.js';
import type { ReplicatedChange } from './replication-feed.js';

test('a write in any region arrives in all others, a moment later and not before', async () => {
  const fixture = await GlobalFixture.create([IRELAND, TOKYO]);
  await fixture.put(IRELAND, 'a', '1');
  assert.deepEqual(await fixture.values(VIRGINIA), {});
  await fixture.engine.idle();
  for (const region of [VIRGINIA, IRELAND, TOKYO]) assert.deepEqual(await fixture.values(region), { a: '1' });
  await fixture.delete(TOKYO, 'a');
  await fixture.engine.idle();
  for (const region of [VIRGINIA, IRELAND, TOKYO]) assert.deepEqual(await fixture.values(region), {});
});

test('items carry nothing but their own attributes, and index entries and counts follow in every region', async () => {
  const index = {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'v', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-v',
        KeySchema: [{ AttributeName: 'v', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
  const fixture = await GlobalFixture.create([IRELAND], index);
  await fixture.put(VIRGINIA, 'a', '1');
  await fixture.put(VIRGINIA, 'a', '2');
  await fixture.engine.idle();
  assert.deepEqual((await fixture.at(IRELAND, 'Scan')).Items, [{ pk: { S: 'a' }, v: { S: '2' } }]);
  assert.deepEqual(await fixture.values(IRELAND, 'by-v'), { a: '2' });
  assert.equal((await fixture.table(IRELAND)).ItemCount, 1);
});

test('a region that is cut off serves its own requests; when it rejoins, the last writer wins everywhere', async () => {
  const fixture = await GlobalFixture.create([IRELAND, TOKYO]);
  await fixture.put(VIRGINIA, 'deleted', 'old');
  await fixture.engine.idle();
  await fixture.engine.replication.cutOff(IRELAND);
  await fixture.put(IRELAND, 'here-last', 'lost');
  await fixture.put(VIRGINIA, 'here-last', 'kept');
  await fixture.put(VIRGINIA, 'there-last', 'lost');
  await fixture.put(IRELAND, 'there-last', 'kept');
  await fixture.put(IRELAND, 'deleted', 'lost');
  await fixture.delete(VIRGINIA, 'deleted');
  await fixture.engine.idle();
  assert.deepEqual(await fixture.values(IRELAND), { deleted: 'lost', 'here-last': 'lost', 'there-last': 'kept' });
  assert.deepEqual(await fixture.values(TOKYO), { 'here-last': 'kept', 'there-last': 'lost' });
  await fixture.engine.replication.rejoin(IRELAND);
  await fixture.engine.idle();
  for (const region of [VIRGINIA, IRELAND, TOKYO]) {
    assert.deepEqual(await fixture.values(region), { 'here-last': 'kept', 'there-last': 'kept' });
  }
});

test('what waits, and the switch itself, outlive a kill', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.engine.replication.cutOff(IRELAND);
  await fixture.put(VIRGINIA, 'a', '1');
  await fixture.restart('killed');
  await fixture.engine.idle();
  assert.deepEqual(fixture.engine.replication.cutRegions(), [IRELAND]);
  assert.deepEqual(await fixture.values(IRELAND), {});
  await fixture.engine.replication.rejoin(IRELAND);
  await fixture.restart('killed');
  await fixture.engine.idle();
  assert.deepEqual(await fixture.values(IRELAND), { a: '1' });
});

test('conditions see the region they run in', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.engine.replication.cutOff(IRELAND);
  const create = { Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' };
  await fixture.at(VIRGINIA, 'PutItem', create);
  await fixture.at(IRELAND, 'PutItem', create);
  await fixture.refusesAt(IRELAND, 'PutItem', create, 'ConditionalCheckFailedException', /conditional request failed/);
});

test('latency and what is pending are told', async () => {
  const fixture = await GlobalFixture.create([IRELAND], {}, { replicationDelayMs: 700 });
  const changes: ReplicatedChange[] = [];
  fixture.engine.replication.observe((change) => changes.push(change));
  await fixture.put(VIRGINIA, 'a', '1');
  await fixture.put(VIRGINIA, 'a', '2');
  fixture.clock.advance(699);
  await fixture.engine.idle();
  const [outgoing] = fixture.engine.replication.pending();
  assert.deepEqual([outgoing?.receivingRegion, outgoing?.count, outgoing?.oldestAgeMs], [IRELAND, 2, 699]);
  assert.deepEqual(await fixture.values(IRELAND), {});
  fixture.clock.advance(1);
  await fixture.engine.idle();
  assert.deepEqual(await fixture.values(IRELAND), { a: '2' });
  const told = changes.map(({ table, receivingRegion, latencyMs }) => [table.region, receivingRegion, latencyMs]);
  assert.deepEqual(told, Array(2).fill([VIRGINIA, IRELAND, 700]));
});

test('a replicated write consumes the capacity of the table that receives it, and says where it comes from', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  const told: unknown[] = [];
  fixture.engine.throughput.observe({
    consumed: ({ table, units, source }) => told.push([table.region, units, source]),
    throttled: () => {},
  });
  await fixture.put(VIRGINIA, 'a', 'x'.repeat(1500));
  await fixture.engine.idle();
  assert.deepEqual(told, [
    [VIRGINIA, 2, undefined],
    [IRELAND, 2, 'GlobalTable'],
  ]);
});

test('a write that changes nothing is not replicated', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.put(VIRGINIA, 'a', '1');
  await fixture.engine.idle();
  await fixture.put(VIRGINIA, 'a', '1');
  assert.equal(fixture.engine.replication.pending()[0]?.count, 0);
});

test('every replica has a stream of its own, with the changes of all regions', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.put(VIRGINIA, 'a', '1');
  await fixture.engine.idle();
  await fixture.put(IRELAND, 'a', '2');
  await fixture.engine.idle();
  for (const region of [VIRGINIA, IRELAND]) {
    const records = await streamRecords(fixture, region);
    assert.deepEqual(
      records.map(({ eventName, awsRegion }) => [eventName, awsRegion]),
      [
        ['INSERT', region],
        ['MODIFY', region],
      ],
    );
  }
});

test('time to live deletes in one region, and the deletion arrives in the others as a plain one', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  const ttl = { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } };
  await fixture.at(IRELAND, 'UpdateTimeToLive', ttl);
  const second = String(Math.floor(fixture.clock.nowMs() / 1000) + 10);
  await fixture.put(VIRGINIA, 'a', '1', { expires: { N: second } });
  await fixture.engine.idle();
  fixture.clock.advance(11_000);
  await fixture.engine.idle();
  assert.deepEqual(await fixture.values(VIRGINIA), {});
  assert.deepEqual(await fixture.values(IRELAND), {});
  const removals = await Promise.all([VIRGINIA, IRELAND].map((region) => streamRecords(fixture, region)));
  const isMarked = removals.map((records) => records.at(-1)?.userIdentity !== undefined).sort();
  assert.deepEqual(isMarked, [false, true]);
});

test('deleted items are forgotten once nothing is on its way', async () => {
  const fixture = await GlobalFixture.create([IRELAND]);
  await fixture.put(VIRGINIA, 'a', '1');
  await fixture.engine.idle();
  await fixture.engine.replication.cutOff(IRELAND);
  await fixture.delete(VIRGINIA, 'a');
  await fixture.engine.idle();
  assert.equal(fixture.keys('Dk'), 1);
  await fixture.engine.replication.rejoin(IRELAND);
  await fixture.engine.idle();
  assert.equal(fixture.keys('Dk'), 0);
  assert.equal(fixture.keys('Dv'), 0);
});

test('a table of one region keeps no word of its changes', async () => {
  const fixture = await GlobalFixture.create([]);
  await fixture.put(VIRGINIA, 'a', '1');
  assert.equal(fixture.keys('Da') + fixture.keys('Dv'), 0);
});

interface Received {
  readonly eventName: string;
  readonly awsRegion: string;
  readonly userIdentity?: unknown;
}

async function streamRecords(fixture: GlobalFixture, region: string): Promise<Received[]> {
  const StreamArn = (await fixture.table(region)).LatestStreamArn;
  const caller = { accountId: '000000000000', region };
  const read = async (operation: string, input: object) =>
    JSON.parse(JSON.stringify(await fixture.engine.executeStreams(operation, caller, input)));
  const [shard] = (await read('DescribeStream', { StreamArn })).StreamDescription.Shards;
  const from = { StreamArn, ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await read('GetShardIterator', from);
  return (await read('GetRecords', { ShardIterator })).Records;
}
