import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, CALLER, orders } from '../control/engine-fixture.js';
import { HOUR_MS, MINUTE_MS, StreamFixture, streamOf } from './stream-fixture.js';

const MISSING = `${ARN}/stream/2020-01-01T00:00:00.000`;
const NOT_FOUND = `Requested resource not found: Stream: ${MISSING} not found`;
const INVALID = 'One or more parameter values were invalid: ';
const NO_SHARD = 'shardId-00000001767225600000-ffffffff';

async function firstShard(fixture: StreamFixture, arn: string): Promise<string> {
  return (await fixture.describeStream(arn)).Shards[0]?.ShardId ?? '';
}

test('a stream is described as the API model says', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable('OLD_IMAGE');
  const { Shards: shards, ...description } = await fixture.describeStream(arn);
  assert.deepEqual(description, {
    StreamArn: arn,
    StreamLabel: '2026-01-01T00:00:00.000',
    StreamStatus: 'ENABLED',
    StreamViewType: 'OLD_IMAGE',
    CreationRequestDateTime: fixture.clock.nowMs() / 1000,
    TableName: 'orders',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
  assert.equal(shards.length, 1);
  assert.match(shards[0]?.ShardId ?? '', /^shardId-\d{20}-[0-9a-f]{8}$/);
  assert.deepEqual(Object.keys(shards[0]?.SequenceNumberRange ?? {}), ['StartingSequenceNumber']);
});

test('a stream passes through ENABLING and DISABLING where transitions take time', async () => {
  const fixture = new StreamFixture({ transitionDelayMs: 5000 });
  const arn = await fixture.createTable();
  assert.equal((await fixture.describeStream(arn)).StreamStatus, 'ENABLING');
  fixture.clock.advance(5000);
  assert.equal((await fixture.describeStream(arn)).StreamStatus, 'ENABLED');
  await fixture.update({ StreamSpecification: { StreamEnabled: false } });
  assert.equal((await fixture.describeStream(arn)).StreamStatus, 'DISABLING');
  fixture.clock.advance(5000);
  assert.equal((await fixture.describeStream(arn)).StreamStatus, 'DISABLED');
});

test('streams are listed page by page, for one table or for all, of one region', async () => {
  const fixture = new StreamFixture();
  const spec = { StreamSpecification: streamOf('KEYS_ONLY') };
  for (const name of ['one', 'two', 'three']) await fixture.run('CreateTable', orders({ TableName: name, ...spec }));
  await fixture.run('CreateTable', orders({ TableName: 'quiet' }));
  const elsewhere = { ...CALLER, region: 'eu-west-1' };
  await fixture.run('CreateTable', orders({ TableName: 'one', ...spec }), elsewhere);
  const names: string[] = [];
  let start: unknown;
  let pages = 0;
  do {
    const page = await fixture.stream('ListStreams', {
      Limit: 2,
      ...(start !== undefined && { ExclusiveStartStreamArn: start }),
    });
    const streams = page.Streams as { TableName: string; StreamArn: string; StreamLabel: string }[];
    for (const { TableName, StreamArn, StreamLabel } of streams) {
      assert.equal(StreamArn, `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}/stream/${StreamLabel}`);
      names.push(TableName);
    }
    start = page.LastEvaluatedStreamArn;
    pages += 1;
  } while (start !== undefined);
  assert.deepEqual([names, pages], [['one', 'three', 'two'], 2]);
  const ofTwo = (await fixture.stream('ListStreams', { TableName: 'two' })).Streams as unknown[];
  assert.equal(ofTwo.length, 1);
  assert.deepEqual(await fixture.stream('ListStreams', { TableName: 'quiet' }), { Streams: [] });
});

test('shards are described page by page, and by parent', async () => {
  const fixture = new StreamFixture({ streamShardCount: 3 });
  const arn = await fixture.createTable();
  fixture.clock.advance(4 * HOUR_MS);
  const all = (await fixture.describeStream(arn)).Shards;
  assert.equal(all.length, 6);
  assert.deepEqual(
    all.map(({ ShardId }) => ShardId),
    all.map(({ ShardId }) => ShardId).sort(),
  );
  const first = await fixture.describeStream(arn, { Limit: 4 });
  assert.deepEqual(first.Shards, all.slice(0, 4));
  assert.equal(first.LastEvaluatedShardId, all[3]?.ShardId);
  const rest = await fixture.describeStream(arn, { Limit: 4, ExclusiveStartShardId: first.LastEvaluatedShardId });
  assert.deepEqual([rest.Shards, rest.LastEvaluatedShardId], [all.slice(4), undefined]);
  const past = await fixture.describeStream(arn, { ExclusiveStartShardId: 'z'.repeat(40) });
  assert.deepEqual(past.Shards, []);
  for (const parent of all.slice(0, 3)) {
    const filter = { Type: 'CHILD_SHARDS', ShardId: parent.ShardId };
    const { Shards: children } = await fixture.describeStream(arn, { ShardFilter: filter });
    assert.deepEqual(
      children.map(({ ParentShardId }) => ParentShardId),
      [parent.ShardId],
    );
  }
});

test('iterators begin where their type says', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  const shardId = await firstShard(fixture, arn);
  for (const pk of ['a', 'b', 'c']) await fixture.put(pk);
  const all = await fixture.readAll(arn);
  const second = all[1]?.dynamodb.SequenceNumber;
  const start = (await fixture.describeStream(arn)).Shards[0]?.SequenceNumberRange.StartingSequenceNumber;
  const latest = await fixture.iterator(arn, shardId, 'LATEST');
  await fixture.put('d');
  const keysFrom = async (iterator: string): Promise<unknown[]> =>
    (await fixture.records(iterator)).records.map(({ dynamodb }) => (dynamodb.Keys.pk as { S: string }).S);
  assert.deepEqual(await keysFrom(await fixture.iterator(arn, shardId)), ['a', 'b', 'c', 'd']);
  assert.deepEqual(await keysFrom(await fixture.iterator(arn, shardId, 'AT_SEQUENCE_NUMBER', second)), ['b', 'c', 'd']);
  assert.deepEqual(await keysFrom(await fixture.iterator(arn, shardId, 'AFTER_SEQUENCE_NUMBER', second)), ['c', 'd']);
  assert.deepEqual(await keysFrom(await fixture.iterator(arn, shardId, 'AT_SEQUENCE_NUMBER', start)), [
    'a',
    'b',
    'c',
    'd',
  ]);
  assert.deepEqual(await keysFrom(latest), ['d']);
});

test('records come in pages, by count and by size, until there are none; an open shard goes on', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable('NEW_IMAGE');
  const shardId = await firstShard(fixture, arn);
  const big = { text: { S: 'x'.repeat(300_000) } };
  for (const pk of ['a', 'b', 'c', 'd', 'e']) await fixture.put(pk, big);
  const first = await fixture.records(await fixture.iterator(arn, shardId));
  assert.equal(first.records.length, 3, 'three of 300 KB are less than 1 MB');
  const second = await fixture.records(first.next ?? '', 1);
  assert.equal(second.records.length, 1);
  const third = await fixture.records(second.next ?? '');
  assert.equal(third.records.length, 1);
  const empty = await fixture.records(third.next ?? '');
  assert.deepEqual(empty.records, []);
  await fixture.put('f');
  assert.equal((await fixture.records(empty.next ?? '')).records.length, 1);
});

test('an iterator expires fifteen minutes after it was given out', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  const iterator = await fixture.iterator(arn, await firstShard(fixture, arn));
  fixture.clock.advance(15 * MINUTE_MS);
  const { next } = await fixture.records(iterator);
  fixture.clock.advance(1);
  await fixture.refusesStream('GetRecords', { ShardIterator: iterator }, 'ExpiredIteratorException', /expired/);
  assert.deepEqual((await fixture.records(next ?? '')).records, []);
});

test('what is not an iterator, or was altered, is refused', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  const iterator = await fixture.iterator(arn, await firstShard(fixture, arn));
  const altered = `${iterator.slice(0, -6)}AAAAA=`;
  for (const bad of ['nonsense', arn, `${arn}|1|AAAA`, altered, `${arn}|1|`]) {
    await fixture.refusesStream('GetRecords', { ShardIterator: bad }, 'ValidationException', 'Invalid ShardIterator');
  }
  await fixture.refusesStream(
    'GetRecords',
    { ShardIterator: iterator.replace(arn, MISSING) },
    'ResourceNotFoundException',
    NOT_FOUND,
  );
});

test('inputs are refused in the words of AWS', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  const shardId = await firstShard(fixture, arn);
  const at = (ShardIteratorType: string, more = {}) => ({
    StreamArn: arn,
    ShardId: shardId,
    ShardIteratorType,
    ...more,
  });
  const one = '1 validation error detected: ';
  const refused: readonly (readonly [string, Record<string, unknown>, string, string])[] = [
    [
      'ListStreams',
      { Limit: 101 },
      'ValidationException',
      `${INVALID}Limit cannot be greater than the maximum allowed size: 100`,
    ],
    [
      'ListStreams',
      { Limit: 0 },
      'ValidationException',
      `${one}Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    ],
    ['ListStreams', { ExclusiveStartStreamArn: 'x'.repeat(40) }, 'ValidationException', 'Invalid StreamArn'],
    [
      'DescribeStream',
      {},
      'ValidationException',
      `${one}Value null at 'streamArn' failed to satisfy constraint: Member must not be null`,
    ],
    ['DescribeStream', { StreamArn: 'x'.repeat(40) }, 'ValidationException', 'Invalid StreamArn'],
    ['DescribeStream', { StreamArn: ARN }, 'ValidationException', 'Invalid StreamArn'],
    ['DescribeStream', { StreamArn: MISSING }, 'ResourceNotFoundException', NOT_FOUND],
    [
      'DescribeStream',
      { StreamArn: arn, Limit: 101 },
      'ValidationException',
      `${INVALID}Limit cannot be greater than the maximum: 100`,
    ],
    [
      'GetShardIterator',
      at('X'),
      'ValidationException',
      `${one}Value 'X' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER]`,
    ],
    ['GetShardIterator', at('LATEST', { StreamArn: MISSING }), 'ResourceNotFoundException', NOT_FOUND],
    [
      'GetShardIterator',
      at('LATEST', { ShardId: NO_SHARD }),
      'ResourceNotFoundException',
      'Requested resource not found: Shard does not exist',
    ],
    [
      'GetShardIterator',
      at('LATEST', { SequenceNumber: '1'.repeat(21) }),
      'ValidationException',
      `${INVALID}SequenceNumber should not be passed for this iterator type`,
    ],
    ['GetShardIterator', at('AT_SEQUENCE_NUMBER'), 'ValidationException', `${INVALID}Invalid SequenceNumber`],
    [
      'GetShardIterator',
      at('AT_SEQUENCE_NUMBER', { SequenceNumber: 'x'.repeat(21) }),
      'ValidationException',
      `${INVALID}Invalid SequenceNumber`,
    ],
    [
      'GetShardIterator',
      at('AT_SEQUENCE_NUMBER', { SequenceNumber: '0'.repeat(21) }),
      'ValidationException',
      'Invalid SequenceNumber for the shard',
    ],
    [
      'GetShardIterator',
      at('AFTER_SEQUENCE_NUMBER', { SequenceNumber: '9'.repeat(40) }),
      'ValidationException',
      'Invalid SequenceNumber for the shard',
    ],
    [
      'GetRecords',
      { ShardIterator: 'x', Limit: 1001 },
      'ValidationException',
      `${INVALID}Limit should be less than or equal to 1000`,
    ],
    ['Bogus', {}, 'UnknownOperationException', 'The operation Bogus is unknown.'],
  ];
  for (const [operation, input, code, message] of refused) {
    await fixture.refusesStream(operation, input, code, message);
  }
});
