import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ARN, BY_GROUP, CALLER } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';
import { BulkFixture, line, lines, order, request, UNLESS_THERE } from './bulk-fixture.js';

const IN = { S3Bucket: 'files', S3KeyPrefix: 'in/' };

test('items of all objects under a prefix are put into the table, and told of', async () => {
  const fixture = await BulkFixture.with();
  await fixture.run('PutItem', { TableName: 'orders', Item: order('a', { old: { BOOL: true } }) });
  fixture.put('in/1.json', line(order('a', { n: { N: '1' } })) + line(order('b')));
  fixture.put('in/2.json', `\n${line(order('c', { set: { SS: ['x', 'y'] } }))}`);
  fixture.put('elsewhere.json', line(order('not looked at')));
  const begun = await fixture.start({ ClientToken: 'a token' });
  assert.match(String(begun.BulkOperationArn), new RegExp(`^${ARN}/bulk-operation/\\d{14}-[0-9a-f]{8}$`));
  const table = await fixture.describe();
  assert.deepEqual(begun, {
    BulkOperationArn: begun.BulkOperationArn,
    BulkOperationStatus: 'IN_PROGRESS',
    TableDetails: [{ TableName: 'orders', TableId: table.TableId }],
    ClientToken: 'a token',
    InputS3Configuration: {
      S3BucketOwner: '000000000000',
      ...IN,
      InputFormat: 'DYNAMODB_JSON',
      InputCompressionType: 'NONE',
    },
    OutputS3Configuration: { S3BucketOwner: '000000000000', ...(request().OutputS3Configuration as object) },
    StartTime: fixture.clock.nowMs() / 1000,
    ProcessedItemCount: 0,
    ProcessedInputBytes: 0,
    BulkOperationUsage: [{ TableName: 'orders', BulkPutBytes: 0, Table: { BulkPutBytes: 0 } }],
    FailedItemCount: 0,
    PerformanceTier: 'STANDARD',
  });
  await fixture.engine.idle();
  const ended = await fixture.describeBulk(begun.BulkOperationArn);
  assert.equal(ended.BulkOperationStatus, 'COMPLETED');
  assert.deepEqual([ended.ProcessedItemCount, ended.FailedItemCount], [3, 0]);
  const inputBytes = ['in/1.json', 'in/2.json'].reduce(
    (sum, key) => sum + (fixture.objects.objects.get(key)?.length ?? 0),
    0,
  );
  assert.deepEqual([ended.ProcessedInputBytes, ended.TotalInputBytes], [inputBytes, inputBytes]);
  assert.equal(ended.EndTime, fixture.clock.nowMs() / 1000);
  assert.equal('FailureCode' in ended || 'FailureMessage' in ended, false);
  // "pk" and a letter; with "n" and a number of one digit; with "set" and two letters.
  const bytes = 3 + 3 + (1 + 2) + (3 + 3 + 2);
  assert.deepEqual(ended.BulkOperationUsage, [
    { TableName: 'orders', BulkPutBytes: bytes, Table: { BulkPutBytes: bytes } },
  ]);
  assert.deepEqual(await fixture.items(), [
    order('a', { n: { N: '1' } }),
    order('b'),
    order('c', { set: { SS: ['x', 'y'] } }),
  ]);
  const manifest = fixture.manifest();
  assert.equal(manifest.status, 'COMPLETED');
  assert.deepEqual([manifest.processedItemCount, manifest.failedItemCount, manifest.outputFiles], [3, 0, []]);
});

test('conditions decide item by item, and see what the records before them did', async () => {
  const fixture = await BulkFixture.with();
  await fixture.run('PutItem', { TableName: 'orders', Item: order('a', { version: { N: '5' } }) });
  const newer = {
    ConditionExpression: 'attribute_not_exists(#v) OR #v < :v',
    ExpressionAttributeNames: { '#v': 'version' },
    ExpressionAttributeValues: { ':v': { N: '5' } },
  };
  const attempted = order('a', { version: { N: '5' } });
  fixture.put(
    'in/1.json',
    line(attempted, newer) + line(order('b'), UNLESS_THERE) + line(order('b', { twice: { BOOL: true } }), UNLESS_THERE),
  );
  const ended = await fixture.finished();
  assert.equal(ended.BulkOperationStatus, 'COMPLETED', 'a condition that does not hold is no error');
  assert.deepEqual([ended.ProcessedItemCount, ended.FailedItemCount], [3, 0]);
  assert.deepEqual(await fixture.items(), [order('a', { version: { N: '5' } }), order('b')]);
  assert.deepEqual(fixture.report('CONDITION_CHECK_FAILURE'), [
    {
      itemS3Pointer: { bucket: 'files', key: 'in/1.json', itemIndex: 0 },
      Item: attempted,
      ...newer,
      ExistingItem: order('a', { version: { N: '5' } }),
    },
    {
      itemS3Pointer: { bucket: 'files', key: 'in/1.json', itemIndex: 2 },
      Item: order('b', { twice: { BOOL: true } }),
      ...UNLESS_THERE,
      ExistingItem: order('b'),
    },
  ]);
  assert.deepEqual(fixture.report('ERROR'), []);
  const usage = ended.BulkOperationUsage as { BulkPutBytes: number }[];
  assert.equal(usage[0]?.BulkPutBytes, 3, 'what is not put is not used');
});

test('a condition that asks for an item that is not there reports no existing item', async () => {
  const fixture = await BulkFixture.with();
  const replaced = { ConditionExpression: 'attribute_exists(pk)' };
  fixture.put('in/1.json', line(order('a'), replaced));
  await fixture.finished();
  assert.deepEqual(fixture.report('CONDITION_CHECK_FAILURE'), [
    { itemS3Pointer: { bucket: 'files', key: 'in/1.json', itemIndex: 0 }, Item: order('a'), ...replaced },
  ]);
  assert.deepEqual(await fixture.items(), []);
});

test('what cannot be put is reported with its reason, and the rest is put', async () => {
  const fixture = await BulkFixture.with();
  const large = order('large', { text: { S: 'x'.repeat(400 * 1024) } });
  fixture.put(
    'in/1.json',
    line({ other: { S: 'no key' } }) +
      line({ pk: { N: '1' } }) +
      line(order('a')) +
      line(large) +
      line(order('b'), { ConditionExpression: 'no condition' }) +
      line(order('c'), { ExpressionAttributeNames: { '#a': 'a' } }) +
      line(order('d')),
  );
  const ended = await fixture.finished();
  assert.equal(ended.BulkOperationStatus, 'COMPLETED_WITH_ERRORS');
  assert.deepEqual([ended.ProcessedItemCount, ended.FailedItemCount], [7, 5]);
  assert.deepEqual(await fixture.items(), [order('a'), order('d')]);
  const told = fixture
    .report('ERROR')
    .map((entry) => [(entry.itemS3Pointer as { itemIndex: number }).itemIndex, (entry.errorMessages as string[])[0]]);
  assert.deepEqual(told, [
    [0, 'One or more parameter values were invalid: Missing the key pk in the item'],
    [1, 'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N'],
    [3, 'Item size has exceeded the maximum allowed size'],
    [4, 'Invalid ConditionExpression: Syntax error; token: "condition", near: "no condition"'],
    [5, 'ExpressionAttributeNames can only be specified when using expressions'],
  ]);
  assert.deepEqual(fixture.report('ERROR')[2]?.Item, large);
  const [file] = fixture.manifest().outputFiles as Record<string, unknown>[];
  assert.deepEqual([file?.outputType, file?.itemCount], ['ERROR', 5]);
  assert.ok(fixture.objects.objects.has(String(file?.dataFileS3Key)));
});

test('only what is asked for is reported', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', line(order('a')) + line(order('a'), UNLESS_THERE) + line({}));
  const ended = await fixture.finished({
    OutputS3Configuration: { S3Bucket: 'files', OutputType: ['CONDITION_CHECK_FAILURE'] },
  });
  assert.deepEqual([ended.BulkOperationStatus, ended.FailedItemCount], ['COMPLETED_WITH_ERRORS', 1]);
  assert.equal(fixture.report('CONDITION_CHECK_FAILURE').length, 1);
  assert.equal(fixture.report('ERROR').length, 0);
  const keys = [...fixture.objects.objects.keys()].filter((key) => !key.startsWith('in/'));
  assert.ok(keys.length > 0 && keys.every((key) => key.startsWith('AWSDynamoDB/')), keys.join(' '));
});

for (const [what, bytes, message] of [
  ['text', Buffer.from(`${line(order('a'))}nonsense\n${line(order('z'))}`), /^Invalid JSON/],
  ['a record without an item', Buffer.from(`${line(order('a'))}{}\n${line(order('z'))}`), /has no Item/],
  [
    'an item of another type',
    Buffer.from(line(order('a')) + line({ pk: { S: 1 } }) + line(order('z'))),
    /NUMBER_VALUE cannot be converted to String/,
  ],
] as const) {
  test(`${what} ends the reading of an object, not of those after it`, async () => {
    const fixture = await BulkFixture.with();
    fixture.put('in/1.json', bytes);
    fixture.put('in/2.json', line(order('b')));
    const ended = await fixture.finished();
    assert.equal(ended.BulkOperationStatus, 'COMPLETED_WITH_ERRORS');
    assert.deepEqual([ended.ProcessedItemCount, ended.FailedItemCount], [3, 1]);
    assert.deepEqual(await fixture.items(), [order('a'), order('b')]);
    const [entry] = fixture.report('ERROR');
    assert.deepEqual(entry?.itemS3Pointer, { bucket: 'files', key: 'in/1.json', itemIndex: 1 });
    assert.match(String(entry?.errorMessages), message);
  });
}

test('GZIP is unpacked, and what is none is an error of its object', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json.gz', gzipSync(lines('a', 3)));
  fixture.put('in/2.json.gz', lines('b', 3));
  const ended = await fixture.finished({
    InputS3Configuration: { ...IN, InputFormat: 'DYNAMODB_JSON', InputCompressionType: 'GZIP' },
  });
  assert.deepEqual([ended.ProcessedItemCount, ended.FailedItemCount], [4, 1]);
  assert.equal((await fixture.items()).length, 3);
  assert.match(JSON.stringify(fixture.report('ERROR')), /compression format GZIP/);
});

test('Ion brings items and conditions', async () => {
  const fixture = await BulkFixture.with();
  fixture.put(
    'in/1.ion',
    `$ion_1_0 {Item:{pk:"a",n:1.5,tags:$dynamodb_SS::["x","y"]}}
     {Item:{pk:"a",n:2}, ConditionExpression:"#n > :n",
      ExpressionAttributeNames:{'#n':"n"}, ExpressionAttributeValues:{':n':3}}
     {Item:{pk:"b"}, ConditionExpression:"attribute_not_exists(pk)"}`,
  );
  const ended = await fixture.finished({ InputS3Configuration: { ...IN, InputFormat: 'ION' } });
  assert.equal(ended.BulkOperationStatus, 'COMPLETED', JSON.stringify(fixture.report('ERROR')));
  const kept = order('a', { n: { N: '1.5' }, tags: { SS: ['x', 'y'] } });
  assert.deepEqual(await fixture.items(), [kept, order('b')]);
  const [entry] = fixture.report('CONDITION_CHECK_FAILURE');
  assert.deepEqual(entry?.Item, order('a', { n: { N: '2' } }));
  assert.deepEqual(entry?.ExpressionAttributeNames, { '#n': 'n' });
  assert.deepEqual(entry?.ExistingItem, kept);
});

test('indexes, streams and the past know of the puts, and usage tells of the indexes', async () => {
  const fixture = await BulkFixture.with({
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'group', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'local',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'group', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: '__proto__',
        KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  const row = order('a', { sk: { S: 's' }, group: { S: 'g' }, more: { S: 'xxx' } });
  fixture.put('in/1.json', line(row) + line(order('b', { sk: { S: 't' } })));
  const ended = await fixture.finished();
  assert.deepEqual(await fixture.items('__proto__'), [row]);
  assert.deepEqual(await fixture.items('local'), [order('a', { sk: { S: 's' }, group: { S: 'g' } })]);
  assert.deepEqual(ended.BulkOperationUsage, [
    {
      TableName: 'orders',
      BulkPutBytes: 25 + 19 + 12,
      Table: { BulkPutBytes: 25 },
      LocalSecondaryIndexes: { local: { BulkPutBytes: 12 } },
      GlobalSecondaryIndexes: Object.fromEntries([['__proto__', { BulkPutBytes: 19 }]]),
    },
  ]);
  const { LatestStreamArn: StreamArn } = await fixture.describe();
  const described = await fixture.engine.executeStreams('DescribeStream', CALLER, { StreamArn });
  const { Shards: shards } = described.StreamDescription as { Shards: { ShardId: string }[] };
  const { ShardIterator } = await fixture.engine.executeStreams('GetShardIterator', CALLER, {
    StreamArn,
    ShardId: shards[0]?.ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const read = encodeOutput(await fixture.engine.executeStreams('GetRecords', CALLER, { ShardIterator }));
  const { Records: records } = JSON.parse(read.toString());
  assert.deepEqual(
    records.map(({ eventName }: { eventName: string }) => eventName),
    ['INSERT', 'INSERT'],
  );
});

test('an index that is added meanwhile has the items, too', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', lines('a', 500));
  fixture.put('in/2.json', line(order('z', { group: { S: 'g' } })));
  const { BulkOperationArn: arn } = await fixture.start();
  let isAdded = false;
  fixture.objects.onAccess = async (key) => {
    if (key !== 'in/2.json' || isAdded) return;
    isAdded = true;
    await fixture.update(BY_GROUP);
  };
  await fixture.engine.idle();
  assert.equal((await fixture.describeBulk(arn)).BulkOperationStatus, 'COMPLETED');
  assert.equal(isAdded, true);
  assert.deepEqual(await fixture.items('by-group'), [order('z', { group: { S: 'g' } })]);
});

test('puts are not charged to the capacity of the table', async () => {
  const fixture = await BulkFixture.with({
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  });
  fixture.put('in/1.json', lines('a', 1000));
  assert.equal((await fixture.finished()).ProcessedItemCount, 1000);
  await fixture.run('PutItem', { TableName: 'orders', Item: order('b') });
  assert.equal((await fixture.describe()).ItemCount, 1001);
});
