// A table that was restored is the table that was backed up, item for item and index for index, from the moment that it
// is ACTIVE.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateBackupCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  type QueryCommandInput,
  RestoreTableFromBackupCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

const target = new Target();

type Item = Record<string, AttributeValue>;
type Kind = 'S' | 'N' | 'B';

async function write(TableName: string, items: readonly Item[]): Promise<void> {
  for (let at = 0; at < items.length; at += 25) {
    const requests = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await target.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
  }
}

async function scan(TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: target.client }, { TableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}

async function query(input: QueryCommandInput): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateQuery({ client: target.client }, input)) items.push(...(page.Items ?? []));
  return items;
}

async function backedUp(TableName: string): Promise<string> {
  const { BackupDetails } = await target.client.send(new CreateBackupCommand({ TableName, BackupName: 'before' }));
  const BackupArn = BackupDetails?.BackupArn ?? '';
  for (;;) {
    const { BackupDescription } = await target.client.send(new DescribeBackupCommand({ BackupArn }));
    if (BackupDescription?.BackupDetails?.BackupStatus === 'AVAILABLE') return BackupArn;
  }
}

/** Restores, and resolves with the table as it is when it is first seen ACTIVE by a client that keeps asking. */
async function restored(BackupArn: string, TargetTableName: string): Promise<TableDescription> {
  let isRefused = false;
  const observed = (async () => {
    for (;;) {
      const table = await target.client
        .send(new DescribeTableCommand({ TableName: TargetTableName }))
        .then(({ Table }) => Table)
        .catch((error: Error) => {
          assert.equal(error.name, 'ResourceNotFoundException');
          return undefined;
        });
      if (table?.TableStatus === 'ACTIVE') return table;
      if (isRefused) throw new Error('the restore was refused');
    }
  })();
  const begun = target.client.send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName }));
  const { TableDescription } = await begun.catch((error: unknown) => {
    isRefused = true;
    observed.catch(() => {});
    throw error;
  });
  assert.equal(TableDescription?.TableStatus, 'CREATING');
  assert.equal(TableDescription?.RestoreSummary?.RestoreInProgress, true);
  assert.equal(TableDescription?.RestoreSummary?.SourceBackupArn, BackupArn);
  return observed;
}

function keyOf(kind: Kind, n: number): AttributeValue {
  switch (kind) {
    case 'S':
      return { S: `key-${String(n).padStart(4, '0')}` };
    case 'N':
      // Negative, with a fraction, and large ones in one column.
      return { N: n % 3 === 0 ? `${n - 30}${'0'.repeat(20)}` : String((n - 30) * 1.5) };
    case 'B':
      return { B: Uint8Array.of(0, n, 0, 255) };
  }
}

function itemOf(n: number, hash: Kind, sort: Kind | undefined): Item {
  return {
    pk: keyOf(hash, sort === undefined ? n : n % 7),
    ...(sort !== undefined && { sk: keyOf(sort, n) }),
    text: { S: `value ${n}` },
    nested: { M: { list: { L: [{ N: '1' }, { S: 'two' }, { BOOL: n % 2 === 0 }] } } },
    tags: { SS: ['shared', `t${n}`] },
    blob: { B: Uint8Array.of(n, n, n) },
    ...(n % 5 === 0 && { maybe: { NULL: true } }),
  };
}

const inOrder = (items: readonly Item[]): string[] => items.map((item) => JSON.stringify(item)).sort();

describe('a restored table', () => {
  for (const [hash, sort] of [['S'], ['N'], ['B'], ['S', 'S'], ['S', 'N'], ['S', 'B']] as [Kind, Kind?][]) {
    it(`has every item where it was, by keys of ${hash}${sort ?? ''}`, async () => {
      const source = await createTable(target, simpleTable(target.tableName('source'), hash, sort));
      await write(
        source,
        Array.from({ length: 60 }, (_, n) => itemOf(n, hash, sort)),
      );
      const items = await scan(source);
      assert.equal(items.length, 60);
      const copy = `${source}-restored`;
      const table = await restored(await backedUp(source), copy);
      assert.deepEqual(
        table.KeySchema?.map(({ AttributeName }) => AttributeName),
        sort === undefined ? ['pk'] : ['pk', 'sk'],
      );
      assert.equal(table.BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
      assert.deepEqual(inOrder(await scan(copy)), inOrder(items));
      for (const { pk, sk, ...rest } of items.slice(0, 5)) {
        const Key = { pk, ...(sk !== undefined && { sk }) } as Item;
        const { Item } = await target.client.send(new GetItemCommand({ TableName: copy, Key, ConsistentRead: true }));
        assert.deepEqual(Item, { ...Key, ...rest });
      }
      await target.client.send(new PutItemCommand({ TableName: copy, Item: itemOf(61, hash, sort) }));
    });
  }

  it('is complete, with its indexes, when it is first seen ACTIVE', async () => {
    const source = await createTable(target, indexedTable(target.tableName('large')));
    const pad = 'x'.repeat(1000);
    const COUNT = 3000;
    await write(
      source,
      Array.from({ length: COUNT }, (_, n) => ({
        pk: { S: `p-${n % 10}` },
        sk: { S: `s-${n}` },
        pad: { S: pad },
        ...(n % 3 !== 0 && { a: { S: `a-${n % 2}` } }),
      })),
    );
    const copy = `${source}-restored`;
    await restored(await backedUp(source), copy);
    const found = await Promise.all(
      ['a-0', 'a-1'].map((value) =>
        query({
          TableName: copy,
          IndexName: 'global-all',
          KeyConditionExpression: 'a = :a',
          ExpressionAttributeValues: { ':a': { S: value } },
        }),
      ),
    );
    assert.equal(found.flat().length, (COUNT * 2) / 3);
    assert.equal((await scan(copy)).length, COUNT);
  });
});
