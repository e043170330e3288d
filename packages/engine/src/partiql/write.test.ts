import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { N, S, StatementFixture } from './statement-fixture.js';

const ITEM = {
  pk: S('p'),
  n: N(5),
  s: S('hello'),
  m: { M: { x: S('y'), k: { L: [S('c')] } } },
  l: { L: [N(1), N(2)] },
  ss: { SS: ['a', 'b'] },
};

let fixture: StatementFixture;

beforeEach(async () => {
  fixture = await StatementFixture.open();
  await fixture.put('one', ITEM);
});
afterEach(() => fixture.close());

describe('INSERT', () => {
  it('stores literals of every type, and parameters', async () => {
    const statement =
      "INSERT INTO one VALUE {'pk': 'i', 'n': -1.50, 'e': 1e3, 's': 'it''s', 't': true, 'nul': null, 'm': {'a': {}}, " +
      "'l': [1, 'x', []], 'ss': <<'b', 'a'>>, 'ns': <<1, 2.0>>, 'p': ?}";
    assert.deepEqual(await fixture.run(statement, [{ B: 'AQID' }]), { Items: [] });
    assert.deepEqual(await fixture.get('one', { pk: S('i') }), {
      pk: S('i'),
      n: N('-1.5'),
      e: N(1000),
      s: S("it's"),
      t: { BOOL: true },
      nul: { NULL: true },
      m: { M: { a: { M: {} } } },
      l: { L: [N(1), S('x'), { L: [] }] },
      ss: { SS: ['b', 'a'] },
      ns: { NS: ['1', '2'] },
      p: { B: 'AQID' },
    });
  });

  it('is refused in AWS’s words', async () => {
    const mistyped = "Key attribute's data type should match its data type in table's schema: Key pk";
    const format =
      'Unsupported format in item expression. Please use struct format {...} to express item values for insert statement.';
    const cases: readonly (readonly [string, string])[] = [
      ["INTO one VALUE {'pk': 'p'}", 'DuplicateItemException: Duplicate primary key exists in table'],
      ["INTO one VALUE {'n': 1}", 'Key attribute should be present in the item: Key pk'],
      ["INTO one VALUE {'pk': 1}", mistyped],
      [
        "INTO one VALUE {'pk': ''}",
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
      ],
      ["INTO nope VALUE {'pk': 'a'}", 'ResourceNotFoundException: Requested resource not found'],
      ["INTO nope VALUE {'pk': <<>>}", 'Empty bags are not supported'],
      ["INTO one VALUE 'a'", `${format} at 1:23:3`],
      ["INTO one VALUE {'pk': 'a'} AT 1", 'AT is not supported in insert statements. at 1:1:6'],
      ["INTO one VALUE {'pk': 'a'} ON CONFLICT WHERE n = 1 DO NOTHING", 'Unsupported clause: ON CONFLICT'],
      ["INTO one VALUE {'pk': 'a'} RETURNING ALL OLD *", 'RETURNING is not supported in INSERT'],
      ["INTO one VALUE {'pk': 'a', 'n': b}", 'Unsupported data type: b under key root at 1:40:1'],
      ["INTO one VALUE {'pk': 'a', 'n': 1 + 1}", 'Unsupported data type: + under key root at 1:42:1'],
      ["INTO one VALUE {'pk': 'a', 'm': {'k': ?}}", 'Unsupported data type: Parameter under key root.k at 1:46:1'],
      ["INTO one VALUE {'pk': 'a', 'pk': 'b'}", 'Duplicate keys in tuple. Key: pk under root at 1:35:4'],
      [
        "INTO indexed.\"all\" VALUE {'pk': 'a'}",
        'FROM clause may only contain a single table name in data manipulation statements',
      ],
      [
        "INTO indexed VALUE {'pk': 'a', 'sk': 'b', 'g': 1}",
        'One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: all',
      ],
    ];
    for (const [rest, message] of cases) assert.equal(await fixture.refusal(`INSERT ${rest}`, [S('v')]), message, rest);
    assert.equal(
      await fixture.refusal("INSERT INTO one VALUE {'pk': 'a', 's': ?}", [S('x'.repeat(410_000))]),
      'Item size has exceeded the maximum allowed size',
    );
  });
});

describe('UPDATE', () => {
  /** The item's attributes after an update by these clauses. */
  async function after(clauses: string, ...parameters: Record<string, unknown>[]): Promise<Record<string, unknown>> {
    await fixture.put('one', ITEM);
    const given = parameters.length === 0 ? undefined : parameters;
    await fixture.run(`UPDATE one ${clauses} WHERE pk = 'p'`, given);
    return (await fixture.get('one', { pk: S('p') })) as Record<string, unknown>;
  }

  it('sets and removes what the clauses say', async () => {
    assert.deepEqual((await after("SET n = 6, s = 'x'")).n, N(6));
    const two = await after('SET n = 6 SET t = true REMOVE s REMOVE l[0]');
    assert.deepEqual([two.n, two.t, two.s, two.l], [N(6), { BOOL: true }, undefined, { L: [N(2)] }]);
    const cases: readonly (readonly [string, string, unknown])[] = [
      ['SET n = n + 1', 'n', N(6)],
      ['SET n=n-1', 'n', N(4)],
      ['SET n = n - - 2', 'n', N(7)],
      ['SET n = if_not_exists(mist, 1) + 1', 'n', N(2)],
      ['SET n = l[1]', 'n', N(2)],
      ['SET n = (n = 5)', 'n', { BOOL: true }],
      ["SET m.x = 'z', m.k[0] = 'd'", 'm', { M: { x: S('z'), k: { L: [S('d')] } } }],
      ["SET m['x'] = 'w'", 'm', { M: { x: S('w'), k: { L: [S('c')] } } }],
      ['SET l = list_append(l, [3])', 'l', { L: [N(1), N(2), N(3)] }],
      ['SET l = LIST_APPEND([0], l)', 'l', { L: [N(0), N(1), N(2)] }],
      ["SET ss = set_add(ss, <<'c'>>)", 'ss', { SS: ['a', 'b', 'c'] }],
      ["SET ss = set_delete(ss, <<'a', 'z'>>)", 'ss', { SS: ['b'] }],
      ["SET ss = set_delete(ss, <<'a', 'b'>>)", 'ss', undefined],
      ["SET t = set_add(t, <<'c'>>)", 't', { SS: ['c'] }],
      ['SET n = null', 'n', { NULL: true }],
    ];
    for (const [clauses, name, value] of cases) assert.deepEqual((await after(clauses))[name], value, clauses);
    assert.deepEqual((await after('SET n = ?, ss = set_add(ss, ?)', N(9), { SS: ['q'] })).ss, { SS: ['a', 'b', 'q'] });
    const reordered = await fixture.run("FROM one WHERE pk = 'p' SET n = 8 RETURNING MODIFIED NEW *");
    assert.deepEqual(reordered, { Items: [{ n: N(8) }] });
  });

  it('gives back what RETURNING asks for', async () => {
    const returned = (clauses: string, returning: string) =>
      fixture.items(`UPDATE one ${clauses} WHERE pk = 'p' RETURNING ${returning}`);
    assert.deepEqual(await returned('SET n = 6', 'ALL OLD *'), [ITEM]);
    assert.deepEqual(await returned('SET n = 7', 'MODIFIED OLD *'), [{ n: N(6) }]);
    assert.deepEqual(await returned("SET m.x = 'z', l[1] = 9", 'MODIFIED NEW *'), [
      { m: { M: { x: S('z') } }, l: { L: [N(9)] } },
    ]);
    assert.deepEqual(await returned('REMOVE mist', 'MODIFIED NEW *'), []);
    assert.deepEqual(await returned('REMOVE s', 'ALL NEW *'), [
      { pk: S('p'), n: N(7), m: { M: { x: S('z'), k: { L: [S('c')] } } }, l: { L: [N(1), N(9)] }, ss: ITEM.ss },
    ]);
  });

  it('needs its item, and its conditions met', async () => {
    const failed = 'ConditionalCheckFailedException: The conditional request failed';
    assert.equal(await fixture.refusal("UPDATE one SET n = 1 WHERE pk = 'none'"), failed);
    for (const condition of ['n = 6', 'mist IS NOT MISSING', "pk <> 'p'", "pk IN ['q']", 'NOT (n = 5 OR n = 6)']) {
      assert.equal(await fixture.refusal(`UPDATE one SET n = 1 WHERE pk = 'p' AND ${condition}`), failed, condition);
    }
    await fixture.run("UPDATE one SET n = 1 WHERE (pk = 'p' AND n = 5) AND 'p' = pk AND begins_with(s, 'h')");
    await assert.rejects(
      fixture.run("UPDATE one SET n = 2 WHERE pk = 'p' AND n = 5", undefined, {
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      (error: { details: { Item: object } }) => {
        assert.deepEqual(JSON.parse(JSON.stringify(error.details.Item)), { ...ITEM, n: N(1) });
        return true;
      },
    );
  });

  it('is refused in AWS’s words', async () => {
    const key = 'Where clause does not contain a mandatory equality on all key attributes';
    const operand = 'Incorrect operand type for operator or function; operator or function: ';
    const cases: readonly (readonly [string, string])[] = [
      ['SET n = 1', key],
      ['SET n = 1 WHERE n = 5', key],
      ["SET n = 1 WHERE pk IN ['p']", key],
      ["SET n = 1 WHERE pk = 'p' OR n = 5", key],
      [
        "SET n = 1 WHERE pk = 'p' AND pk = 'q'",
        'Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported',
      ],
      ['SET n = 1 WHERE pk = 1', "Key attribute's data type should match its data type in table's schema: Key pk"],
      [
        "SET pk = 'q' WHERE pk = 'p'",
        'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
      ],
      ["SET n = 'a' + 1 WHERE pk = 'p' AND n = 0", `${operand}+, operand type: S`],
      ["SET n = n - null WHERE pk = 'p'", `${operand}-, operand type: NULL`],
      ["SET n = s + 1 WHERE pk = 'p'", 'An operand in the update expression has an incorrect data type'],
      [
        `SET n = n${' + 1'.repeat(1500)} WHERE pk = 'p'`,
        'The expression contains too many operators; operator count: 301',
      ],
      ["SET n = mist WHERE pk = 'p'", 'The provided expression refers to an attribute that does not exist in the item'],
      ["SET n = n * 2 WHERE pk = 'p'", 'Unsupported operator in Update Expression. Operator: *'],
      ["SET n = n IS NULL WHERE pk = 'p'", 'IS operator is not supported in update expressions'],
      ["SET n = size(s) WHERE pk = 'p'", 'The function is not allowed in an update expression; function: size'],
      ["SET n = foo(s) WHERE pk = 'p'", 'Unrecognized function: foo at 1:20:3'],
      [
        "SET n = -n WHERE pk = 'p'",
        'Incorrect number of operands for operator or function; operator or function: -, number of operands: 1',
      ],
      [
        "SET m = 1, m.x = 2 WHERE pk = 'p'",
        'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m]',
      ],
      ["SET ss = set_add(ss) WHERE pk = 'p'", 'SET_ADD must have exactly two arguments at 1:21:7'],
      [
        "SET x = set_add(ss, <<'c'>>) WHERE pk = 'p'",
        'The first argument to SET_ADD must equal the assignment value at 1:20:7',
      ],
      [
        'SET "ss" = set_delete("ss", [\'x\']) WHERE pk = \'p\'',
        'The second argument to SET_DELETE must be a value with type SET at 1:34:4',
      ],
      ["SET ss = set_add(ss, <<1>>) WHERE pk = 'p'", 'An operand in the update expression has an incorrect data type'],
      [
        "SET n = 1 WHERE pk = 'p' RETURNING ALL OLD n",
        "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause",
      ],
      ['SET n = foo(n) WHERE n', 'WHERE clause must contain an expression that resolves to a boolean'],
    ];
    for (const [rest, message] of cases) {
      assert.equal(await fixture.refusal(`UPDATE one ${rest}`), message, rest);
    }
    assert.equal(
      await fixture.refusal('UPDATE indexed."all" SET n = 1 WHERE g = \'x\''),
      'This operation is not supported on an index',
    );
    const deep = (levels: number): object => (levels === 0 ? S('x') : { M: { a: deep(levels - 1) } });
    assert.equal(
      await fixture.refusal("UPDATE one SET m.deep = ? WHERE pk = 'p'", [deep(31) as Record<string, unknown>]),
      'Nesting Levels have exceeded supported limits',
    );
    assert.deepEqual(await fixture.get('one', { pk: S('p') }), ITEM);
  });
});

describe('DELETE', () => {
  it('takes the item away, and gives it back if asked', async () => {
    assert.deepEqual(await fixture.items("DELETE FROM one WHERE pk = 'p' AND n = 5 RETURNING ALL OLD *"), [ITEM]);
    assert.equal(await fixture.get('one', { pk: S('p') }), undefined);
  });

  it('of an item that is not there has done its work, whatever its conditions', async () => {
    assert.deepEqual(await fixture.run("DELETE FROM one WHERE pk = 'none' AND n = 5 RETURNING ALL OLD *"), {
      Items: [],
    });
  });

  it('is refused in AWS’s words', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ["one WHERE pk = 'p' AND n = 6", 'ConditionalCheckFailedException: The conditional request failed'],
      ['one', 'Where clause does not contain a mandatory equality on all key attributes'],
      [
        "one WHERE pk = 'p' RETURNING MODIFIED OLD *",
        'Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.',
      ],
      ["one t WHERE pk = 'p'", 'Aliasing is not supported'],
    ];
    for (const [rest, message] of cases) assert.equal(await fixture.refusal(`DELETE FROM ${rest}`), message, rest);
  });
});

describe('writes', () => {
  it('keep indexes, counts and capacity as the item operations do', async () => {
    const capacity = { ReturnConsumedCapacity: 'INDEXES' };
    const insert = "INSERT INTO indexed VALUE {'pk': 'a', 'sk': '1', 'g': 'x', 'gs': 'y', 'a': 1}";
    assert.deepEqual((await fixture.run(insert, undefined, capacity)).ConsumedCapacity, {
      TableName: 'indexed',
      CapacityUnits: 3,
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { all: { CapacityUnits: 1 }, some: { CapacityUnits: 1 } },
    });
    assert.deepEqual(await fixture.items('SELECT sk FROM indexed."all" WHERE g = \'x\''), [{ sk: S('1') }]);
    await fixture.run("UPDATE indexed SET g = 'z' WHERE pk = 'a' AND sk = '1'");
    assert.deepEqual(await fixture.items('SELECT sk FROM indexed."all" WHERE g = \'x\''), []);
    await fixture.run("DELETE FROM indexed WHERE pk = 'a' AND sk = '1'");
    assert.deepEqual(await fixture.items('SELECT sk FROM indexed."all"'), []);
  });
});
