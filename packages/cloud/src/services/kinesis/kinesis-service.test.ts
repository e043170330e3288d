import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as Kinesis from '@aws-sdk/client-kinesis';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { cbor } from '@smithy/core/cbor';
import { SIGNED, type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

interface Bench {
  readonly endpoint: TestEndpoint;
  readonly client: Kinesis.KinesisClient;
}

async function stream(t: TestContext, ShardCount = 2): Promise<Bench> {
  const endpoint = await testEndpoint(t);
  const client = new Kinesis.KinesisClient(endpoint.clientOptions());
  t.after(() => client.destroy());
  await client.send(new Kinesis.CreateStreamCommand({ StreamName: 'events', ShardCount }));
  return { endpoint, client };
}

async function iterator(client: Kinesis.KinesisClient, rest: Partial<Kinesis.GetShardIteratorCommandInput>) {
  const { ShardIterator } = await client.send(
    new Kinesis.GetShardIteratorCommand({
      StreamName: 'events',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
      ...rest,
    }),
  );
  return ShardIterator;
}

function text(records: readonly Kinesis._Record[] | undefined): string[] {
  return (records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString());
}

async function put(client: Kinesis.KinesisClient, ...values: string[]) {
  const Records = values.map((value) => ({ Data: Buffer.from(value), PartitionKey: 'k', ExplicitHashKey: '0' }));
  const { Records: placed } = await client.send(new Kinesis.PutRecordsCommand({ StreamName: 'events', Records }));
  return (placed ?? []).map(({ SequenceNumber = '' }) => SequenceNumber);
}

test('shards share the hash keys, and a partition key leads to the shard of its MD5', async (t) => {
  const { client } = await stream(t);
  const { Shards } = await client.send(new Kinesis.ListShardsCommand({ StreamName: 'events' }));
  assert.deepEqual(
    Shards?.map(({ HashKeyRange }) => [HashKeyRange?.StartingHashKey, HashKeyRange?.EndingHashKey]),
    [
      ['0', '170141183460469231731687303715884105727'],
      ['170141183460469231731687303715884105728', '340282366920938463463374607431768211455'],
    ],
  );
  // MD5 of 'a' begins with 0c, that of 'b' with 92.
  const where = async (PartitionKey: string) =>
    (await client.send(new Kinesis.PutRecordCommand({ StreamName: 'events', Data: Buffer.from('x'), PartitionKey })))
      .ShardId;
  assert.equal(await where('a'), 'shardId-000000000000');
  assert.equal(await where('b'), 'shardId-000000000001');
});

test('records are read in order, from every kind of place, and are there after a restart', async (t) => {
  const { endpoint, client } = await stream(t, 1);
  const latest = await iterator(client, { ShardIteratorType: 'LATEST' });
  const [first, second] = await put(client, 'one', 'two');
  endpoint.clock.advance(60_000);
  const Timestamp = new Date(endpoint.clock.nowMs());
  await put(client, 'three');
  assert.ok((first ?? '').length === 56 && (first ?? '') < (second ?? ''));
  const read = async (ShardIterator: string | undefined) =>
    text((await client.send(new Kinesis.GetRecordsCommand({ ShardIterator }))).Records);
  assert.deepEqual(await read(latest), ['one', 'two', 'three']);
  assert.deepEqual(await read(await iterator(client, {})), ['one', 'two', 'three']);
  const at = { StartingSequenceNumber: second };
  assert.deepEqual(await read(await iterator(client, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...at })), [
    'two',
    'three',
  ]);
  assert.deepEqual(await read(await iterator(client, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...at })), [
    'three',
  ]);
  assert.deepEqual(await read(await iterator(client, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp })), ['three']);
  const ShardIterator = await iterator(client, {});
  const page = await client.send(new Kinesis.GetRecordsCommand({ ShardIterator, Limit: 1 }));
  assert.equal(page.MillisBehindLatest, 60_000);
  client.destroy();
  await endpoint.restart();
  const again = new Kinesis.KinesisClient(endpoint.clientOptions());
  const rest = await again.send(new Kinesis.GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
  assert.deepEqual(text(rest.Records), ['two', 'three']);
  assert.equal(rest.MillisBehindLatest, 0);
  again.destroy();
});

test('a place in time is found however many records came within a millisecond; none lies in the future', async (t) => {
  const { endpoint, client } = await stream(t, 1);
  for (const _ of [1, 2, 3]) await put(client, ...Array.from({ length: 500 }, () => 'before'));
  endpoint.clock.advance(1);
  const Timestamp = new Date(endpoint.clock.nowMs());
  const at = (): Promise<string | undefined> => iterator(client, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
  const nothingYet = await at();
  await put(client, 'after');
  for (const ShardIterator of [nothingYet, await at()]) {
    assert.deepEqual(text((await client.send(new Kinesis.GetRecordsCommand({ ShardIterator }))).Records), ['after']);
  }
  Timestamp.setTime(Timestamp.getTime() + 1);
  await assert.rejects(at(), {
    name: 'InvalidArgumentException',
    message:
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ' +
      `${Timestamp.getTime()}, currentTimestampInMillis: ${Timestamp.getTime() - 1}`,
  });
});

test('a closed shard is read to its end in pieces of 10 MB', async (t) => {
  const { client } = await stream(t, 1);
  const large = 'x'.repeat(1024 * 1024);
  for (let count = 0; count < 12; count += 4) await put(client, large, large, large, large);
  await client.send(
    new Kinesis.UpdateShardCountCommand({ StreamName: 'events', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
  );
  const first = await client.send(new Kinesis.GetRecordsCommand({ ShardIterator: await iterator(client, {}) }));
  const second = await client.send(new Kinesis.GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
  assert.deepEqual(
    [first, second].map(({ Records }) => Records?.length),
    [10, 2],
  );
  assert.equal(second.NextShardIterator, undefined);
});

test('iterators expire after five minutes, records when the stream retains them no longer', async (t) => {
  const { endpoint, client } = await stream(t, 1);
  await put(client, 'old');
  const ShardIterator = await iterator(client, {});
  endpoint.clock.advance(5 * 60_000 + 1);
  await assert.rejects(client.send(new Kinesis.GetRecordsCommand({ ShardIterator })), {
    name: 'ExpiredIteratorException',
  });
  endpoint.clock.advance(24 * 3_600_000);
  await put(client, 'new');
  const fresh = await iterator(client, {});
  assert.deepEqual(text((await client.send(new Kinesis.GetRecordsCommand({ ShardIterator: fresh }))).Records), ['new']);
});

test('a split closes the parent, and leads to the children; a merge brings them together', async (t) => {
  const { client } = await stream(t, 1);
  await put(client, 'before');
  const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' };
  await client.send(new Kinesis.SplitShardCommand({ StreamName: 'events', ...split }));
  const end = await client.send(new Kinesis.GetRecordsCommand({ ShardIterator: await iterator(client, {}) }));
  assert.deepEqual(text(end.Records), ['before']);
  assert.equal(end.NextShardIterator, undefined);
  assert.deepEqual(
    end.ChildShards?.map(({ ShardId }) => ShardId),
    ['shardId-000000000001', 'shardId-000000000002'],
  );
  await client.send(
    new Kinesis.MergeShardsCommand({
      StreamName: 'events',
      ShardToMerge: 'shardId-000000000001',
      AdjacentShardToMerge: 'shardId-000000000002',
    }),
  );
  const { StreamDescriptionSummary } = await client.send(
    new Kinesis.DescribeStreamSummaryCommand({ StreamName: 'events' }),
  );
  assert.equal(StreamDescriptionSummary?.OpenShardCount, 1);
  const count = await client.send(
    new Kinesis.UpdateShardCountCommand({ StreamName: 'events', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
  );
  assert.deepEqual([count.CurrentShardCount, count.TargetShardCount], [1, 2]);
  const { Shards } = await client.send(
    new Kinesis.ListShardsCommand({ StreamName: 'events', ShardFilter: { Type: 'AT_LATEST' } }),
  );
  assert.equal(Shards?.length, 2);
});

test('whatever the number of shards becomes, a shard comes after all that had its hash keys, two at most', async (t) => {
  const { client } = await stream(t, 3);
  const update = { StreamName: 'events', ScalingType: 'UNIFORM_SCALING' } as const;
  for (const TargetShardCount of [5, 3, 4, 7, 4]) {
    await client.send(new Kinesis.UpdateShardCountCommand({ ...update, TargetShardCount }));
    const { Shards = [] } = await client.send(new Kinesis.ListShardsCommand({ StreamName: 'events' }));
    const shards = Shards.map(
      ({ ShardId: id = '', ParentShardId, AdjacentParentShardId, HashKeyRange, SequenceNumberRange }) => ({
        id,
        parents: [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined),
        first: BigInt(HashKeyRange?.StartingHashKey ?? 0),
        last: BigInt(HashKeyRange?.EndingHashKey ?? 0),
        isOpen: SequenceNumberRange?.EndingSequenceNumber === undefined,
      }),
    );
    const byHash = [...shards].sort((one, other) => (one.first < other.first ? -1 : 1));
    const open = byHash.filter(({ isOpen }) => isOpen);
    assert.deepEqual(
      open.map(({ first }) => first),
      open.map((_, index) => (2n ** 128n * BigInt(index)) / BigInt(TargetShardCount)),
    );
    assert.equal(open.length, TargetShardCount);
    for (const { id, parents, first, last } of shards) {
      if (parents.length === 0) continue;
      const [low, high = low] = byHash.filter((one) => parents.includes(one.id));
      assert.ok(low !== undefined && high !== undefined);
      assert.ok(low.first <= first && high.last >= last && (low === high || low.last + 1n === high.first), id);
    }
  }
});

test('streams are there once, and their faults are told in the words of AWS', async (t) => {
  const { client } = await stream(t, 1);
  await assert.rejects(client.send(new Kinesis.CreateStreamCommand({ StreamName: 'events', ShardCount: 1 })), {
    name: 'ResourceInUseException',
    message: 'Stream events under account 000000000000 already exists.',
  });
  await assert.rejects(client.send(new Kinesis.DescribeStreamCommand({ StreamName: 'none' })), {
    name: 'ResourceNotFoundException',
    message: 'Stream none under account 000000000000 not found.',
  });
  await assert.rejects(iterator(client, { ShardId: 'shardId-000000000009' }), {
    message: 'Could not find shard shardId-000000000009 in stream events under account 000000000000.',
  });
  await client.send(new Kinesis.DeleteStreamCommand({ StreamName: 'events' }));
  assert.deepEqual((await client.send(new Kinesis.ListStreamsCommand({}))).StreamNames, []);
});

test('retention, mode, tags and metrics are kept', async (t) => {
  const { client } = await stream(t, 1);
  const StreamName = 'events';
  await client.send(new Kinesis.IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
  await assert.rejects(
    client.send(new Kinesis.IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 })),
    { name: 'InvalidArgumentException', message: /can not be shorter than existing retention period \(48 hours\)/ },
  );
  await client.send(new Kinesis.AddTagsToStreamCommand({ StreamName, Tags: { team: 'orders' } }));
  await client.send(new Kinesis.EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }));
  const { StreamDescription } = await client.send(new Kinesis.DescribeStreamCommand({ StreamName }));
  assert.equal(StreamDescription?.RetentionPeriodHours, 48);
  assert.equal(StreamDescription?.StreamModeDetails?.StreamMode, 'PROVISIONED');
  assert.deepEqual(StreamDescription?.EnhancedMonitoring, [{ ShardLevelMetrics: ['IncomingBytes'] }]);
  const { Tags } = await client.send(new Kinesis.ListTagsForStreamCommand({ StreamName }));
  assert.deepEqual(Tags, [{ Key: 'team', Value: 'orders' }]);
});

test('an encrypted stream takes no record while its key is disabled', async (t) => {
  const { endpoint, client } = await stream(t, 1);
  const kms = new KMSClient(endpoint.clientOptions());
  t.after(() => kms.destroy());
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const encryption = { StreamName: 'events', EncryptionType: 'KMS', KeyId: KeyMetadata?.KeyId } as const;
  await client.send(new Kinesis.StartStreamEncryptionCommand(encryption));
  await put(client, 'one');
  await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
  await assert.rejects(put(client, 'two'), { name: 'KMSDisabledException' });
});

test('the CBOR of the SDKs for Java is understood, with its times in milliseconds', async (t) => {
  const { endpoint } = await stream(t, 1);
  const answer = await fetch(endpoint.current().url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-cbor-1.1',
      'x-amz-target': 'Kinesis_20131202.DescribeStreamSummary',
      authorization: SIGNED.replace('/dynamodb/', '/kinesis/'),
    },
    body: cbor.serialize({ StreamName: 'events' }).slice(),
  });
  assert.equal(answer.headers.get('content-type'), 'application/x-amz-cbor-1.1');
  const { StreamDescriptionSummary: summary } = cbor.deserialize(new Uint8Array(await answer.arrayBuffer()));
  assert.equal(summary.StreamName, 'events');
  assert.equal(Number(summary.StreamCreationTimestamp.value), endpoint.clock.nowMs());
});
