import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { BatchWriteItemCommand, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';
import { VALUE_FAULTS } from './support/value-faults.js';

const ONE = `${INVALID}One or more parameter values were invalid: `;
const START_KEY = `${INVALID}The provided starting key is invalid`;
const MISMATCH = 'The provided key element does not match the schema';
const filter = (text: string) => `${INVALID}Invalid FilterExpression: ${text}`;
const S = (text: string) => ({ S: text });
const N = { N: '1' };
const B = { B: 'YQ==' };

const target = new Target();
let hash = '';
let indexed = '';

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const refuses = (input: Json, error: string | RegExp) =>
  expectRefusal(target, 'Scan', { TableName: 'abc', ...input }, error);

describe('Scan refuses ScanFilter that is wrong, before anything else', () => {
  const rest = { Segment: 1, ExclusiveStartKey: { a: {} } };
  const filtered = (ComparisonOperator: string, AttributeValueList?: unknown[]) => ({
    ...rest,
    ScanFilter: { a: { ComparisonOperator, ...(AttributeValueList !== undefined && { AttributeValueList }) } },
  });
  const counts: Readonly<Record<string, readonly number[]>> = {
    EQ: [0, 2],
    NE: [0, 2],
    LE: [0, 2],
    LT: [0, 2],
    GE: [0, 2],
    GT: [0, 2],
    CONTAINS: [0, 2],
    NOT_CONTAINS: [0, 2],
    BEGINS_WITH: [0],
    IN: [0],
    BETWEEN: [0, 3],
    NULL: [1, 2],
    NOT_NULL: [1, 2],
  };
  for (const [operator, wrong] of Object.entries(counts)) {
    it(`${operator} with another number of values`, async () => {
      const error = `${ONE}Invalid number of argument(s) for the ${operator} ComparisonOperator`;
      for (const count of wrong) await refuses(filtered(operator, Array(count).fill(S('a'))), error);
      if (wrong.includes(0)) await refuses(filtered(operator), error);
    });
  }

  const SETS = [{ SS: ['a'] }, { NS: ['1'] }, { BS: ['abcd'] }, { M: {} }, { L: [] }];
  const FLAGS = [{ BOOL: true }, { NULL: true }];
  const types: Readonly<Record<string, readonly object[]>> = {
    LT: [...SETS, ...FLAGS],
    LE: [...SETS, ...FLAGS],
    GT: [...SETS, ...FLAGS],
    GE: [...SETS, ...FLAGS],
    IN: [...SETS, ...FLAGS],
    CONTAINS: SETS,
    NOT_CONTAINS: SETS,
    BETWEEN: [...SETS, ...FLAGS],
    BEGINS_WITH: [N, ...SETS, ...FLAGS],
  };
  for (const [operator, wrong] of Object.entries(types)) {
    it(`${operator} with values of another type`, async () => {
      for (const value of wrong) {
        const type = Object.keys(value)[0];
        await refuses(
          filtered(operator, operator === 'BETWEEN' ? [value, value] : [value]),
          `${ONE}ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`,
        );
      }
    });
  }

  it('then the start key', () =>
    refuses(
      filtered('EQ', [{ SS: ['a'] }]),
      `${START_KEY}: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes`,
    ));
});

describe('Scan refuses a start key of values that are none, before expressions', () => {
  const unmarked = /contains duplicates|number set|numeric value|significant digits|number with magnitude/;
  const open = { Segment: 1, FilterExpression: '', ExpressionAttributeNames: {}, ExpressionAttributeValues: {} };
  for (const [value, message] of VALUE_FAULTS) {
    it(JSON.stringify(value), () =>
      refuses(
        { ...open, ExclusiveStartKey: { a: value } },
        unmarked.test(message) ? `${INVALID}${message}` : `${START_KEY}: ${message}`,
      ),
    );
  }
});

describe('Scan refuses segments that are none, before expressions', () => {
  const open = { FilterExpression: '', ExpressionAttributeNames: {}, ExpressionAttributeValues: {} };
  const needed = (one: string, other: string) =>
    `${INVALID}The ${one} parameter is required but was not present in the request when ${other} is present`;

  it('one without the other', async () => {
    await refuses({ ...open, Segment: 1 }, needed('TotalSegments', 'Segment parameter'));
    await refuses({ ...open, TotalSegments: 1 }, needed('Segment', 'parameter TotalSegments'));
  });

  it('a segment beyond the last', () =>
    refuses(
      { ...open, Segment: 1, TotalSegments: 1 },
      `${INVALID}The Segment parameter is zero-based and must be less than parameter TotalSegments: ` +
        'Segment: 1 is not less than TotalSegments: 1',
    ));
});

describe('Scan refuses expressions that are none', () => {
  it('empty ones, the filter first', async () => {
    await refuses({ FilterExpression: '', ProjectionExpression: '' }, filter('The expression can not be empty;'));
    await refuses(
      { FilterExpression: 'a > b', ProjectionExpression: '' },
      `${INVALID}Invalid ProjectionExpression: The expression can not be empty;`,
    );
  });

  const malformed = [
    'things are not gonna be ok',
    'a > 4',
    'attribute_exists(Pictures-RearView)',
    'attribute_exists("Pictures.RearView")',
    'attribute_exists(Pictures..RearView)',
    'attribute_exists(Pi#ctures.RearView)',
    'attribute_exists(asdf[a])',
    'a in b, c',
    'a > between',
    'a in b',
    'a in (b,c,)',
    '(a)between(b.(c.d))and(c)',
    '(a)between(b.c.d)and((c)',
    '#$.b > a',
    'a > :things.stuff',
    'b[:a] > a',
    'b[#_] > a',
    'ü > a',
    '(a)between(b.c[4.5].#d)and(:a)',
    'size(a).b > a',
    '(size(a)).b > a',
    'size(a)[0] > a',
    '(size(a))[0] > a',
  ];
  for (const text of malformed) {
    it(text, () =>
      refuses({ FilterExpression: text }, /^ValidationException: Invalid FilterExpression: Syntax error; /),
    );
  }

  const PARENTHESES = 'The expression has redundant parentheses;';
  const unknown = (name: string) => `Invalid function name; function: ${name}`;
  const misused = (name: string) =>
    `The function is not allowed to be used this way in an expression; function: ${name}`;
  const reserved = (name: string) => `Attribute name is a reserved keyword; reserved keyword: ${name}`;
  const noName = (name: string) =>
    `An expression attribute name used in the document path is not defined; attribute name: ${name}`;
  const noValue = (name: string) =>
    `An expression attribute value used in expression is not defined; attribute value: ${name}`;
  const operands = (name: string, count: number) =>
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`;
  const cases: readonly (readonly [text: string, fault: string])[] = [
    ['a=a and a > ((views))', PARENTHESES],
    ['a > whatever((:things), ((a)))', PARENTHESES],
    ['a=a AND ((a=a AND a=a)) AND a=a', PARENTHESES],
    ['a=a OR ((a=a OR a=a)) OR a=a', PARENTHESES],
    ['a=a AND ((a=a AND (a=a AND a=a)))', PARENTHESES],
    ['a=a and whatever((:things)) > a', unknown('whatever')],
    ['attRIbute_exIsts((views), #a)', unknown('attRIbute_exIsts')],
    ['a=a and attribute_exists((views), (#a)) > b', misused('attribute_exists')],
    ['attribute_not_exists(things) > b', misused('attribute_not_exists')],
    ['attribute_type(things, :a) > b', misused('attribute_type')],
    ['begins_with(things, a) > b', misused('begins_with')],
    ['contains(:things, c) > b', misused('contains')],
    ['size(contains(a, b)) > a', misused('contains')],
    ['size(things)', misused('size')],
    ['a between b and attribute_exists(things)', misused('attribute_exists')],
    ['a in (b, attribute_exists(things))', misused('attribute_exists')],
    ['attribute_exists(views, #a)', reserved('views')],
    [':a < abOrT', reserved('abOrT')],
    ['attribute_exists(#Pictures.RearView, :a) and a=a', noName('#Pictures')],
    ['begins_with(Pictures.#RearView)', noName('#RearView')],
    ['(#P between :lo and :hi) and (#PC in (:cat1, :cat2))', noName('#P')],
    ['#4g > a', noName('#4g')],
    ['#_ > a', noName('#_')],
    ['(a)between(b.c[45].#d)and(:a)', noName('#d')],
    ['begins_with(:hello, #a, #b)', noValue(':hello')],
    [':a < :b', noValue(':a')],
    [':_ > a', noValue(':_')],
    ['attribute_exists(things, a) and a=a', operands('attribute_exists', 2)],
    ['attribute_not_exists(things, b)', operands('attribute_not_exists', 2)],
    ['attribute_type(things)', operands('attribute_type', 1)],
    ['begins_with(things)', operands('begins_with', 1)],
    ['begins_with(things, size(a), b)', operands('begins_with', 3)],
    ['contains(things)', operands('contains', 1)],
    ['size(things, a) > b', operands('size', 2)],
  ];
  for (const [text, fault] of cases) it(text, () => refuses({ FilterExpression: text }, filter(fault)));
});

describe('Scan refuses operands that are wrong', () => {
  const VALUES = {
    S: S('1'),
    N,
    B,
    BOOL: { BOOL: true },
    NULL: { NULL: true },
    L: { L: [] },
    M: { M: {} },
    SS: { SS: ['1'] },
    NS: { NS: ['1'] },
    BS: { BS: ['YQ=='] },
  };
  type Type = keyof typeof VALUES;
  const notStrings: Type[] = ['N', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];
  const cases: readonly (readonly [text: string, operator: string, types: readonly Type[]])[] = [
    ['attribute_type(a, size(a)) and a=a and a=:a', 'attribute_type', ['N']],
    ['attribute_type(a, :a)', 'attribute_type', ['B', ...notStrings]],
    ['begins_with(a, size(a)) and a=:a', 'begins_with', ['N']],
    ['begins_with(a, :a)', 'begins_with', notStrings],
    ['begins_with(:a, a)', 'begins_with', notStrings],
    ['size(size(a)) > :a', 'size', ['N']],
    ['attribute_not_exists(size(:a))', 'size', ['N']],
    ['size(:a) > a', 'size', ['BOOL', 'NULL']],
  ];
  for (const [text, operator, types] of cases) {
    it(text, async () => {
      for (const type of types) {
        await refuses(
          { FilterExpression: text, ExpressionAttributeValues: { ':a': VALUES[type] } },
          filter(
            `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
          ),
        );
      }
    });
  }

  it('a type that is none', () =>
    refuses(
      { FilterExpression: 'attribute_type(a, :a)', ExpressionAttributeValues: { ':a': S('1') } },
      /^ValidationException: Invalid FilterExpression: Invalid attribute type name found; type: 1, valid types: {((B|NULL|SS|BOOL|L|BS|N|NS|S|M),?){10}}$/,
    ));

  it('values where a path must be', async () => {
    const path = (name: string) =>
      filter(`Operator or function requires a document path; operator or function: ${name}`);
    const values = { ExpressionAttributeValues: { ':a': S('1') } };
    await refuses({ ...values, FilterExpression: 'attribute_exists(:a) and a=a' }, path('attribute_exists'));
    await refuses({ ...values, FilterExpression: 'attribute_not_exists(size(:a))' }, path('attribute_not_exists'));
  });

  const same: readonly (readonly [text: string, operator: string, operand: string])[] = [
    ['a = a AND #a = b AND :views > a', '=', '[a]'],
    ['#a <> a', '<>', '[a]'],
    ['a > #a', '>', '[a]'],
    ['((a=a) OR (a=a))', '=', '[a]'],
    ['((a=a) AND (a=a))', '=', '[a]'],
    ['contains(ab.bc[1].a, ab.bc[1].#a)', 'contains', '[ab, bc, [1], a]'],
    ['attribute_type(ab.bc[1].#a, ab.bc[1].a)', 'attribute_type', '[ab, bc, [1], a]'],
    ['begins_with(ab.bc[1].a, ab.bc[1].#a)', 'begins_with', '[ab, bc, [1], a]'],
  ];
  for (const [text, operator, operand] of same) {
    it(text, () =>
      refuses(
        { FilterExpression: text, ExpressionAttributeNames: { '#a': 'a' } },
        filter(
          'The first operand must be distinct from the remaining operands for this operator or function; ' +
            `operator: ${operator}, first operand: ${operand}`,
        ),
      ),
    );
  }
});

describe('Scan refuses what does not fit the table', () => {
  it('a table that is not there, before a key that does not fit', async () => {
    const NOT_FOUND = 'ResourceNotFoundException: Requested resource not found';
    for (const key of [{}, { b: S('a') }]) await refuses({ ExclusiveStartKey: key }, NOT_FOUND);
  });

  it('an index that is not there, before a key that does not fit', async () => {
    const nested = { IndexName: 'whatever', FilterExpression: 'attribute_exists(a.b.c)' };
    for (const TableName of [hash, indexed]) {
      for (const ExclusiveStartKey of [undefined, {}, { z: S('a'), y: S('a'), x: S('a') }]) {
        await refuses(
          { TableName, ...nested, ...(ExclusiveStartKey && { ExclusiveStartKey }) },
          `${INVALID}The table does not have the specified index: whatever`,
        );
      }
    }
  });

  const local: readonly object[] = [
    {},
    { z: N },
    { pk: S('a') },
    { pk: S('a'), sk: S('a') },
    { pk: S('a'), a: N },
    { pk: S('a'), sk: S('1'), a: S('1'), b: S('1') },
  ];
  const global: readonly object[] = [
    {},
    { a: S('1') },
    { pk: S('a'), sk: S('a') },
    { pk: S('a'), sk: S('a'), z: S('a') },
    { pk: S('a'), sk: S('a'), a: S('a'), z: S('a') },
  ];
  it('a start key of other attributes, on an index', async () => {
    for (const key of local)
      await refuses({ TableName: indexed, IndexName: 'local-all', ExclusiveStartKey: key }, START_KEY);
    for (const key of global)
      await refuses({ TableName: indexed, IndexName: 'global-all', ExclusiveStartKey: key }, START_KEY);
  });

  it('a start key of other types, on an index', async () => {
    const keys: readonly (readonly [string, object])[] = [
      ['local-all', { pk: N, x: S('1'), y: S('1') }],
      ['local-all', { pk: S('a'), sk: S('a'), a: N }],
      ['global-all', { x: S('1'), y: S('1'), a: N }],
      ['global-all', { pk: S('1'), sk: S('1'), a: B }],
      ['global-some', { x: N, y: N, a: S('1'), b: N }],
    ];
    for (const [IndexName, ExclusiveStartKey] of keys) {
      await refuses({ TableName: indexed, IndexName, ExclusiveStartKey }, `${INVALID}${MISMATCH}`);
    }
  });

  it('a start key that does not fit the table', async () => {
    const values = [N, { B: 'abcd' }, { BOOL: true }, { NULL: true }, { SS: ['a'] }, { M: {} }, { L: [] }];
    const keys = [{}, { b: S('a') }, { pk: S('a'), b: S('a') }, ...values.map((pk) => ({ pk }))];
    for (const ExclusiveStartKey of keys) {
      await refuses(
        { TableName: hash, FilterExpression: 'attribute_exists(a.b.c)', ExclusiveStartKey },
        `${START_KEY}: ${MISMATCH}`,
      );
    }
  });

  it('all attributes of an index that has not got them', () =>
    refuses(
      {
        TableName: indexed,
        IndexName: 'global-some',
        Select: 'ALL_ATTRIBUTES',
        ExclusiveStartKey: { x: N, y: N, a: S('a'), b: S('a') },
      },
      `${ONE}Select type ALL_ATTRIBUTES is not supported for global secondary index global-some ` +
        'because its projection type is not ALL',
    ));

  it('consistent reads of a global index', () =>
    refuses(
      { TableName: indexed, IndexName: 'global-all', ConsistentRead: true },
      `${INVALID}Consistent reads are not supported on global secondary indexes`,
    ));

  it('specific attributes without naming them', () =>
    refuses(
      { TableName: hash, Select: 'SPECIFIC_ATTRIBUTES' },
      `${INVALID}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
    ));

  it('a projection of what is only counted', () =>
    refuses(
      { TableName: hash, Select: 'COUNT', ProjectionExpression: 'zz' },
      `${INVALID}Cannot specify the ProjectionExpression when choosing to get only the Count`,
    ));
});

describe('Scan reads', () => {
  const count = 40;
  let table = '';
  before(async () => {
    table = await createTable(target, simpleTable(target.tableName('items'), 'S'));
    const items = Array.from({ length: count }, (_, at) => ({
      pk: S(`item ${at}`),
      n: { N: String(at) },
      ...(at % 2 === 0 && { even: { BOOL: true } }),
    }));
    for (let at = 0; at < count; at += 20) {
      const requests = items.slice(at, at + 20).map((Item) => ({ PutRequest: { Item } }));
      await target.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    }
  });
  const scan = (input: Partial<ScanCommandInput>) =>
    target.client.send(new ScanCommand({ TableName: table, ...input }));

  it('everything, page by page', async () => {
    const seen = new Set<string>();
    let start: ScanCommandInput['ExclusiveStartKey'];
    let pages = 0;
    do {
      const page = await scan({ Limit: 7, ...(start && { ExclusiveStartKey: start }) });
      for (const item of page.Items ?? []) seen.add(item.pk?.S ?? '');
      start = page.LastEvaluatedKey;
      pages++;
    } while (start !== undefined);
    assert.equal(seen.size, count);
    assert.ok(pages >= Math.ceil(count / 7));
  });

  it('everything, segment by segment, each item in one of them', async () => {
    const segments = await Promise.all([0, 1, 2, 3].map((Segment) => scan({ Segment, TotalSegments: 4 })));
    const seen = segments.flatMap(({ Items }) => (Items ?? []).map((item) => item.pk?.S));
    assert.equal(seen.length, count);
    assert.equal(new Set(seen).size, count);
  });

  it('what the filter lets through, and counts what it looked at', async () => {
    const filtered = await scan({ FilterExpression: 'attribute_exists(even)' });
    assert.equal(filtered.Count, count / 2);
    assert.equal(filtered.ScannedCount, count);
    const counted = await scan({
      Select: 'COUNT',
      FilterExpression: 'n < :n',
      ExpressionAttributeValues: { ':n': { N: '10' } },
    });
    assert.equal(counted.Count, 10);
    assert.equal(counted.Items, undefined);
  });

  it('from the operand on either side', async () => {
    const reversed = await scan({ FilterExpression: ':n > n', ExpressionAttributeValues: { ':n': { N: '10' } } });
    assert.equal(reversed.Count, 10);
  });

  it('and says what it consumed', async () => {
    const eventually = await scan({ ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(eventually.ConsumedCapacity, { TableName: table, CapacityUnits: 0.5 });
    const consistent = await scan({ ReturnConsumedCapacity: 'INDEXES', ConsistentRead: true });
    assert.deepEqual(consistent.ConsumedCapacity, {
      TableName: table,
      CapacityUnits: 1,
      Table: { CapacityUnits: 1 },
    });
  });
});
