import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VirtualClock } from '@tablewright/testkit';
import { ARN, BY_GROUP, EngineFixture, orders, units } from '../control/engine-fixture.js';
import { uint32Bytes } from '../data/byte-string.js';
import { index, table } from '../data/data-fixture.js';
import type { EntryChange } from '../data/replace-item.js';
import { type TableLayout, tableLayout } from '../data/table-layout.js';
import type { EngineOptions } from '../engine.js';
import { DynamoError } from '../errors.js';
import { Throughput } from './throughput.js';

const TABLE_MESSAGE =
  'The level of configured provisioned throughput for the table was exceeded. ' +
  'Consider increasing your provisioning level with the UpdateTable API.';
const INDEX_ARN = `${ARN}/index/by-group`;
const KB = 1024;

/** The table `orders`, provisioned, and requests to it. */
class Shop extends EngineFixture {
  static async open(changes: Record<string, unknown>, options: Partial<EngineOptions> = {}): Promise<Shop> {
    const shop = new Shop(options);
    await shop.run('CreateTable', orders(changes));
    return shop;
  }

  #names = 0;

  /** A key that no other item has. */
  name(): string {
    return `a${this.#names++}`;
  }

  put(pk: string, attributes: Record<string, unknown> = {}): Promise<unknown> {
    return this.run('PutItem', { TableName: 'orders', Item: { pk: { S: pk }, ...attributes } });
  }

  get(pk: string, ConsistentRead = true): Promise<unknown> {
    return this.run('GetItem', { TableName: 'orders', Key: { pk: { S: pk } }, ConsistentRead });
  }

  /** An item of `kilobytes` KB. */
  putLarge(pk: string, kilobytes: number): Promise<unknown> {
    return this.put(pk, { v: { S: 'x'.repeat(kilobytes * KB - 3 - pk.length) } });
  }

  /** How often the request runs before it is throttled. */
  async countUntilThrottled(request: () => Promise<unknown>, most = 5000): Promise<number> {
    for (let count = 0; count < most; count++) {
      try {
        await request();
      } catch (error) {
        if (error instanceof DynamoError && error.code !== 'ConditionalCheckFailedException') return count;
        throw error;
      }
    }
    return most;
  }

  /** The error must be of this kind, and its only reason this one. */
  async throttles(
    request: () => unknown,
    code: 'ProvisionedThroughputExceededException' | 'ThrottlingException',
    reason: string,
    resource = ARN,
  ): Promise<DynamoError> {
    try {
      await request();
    } catch (error) {
      assert.ok(error instanceof DynamoError);
      assert.equal(error.code, code, error.message);
      const member = code === 'ThrottlingException' ? 'throttlingReasons' : 'ThrottlingReasons';
      assert.deepEqual(error.details[member], [{ reason, resource }]);
      return error;
    }
    throw new assert.AssertionError({ message: `not throttled: ${reason}` });
  }
}

function provisioned(read: number, write: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(read, write), ...changes };
}

/** A provisioned table with the index `by-group`. */
function withIndex(table: [number, number], index: [number, number]): Record<string, unknown> {
  const create = BY_GROUP.GlobalSecondaryIndexUpdates.map((update) => update.Create);
  return provisioned(...table, {
    AttributeDefinitions: BY_GROUP.AttributeDefinitions,
    GlobalSecondaryIndexes: create.map((one) => ({ ...one, ProvisionedThroughput: units(...index) })),
  });
}

const PTEE = 'ProvisionedThroughputExceededException';

describe('provisioned throughput', () => {
  it('lets through 300 seconds of capacity, then what accrues', async () => {
    const shop = await Shop.open(provisioned(1, 2));
    const put = () => shop.put('a');
    assert.equal(await shop.countUntilThrottled(put), 600);
    const error = await shop.throttles(put, PTEE, 'TableWriteProvisionedThroughputExceeded');
    assert.equal(error.message, TABLE_MESSAGE);
    shop.clock.advance(1000);
    assert.equal(await shop.countUntilThrottled(put), 2);
    shop.clock.advance(3_600_000);
    assert.equal(await shop.countUntilThrottled(put), 600, 'no more than the burst is kept');
  });

  it('counts reads and writes apart, and half for eventually consistent reads', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 300);
    assert.equal(await shop.countUntilThrottled(() => shop.get('a', false)), 600);
    await shop.throttles(() => shop.get('a'), PTEE, 'TableReadProvisionedThroughputExceeded');
    shop.clock.advance(1000);
    assert.equal(await shop.countUntilThrottled(() => shop.get('a')), 1);
  });

  it('lets the last request overdraw, and makes those after it wait until the debt is paid', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    await shop.putLarge('a', 290);
    await shop.putLarge('b', 40);
    await shop.throttles(() => shop.put('c'), PTEE, 'TableWriteProvisionedThroughputExceeded');
    shop.clock.advance(30_000);
    await shop.throttles(() => shop.put('c'), PTEE, 'TableWriteProvisionedThroughputExceeded');
    shop.clock.advance(1000);
    await shop.put('c');
  });

  it('lets a page of a scan overdraw', async () => {
    const shop = await Shop.open(provisioned(1, 400));
    for (const pk of 'abcd') await shop.putLarge(pk, 300);
    const scan = () => shop.run('Scan', { TableName: 'orders' });
    // 1.2 MB are two pages, of 900 KB (112.5 units) and more than 1 MB (150).
    assert.equal(await shop.countUntilThrottled(scan, 5), 2);
    await shop.throttles(scan, PTEE, 'TableReadProvisionedThroughputExceeded');
  });

  it('leaves no trace of what it throttles', async () => {
    const shop = await Shop.open(provisioned(100, 1));
    await shop.countUntilThrottled(() => shop.put('a', { v: { N: '1' } }));
    const before = await shop.describe();
    const writes = [
      () => shop.put('a', { v: { N: '2' } }),
      () => shop.put('new'),
      () => shop.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'a' } } }),
      () => shop.run('ExecuteStatement', { Statement: `INSERT INTO orders VALUE {'pk': 'other'}` }),
      () =>
        shop.run('UpdateItem', {
          TableName: 'orders',
          Key: { pk: { S: 'a' } },
          UpdateExpression: 'SET v = :v',
          ExpressionAttributeValues: { ':v': { N: '2' } },
        }),
    ];
    for (const write of writes) await shop.throttles(write, PTEE, 'TableWriteProvisionedThroughputExceeded');
    const { Items } = await shop.run('Scan', { TableName: 'orders' });
    assert.deepEqual(JSON.parse(JSON.stringify(Items)), [{ pk: { S: 'a' }, v: { N: '1' } }]);
    assert.deepEqual(await shop.describe(), before);
  });

  it('charges for writes that their condition refuses', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    await shop.putLarge('a', 99);
    const refused = () =>
      shop.refuses(
        'PutItem',
        { TableName: 'orders', Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' },
        'ConditionalCheckFailedException',
        'The conditional request failed',
      );
    await refused();
    await refused();
    assert.equal(await shop.countUntilThrottled(() => shop.put('b')), 3);
  });

  it('takes a new rate at once, and keeps what has accrued as far as it may', async () => {
    const shop = await Shop.open(provisioned(1, 2));
    await shop.putLarge('b', 100);
    await shop.update({ ProvisionedThroughput: units(1, 1) });
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 300, '300 of the 500 are kept');
    await shop.update({ ProvisionedThroughput: units(1, 20) });
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 0, 'a raise brings nothing by itself');
    shop.clock.advance(1000);
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 20);
  });

  it('accrues at the old rate until the change', async () => {
    const shop = await Shop.open(provisioned(1, 2));
    await shop.countUntilThrottled(() => shop.put('a'));
    shop.clock.advance(10_000);
    await shop.update({ ProvisionedThroughput: units(1, 1) });
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 20);
  });

  it('begins anew with another table of the same name', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    await shop.countUntilThrottled(() => shop.put('a'));
    await shop.run('DeleteTable', { TableName: 'orders' });
    await shop.run('CreateTable', orders(provisioned(1, 1)));
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 300);
  });
});

describe('statements', () => {
  it('are throttled and charged like the operations that they stand for', async () => {
    const shop = await Shop.open(provisioned(1, 100));
    await shop.putLarge('a', 400);
    const select = () => shop.run('ExecuteStatement', { Statement: 'SELECT * FROM orders', ConsistentRead: true });
    assert.equal(await shop.countUntilThrottled(select), 3);
    await shop.throttles(select, PTEE, 'TableReadProvisionedThroughputExceeded');
    await shop.throttles(() => shop.get('a'), PTEE, 'TableReadProvisionedThroughputExceeded');
  });
});

describe('time to live', () => {
  it('deletes without capacity', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
    await shop.run('UpdateTimeToLive', { TableName: 'orders', TimeToLiveSpecification });
    const expires = { N: String(shop.clock.nowMs() / 1000) };
    assert.equal(await shop.countUntilThrottled(() => shop.put(shop.name(), { expires })), 300);
    shop.clock.advance(2000);
    await shop.engine.idle();
    assert.equal((await shop.describe()).ItemCount, 0);
    assert.equal(await shop.countUntilThrottled(() => shop.put('b')), 2);
  });
});

describe('throughput of global indexes', () => {
  const inGroup = { group: { S: 'g' } };

  it('holds back the table when an index cannot take the write', async () => {
    const shop = await Shop.open(withIndex([100, 100], [1, 1]));
    const put = () => shop.put(shop.name(), inGroup);
    assert.equal(await shop.countUntilThrottled(put), 300);
    const error = await shop.throttles(put, PTEE, 'IndexWriteProvisionedThroughputExceeded', INDEX_ARN);
    assert.equal(
      error.message,
      'The level of configured provisioned throughput for one or more global secondary indexes of the table was ' +
        'exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes ' +
        'with the UpdateTable API.',
    );
    assert.equal((await shop.describe()).ItemCount, 300);
  });

  it('lets through what does not touch the index', async () => {
    const shop = await Shop.open(withIndex([100, 100], [1, 1]));
    await shop.put('same', inGroup);
    await shop.countUntilThrottled(() => shop.put(shop.name(), inGroup));
    await shop.put('without');
    await shop.put('same', inGroup);
    await shop.throttles(
      () => shop.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'same' } } }),
      PTEE,
      'IndexWriteProvisionedThroughputExceeded',
      INDEX_ARN,
    );
  });

  it('gives reads of the index a capacity of their own', async () => {
    const shop = await Shop.open(withIndex([1, 1], [2, 1]));
    const query = () =>
      shop.run('Query', {
        TableName: 'orders',
        IndexName: 'by-group',
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': { S: 'g' } },
      });
    assert.equal(await shop.countUntilThrottled(query), 1200);
    await shop.throttles(query, PTEE, 'IndexReadProvisionedThroughputExceeded', INDEX_ARN);
    await shop.get('a');
  });
});

describe('partitions', () => {
  const target = table('t', 'pk:S', [index('GSI', 'by-group', 'group:S')]);
  const onDemand = tableLayout(target);
  const atHash = (hash: number) => `Dd0000${uint32Bytes(hash)}`;

  function throughputOf(sizeBytes = () => 0): { throughput: Throughput; clock: VirtualClock } {
    const clock = new VirtualClock();
    return { clock, throughput: new Throughput({ clock, mode: 'enforced', sizeBytes, view: () => undefined }) };
  }

  function provisionedLayout(readUnits: number, writeUnits: number): TableLayout {
    return tableLayout({ ...target, throughput: { mode: 'PROVISIONED', readUnits, writeUnits } });
  }

  it('give one key 3,000 reads a second, whatever the table has', async () => {
    const shop = await Shop.open(provisioned(20_000, 20_000));
    await shop.putLarge('hot', 400);
    const read = () => shop.get('hot');
    assert.equal(await shop.countUntilThrottled(read, 10_000), 9000);
    const error = await shop.throttles(read, PTEE, 'TableReadKeyRangeThroughputExceeded');
    assert.equal(error.message, TABLE_MESSAGE);
    await shop.get('cold');
    shop.clock.advance(1000);
    assert.equal(await shop.countUntilThrottled(read), 30);
  });

  it('give one key 1,000 writes a second', () => {
    const { throughput, clock } = throughputOf();
    const layout = provisionedLayout(1, 20_000);
    const [hot, cold] = [atHash(7), atHash(2 ** 31)];
    throughput.admitWrite(layout, hot);
    throughput.chargeWrite(layout, hot, 300_000, []);
    assert.equal(throughput.writeThrottle(layout, hot)?.limit, 'KeyRangeThroughput');
    assert.equal(throughput.writeThrottle(layout, cold), undefined);
    clock.advance(1000);
    throughput.admitWrite(layout, hot);
    throughput.chargeWrite(layout, hot, 1000, []);
    assert.equal(throughput.writeThrottle(layout, hot)?.limit, 'KeyRangeThroughput');
  });

  for (const partitionBurstSeconds of [0, 1, 60]) {
    it(`keep ${partitionBurstSeconds} seconds of burst where they are told to, and the table its 300`, async () => {
      const shop = await Shop.open(
        { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(9000, 9000) },
        { partitionBurstSeconds },
      );
      const kept = Math.max(1, partitionBurstSeconds);
      const write = () => shop.putLarge('hot', 100);
      assert.equal(await shop.countUntilThrottled(write, 10_000), 10 * kept);
      await shop.throttles(write, PTEE, 'TableWriteKeyRangeThroughputExceeded');
      await shop.put('cold');
      shop.clock.advance(1000);
      assert.equal(await shop.countUntilThrottled(write), 10);
      const small = await Shop.open(provisioned(1, 1), { partitionBurstSeconds });
      assert.equal(await small.countUntilThrottled(() => small.put('a')), 300);
    });
  }

  it('of an on-demand table throttle a hot key, in other words', () => {
    const { throughput } = throughputOf();
    throughput.admitWrite(onDemand, atHash(7));
    throughput.chargeWrite(onDemand, atHash(7), 300_000, []);
    assert.throws(
      () => throughput.admitWrite(onDemand, atHash(7)),
      (error: DynamoError) => {
        assert.equal(error.code, 'ThrottlingException');
        assert.match(error.message, /^Throughput exceeds the current capacity of your table or index\. /);
        const resource = target.arn;
        assert.deepEqual(error.details, {
          throttlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded', resource }],
        });
        return true;
      },
    );
    throughput.admitWrite(onDemand, atHash(2 ** 25));
  });

  it('of an index throttle writes to the table', () => {
    const { throughput } = throughputOf();
    const [byGroup] = onDemand.indexes;
    assert.ok(byGroup !== undefined);
    const entry = (hash: number): EntryChange => {
      const after = { key: `Dx0000${uint32Bytes(hash)}`, value: Buffer.alloc(0) };
      return { index: byGroup, before: undefined, after, oldUnits: 0, newUnits: 300_000 };
    };
    throughput.admitEntries(onDemand, [entry(7)]);
    throughput.chargeWrite(onDemand, atHash(1), 1, [entry(7)]);
    assert.throws(
      () => throughput.admitEntries(onDemand, [entry(7)]),
      (error: DynamoError) => {
        const resource = byGroup.index.arn;
        assert.match(error.message, /^Throughput exceeds the current capacity for one or more global secondary /);
        assert.deepEqual(error.details, {
          throttlingReasons: [{ reason: 'IndexWriteKeyRangeThroughputExceeded', resource }],
        });
        return true;
      },
    );
    throughput.admitWrite(onDemand, atHash(1));
    throughput.admitEntries(onDemand, [entry(2 ** 31)]);
  });

  it('share what a scan reads across them', () => {
    const { throughput } = throughputOf();
    const layout = provisionedLayout(40_000, 1);
    throughput.admitRead(layout, undefined, atHash(0));
    // 13.3 partitions, so 14, with 900,000 units each.
    throughput.chargeRead(layout, undefined, atHash(0), 11_000_000, { scope: 'range', lastHash: 2 ** 32 - 1 });
    assert.equal(throughput.readThrottle(layout, undefined, atHash(0)), undefined);
  });

  it('are more once the table has grown', () => {
    let sizeBytes = 0;
    const { throughput } = throughputOf(() => sizeBytes);
    const layout = provisionedLayout(1, 2000);
    const low = atHash(0);
    throughput.admitWrite(layout, low);
    throughput.chargeWrite(layout, low, 300_000, []);
    assert.equal(throughput.writeThrottle(layout, low)?.limit, 'KeyRangeThroughput');
    sizeBytes = 40 * 1024 ** 3;
    throughput.admitWrite(layout, low);
  });
});

describe('maximums of on-demand tables', () => {
  it('throttle, and can be taken away', async () => {
    const shop = await Shop.open({ OnDemandThroughput: { MaxReadRequestUnits: 3, MaxWriteRequestUnits: 5 } });
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 5);
    const error = await shop.throttles(
      () => shop.put('a'),
      'ThrottlingException',
      'TableWriteMaxOnDemandThroughputExceeded',
    );
    assert.equal(error.message, 'Throughput exceeds the maximum OnDemandThroughput configured on table or index');
    assert.equal(await shop.countUntilThrottled(() => shop.get('a')), 3);
    shop.clock.advance(60_000);
    assert.equal(await shop.countUntilThrottled(() => shop.put('a')), 5, 'no burst');
    await shop.update({ OnDemandThroughput: { MaxWriteRequestUnits: -1 } });
    assert.equal(await shop.countUntilThrottled(() => shop.put('a'), 900), 900);
  });
});

describe('batches', () => {
  const puts = (count: number, prefix = 'a') =>
    Array.from({ length: count }, (_, at) => ({ PutRequest: { Item: { pk: { S: `${prefix}${at}` } } } }));

  it('hand back the writes that are throttled, and fail when all are', async () => {
    const shop = await Shop.open(provisioned(100, 1));
    await shop.putLarge('x', 290);
    const batch = () => shop.run('BatchWriteItem', { RequestItems: { orders: puts(25) } });
    const output = await batch();
    assert.deepEqual(output.UnprocessedItems, { orders: puts(25).slice(10) });
    assert.equal((await shop.describe()).ItemCount, 11);
    await shop.throttles(batch, PTEE, 'TableWriteProvisionedThroughputExceeded');
    assert.equal((await shop.describe()).ItemCount, 11);
  });

  it('go on with the writes to other tables', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    await shop.run('CreateTable', orders({ TableName: 'other' }));
    await shop.countUntilThrottled(() => shop.put('x'));
    const output = await shop.run('BatchWriteItem', {
      RequestItems: { orders: puts(2), other: puts(2) },
      ReturnConsumedCapacity: 'TOTAL',
    });
    assert.deepEqual(output.UnprocessedItems, { orders: puts(2) });
    assert.deepEqual(output.ConsumedCapacity, [{ TableName: 'other', CapacityUnits: 2 }]);
  });

  it('hand back the keys that are throttled, and fail when all are', async () => {
    const shop = await Shop.open(provisioned(1, 100));
    await shop.putLarge('x', 399);
    for (let read = 0; read < 2; read++) await shop.get('x');
    for (let read = 0; read < 98; read++) await shop.get('none');
    const Keys = ['a', 'b', 'c', 'd'].map((pk) => ({ pk: { S: pk } }));
    const batch = () => shop.run('BatchGetItem', { RequestItems: { orders: { Keys, ConsistentRead: true } } });
    const output = await batch();
    assert.deepEqual(output.UnprocessedKeys, { orders: { Keys: Keys.slice(2), ConsistentRead: true } });
    await shop.throttles(batch, PTEE, 'TableReadProvisionedThroughputExceeded');
  });

  it('of statements fail one by one', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    await shop.countUntilThrottled(() => shop.put('a'));
    const Statements = [{ Statement: `INSERT INTO orders VALUE {'pk': 'b'}` }];
    const { Responses } = await shop.run('BatchExecuteStatement', { Statements });
    assert.deepEqual(Responses, [
      { TableName: 'orders', Error: { Code: 'ProvisionedThroughputExceeded', Message: TABLE_MESSAGE } },
    ]);
  });
});

describe('transactions', () => {
  const put = (pk: string, table = 'orders') => ({ Put: { TableName: table, Item: { pk: { S: pk } } } });

  /** The codes of the reasons for which the request is cancelled. */
  async function reasons(request: Promise<unknown>): Promise<unknown[]> {
    try {
      await request;
    } catch (error) {
      assert.ok(error instanceof DynamoError);
      assert.equal(error.code, 'TransactionCanceledException');
      return error.details.CancellationReasons as unknown[];
    }
    throw new assert.AssertionError({ message: 'not cancelled' });
  }

  it('pay twice, and are cancelled whole when one action is throttled', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    await shop.run('CreateTable', orders({ TableName: 'other' }));
    const write = () => shop.run('TransactWriteItems', { TransactItems: [put('a', 'other'), put('a')] });
    for (let at = 0; at < 150; at++) await write();
    const Message = TABLE_MESSAGE;
    assert.deepEqual(await reasons(write()), [{ Code: 'None' }, { Code: 'ProvisionedThroughputExceeded', Message }]);
    const only = shop.run('TransactWriteItems', { TransactItems: [put('new', 'other'), put('a')] });
    await assert.rejects(only);
    assert.equal((await shop.describe('other')).ItemCount, 1);
  });

  it('are cancelled when an index of an action is throttled', async () => {
    const shop = await Shop.open(withIndex([100, 100], [1, 1]));
    const Item = (pk: string) => ({ pk: { S: pk }, group: { S: 'g' } });
    const TransactItems = ['a', 'b'].map((pk) => ({ Put: { TableName: 'orders', Item: Item(pk) } }));
    let at = 0;
    await shop.countUntilThrottled(() => shop.put(`${at++}`, { group: { S: 'g' } }));
    const [first, second] = await reasons(shop.run('TransactWriteItems', { TransactItems }));
    assert.match(JSON.stringify(first), /ProvisionedThroughputExceeded.*global secondary indexes/);
    assert.deepEqual(first, second);
    assert.equal((await shop.describe()).ItemCount, 300);
  });

  it('pay for the items as they are, twice, when conditions cancel them, and nothing when throttled', async () => {
    const shop = await Shop.open(provisioned(1, 1));
    await shop.putLarge('a', 290);
    const refused = { ...put('a').Put, ConditionExpression: 'attribute_not_exists(pk)' };
    const cancelled = () => shop.run('TransactWriteItems', { TransactItems: [{ Put: refused }] });
    assert.match(JSON.stringify(await reasons(cancelled())), /ConditionalCheckFailed/);
    for (let at = 0; at < 3; at++) assert.match(JSON.stringify(await reasons(cancelled())), /ThroughputExceeded/);
    shop.clock.advance(571_000);
    assert.equal(await shop.countUntilThrottled(() => shop.put('b')), 1);
  });

  it('name throttling by another code on demand', async () => {
    const shop = await Shop.open({ OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: 1 } });
    const Get = { TableName: 'orders', Key: { pk: { S: 'a' } } };
    const read = () => shop.run('TransactGetItems', { TransactItems: [{ Get }] });
    await read();
    const Message = 'Throughput exceeds the maximum OnDemandThroughput configured on table or index';
    assert.deepEqual(await reasons(read()), [{ Code: 'ThrottlingError', Message }]);
  });
});

describe('free-running', () => {
  it('throttles nothing, and still tells what is consumed', async () => {
    const shop = await Shop.open(withIndex([1, 1], [1, 1]), { throughput: 'free-running' });
    const events: string[] = [];
    const end = shop.engine.throughput.observe({
      consumed: ({ table, indexName = '-', direction, units: n }) =>
        events.push(`${table.name} ${indexName} ${direction} ${n}`),
      throttled: () => events.push('throttled'),
    });
    assert.equal(await shop.countUntilThrottled(() => shop.put('a'), 400), 400);
    events.length = 0;
    await shop.put('a', { group: { S: 'g' } });
    await shop.get('a', false);
    assert.deepEqual(events, ['orders by-group Write 1', 'orders - Write 1', 'orders - Read 0.5']);
    end();
    await shop.put('a');
    assert.equal(events.length, 3);
  });
});

describe('listeners', () => {
  it('are told of every item that is throttled, and why', async () => {
    const shop = await Shop.open(withIndex([1, 1], [1, 1]));
    const reasons: string[] = [];
    shop.engine.throughput.observe({
      consumed: () => {},
      throttled: ({ reason, indexName }) => reasons.push(`${indexName}: ${reason}`),
    });
    await shop.putLarge('x', 299);
    const requests = ['a', 'b', 'c'].map((pk) => ({ PutRequest: { Item: { pk: { S: pk } } } }));
    await shop.run('BatchWriteItem', { RequestItems: { orders: requests } });
    const expected = 'undefined: TableWriteProvisionedThroughputExceeded';
    assert.deepEqual(reasons, [expected, expected]);
  });
});
