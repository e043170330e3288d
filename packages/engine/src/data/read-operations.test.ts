import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DataFixture, index, table } from './data-fixture.js';

const GSI = index('GSI', 'by-cat', 'cat n:N', { type: 'INCLUDE', attributes: ['title'] });
const LSI = index('LSI', 'by-date', 'pk date:N', { type: 'KEYS_ONLY' });
const MULTI = index('GSI', 'multi', 'h a,b,c');
const TABLES = [
  table('ranged', 'pk sk:N', [GSI, LSI]),
  table('plain', 'pk'),
  table('words', 'pk sk'),
  table('multi', 'pk', [MULTI]),
  table('big', 'pk sk:N'),
];
const fixture = new DataFixture(TABLES);

type Answer = Record<string, unknown>;
const key = (pk: string, sk: number) => ({ pk: { S: pk }, sk: { N: String(sk) } });
const query = (KeyConditionExpression: string, values: object, more: object = {}) =>
  fixture.run('Query', { ...request(KeyConditionExpression, values), ...more });
const error = (KeyConditionExpression: string, values: object, more: object = {}) =>
  fixture.error('Query', { ...request(KeyConditionExpression, values), ...more });
const scan = (more: object) => fixture.run('Scan', { TableName: 'ranged', ...more });

function request(KeyConditionExpression: string, values: object): Answer {
  return { TableName: 'ranged', KeyConditionExpression, ExpressionAttributeValues: values };
}

function sorts(answer: Answer, name = 'sk'): string[] {
  return (answer.Items as Record<string, Record<string, string>>[]).map(
    (item) => Object.values(item[name] ?? {})[0] ?? '',
  );
}

before(async () => {
  for (const sk of [10, 9, -1, 2.5, 100]) {
    const more = sk > 5 ? { cat: { S: 'c' }, n: { N: String(-sk) }, title: { S: `t${sk}` }, date: { N: '7' } } : {};
    await fixture.run('PutItem', { TableName: 'ranged', Item: { ...key('p', sk), ...more, extra: { S: 'o' } } });
  }
  await fixture.run('PutItem', { TableName: 'ranged', Item: key('q', 1) });
  await fixture.run('PutItem', { TableName: 'plain', Item: { pk: { S: 'p' } } });
  for (const sk of ['a', 'ab', 'ab\u0000', 'abc', 'b', 'é']) {
    await fixture.run('PutItem', { TableName: 'words', Item: { pk: { S: 'p' }, sk: { S: sk } } });
  }
  for (let at = 0; at < 5; at++) {
    await fixture.run('PutItem', { TableName: 'big', Item: { ...key('p', at), a: { S: 'x'.repeat(300_000) } } });
  }
});

describe('Query of a table', () => {
  const P = { ':p': { S: 'p' } };

  it('gives the items of one hash key in the order of the range key', async () => {
    const answer = await query('pk = :p', P);
    assert.deepEqual(sorts(answer), ['-1', '2.5', '9', '10', '100']);
    assert.equal(answer.Count, 5);
    assert.equal(answer.LastEvaluatedKey, undefined);
    assert.deepEqual(sorts(await query('pk = :p', P, { ScanIndexForward: false })), ['100', '10', '9', '2.5', '-1']);
  });

  it('meets every range condition, to the bound', async () => {
    const values = { ...P, ':n': { N: '9' } };
    const found = async (condition: string, more: object = {}) =>
      sorts(await query(`pk = :p AND ${condition}`, { ...values, ...more }));
    assert.deepEqual(await found('sk = :n'), ['9']);
    assert.deepEqual(await found('sk < :n'), ['-1', '2.5']);
    assert.deepEqual(await found('sk <= :n'), ['-1', '2.5', '9']);
    assert.deepEqual(await found('sk > :n'), ['10', '100']);
    assert.deepEqual(await found('sk >= :n'), ['9', '10', '100']);
    assert.deepEqual(await found('sk BETWEEN :n AND :m', { ':m': { N: '10' } }), ['9', '10']);
  });

  it('compares texts by their bytes', async () => {
    const found = async (condition: string) =>
      sorts(await query(`pk = :p AND ${condition}`, { ...P, ':s': { S: 'ab' } }, { TableName: 'words' }));
    assert.deepEqual(await found('begins_with(sk, :s)'), ['ab', 'ab\u0000', 'abc']);
    assert.deepEqual(await found('sk > :s'), ['ab\u0000', 'abc', 'b', 'é']);
    assert.deepEqual(await found('sk <= :s'), ['a', 'ab']);
  });

  it('pages by Limit, with a last key also when the page ends with the last item', async () => {
    const first = await query('pk = :p', P, { Limit: 3 });
    assert.deepEqual(sorts(first), ['-1', '2.5', '9']);
    assert.deepEqual(first.LastEvaluatedKey, key('p', 9));
    const second = await query('pk = :p', P, { Limit: 2, ExclusiveStartKey: first.LastEvaluatedKey });
    assert.deepEqual(sorts(second), ['10', '100']);
    assert.deepEqual(second.LastEvaluatedKey, key('p', 100));
    const third = await query('pk = :p', P, { Limit: 2, ExclusiveStartKey: second.LastEvaluatedKey });
    assert.deepEqual(third, { Items: [], Count: 0, ScannedCount: 0 });
    const back = await query('pk = :p', P, { ExclusiveStartKey: key('p', 9), ScanIndexForward: false });
    assert.deepEqual(sorts(back), ['2.5', '-1']);
  });

  it('goes on behind a start key that is not there', async () => {
    assert.deepEqual(sorts(await query('pk = :p', P, { ExclusiveStartKey: key('p', 9.5) })), ['10', '100']);
  });

  it('filters after counting what it read, and selects', async () => {
    const filter = { FilterExpression: 'attribute_exists(title)' };
    const answer = await query('pk = :p', P, { ...filter, Limit: 3, ProjectionExpression: 'sk' });
    assert.deepEqual(answer, { Items: [{ sk: { N: '9' } }], Count: 1, ScannedCount: 3, LastEvaluatedKey: key('p', 9) });
    assert.deepEqual(await query('pk = :p', P, { ...filter, Select: 'COUNT' }), { Count: 3, ScannedCount: 5 });
  });

  it('ends a page with the item that takes it to 1 MB', async () => {
    const answer = await query('pk = :p', P, { TableName: 'big', Select: 'COUNT', ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(answer, {
      Count: 4,
      ScannedCount: 4,
      LastEvaluatedKey: key('p', 3),
      ConsumedCapacity: { TableName: 'big', CapacityUnits: 146.5 },
    });
  });

  it('consumes by the sum of the sizes, twice as much when consistent, and something for nothing', async () => {
    const units = async (pk: string, more: object) => {
      const answer = await query('pk = :p', { ':p': { S: pk } }, { ReturnConsumedCapacity: 'INDEXES', ...more });
      return answer.ConsumedCapacity;
    };
    assert.deepEqual(await units('p', {}), { TableName: 'ranged', CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } });
    assert.deepEqual(await units('p', { ConsistentRead: true }), {
      TableName: 'ranged',
      CapacityUnits: 1,
      Table: { CapacityUnits: 1 },
    });
    assert.deepEqual(await units('none', {}), {
      TableName: 'ranged',
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0.5 },
    });
  });

  it('refuses key conditions that do not fit the schema', async () => {
    assert.equal(await error('sk = :n', { ':n': { N: '1' } }), missed('pk'));
    assert.equal(await error('pk = :p AND title = :p', P), missed('sk'));
    assert.equal(await error('pk > :p', P), 'ValidationException: Query key condition not supported');
    assert.equal(
      await error('pk = :n', { ':n': { N: '1' } }),
      'ValidationException: One or more parameter values were invalid: ' +
        'Condition parameter type does not match schema type',
    );
    assert.equal(
      await error('pk = :p AND sk > :n AND title = :p', { ...P, ':n': { N: '1' } }),
      'ValidationException: The number of query conditions (3) exceeds the number of key attributes defined in the ' +
        'schema (2)',
    );
    assert.equal(
      await error('pk = :p', P, { FilterExpression: 'sk > :p' }),
      'ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    );
    const none = { KeyConditionExpression: undefined, ExpressionAttributeValues: undefined };
    assert.equal(
      await error('', {}, none),
      'ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the ' +
        'request.',
    );
  });

  it('refuses start keys that do not fit', async () => {
    const start = (ExclusiveStartKey: object, condition = 'pk = :p', values: object = P) =>
      error(condition, values, { ExclusiveStartKey });
    const invalid = 'ValidationException: The provided starting key is invalid';
    assert.equal(await start({ pk: { S: 'p' } }), invalid);
    assert.equal(await start({ pk: { S: 'p' }, x: { N: '1' } }), invalid);
    assert.equal(
      await start({ pk: { S: 'p' }, sk: { S: '1' } }),
      'ValidationException: The provided key element does not match the schema',
    );
    assert.equal(
      await start(key('q', 1)),
      'ValidationException: The provided starting key is outside query boundaries based on provided conditions',
    );
    assert.equal(
      await start(key('p', 1), 'pk = :p AND sk > :n', { ...P, ':n': { N: '9' } }),
      'ValidationException: The provided starting key does not match the range key predicate',
    );
  });
});

function missed(name: string): string {
  return `ValidationException: Query condition missed key schema element: ${name}`;
}

describe('Query of an index', () => {
  const C = { ':c': { S: 'c' } };
  const global = { IndexName: 'by-cat' };

  it('gives the projected attributes in the order of the index', async () => {
    const answer = await query('cat = :c', C, global);
    assert.deepEqual(sorts(answer), ['100', '10', '9']);
    assert.deepEqual((answer.Items as unknown[])[2], {
      ...key('p', 9),
      cat: { S: 'c' },
      n: { N: '-9' },
      title: { S: 't9' },
    });
  });

  it('pages with the keys of the index and of the table', async () => {
    const first = await query('cat = :c', C, { ...global, Limit: 1 });
    assert.deepEqual(first.LastEvaluatedKey, { ...key('p', 100), cat: { S: 'c' }, n: { N: '-100' } });
    const rest = await query('cat = :c', C, { ...global, ExclusiveStartKey: first.LastEvaluatedKey });
    assert.deepEqual(sorts(rest), ['10', '9']);
  });

  it('refuses what a global index cannot give', async () => {
    assert.equal(
      await error('cat = :c', C, { ...global, ConsistentRead: true }),
      'ValidationException: Consistent reads are not supported on global secondary indexes',
    );
    assert.match(
      await error('cat = :c', C, { ...global, Select: 'ALL_ATTRIBUTES' }),
      /Select type ALL_ATTRIBUTES is not supported for global secondary index by-cat because/,
    );
    assert.match(
      await error('cat = :c', C, { ...global, ProjectionExpression: 'extra' }),
      /Global secondary index by-cat does not project \[extra\]$/,
    );
    assert.match(
      await error('cat = :c', C, { ...global, FilterExpression: 'attribute_exists(extra)' }),
      /Secondary index by-cat does not project one or more filter attributes: \[extra\]$/,
    );
    assert.match(await error('cat = :c', C, { IndexName: 'nope' }), /does not have the specified index: nope$/);
  });

  it('completes the items of a local index from the table, at a price', async () => {
    const local = { IndexName: 'by-date', ReturnConsumedCapacity: 'INDEXES' };
    const P = { ':p': { S: 'p' } };
    const projected = await query('pk = :p', P, local);
    assert.deepEqual((projected.Items as unknown[])[0], { ...key('p', 9), date: { N: '7' } });
    assert.deepEqual(projected.ConsumedCapacity, {
      TableName: 'ranged',
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      LocalSecondaryIndexes: { 'by-date': { CapacityUnits: 0.5 } },
    });
    const whole = await query('pk = :p', P, { ...local, ProjectionExpression: 'extra' });
    assert.deepEqual(whole.Items, [{ extra: { S: 'o' } }, { extra: { S: 'o' } }, { extra: { S: 'o' } }]);
    assert.deepEqual(whole.ConsumedCapacity, {
      TableName: 'ranged',
      CapacityUnits: 2,
      Table: { CapacityUnits: 1.5 },
      LocalSecondaryIndexes: { 'by-date': { CapacityUnits: 0.5 } },
    });
  });
});

describe('Query of an index with several key attributes', () => {
  before(async () => {
    const rows = ['x1y', 'x1z', 'x2a', 'w9z'];
    for (const [at, row] of rows.entries()) {
      const [a = '', b = '', c = ''] = row;
      const Item = { pk: { S: String(at) }, h: { S: 'h' }, a: { S: a }, b: { S: b }, c: { S: c } };
      await fixture.run('PutItem', { TableName: 'multi', Item });
    }
    await fixture.run('PutItem', { TableName: 'multi', Item: { pk: { S: '9' }, h: { S: 'h' }, a: { S: 'x' } } });
  });

  const VALUES = { ':h': { S: 'h' }, ':x': { S: 'x' }, ':one': { S: '1' }, ':y': { S: 'y' } };
  const more = { TableName: 'multi', IndexName: 'multi' };
  const used = (expression: string) =>
    Object.fromEntries(Object.entries(VALUES).filter(([name]) => expression.includes(name)));

  it('takes equalities from the left, and a condition on the attribute after them', async () => {
    const found = async (expression: string) => sorts(await query(expression, used(expression), more), 'pk');
    assert.deepEqual(await found('h = :h'), ['3', '0', '1', '2']);
    assert.deepEqual(await found('h = :h AND a = :x'), ['0', '1', '2']);
    assert.deepEqual(await found('a = :x AND b > :one AND h = :h'), ['2']);
    assert.deepEqual(await found('h = :h AND a = :x AND b = :one AND c > :y'), ['1']);
  });

  it('refuses gaps', async () => {
    const message = (lacking: string, last: string) =>
      `ValidationException: RANGE key attributes ${lacking} must have equality conditions specified in the query ` +
      `because a condition is present on key attribute ${last}`;
    const refusal = (expression: string) => error(expression, used(expression), more);
    assert.equal(await refusal('h = :h AND b = :one'), message('a', 'b'));
    assert.equal(await refusal('h = :h AND a = :x AND c = :y'), message('b', 'c'));
    assert.equal(await refusal('h = :h AND a = :x AND b > :one AND c = :y'), message('b', 'c'));
  });

  it('finds long range keys exactly, though the store cuts them', async () => {
    const long = (end: string) => ({ S: `${'r'.repeat(1000)}${end}` });
    for (const end of ['a', 'b', 'c']) {
      const Item = { pk: { S: `long-${end}` }, h: { S: 'long' }, a: long(''), b: long(''), c: long(end) };
      await fixture.run('PutItem', { TableName: 'multi', Item });
    }
    const values = { ':h': { S: 'long' }, ':r': long(''), ':c': long('b') };
    const found = async (condition: string) =>
      sorts(await query(`h = :h AND a = :r AND b = :r AND c ${condition} :c`, values, more), 'pk').sort();
    assert.deepEqual(await found('='), ['long-b']);
    assert.deepEqual(await found('>'), ['long-c']);
    assert.deepEqual(await found('<='), ['long-a', 'long-b']);
  });
});

describe('Scan', () => {
  it('divides the items among the segments', async () => {
    const all = new Set<string>();
    for (let at = 0; at < 200; at++)
      await fixture.run('PutItem', { TableName: 'plain', Item: { pk: { S: `i${at}` } } });
    for (let Segment = 0; Segment < 7; Segment++) {
      const answer = await scan({ TableName: 'plain', Segment, TotalSegments: 7 });
      const found = sorts(answer, 'pk');
      assert.ok(found.length > 10 && found.length < 50, `${found.length} in segment ${Segment}`);
      for (const pk of found) {
        assert.equal(all.has(pk), false);
        all.add(pk);
      }
    }
    assert.equal(all.size, 201);
  });

  it('divides them page by page, of an index, too: each item is in one segment', async () => {
    for (const source of [{ TableName: 'plain' }, { TableName: 'ranged', IndexName: 'by-cat' }]) {
      const whole = sorts(await scan(source), 'pk').sort();
      for (const TotalSegments of [1, 2, 3, 1_000_000]) {
        const found: string[] = [];
        // Of a million segments, those at both ends.
        const segments = TotalSegments <= 3 ? [...Array(TotalSegments).keys()] : [0, TotalSegments - 1];
        for (const Segment of segments) {
          let page: Answer = {};
          do {
            const from = page.LastEvaluatedKey === undefined ? {} : { ExclusiveStartKey: page.LastEvaluatedKey };
            page = await scan({ ...source, Segment, TotalSegments, Limit: 3, ...from });
            found.push(...sorts(page, 'pk'));
          } while (page.LastEvaluatedKey !== undefined);
        }
        if (TotalSegments <= 3) assert.deepEqual(found.sort(), whole);
        else assert.ok(found.length <= 2);
      }
    }
  });

  it('pages through a table and through an index', async () => {
    for (const more of [{}, { IndexName: 'by-cat' }]) {
      const whole = await scan(more);
      const pieces: unknown[] = [];
      let page: Answer = {};
      do {
        page = await scan({
          ...more,
          Limit: 2,
          ...(page.LastEvaluatedKey ? { ExclusiveStartKey: page.LastEvaluatedKey } : {}),
        });
        pieces.push(...(page.Items as unknown[]));
      } while (page.LastEvaluatedKey !== undefined);
      assert.deepEqual(pieces, whole.Items);
    }
  });

  it('refuses segments and start keys that do not fit', async () => {
    const refusal = (more: object) => fixture.error('Scan', { TableName: 'plain', ...more });
    const invalid = 'ValidationException: The provided starting key is invalid: ';
    assert.match(await refusal({ Segment: 0 }), /TotalSegments parameter is required but was not present/);
    assert.match(await refusal({ TotalSegments: 2 }), /Segment parameter is required but was not present/);
    assert.match(await refusal({ Segment: 2, TotalSegments: 2 }), /Segment: 2 is not less than TotalSegments: 2$/);
    assert.equal(
      await refusal({ ExclusiveStartKey: { x: { S: '1' } } }),
      `${invalid}The provided key element does not match the schema`,
    );
    const [pk = ''] = sorts(await scan({ TableName: 'plain', Segment: 1, TotalSegments: 2 }), 'pk');
    assert.equal(
      await refusal({ Segment: 0, TotalSegments: 2, ExclusiveStartKey: { pk: { S: pk } } }),
      `${invalid}Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ` +
        'TotalSegments: 2 Segment: 0',
    );
  });

  it('refuses selections that contradict each other', async () => {
    const refusal = (more: object) => fixture.error('Scan', { TableName: 'plain', ...more });
    assert.match(await refusal({ Select: 'SPECIFIC_ATTRIBUTES' }), /Must specify the AttributesToGet or Projection/);
    assert.match(await refusal({ Select: 'ALL_PROJECTED_ATTRIBUTES' }), /only when Querying using an IndexName$/);
    assert.match(await refusal({ Select: 'COUNT', ProjectionExpression: 'a' }), /choosing to get only the Count$/);
  });
});

describe('GetItem', () => {
  it('gives the item, part of it, or nothing, without a promise', async () => {
    const input = { TableName: 'ranged', Key: key('p', 9) };
    assert.equal(fixture.operations.GetItem({ accountId: '0', region: 'r' }, input) instanceof Promise, false);
    assert.deepEqual(await fixture.run('GetItem', { ...input, ProjectionExpression: 'title' }), {
      Item: { title: { S: 't9' } },
    });
    assert.deepEqual(await fixture.run('GetItem', { ...input, Key: key('p', 77) }), {});
  });

  it('consumes by the size of the item', async () => {
    const units = async (more: object) => {
      const input = { TableName: 'big', Key: key('p', 1), ReturnConsumedCapacity: 'TOTAL', ...more };
      return (await fixture.run('GetItem', input)).ConsumedCapacity;
    };
    assert.deepEqual(await units({}), { TableName: 'big', CapacityUnits: 37 });
    assert.deepEqual(await units({ ConsistentRead: true }), { TableName: 'big', CapacityUnits: 74 });
    assert.deepEqual(await units({ Key: key('p', 99) }), { TableName: 'big', CapacityUnits: 0.5 });
  });

  it('says that the table is not there', async () => {
    assert.equal(
      await fixture.error('GetItem', { TableName: 'nope', Key: {} }),
      'ResourceNotFoundException: Requested resource not found',
    );
  });
});
