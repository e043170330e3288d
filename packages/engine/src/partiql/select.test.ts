import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { N, S, StatementFixture } from './statement-fixture.js';

const ITEM = {
  pk: S('p'),
  n: N(5),
  s: S('hello'),
  b: { B: 'AQID' },
  m: { M: { x: N(1), k: { L: [S('c')] } } },
  l: { L: [N(1), S('two')] },
  ss: { SS: ['a', 'b'] },
  ns: { NS: ['1', '2'] },
  nul: { NULL: true },
  yes: { BOOL: true },
};

let fixture: StatementFixture;

before(async () => {
  fixture = await StatementFixture.open();
  await fixture.put('one', ITEM, { pk: S('q') });
  for (const pk of ['a', 'b']) {
    for (const sk of ['1', '2', '3', '4']) {
      await fixture.put('two', { pk: S(pk), sk: S(sk), v: N(sk), f: S(sk < '3' ? 'x' : 'y') });
    }
  }
  for (const [at, g] of ['x', 'y', 'x', 'y'].entries()) {
    const id = String(at + 1);
    const keys = { pk: S('p'), sk: S(id), g: S(g), gs: S(`q${id}`), l: S(`l${id}`) };
    await fixture.put('indexed', { ...keys, a: N(id), z: S(`z${id}`) });
  }
});
after(() => fixture.close());

describe('conditions of WHERE', () => {
  it('hold or do not, as on DynamoDB', async () => {
    const holding = [
      'n = 5 AND n <> 6 AND n != 6 AND n < 5.5 AND n >= 5e0 AND 5 = n AND 4 < n',
      "s = 'hello' AND NOT s = 'it''s'",
      'n BETWEEN 4 AND 5 AND n NOT BETWEEN 6 AND 7',
      'n IN [4, 5] AND n IN (5) AND n IN <<5>> AND n NOT IN [1]',
      'mist IS MISSING AND n IS NOT MISSING AND nul IS NULL AND n IS NOT NULL AND mist IS NOT NULL',
      's IS STRING AND n IS NUMERIC AND l IS LIST AND m IS STRUCT AND m IS TUPLE AND b IS BLOB AND yes IS BOOL',
      "m.x = 1 AND m.k[0] = 'c' AND l[1] = 'two' AND m['x'] = 1",
      "begins_with(s, 'he') AND BEGINS_WITH(\"s\", 'h') AND contains(ss, 'a') AND contains(l, 1)",
      "attribute_type(n, 'N') AND attribute_exists(m.x) AND attribute_not_exists(mist)",
      'size(s) = 5 AND size(l) = size(ss)',
      "m = {'k': ['c'], 'x': 1} AND l = [1, 'two'] AND ss = <<'b', 'a'>> AND ns = <<2, 1.0>> AND nul = NULL",
      'attribute_exists(n) = yes AND attribute_exists(mist) = false AND (n = 6 OR n = 7) = false',
      "contains(mist, 'z') IN [true, false]",
      'n = 5 OR mist = 1 AND mist = 2',
    ];
    const failing = [
      'n = 6',
      'mist = 1',
      "n < 'a'",
      'NOT attribute_exists(n) = true',
      '(n = 5 OR n = 6) AND mist IS NOT MISSING',
      'yes = 1',
      'nul IS MISSING',
    ];
    for (const where of holding) {
      assert.deepEqual(await fixture.items(`SELECT pk FROM one WHERE pk = 'p' AND ${where}`), [{ pk: S('p') }], where);
    }
    for (const where of failing) {
      assert.deepEqual(await fixture.items(`SELECT pk FROM one WHERE pk = 'p' AND (${where})`), [], where);
    }
  });

  it('take parameters', async () => {
    const read = (where: string, ...parameters: Record<string, unknown>[]) =>
      fixture.items(`SELECT pk FROM one WHERE ${where}`, parameters);
    assert.deepEqual(await read('pk = ? AND n IN [?, ?] AND attribute_type(s, ?)', S('p'), N(4), N(5), S('S')), [
      { pk: S('p') },
    ]);
    assert.deepEqual(await read('pk = ? AND m = ?', S('p'), ITEM.m), [{ pk: S('p') }]);
    assert.deepEqual(await read('pk = ?', S('p'), S('more than there are question marks')), [{ pk: S('p') }]);
  });

  it('are refused where they are none, in AWS’s words', async () => {
    const list = '[MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]';
    const seq =
      'IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq ' +
      'with at least one member';
    const cases: readonly (readonly [string, string])[] = [
      ['n', 'WHERE clause must contain an expression that resolves to a boolean'],
      ['size(n)', 'WHERE clause must contain an expression that resolves to a boolean'],
      ['n = 1 AND true', 'The arguments to AND/OR must be Expressions'],
      ['NOT n', 'The argument to NOT must be a Type or Expression'],
      [
        'size(s) AND n = 1',
        'Incorrect operand type for operator or function; operator or function: AND, operand type: N',
      ],
      ["n LIKE 'x'", 'Unsupported operator in Condition Expression. Operator: like'],
      ['n + 1 = 6', 'Unsupported operator in Condition Expression. Operator: +'],
      ['-n = 1', 'Unsupported operator in Condition Expression. Operator: -'],
      ['n = MISSING', 'MISSING must be compared using IS operator'],
      ['n IN []', seq],
      ['n IN l', seq],
      ['foo(n)', 'Unrecognized function: foo at 1:26:3'],
      ['exists(n)', 'Unrecognized function: exists at 1:26:6'],
      ['list_append(l, l) = l', 'The function is not allowed in a condition expression; function: list_append'],
      ['n IS DECIMAL', `Unsupported data type for IS operator: DECIMAL. Supported data types are ${list} at 1:28:2`],
      ['CASE WHEN n = 1 THEN true END = true', 'Unsupported token in expression: CASE at 1:26:4'],
      [
        'attribute_type(n, 1)',
        'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N',
      ],
      [
        'attribute_exists(n) > false',
        'Incorrect operand type for operator or function; operator or function: >, operand type: BOOL',
      ],
      [
        'n = 1e126',
        'Number overflow. Attempting to store a number with magnitude larger than supported range under root',
      ],
      [
        'n = [1, 1e-131]',
        'Number underflow. Attempting to store a number with magnitude smaller than supported range under root[1]',
      ],
      ["n = {'x': {'y': b}}", 'Unsupported data type: VariableReference under key root.x.y at 1:42:1'],
      ["n = {'x': 1, 'x': 2}", 'Duplicate keys in tuple. Key: x under root at 1:30:1'],
      ['n = {x: 1}', 'Tuple keys must be of type String. Actual type: VariableReference under root at 1:31:1'],
      ['n = `1`', 'Ion Literals are not supported: INT under key root at 1:30:3'],
      ["n = <<'a','a'>>", 'One or more parameter values were invalid: Input collection [a, a] contains duplicates.'],
      [
        'n = <<2, 2.0>>',
        'One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root',
      ],
      [
        `n = ${'['.repeat(32)}1${']'.repeat(32)}`,
        `Nesting Levels have exceeded supported limits under root${'[0]'.repeat(32)}`,
      ],
      ['n = ?', "Number of parameters in request and statement don't match."],
      [
        Array.from({ length: 151 }, () => 'n = 1').join(' AND '),
        'The expression contains too many operators; operator count: 301',
      ],
      [`n${'.a'.repeat(32)} = 1`, 'The document path has too many nesting levels; nesting levels: 33'],
      [
        `n IN [${Array.from({ length: 101 }, (_, at) => at).join()}]`,
        'The IN operator is provided with too many operands; number of operands: 101',
      ],
    ];
    for (const [where, message] of cases) {
      assert.equal(await fixture.refusal(`SELECT pk FROM one WHERE ${where}`), message, where);
    }
  });
});

describe('columns', () => {
  it('go by the last name in their path', async () => {
    assert.deepEqual(await fixture.items("SELECT n, m.x, m.k[0], l[1], mist FROM one WHERE pk = 'p'"), [
      { n: N(5), x: N(1), 'k[0]': S('c'), 'l[1]': S('two') },
    ]);
    assert.deepEqual(await fixture.items("SELECT * FROM one WHERE pk = 'p'"), [ITEM]);
  });

  it('are refused where DynamoDB has none of the kind', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['SELECT COUNT(*) FROM one', 'Unexpected path component at 1:8:5'],
      ['SELECT 1 FROM one', 'Unexpected path component at 1:8:1'],
      ['SELECT n + 1 FROM one', 'Unexpected path component at 1:10:1'],
      ['SELECT n, n FROM one', 'Duplicate identifiers in select clause: n'],
      ['SELECT n AS m FROM one', 'Aliasing is not supported'],
      ['SELECT m.* FROM one', "Changing item's hierarchy while reading isn't supported"],
      ['SELECT VALUE n FROM one', "Select projection doesn't support value or pivot keywords"],
      ['SELECT DISTINCT n FROM one', 'Unsupported token in expression: DISTINCT'],
      ['SELECT l[-1] FROM one', 'List index is not within the allowable range; index: [-1] at 1:11:1'],
      ['SELECT l[2147483648] FROM one', 'List index is not within the allowable range; index: [2147483648] at 1:10:10'],
      [
        'SELECT m.x, m FROM one',
        'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, x]',
      ],
      ['SELECT n FROM one GROUP BY n', 'Unsupported clause: GROUP BY'],
      ['SELECT n FROM one LIMIT 1', 'Unsupported clause: LIMIT at 1:25:1'],
    ];
    for (const [statement, message] of cases) assert.equal(await fixture.refusal(statement), message, statement);
  });
});

describe('what is read', () => {
  it('is one table or index', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['SELECT n FROM one, two', 'Only select from a single table or index is supported.'],
      ['SELECT n FROM one AS t', 'Aliasing is not supported'],
      ['SELECT n FROM (SELECT * FROM one)', 'Unexpected from source'],
      ['SELECT n FROM a.b.c', 'A path may contain at most 2 components in the FROM clause'],
      ['SELECT n FROM nope', 'ResourceNotFoundException: Requested resource not found'],
      ['SELECT n FROM indexed.nope', 'The table does not have the specified index'],
      ["SELECT n FROM indexed.nope WHERE 'a'", 'WHERE clause must contain an expression that resolves to a boolean'],
      [
        'SELECT z FROM indexed."some"',
        'One or more parameter values were invalid: Global secondary index some does not project [z]',
      ],
    ];
    for (const [statement, message] of cases) assert.equal(await fixture.refusal(statement), message, statement);
    assert.equal(
      await fixture.refusal('SELECT * FROM indexed."all"', undefined, { ConsistentRead: true }),
      'Strongly consistent read is not supported on Global Secondary Indexes',
    );
  });

  it('has no key of several attributes', async () => {
    const schema = (names: readonly string[]) => names.map((AttributeName) => ({ AttributeName, KeyType: 'HASH' }));
    await fixture.call('CreateTable', {
      TableName: 'several',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'a', 'b'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: schema(['pk']),
      GlobalSecondaryIndexes: [
        { IndexName: 'both', KeySchema: schema(['a', 'b']), Projection: { ProjectionType: 'ALL' } },
      ],
    });
    const refused =
      'PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.';
    for (const rest of ['', ' WHERE a = 1', ' WHERE n']) {
      assert.equal(await fixture.refusal(`SELECT COUNT(*) FROM several.both${rest}`), refused, rest);
    }
    assert.deepEqual(await fixture.items('SELECT * FROM several'), []);
  });

  it('is only statements that DynamoDB has', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['1', 'Unsupported operation: Literal'],
      ['n', 'Unsupported operation: VariableReference'],
      ['x IS INT4', 'Unsupported operation: IsType'],
      ['CREATE TABLE t', 'Unsupported operation: CreateTable'],
      ["INSERT INTO one {'pk': 'a'}", 'Unsupported operation: InsertOp'],
      ['n = 1', 'EXISTS can only be used in ExecuteTransaction write requests.'],
      ["EXISTS(SELECT * FROM one WHERE pk = 'p')", 'EXISTS can only be used in ExecuteTransaction write requests.'],
    ];
    for (const [statement, message] of cases) assert.equal(await fixture.refusal(statement), message, statement);
  });

  it('comes from an index as the index has it', async () => {
    const keys = (id: string, g: string) => ({ g: S(g), pk: S('p'), sk: S(id) });
    const some = await fixture.items('SELECT * FROM indexed."some" WHERE g = \'x\'');
    assert.deepEqual(some, [
      { ...keys('1', 'x'), a: N(1) },
      { ...keys('3', 'x'), a: N(3) },
    ]);
    // A filter on what the index does not project finds nothing, unless the index is read by its key.
    assert.deepEqual(await fixture.items('SELECT sk FROM indexed."some" WHERE z = \'z1\''), []);
    assert.deepEqual(await fixture.items('SELECT sk FROM indexed."local" WHERE z = \'z1\''), []);
    const refused =
      'One or more parameter values were invalid: Secondary index some does not project one or more filter attributes: ';
    const cases: readonly (readonly [string, string])[] = [
      ["g = 'x' AND z = 'z1'", '[z]'],
      ["g = 'x' AND b = '1' AND (c = '2' OR a = 3)", '[b, c]'],
      ["g = 'x' AND (zz = '1' OR aa = '2' OR mm = '3')", '[zz, aa, mm]'],
      ["(g = 'q' AND u1 = '1') OR (g = 'b' AND u2 = '1')", '[u1]'],
    ];
    for (const [where, names] of cases) {
      assert.equal(await fixture.refusal(`SELECT sk FROM indexed."some" WHERE ${where}`), `${refused}${names}`, where);
    }
    const accepted = [
      "(g = 'x' AND a = 1) OR (g = 'y' AND aa = '1')",
      "g > 'a' AND z = 'z1'",
      "(g = 'y' AND z = '1') OR aa = '1'",
    ];
    for (const where of accepted) {
      assert.ok(await fixture.items(`SELECT sk FROM indexed."some" WHERE ${where}`), where);
    }
  });

  it('is fetched from the table where a local index does not project it, and charged for', async () => {
    const text = "SELECT z, l FROM indexed.\"local\" WHERE pk = 'p' AND l > 'l2'";
    const output = await fixture.run(text, undefined, { ReturnConsumedCapacity: 'INDEXES' });
    assert.deepEqual(output.Items, [
      { z: S('z3'), l: S('l3') },
      { z: S('z4'), l: S('l4') },
    ]);
    assert.deepEqual(output.ConsumedCapacity, {
      TableName: 'indexed',
      CapacityUnits: 1.5,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { local: { CapacityUnits: 0.5 } },
    });
  });
});

describe('reads by key', () => {
  it('charge for what they read alone', async () => {
    const units = async (where: string) => {
      const text = `SELECT v FROM two WHERE ${where}`;
      const output = await fixture.run(text, undefined, { ReturnConsumedCapacity: 'TOTAL', ConsistentRead: true });
      return (output.ConsumedCapacity as { CapacityUnits: number }).CapacityUnits;
    };
    assert.equal(await units("pk = 'a'"), 1);
    assert.equal(await units("pk IN ['a', 'b', 'c']"), 3);
    assert.equal(await units("pk = 'a' AND sk IN ['1', '2']"), 2);
    assert.equal(await units("pk IN ['a', 'b'] AND f = 'nope'"), 2);
  });

  it('come in the order of the keys, and as ORDER BY says', async () => {
    const keysOf = async (text: string) => {
      const items = (await fixture.items(text)) as { pk: { S: string }; sk: { S: string } }[];
      return items.map(({ pk, sk }) => pk.S + sk.S).join(' ');
    };
    const cases: readonly (readonly [string, string])[] = [
      ["pk IN ['b', 'a'] AND sk > '2'", 'a3 a4 b3 b4'],
      ["pk = 'a' AND sk IN ['4', '1']", 'a1 a4'],
      ["pk = 'a' ORDER BY sk", 'a1 a2 a3 a4'],
      ["pk = 'a' ORDER BY sk DESC", 'a4 a3 a2 a1'],
      ["pk IN ['a', 'b'] AND sk < '3' ORDER BY pk DESC, sk", 'b1 b2 a1 a2'],
      ["pk = 'a' AND sk IN ['4', '1'] ORDER BY sk DESC", 'a4 a1'],
      ["pk = 'a' AND v > 2 ORDER BY sk DESC", 'a4 a3'],
      // The range key descends where ORDER BY does not name it.
      ["pk IN ['a', 'b'] AND sk < '3' ORDER BY pk", 'a2 a1 b2 b1'],
      ["pk = 'a' AND (sk < '2' OR sk > '3')", 'a1 a4'],
      ["pk = 'a' AND sk = '1' AND sk > '0'", 'a1'],
      ["pk = 'a' AND sk BETWEEN '2' AND '3' AND NOT sk = '2'", 'a3'],
    ];
    for (const [where, keys] of cases) assert.equal(await keysOf(`SELECT pk, sk FROM two WHERE ${where}`), keys, where);
  });

  it('are refused in AWS’s words', async () => {
    const overlapping = 'Overlapping conditions with range keys are not supported in where clause';
    const mistyped = "Key attribute's data type should match its data type in table's schema: Key ";
    const tooMany = 'Too many decomposed read operations for a given query.';
    const values = (count: number) => Array.from({ length: count }, (_, at) => `'v${at}'`).join();
    const cases: readonly (readonly [string, string])[] = [
      ["pk IN ['a', 'a']", overlapping],
      ["pk = 'a' OR pk = 'a'", overlapping],
      ["pk = 'a' AND (sk > '0' OR sk < '5')", overlapping],
      ["pk = 'a' AND (sk = '1' OR f = 'y')", overlapping],
      ["pk = 1 OR pk = 'a'", `${mistyped}pk`],
      ["pk = 'a' AND sk IN ['1', 2]", `${mistyped}sk`],
      [`pk IN [${values(51)}]`, tooMany],
      [`pk IN [${values(26)}] AND sk IN ['1', '2']`, tooMany],
      [`pk IN [${values(100)}] AND sk IN [${values(100)}]`, tooMany],
      [
        "pk = ''",
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
          'string value. Key: pk',
      ],
      [
        'v = 1 ORDER BY pk',
        'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
      ],
      ["pk = 'a' ORDER BY v", 'Attribute v in ORDER BY clause must be part of the primary key'],
      [
        "pk IN ['a', 'b'] ORDER BY sk",
        'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
      ],
      ["pk = 'a' ORDER BY 1", 'Argument to ORDER BY must be of type VariableReference. Type: 1'],
      [
        "pk = 'a' AND sk.x = '1'",
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: sk",
      ],
    ];
    for (const [where, message] of cases) {
      assert.equal(await fixture.refusal(`SELECT v FROM two WHERE ${where}`), message, where);
    }
    assert.equal(
      await fixture.refusal('SELECT v FROM two ORDER BY pk'),
      'Must have WHERE clause in the statement when using ORDER BY clause.',
    );
    for (const where of ['pk > 1', `pk IN [${values(51)}] OR f = 'x'`, `pk IN [${values(50)}]`]) {
      assert.ok(await fixture.items(`SELECT v FROM two WHERE ${where}`), where);
    }
  });
});

describe('pages', () => {
  const text = "SELECT sk FROM two WHERE pk = 'a'";

  it('end at the limit with a token and a key', async () => {
    const first = await fixture.run(text, undefined, { Limit: 3 });
    assert.deepEqual(first.LastEvaluatedKey, { pk: S('a'), sk: S('3') });
    const rest = await fixture.run(text, undefined, { NextToken: first.NextToken });
    assert.deepEqual(rest, { Items: [{ sk: S('4') }] });
  });

  it('end at a megabyte', async () => {
    for (const sk of ['1', '2', '3', '4']) {
      await fixture.put('two', { pk: S('big'), sk: S(sk), v: S('x'.repeat(400_000)) });
      fixture.engine.clock.advance(1000);
    }
    const big = "SELECT sk FROM two WHERE pk IN ['a', 'big']";
    const first = await fixture.run(big);
    assert.equal((first.Items as unknown[]).length, 7);
    const second = await fixture.run(big, undefined, { NextToken: first.NextToken });
    assert.deepEqual(second, { Items: [{ sk: S('4') }] });
    for (const sk of ['1', '2', '3', '4']) {
      await fixture.run("DELETE FROM two WHERE pk = 'big' AND sk = ?", [S(sk)]);
      fixture.engine.clock.advance(1000);
    }
  });

  it('of several reads go on with the next read', async () => {
    const both = "SELECT pk, sk FROM two WHERE pk IN ['a', 'b'] AND sk < '3'";
    const first = await fixture.run(both, undefined, { Limit: 2 });
    assert.equal(first.LastEvaluatedKey, undefined);
    assert.deepEqual(await fixture.items(both, undefined, { NextToken: first.NextToken }), [
      { pk: S('b'), sk: S('1') },
      { pk: S('b'), sk: S('2') },
    ]);
  });

  it('of one item have no token', async () => {
    const output = await fixture.run("SELECT v FROM two WHERE pk = 'a' AND sk = '1'", undefined, { Limit: 1 });
    assert.deepEqual(output, { Items: [{ v: N(1) }], LastEvaluatedKey: { pk: S('a'), sk: S('1') } });
  });

  it('take tokens of the same statement and parameters only', async () => {
    const { NextToken } = await fixture.run(text, undefined, { Limit: 1 });
    const refusal = (statement: string, token: unknown) => fixture.refusal(statement, undefined, { NextToken: token });
    assert.equal(await refusal(`${text} `, NextToken), 'NextToken does not match request');
    assert.equal(await refusal(text, 'nonsense'), 'Invalid NextToken');
    assert.equal(await refusal(text, `${String(NextToken).slice(0, -8)}AAAAAAA=`), 'Invalid NextToken');
    assert.ok(await fixture.items(text, undefined, { NextToken, Limit: 2, ConsistentRead: true }));
  });
});

it('parameters are checked before the statement is read', async () => {
  assert.equal(
    await fixture.refusal('SELECT', [{ SS: ['a', 'a'] }]),
    'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
  );
});
