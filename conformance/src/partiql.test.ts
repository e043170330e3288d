import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ExecuteStatementCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

const target = new Target();
let table = '';

before(async () => {
  await target.started();
  table = await createTable(target, simpleTable(target.tableName('partiql'), 'S', 'S'));
  for (const sk of ['1', '2', '3']) {
    await target.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'p' }, sk: { S: sk } } }));
  }
});

describe('a SELECT with branches on one hash key', () => {
  const rangeKeys = async (where: string, Limit?: number): Promise<string[]> => {
    const keys: string[] = [];
    let NextToken: string | undefined;
    do {
      const Statement = `SELECT * FROM "${table}" WHERE ${where}`;
      const page = await target.client.send(new ExecuteStatementCommand({ Statement, Limit, NextToken }));
      keys.push(...(page.Items ?? []).map(({ sk }) => sk?.S ?? ''));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return keys;
  };
  const cases: readonly [filter: string, found: readonly string[]][] = [
    ["NOT sk = '1'", ['2', '3']],
    ["sk <> '1'", ['2', '3']],
    ["NOT begins_with(sk, 'x')", ['1', '2', '3']],
    ["NOT sk IN ['1', '3']", ['2']],
    ["NOT sk > '5'", ['1', '2', '3']],
    ["sk > '1' AND NOT sk = '3'", ['1', '2']],
  ];
  for (const [filter, found] of cases) {
    it(`finds each item once where one branch has ${filter}`, async () => {
      const other = found.includes('1') ? '1' : '2';
      const where = `pk = 'p' AND ${filter} OR pk = 'p' AND sk = '${other}'`;
      assert.deepEqual(await rangeKeys(where), found);
      assert.deepEqual(await rangeKeys(where, 1), found);
    });
  }

  it('refuses branches that overlap without a negated test of the range key', () =>
    expectRefusal(
      target,
      'ExecuteStatement',
      { Statement: `SELECT * FROM "${table}" WHERE pk = 'p' AND x <> '1' OR pk = 'p' AND sk = '2'` },
      `${INVALID}Overlapping conditions with range keys are not supported in where clause`,
    ));
});

describe('an empty set', () => {
  it('is refused without a place', async () => {
    const error = `${INVALID}Empty bags are not supported`;
    const Statement = `UPDATE "${table}" SET s = set_add(s, <<>>) WHERE pk = 'p' AND sk = '1'`;
    await expectRefusal(target, 'ExecuteStatement', { Statement }, error);
    const insert = `INSERT INTO "${table}" VALUE {'pk': 'p', 'sk': '9', 's': <<>>}`;
    await expectRefusal(target, 'ExecuteStatement', { Statement: insert }, error);
  });
});
