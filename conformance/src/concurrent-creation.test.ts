// Clients that race to create, change or delete one item: there is always an order in which what they were told is true.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

const ROUNDS = 20;
const WRITERS = 8;
const target = new Target();
let table = '';
let indexed = '';

before(async () => {
  table = await createTable(target, simpleTable(target.tableName('raced'), 'S'));
  indexed = await createTable(target, indexedTable(target.tableName('raced-indexed')));
});

type Item = Record<string, AttributeValue>;

const key = (id: string) => ({ pk: { S: id } });

function writers<T>(count: number, action: (writer: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, writer) => action(writer)));
}

async function stored(Key: Item, TableName = table): Promise<Item | undefined> {
  return (await target.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
}

/** Whether it was done; the only failure allowed is that of its condition. */
async function isDone(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) {
      assert.equal((error as Error).name, 'ConditionalCheckFailedException');
      return false;
    }
    const codes = error.CancellationReasons?.map(({ Code }) => Code);
    assert.deepEqual(codes, ['ConditionalCheckFailed']);
    return false;
  }
}

describe('clients that race for one item', () => {
  it('create it by updates without a condition: all succeed, and each finds the work of those before it', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const Key = key(`merged-${round}`);
      await writers<unknown>(4, (writer) => {
        const update = {
          TableName: table,
          Key,
          UpdateExpression: `SET a${writer} = :v`,
          ExpressionAttributeValues: { ':v': { N: String(writer) } },
        };
        // By itself and as a transaction of one action.
        return round % 2 === 0
          ? target.client.send(new UpdateItemCommand(update))
          : target.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: update }] }));
      });
      assert.deepEqual(await stored(Key), {
        ...Key,
        a0: { N: '0' },
        a1: { N: '1' },
        a2: { N: '2' },
        a3: { N: '3' },
      });
    }
  });

  it('update it on the condition that it is not there, or is: one wins, or none', async () => {
    for (const [condition, winners] of [
      ['attribute_not_exists(pk)', 1],
      ['attribute_exists(pk)', 0],
    ] as const) {
      const Key = key(`conditional-${winners}`);
      const done = await writers(WRITERS, (writer) =>
        isDone(
          target.client.send(
            new UpdateItemCommand({
              TableName: table,
              Key,
              UpdateExpression: 'SET v = :v',
              ConditionExpression: condition,
              ExpressionAttributeValues: { ':v': { N: String(writer) } },
            }),
          ),
        ),
      );
      assert.equal(done.filter(Boolean).length, winners);
    }
  });

  it('create it by transactions: one wins, its item is stored, and each index has that and no other', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = `row-${round}`;
      const Key = { pk: { S: id }, sk: { S: 'row' } };
      const done = await writers(WRITERS, (writer) =>
        isDone(
          target.client.send(
            new TransactWriteItemsCommand({
              TransactItems: [
                {
                  Put: {
                    TableName: indexed,
                    Item: { ...Key, a: { S: `a-${writer}` }, b: { S: 'b' } },
                    ConditionExpression: 'attribute_not_exists(pk)',
                  },
                },
              ],
            }),
          ),
        ),
      );
      assert.equal(done.filter(Boolean).length, 1);
      const item = await stored(Key, indexed);
      assert.equal(item?.a?.S, `a-${done.indexOf(true)}`);
      const { Items } = await target.client.send(
        new QueryCommand({
          TableName: indexed,
          IndexName: 'local-all',
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: id } },
          ConsistentRead: true,
        }),
      );
      assert.deepEqual(Items, [item]);
    }
  });

  it('delete and update it on one condition: not both succeed, and the item is as the one that did left it', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const Key = key(`fenced-${round}`);
      await target.client.send(new PutItemCommand({ TableName: table, Item: { ...Key, v: { N: '1' } } }));
      const condition = { ConditionExpression: 'v = :one', TableName: table, Key };
      const one = { ':one': { N: '1' } };
      const [deleted, updated] = await Promise.all([
        isDone(target.client.send(new DeleteItemCommand({ ...condition, ExpressionAttributeValues: one }))),
        isDone(
          target.client.send(
            new UpdateItemCommand({
              ...condition,
              UpdateExpression: 'SET v = :two',
              ExpressionAttributeValues: { ...one, ':two': { N: '2' } },
            }),
          ),
        ),
      ]);
      assert.notEqual(deleted, updated);
      assert.deepEqual(await stored(Key), deleted ? undefined : { ...Key, v: { N: '2' } });
    }
  });

  it('replace and update it: what was put is never lost', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const Key = key(`replaced-${round}`);
      await target.client.send(new PutItemCommand({ TableName: table, Item: { ...Key, src: { S: 'first' } } }));
      await Promise.all([
        target.client.send(new PutItemCommand({ TableName: table, Item: { ...Key, src: { S: 'put' } } })),
        target.client.send(
          new UpdateItemCommand({
            TableName: table,
            Key,
            UpdateExpression: 'SET u = :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          }),
        ),
      ]);
      assert.equal((await stored(Key))?.src?.S, 'put');
    }
  });

  it('send a transaction again that was cancelled, with its token: it is tried anew', async () => {
    const taken = key('taken');
    await target.client.send(new PutItemCommand({ TableName: table, Item: taken }));
    const put = (Item: Item) => ({
      Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' },
    });
    const send = () =>
      target.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [put(key('beside')), put(taken)],
          ClientRequestToken: 'cancelled-once',
        }),
      );
    await assert.rejects(send(), { name: 'TransactionCanceledException' });
    assert.equal(await stored(key('beside')), undefined);
    await target.client.send(new DeleteItemCommand({ TableName: table, Key: taken }));
    await send();
    assert.deepEqual(await stored(key('beside')), key('beside'));
  });

  it('fill a table on condition and empty it again: every request succeeds, and nothing is left', async () => {
    const own = await createTable(target, simpleTable(target.tableName('emptied'), 'S'));
    const PER_WRITER = 16;
    const each = (action: (Key: Item) => Promise<unknown>) =>
      writers(16, async (writer) => {
        for (let n = 0; n < PER_WRITER; n++) await action(key(`${writer}-${n}`));
      });
    await each((Item) =>
      target.client.send(new PutItemCommand({ TableName: own, Item, ConditionExpression: 'attribute_not_exists(pk)' })),
    );
    const count = async () => (await target.client.send(new ScanCommand({ TableName: own, Select: 'COUNT' }))).Count;
    assert.equal(await count(), 16 * PER_WRITER);
    await each((Key) => target.client.send(new DeleteItemCommand({ TableName: own, Key })));
    assert.equal(await count(), 0);
  });
});
