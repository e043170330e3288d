// Whatever a body holds, the endpoint answers as DynamoDB answers, with success or a fault of the client's; it neither
// falls over nor takes the blame with a 500. A failing body is named by its seed.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { SeededRandom } from '@tablewright/testkit';
import { mutationNames, spoil } from './support/mutations.js';
import { createTable, indexedTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';

const ROUNDS = 40;
const target = new Target();
let bodies: Readonly<Record<string, Json>> = {};

before(async () => {
  const TableName = await createTable(target, indexedTable(target.tableName('fuzzed')));
  const Key = { pk: { S: 'p' }, sk: { S: 's' } };
  const Item = {
    ...Key,
    a: { S: 'a' },
    n: { N: '12.5' },
    b: { S: 'x' },
    bytes: { B: 'AAEC' },
    set: { SS: ['a', 'b'] },
    numbers: { NS: ['1', '2'] },
    map: { M: { list: { L: [{ BOOL: true }, { NULL: true }] } } },
  };
  const expressions = {
    ConditionExpression: '#n < :v OR attribute_not_exists(pk)',
    ExpressionAttributeNames: { '#n': 'n' },
    ExpressionAttributeValues: { ':v': { N: '100' } },
  };
  const update = { ...expressions, TableName, Key, UpdateExpression: 'SET #n = #n + :v, map.list[0] = :v REMOVE b' };
  bodies = {
    PutItem: { TableName, Item, ...expressions, ReturnConsumedCapacity: 'INDEXES', ReturnValues: 'ALL_OLD' },
    GetItem: { TableName, Key, ProjectionExpression: 'a, #n, map.list[1]', ExpressionAttributeNames: { '#n': 'n' } },
    UpdateItem: { ...update, ReturnValues: 'ALL_NEW' },
    DeleteItem: { TableName, Key, Expected: { a: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'a' }] } } },
    Query: {
      TableName,
      IndexName: 'global-some',
      KeyConditionExpression: 'a = :a AND begins_with(b, :b)',
      FilterExpression: 'contains(c, :b)',
      ExpressionAttributeValues: { ':a': { S: 'a' }, ':b': { S: 'x' } },
      Limit: 10,
      ExclusiveStartKey: { ...Key, a: { S: 'a' }, b: { S: 'x' } },
    },
    Scan: { TableName, Segment: 0, TotalSegments: 2, ScanFilter: { n: { ComparisonOperator: 'NOT_NULL' } }, Limit: 5 },
    BatchGetItem: { RequestItems: { [TableName]: { Keys: [Key], AttributesToGet: ['a'] } } },
    BatchWriteItem: { RequestItems: { [TableName]: [{ PutRequest: { Item } }] } },
    TransactWriteItems: { TransactItems: [{ Update: update }], ClientRequestToken: 'token' },
    TransactGetItems: { TransactItems: [{ Get: { TableName, Key } }] },
    ExecuteStatement: { Statement: `SELECT * FROM "${TableName}" WHERE pk = ? AND n > 1`, Parameters: [{ S: 'p' }] },
    UpdateTimeToLive: { TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: 'ttl' } },
    DescribeTable: { TableName },
  };
});

describe('a body that is spoilt', () => {
  for (const [number, mutation] of mutationNames.entries()) {
    it(`(${mutation}) gets no 500 from any operation`, async () => {
      for (const [position, [operation, body]] of Object.entries(bodies).entries()) {
        for (let round = 0; round < ROUNDS; round++) {
          const seed = (number * 100 + position) * 1000 + round;
          const { status: answered } = await target.send(operation, spoil(body, mutation, new SeededRandom(seed)));
          const fine = answered === 200 || answered === 400 || answered === 413;
          assert.ok(fine, `${operation}, seed ${seed}: answered ${answered}`);
        }
      }
      await target.client.send(new ListTablesCommand({}));
    });
  }
});
