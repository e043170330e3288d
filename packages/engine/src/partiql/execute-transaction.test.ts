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

describe('ExecuteTransaction', () => {
  const inStatement = (index: number, message: string) =>
    `Validation failed in TransactStatements[${index}]: ${message}`;

  /** The reasons that the transaction is cancelled with. */
  async function reasonsOf(...statements: readonly (string | Record<string, unknown>)[]): Promise<unknown> {
    let reasons: unknown;
    await assert.rejects(
      fixture.transaction(statements),
      (error: { name: string; details: { CancellationReasons: unknown } }) => {
        assert.equal(error.name, 'TransactionCanceledException');
        reasons = JSON.parse(JSON.stringify(error.details.CancellationReasons));
        return true;
      },
    );
    return reasons;
  }

  const reason = (Code: string, Message: string) => ({ Code, Message });
  const NONE = { Code: 'None' };
  const MISMATCH = reason('ValidationError', 'The provided key element does not match the schema');

  it('reads items by their whole key', async () => {
    const output = await fixture.transaction(
      ["SELECT n FROM one WHERE pk IN ['p'] AND pk = 'p'", "SELECT * FROM two WHERE sk = '1' AND pk = 'a'"],
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    assert.deepEqual(output, {
      Responses: [{ Item: { n: N(5) } }, {}],
      ConsumedCapacity: [
        { TableName: 'one', CapacityUnits: 2, ReadCapacityUnits: 2 },
        { TableName: 'two', CapacityUnits: 2, ReadCapacityUnits: 2 },
      ],
    });
  });

  it('makes all writes or none', async () => {
    const statements = [
      "UPDATE one SET n = n + 1 WHERE pk = 'p'",
      "INSERT INTO one VALUE {'pk': 'new'}",
      "DELETE FROM one WHERE pk = 'gone' AND n = 1",
      "EXISTS(SELECT * FROM two WHERE pk = 'a' AND sk = '1' AND v = 1)",
    ];
    const failed = reason('ConditionalCheckFailed', 'The conditional request failed');
    assert.deepEqual(await reasonsOf(...statements), [NONE, NONE, NONE, failed]);
    assert.deepEqual(await fixture.get('one', { pk: S('p') }), ITEM);
    await fixture.put('two', { pk: S('a'), sk: S('1'), v: N(1) });
    assert.deepEqual(await fixture.transaction(statements), { Responses: [] });
    assert.deepEqual(await fixture.get('one', { pk: S('p') }), { ...ITEM, n: N(6) });
    assert.deepEqual(
      await reasonsOf(
        "INSERT INTO one VALUE {'pk': 'new'}",
        { Statement: "UPDATE one SET n = 1 WHERE pk = 'p' AND n = 5", ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
        "UPDATE one SET n = mist WHERE pk = 'gone'",
      ),
      [
        reason('DuplicateItem', 'Duplicate primary key exists in table'),
        { ...failed, Item: { ...ITEM, n: N(6) } },
        failed,
      ],
    );
  });

  it('is made once for its token', async () => {
    const add = (by: number) =>
      fixture.transaction([`UPDATE one SET n = n + ${by} WHERE pk = 'p'`], {
        ClientRequestToken: 'token',
        ReturnConsumedCapacity: 'TOTAL',
      });
    await add(1);
    await add(1);
    assert.deepEqual(await fixture.items("SELECT n FROM one WHERE pk = 'p'"), [{ n: N(6) }]);
    assert.match(await messageOf(add(2)), /^IdempotentParameterMismatchException/);
    const spaced = fixture.transaction(["UPDATE one SET n = n + 1 WHERE pk = 'p' "], {
      ClientRequestToken: 'token',
      ReturnConsumedCapacity: 'TOTAL',
    });
    assert.equal(JSON.stringify(await spaced).includes('Read'), true, 'blanks at the end make no other request');
    fixture.engine.clock.advance(10 * 60 * 1000 - 1);
    // Once more costs a read.
    assert.deepEqual((await add(1)).ConsumedCapacity, [{ TableName: 'one', CapacityUnits: 2, ReadCapacityUnits: 2 }]);
    assert.deepEqual(await fixture.items("SELECT n FROM one WHERE pk = 'p'"), [{ n: N(6) }]);
    fixture.engine.clock.advance(1);
    assert.deepEqual((await add(2)).ConsumedCapacity, [{ TableName: 'one', CapacityUnits: 2, WriteCapacityUnits: 2 }]);
    assert.deepEqual(await fixture.items("SELECT n FROM one WHERE pk = 'p'"), [{ n: N(8) }]);
  });

  it('is cancelled for tables that are not there, and for keys that do not name an item', async () => {
    const missing = reason('ResourceNotFound', 'Requested resource not found');
    const update = (where: string) => `UPDATE two SET n = 1 WHERE ${where}`;
    assert.deepEqual(
      await reasonsOf("UPDATE nope SET n = 1 WHERE pk = 'p' RETURNING ALL NEW *", "DELETE FROM nope WHERE pk = 'p'"),
      [missing, missing],
    );
    assert.deepEqual(await reasonsOf("SELECT * FROM one WHERE pk = 'p'", "SELECT * FROM nope.idx WHERE pk = 'x'"), [
      NONE,
      missing,
    ]);
    assert.deepEqual(
      await reasonsOf(
        update("pk = 'a'"),
        update("pk IN ['a'] AND sk = '1'"),
        update("pk = 'a' AND sk = '1' AND pk = 'b'"),
        update("pk = 'a' AND sk = 1"),
        update("pk = 'a' AND sk = '1'"),
      ),
      [MISMATCH, MISMATCH, MISMATCH, MISMATCH, NONE],
    );
    assert.deepEqual(await reasonsOf("INSERT INTO two VALUE {'pk': 'a'}", "DELETE FROM two WHERE sk = '1'"), [
      reason('ValidationError', 'One or more parameter values were invalid: Missing the key sk in the item'),
      MISMATCH,
    ]);
    const select = "SELECT * FROM one WHERE pk = 'p'";
    assert.deepEqual(await reasonsOf(select, select, 'SELECT * FROM one WHERE pk = 1'), [NONE, NONE, MISMATCH]);
  });

  it('is refused as a whole in AWS’s words', async () => {
    const keyOnly = 'Select statements within ExecuteTransaction must specify the primary key in the where clause.';
    const exists = 'EXISTS() must contain a single item read with additional condition';
    const overlapping = 'Overlapping conditions with range keys are not supported in where clause';
    const write = "DELETE FROM one WHERE pk = 'p'";
    const cases: readonly (readonly [readonly string[], string])[] = [
      [
        [write, "SELECT * FROM one WHERE pk = 'q'"],
        'ExecuteTransaction API does not support both read and write operations in the same request.',
      ],
      [[write, write], 'Transaction request cannot include multiple operations on one item'],
      [[write, 'SELECT * FROM'], inStatement(1, "Statement wasn't well formed, can't be processed: Unexpected term")],
      [[`${write} RETURNING ALL OLD *`], inStatement(0, 'RETURNING clause is not supported in ExecuteTransaction.')],
      [['SELECT * FROM one WHERE n = 1'], inStatement(0, keyOnly)],
      [["SELECT * FROM one WHERE pk = 'p' AND n = 1"], inStatement(0, keyOnly)],
      [["SELECT * FROM two WHERE pk IN ['a', 'a'] AND sk = '1'"], inStatement(0, overlapping)],
      [
        ['SELECT * FROM indexed."all" WHERE g = \'x\''],
        inStatement(0, 'Reads on indices are not supported within transactions.'),
      ],
      [["EXISTS(SELECT * FROM one WHERE pk = 'p')"], inStatement(0, exists)],
      [["EXISTS(SELECT * FROM one WHERE pk IN ['p'] AND n = 1)"], inStatement(0, exists)],
      [
        ['EXISTS(SELECT * FROM indexed."all" WHERE g = \'x\')'],
        inStatement(0, 'Operations on indices are not supported in transactions'),
      ],
      [['foo(n)'], 'Unsupported operation in transaction.'],
      [
        ["UPDATE one SET n = 'a' + 1 WHERE pk = 'p'"],
        inStatement(0, 'Incorrect operand type for operator or function; operator or function: +, operand type: S'),
      ],
      [
        ["UPDATE nope SET n = 1 WHERE pk = 'x'", `${write} RETURNING ALL OLD *`],
        inStatement(1, 'RETURNING clause is not supported in ExecuteTransaction.'),
      ],
    ];
    for (const [statements, message] of cases) {
      assert.equal(await messageOf(fixture.transaction(statements)), message, statements.join('; '));
    }
    assert.equal(
      await messageOf(fixture.transaction([write, { Statement: write, Parameters: [{ SS: ['a', 'a'] }] }, 'SELECT'])),
      'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
    );
    assert.deepEqual(await fixture.get('one', { pk: S('p') }), ITEM);
  });

  it('tests with EXISTS an item that is there', async () => {
    const change = "UPDATE one SET n = 6 WHERE pk = 'p'";
    const exists = (where: string) => `EXISTS(SELECT * FROM two WHERE pk = 'a' AND sk = '1' AND ${where})`;
    const failed = [reason('ConditionalCheckFailed', 'The conditional request failed'), NONE];
    assert.deepEqual(await reasonsOf(exists('v IS MISSING'), change), failed);
    await fixture.put('two', { pk: S('a'), sk: S('1'), v: N(1) });
    assert.deepEqual(await reasonsOf(exists('v IS MISSING'), change), failed);
    // Of two values for a key the first is the key, the other a condition.
    assert.deepEqual(await reasonsOf(exists("pk = 'b' AND v = 1"), change), failed);
    assert.deepEqual(await fixture.transaction([exists('v = 1'), change]), { Responses: [] });
  });
});
