import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { messageOf, N, S, StatementFixture } from './statement-fixture.js';

const ITEM = { pk: S('p'), n: N(5) };

let fixture: StatementFixture;

beforeEach(async () => {
  fixture = await StatementFixture.open();
  await fixture.put('one', ITEM);
});
afterEach(() => fixture.close());

describe('BatchExecuteStatement', () => {
  it('reads items by their whole key', async () => {
    const output = await fixture.batch(
      [
        "SELECT n, mist FROM one WHERE pk = 'p'",
        "SELECT n FROM one WHERE pk IN ['none']",
        { Statement: 'SELECT * FROM two WHERE sk = ? AND pk = ?', Parameters: [S('1'), S('a')], ConsistentRead: true },
      ],
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    assert.deepEqual(output, {
      Responses: [{ TableName: 'one', Item: { n: N(5) } }, { TableName: 'one' }, { TableName: 'two' }],
      ConsumedCapacity: [
        { TableName: 'one', CapacityUnits: 1 },
        { TableName: 'two', CapacityUnits: 1 },
      ],
    });
  });

  it('gives nested columns within the maps and lists that hold them', async () => {
    const nested = { pk: S('q'), m: { M: { x: N(1), y: N(2) } }, l: { L: [N(5), N(6), N(7)] } };
    await fixture.put('one', nested);
    const { Responses } = await fixture.batch([
      "SELECT m.x, l[0], l[2] FROM one WHERE pk = 'q'",
      "SELECT m.z FROM one WHERE pk = 'p'",
    ]);
    assert.deepEqual(Responses, [
      { TableName: 'one', Item: { m: { M: { x: N(1) } }, l: { L: [N(5), N(7)] } } },
      { TableName: 'one', Item: {} },
    ]);
  });

  it('has an error for each statement that fails', async () => {
    const keyOnly = 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.';
    const { Responses } = await fixture.batch([
      "SLECT * FROM one WHERE pk = 'p'",
      "SELECT * FROM nope WHERE pk = 'p'",
      'SELECT * FROM one WHERE n = 5',
      "SELECT * FROM one WHERE pk = 'p' AND n = 5",
      "SELECT * FROM one WHERE pk IN ['p', 'q']",
      'SELECT * FROM indexed."all" WHERE g = \'x\'',
      { Statement: 'SELECT * FROM one WHERE pk = ?', Parameters: [{ SS: [] }] },
      "EXISTS(SELECT * FROM one WHERE pk = 'p' AND n = 1)",
    ]);
    assert.deepEqual(Responses, [
      {
        Error: {
          Code: 'ValidationError',
          Message: "Statement wasn't well formed, can't be processed: Expected data manipulation",
        },
      },
      { Error: { Code: 'ResourceNotFound', Message: 'Requested resource not found' } },
      { Error: { Code: 'ValidationError', Message: keyOnly } },
      { Error: { Code: 'ValidationError', Message: keyOnly } },
      { Error: { Code: 'ValidationError', Message: keyOnly } },
      { Error: { Code: 'ValidationError', Message: keyOnly } },
      {
        Error: {
          Code: 'ValidationError',
          Message: 'One or more parameter values were invalid: An string set  may not be empty',
        },
      },
      { Error: { Code: 'ValidationError', Message: 'EXISTS can only be used in ExecuteTransaction write requests.' } },
    ]);
  });

  it('writes each item by itself', async () => {
    const output = await fixture.batch(
      [
        "INSERT INTO one VALUE {'pk': 'p'}",
        "INSERT INTO one VALUE {'pk': 'new'}",
        "UPDATE one SET n = 1 WHERE pk = 'none'",
        "UPDATE two SET n = 1 WHERE pk = 'none'",
        "DELETE FROM one WHERE pk = 'gone' RETURNING ALL OLD *",
      ],
      { ReturnConsumedCapacity: 'INDEXES' },
    );
    assert.deepEqual(output, {
      Responses: [
        { Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' }, TableName: 'one' },
        { TableName: 'one' },
        { Error: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' }, TableName: 'one' },
        {
          Error: {
            Code: 'ValidationError',
            Message: 'Where clause does not contain a mandatory equality on all key attributes',
          },
        },
        { TableName: 'one' },
      ],
      // What failed for its condition counts in the total alone.
      ConsumedCapacity: [{ TableName: 'one', CapacityUnits: 4, Table: { CapacityUnits: 2 } }],
    });
    assert.deepEqual(await fixture.get('one', { pk: S('new') }), { pk: S('new') });
    const returned = await fixture.batch([
      "UPDATE one SET n = 6 WHERE pk = 'p' RETURNING MODIFIED NEW *",
      {
        Statement: "DELETE FROM one WHERE pk = 'new' AND n = 1",
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
    assert.deepEqual(returned.Responses, [
      { TableName: 'one', Item: { n: N(6) } },
      {
        Error: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { pk: S('new') } },
        TableName: 'one',
      },
    ]);
  });

  it('is refused as a whole when it mixes reads and writes, or names an item twice', async () => {
    const read = "SELECT * FROM one WHERE pk = 'p'";
    const write = "DELETE FROM one WHERE pk = 'p'";
    assert.equal(
      await messageOf(fixture.batch([read, write])),
      'Read and write requests together in the same batch is not supported.',
    );
    for (const twice of [
      [read, read],
      [write, write],
    ]) {
      assert.equal(await messageOf(fixture.batch(twice)), 'Provided list of item keys contains duplicates');
    }
  });
});
