import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orders } from '../control/engine-fixture.js';
import { type Received, StreamFixture, streamOf, VIEW_TYPES } from './stream-fixture.js';

const TABLE = { TableName: 'orders' };

/** The documentation's example: an item is created, changed and deleted. */
async function docsExample(viewType: (typeof VIEW_TYPES)[number]): Promise<Received[]> {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable(viewType, {
    AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
    KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
  });
  const Id = { N: '101' };
  await fixture.run('PutItem', { ...TABLE, Item: { Id, Message: { S: 'New item!' } } });
  await fixture.run('UpdateItem', {
    ...TABLE,
    Key: { Id },
    UpdateExpression: 'SET Message = :m',
    ExpressionAttributeValues: { ':m': { S: 'This item has changed' } },
  });
  await fixture.run('DeleteItem', { ...TABLE, Key: { Id } });
  return fixture.readAll(arn);
}

const BEFORE = { Id: { N: '101' }, Message: { S: 'New item!' } };
const AFTER = { Id: { N: '101' }, Message: { S: 'This item has changed' } };

const SIZES = {
  NEW_AND_OLD_IMAGES: [26, 59, 38],
  NEW_IMAGE: [26, 38, 5],
  OLD_IMAGE: [5, 26, 38],
  KEYS_ONLY: [5, 5, 5],
};

for (const viewType of VIEW_TYPES) {
  test(`records of ${viewType} hold the images and sizes of the documentation's example`, async () => {
    const records = await docsExample(viewType);
    assert.deepEqual(
      records.map(({ eventName }) => eventName),
      ['INSERT', 'MODIFY', 'REMOVE'],
    );
    const hasNew = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
    const hasOld = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
    const images = [
      [undefined, BEFORE],
      [BEFORE, AFTER],
      [AFTER, undefined],
    ];
    for (const [at, { dynamodb }] of records.entries()) {
      assert.deepEqual(dynamodb.Keys, { Id: { N: '101' } });
      assert.deepEqual(dynamodb.OldImage, hasOld ? images[at]?.[0] : undefined);
      assert.deepEqual(dynamodb.NewImage, hasNew ? images[at]?.[1] : undefined);
      assert.equal(dynamodb.SizeBytes, SIZES[viewType][at]);
      assert.equal(dynamodb.StreamViewType, viewType);
    }
  });
}

test('a record names its event, source, region and second, and is numbered', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  fixture.clock.advance(1999);
  await fixture.put('a');
  await fixture.put('b', { name: { S: 'Zoë "λ" \u{1f600}' }, bytes: { B: 'AAE=' } });
  const [first, second] = await fixture.readAll(arn);
  assert.ok(first !== undefined && second !== undefined);
  const { eventID, dynamodb, ...rest } = first;
  assert.deepEqual(rest, {
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
  });
  assert.match(eventID, /^[0-9a-f]{32}$/);
  assert.notEqual(eventID, second.eventID);
  assert.equal(dynamodb.ApproximateCreationDateTime, Math.floor(fixture.clock.nowMs() / 1000));
  assert.match(dynamodb.SequenceNumber, /^\d{21,40}$/);
  assert.ok(dynamodb.SequenceNumber < second.dynamodb.SequenceNumber);
  assert.deepEqual(second.dynamodb.NewImage, {
    pk: { S: 'b' },
    name: { S: 'Zoë "λ" \u{1f600}' },
    bytes: { B: 'AAE=' },
  });
});

test('a write that changes nothing has no record', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  const update = (expression: string): Promise<unknown> =>
    fixture.run('UpdateItem', {
      ...TABLE,
      Key: { pk: { S: 'a' } },
      UpdateExpression: expression,
      ...(expression.includes(':v') && { ExpressionAttributeValues: { ':v': { N: '1' } } }),
    });
  await fixture.delete('a');
  await fixture.put('a', { n: { N: '1' }, s: { SS: ['x', 'y'] } });
  await fixture.put('a', { s: { SS: ['y', 'x'] }, n: { N: '1.0' } });
  await update('SET n = :v');
  await update('REMOVE absent');
  await fixture.run('BatchWriteItem', {
    RequestItems: {
      orders: [
        { PutRequest: { Item: { pk: { S: 'a' }, n: { N: '1' }, s: { SS: ['x', 'y'] } } } },
        { DeleteRequest: { Key: { pk: { S: 'b' } } } },
      ],
    },
  });
  await fixture.refuses(
    'PutItem',
    { ...TABLE, Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' },
    'ConditionalCheckFailedException',
    'The conditional request failed',
  );
  await update('SET n = n + :v');
  const records = await fixture.readAll(arn);
  assert.deepEqual(
    records.map(({ eventName, dynamodb }) => [eventName, dynamodb.NewImage?.n]),
    [
      ['INSERT', { N: '1' }],
      ['MODIFY', { N: '2' }],
    ],
  );
});

test('an update without an expression makes an item, and a record of it', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable('NEW_IMAGE');
  await fixture.run('UpdateItem', { ...TABLE, Key: { pk: { S: 'a' } } });
  await fixture.run('UpdateItem', { ...TABLE, Key: { pk: { S: 'a' } } });
  const records = await fixture.readAll(arn);
  assert.deepEqual(
    records.map(({ eventName, dynamodb }) => [eventName, dynamodb.NewImage]),
    [['INSERT', { pk: { S: 'a' } }]],
  );
});

test('batches and transactions have a record for each item', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  await fixture.put('a');
  await fixture.run('BatchWriteItem', {
    RequestItems: {
      orders: [{ PutRequest: { Item: { pk: { S: 'b' } } } }, { DeleteRequest: { Key: { pk: { S: 'a' } } } }],
    },
  });
  await fixture.run('TransactWriteItems', {
    TransactItems: [{ Put: { ...TABLE, Item: { pk: { S: 'c' } } } }, { Delete: { ...TABLE, Key: { pk: { S: 'b' } } } }],
  });
  const canceled = fixture.run('TransactWriteItems', {
    TransactItems: [
      { Put: { ...TABLE, Item: { pk: { S: 'd' } } } },
      { ConditionCheck: { ...TABLE, Key: { pk: { S: 'x' } }, ConditionExpression: 'attribute_exists(pk)' } },
    ],
  });
  await assert.rejects(canceled, { name: 'TransactionCanceledException' });
  const records = await fixture.readAll(arn);
  const told = records.map(({ eventName, dynamodb }) => `${eventName} ${JSON.stringify(dynamodb.Keys.pk)}`);
  assert.deepEqual(told, [
    'INSERT {"S":"a"}',
    'INSERT {"S":"b"}',
    'REMOVE {"S":"a"}',
    'INSERT {"S":"c"}',
    'REMOVE {"S":"b"}',
  ]);
});

test('a table without a stream, or with its stream switched off, writes no records', async () => {
  const fixture = new StreamFixture();
  await fixture.run('CreateTable', orders());
  await fixture.put('a');
  await fixture.update({ StreamSpecification: streamOf('NEW_IMAGE') });
  const arn = await fixture.latestArn();
  await fixture.put('b');
  await fixture.update({ StreamSpecification: { StreamEnabled: false } });
  await fixture.put('c');
  const records = await fixture.readAll(arn);
  assert.deepEqual(
    records.map(({ dynamodb }) => dynamodb.Keys.pk),
    [{ S: 'b' }],
  );
});

test('the records of an item keep their order, on one shard, through any number of shards', async () => {
  const fixture = new StreamFixture({ streamShardCount: 4 });
  const arn = await fixture.createTable();
  for (let round = 0; round < 5; round++) {
    for (let at = 0; at < 40; at++) await fixture.put(`item-${at}`, { round: { N: String(round) } });
  }
  const { Shards: shards } = await fixture.describeStream(arn);
  assert.equal(shards.length, 4);
  const seen = new Map<string, string>();
  let total = 0;
  for (const { ShardId } of shards) {
    const { records } = await fixture.records(await fixture.iterator(arn, ShardId));
    assert.ok(records.length > 0, 'every shard has its part of the items');
    total += records.length;
    const rounds = new Map<string, number>();
    for (const { dynamodb } of records) {
      const key = JSON.stringify(dynamodb.Keys);
      assert.equal(seen.get(key) ?? ShardId, ShardId);
      seen.set(key, ShardId);
      const round = rounds.get(key) ?? 0;
      assert.deepEqual(dynamodb.NewImage?.round, { N: String(round) });
      rounds.set(key, round + 1);
    }
  }
  assert.equal(total, 200);
  assert.equal(seen.size, 40);
});

test('listeners are woken once for many changes, on a later turn, and no more after they left', async () => {
  const fixture = new StreamFixture();
  const arn = await fixture.createTable();
  let calls = 0;
  const leave = fixture.engine.streams.subscribe(arn, () => {
    calls += 1;
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await Promise.all([fixture.put('a'), fixture.put('b')]);
  assert.equal(calls, 0);
  await turn();
  assert.equal(calls, 1);
  await fixture.put('a');
  await turn();
  assert.equal(calls, 1, 'nothing changed');
  await fixture.put('c');
  await turn();
  assert.equal(calls, 2);
  leave();
  await fixture.put('d');
  await turn();
  assert.equal(calls, 2);
});

test('records and their numbers outlive a stop and a kill', async () => {
  for (const how of ['stopped', 'killed'] as const) {
    const fixture = new StreamFixture();
    const arn = await fixture.createTable();
    await fixture.put('a');
    await fixture.put('b');
    const [shard] = (await fixture.describeStream(arn)).Shards;
    const iterator = await fixture.iterator(arn, shard?.ShardId ?? '');
    await fixture.restart(how);
    await fixture.put('c');
    const { records } = await fixture.records(iterator);
    assert.deepEqual(
      records.map(({ dynamodb }) => dynamodb.Keys.pk),
      [{ S: 'a' }, { S: 'b' }, { S: 'c' }],
    );
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    assert.deepEqual([...new Set(numbers)].sort(), numbers);
    assert.equal(new Set(records.map(({ eventID }) => eventID)).size, 3);
  }
});
