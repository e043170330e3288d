// What holds however many clients write at once: no update is lost, one of many creators wins, money is neither made
// nor lost by transfers, and no reader sees half of a transaction.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SeededRandom } from '@tablewright/testkit';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

const CLIENTS = 24;
const target = new Target();
let table = '';
let indexed = '';

before(async () => {
  table = await createTable(target, simpleTable(target.tableName('concurrent'), 'S'));
  indexed = await createTable(target, indexedTable(target.tableName('moving')));
});

const key = (id: string) => ({ pk: { S: id } });

/** Runs the action for every client at once. */
function everyClient<T>(action: (client: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: CLIENTS }, (_, client) => action(client)));
}

async function numberAt(id: string): Promise<number> {
  const { Item } = await target.client.send(
    new GetItemCommand({ TableName: table, Key: key(id), ConsistentRead: true }),
  );
  return Number(Item?.n?.N);
}

const balances = async (accounts: readonly string[]): Promise<number[]> => {
  const TransactItems = accounts.map((id) => ({ Get: { TableName: table, Key: key(id) } }));
  const { Responses } = await target.client.send(new TransactGetItemsCommand({ TransactItems }));
  return (Responses ?? []).map(({ Item }) => Number(Item?.n?.N));
};

const move = (id: string, amount: number, least?: number) => ({
  Update: {
    TableName: table,
    Key: key(id),
    UpdateExpression: 'SET n = n + :amount',
    ...(least !== undefined && { ConditionExpression: 'n >= :least' }),
    ExpressionAttributeValues: {
      ':amount': { N: String(amount) },
      ...(least !== undefined && { ':least': { N: String(least) } }),
    },
  },
});

/** Whether it was carried out; a conflict with another transaction, or a condition that does not hold, is no failure. */
async function attempted(items: ReturnType<typeof move>[]): Promise<boolean> {
  try {
    await target.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
    return true;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    const expected = ['None', 'ConditionalCheckFailed', 'TransactionConflict'];
    assert.ok(
      codes.every((code) => expected.includes(code ?? '')),
      codes.join(', '),
    );
    return false;
  }
}

describe('many clients at once', () => {
  it('lose no increment of a counter, with SET and with ADD', async () => {
    const Key = key('counter');
    const expressions = ['ADD n :one', 'SET n = if_not_exists(n, :zero) + :one'];
    await everyClient(async (client) => {
      for (let round = 0; round < 10; round++) {
        const UpdateExpression = expressions[(client + round) % 2];
        const values = { ':one': { N: '1' }, ...((client + round) % 2 === 1 && { ':zero': { N: '0' } }) };
        await target.client.send(
          new UpdateItemCommand({ TableName: table, Key, UpdateExpression, ExpressionAttributeValues: values }),
        );
      }
    });
    assert.equal(await numberAt('counter'), CLIENTS * 10);
  });

  it('see every value of a counter once', async () => {
    const seen = await everyClient(async () => {
      const { Attributes } = await target.client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key('tickets'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(Attributes?.n?.N);
    });
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: CLIENTS }, (_, n) => n + 1),
    );
  });

  it('of many that create an item on condition, one does', async () => {
    for (let round = 0; round < 10; round++) {
      const won = await everyClient((client) =>
        target.client
          .send(
            new PutItemCommand({
              TableName: table,
              Item: { ...key(`lock-${round}`), owner: { N: String(client) } },
              ConditionExpression: 'attribute_not_exists(pk)',
            }),
          )
          .then(
            () => client,
            (error: Error) => {
              assert.equal(error.name, 'ConditionalCheckFailedException');
              return undefined;
            },
          ),
      );
      const winners = won.filter((client) => client !== undefined);
      assert.equal(winners.length, 1);
      const { Item } = await target.client.send(new GetItemCommand({ TableName: table, Key: key(`lock-${round}`) }));
      assert.equal(Item?.owner?.N, String(winners[0]));
    }
  });

  it('transfer money by transactions: the sum never changes, for readers in between neither, and nobody is overdrawn', async () => {
    const accounts = Array.from({ length: 6 }, (_, n) => `account-${n}`);
    for (const id of accounts) {
      await target.client.send(new PutItemCommand({ TableName: table, Item: { ...key(id), n: { N: '100' } } }));
    }
    const done = await everyClient(async (client) => {
      const random = new SeededRandom(client + 1);
      let carriedOut = 0;
      for (let round = 0; round < 12; round++) {
        const from = random.integer(0, accounts.length - 1);
        const to = (from + 1 + random.integer(0, accounts.length - 2)) % accounts.length;
        const amount = random.integer(1, 60);
        const source = accounts[from] ?? '';
        if (await attempted([move(source, -amount, amount), move(accounts[to] ?? '', amount)])) carriedOut++;
        if (round % 4 === 0) {
          const seen = await balances(accounts);
          assert.equal(
            seen.reduce((sum, n) => sum + n, 0),
            600,
          );
          assert.ok(
            seen.every((n) => n >= 0),
            seen.join(', '),
          );
        }
      }
      return carriedOut;
    });
    assert.ok(done.reduce((sum, n) => sum + n, 0) > CLIENTS, 'transfers were carried out');
    const final = await balances(accounts);
    assert.equal(
      final.reduce((sum, n) => sum + n, 0),
      600,
    );
  });

  it('carry a transaction out once for one token, however often it is sent', async () => {
    await target.client.send(new PutItemCommand({ TableName: table, Item: { ...key('once'), n: { N: '0' } } }));
    const request = { TransactItems: [move('once', 5)], ClientRequestToken: 'the-same-token' };
    const outcomes = await everyClient(() =>
      target.client.send(new TransactWriteItemsCommand(request)).then(
        () => 'done',
        (error: Error) => error.name,
      ),
    );
    assert.ok(outcomes.includes('done'));
    const known = ['done', 'TransactionInProgressException', 'TransactionCanceledException'];
    assert.ok(outcomes.every((outcome) => known.includes(outcome)));
    assert.equal(await numberAt('once'), 5);
  });

  it('that move items within indexes leave each item in each index once', async () => {
    await everyClient(async (client) => {
      const random = new SeededRandom(1000 + client);
      for (let round = 0; round < 8; round++) {
        const puts = Array.from({ length: 5 }, (_, n) => ({
          PutRequest: {
            Item: {
              pk: { S: 'p' },
              sk: { S: `item-${(n * 7 + random.integer(0, 6)) % 35}` },
              a: { S: `a-${random.integer(0, 2)}` },
              b: { S: `b-${random.integer(0, 2)}` },
            },
          },
        }));
        await target.client.send(new BatchWriteItemCommand({ RequestItems: { [indexed]: puts } }));
      }
    });
    const read = async (IndexName: string | undefined, names: string, values: Record<string, { S: string }>) => {
      const { Items } = await target.client.send(
        new QueryCommand({
          TableName: indexed,
          IndexName,
          KeyConditionExpression: names,
          ExpressionAttributeValues: values,
        }),
      );
      return (Items ?? []).map((item) => `${item.sk?.S} ${item.a?.S} ${item.b?.S}`);
    };
    const items = (await read(undefined, 'pk = :p', { ':p': { S: 'p' } })).sort();
    assert.ok(items.length > 5);
    assert.deepEqual((await read('local-all', 'pk = :p', { ':p': { S: 'p' } })).sort(), items);
    assert.deepEqual((await read('local-some', 'pk = :p', { ':p': { S: 'p' } })).sort(), items);
    for (const index of ['global-all', 'global-some']) {
      const found = await Promise.all(
        ['a-0', 'a-1', 'a-2'].map((value) => read(index, 'a = :a', { ':a': { S: value } })),
      );
      assert.deepEqual(found.flat().sort(), items);
    }
  });
});
