import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { BatchWriteItemCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';
import { VALUE_FAULTS } from './support/value-faults.js';

const ONE = `${INVALID}One or more parameter values were invalid: `;
const START_KEY = `${INVALID}The provided starting key is invalid`;
const SCHEMA = `${ONE}Condition parameter type does not match schema type`;
const NOT_SUPPORTED = `${INVALID}Query key condition not supported`;
const keyFault = (text: string) => `${INVALID}Invalid KeyConditionExpression: ${text}`;
const S = (text: string) => ({ S: text });
const N = (number: number) => ({ N: String(number) });

const target = new Target();
let hash = '';
let numbers = '';
let indexed = '';

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  numbers = await createTable(target, simpleTable(target.tableName('numbers'), 'S', 'N'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const refuses = (input: Json, error: string | RegExp) =>
  expectRefusal(target, 'Query', { TableName: 'abc', ...input }, error);
const keyed = (KeyConditionExpression: string, values?: Json) => ({
  KeyConditionExpression,
  ...(values && { ExpressionAttributeValues: values }),
});

describe('Query refuses members that do not go together', () => {
  it('no key condition', () =>
    refuses(
      {},
      `${INVALID}Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.`,
    ));

  it('expressions with their predecessors', () =>
    refuses(
      {
        QueryFilter: {},
        ExclusiveStartKey: {},
        AttributesToGet: ['a', 'a'],
        ExpressionAttributeNames: {},
        FilterExpression: '',
        KeyConditionExpression: '',
      },
      `${INVALID}Can not use both expression and non-expression parameters in the same request: ` +
        'Non-expression parameters: {AttributesToGet, QueryFilter} ' +
        'Expression parameters: {FilterExpression, KeyConditionExpression}',
    ));

  it('substitutions without expressions', async () => {
    await refuses(
      { QueryFilter: {}, ExpressionAttributeNames: {}, ExpressionAttributeValues: {} },
      `${INVALID}ExpressionAttributeNames can only be specified when using expressions`,
    );
    await refuses(
      { ProjectionExpression: '', ExpressionAttributeValues: {} },
      `${INVALID}ExpressionAttributeValues can only be specified when using expressions: ` +
        'FilterExpression and KeyConditionExpression are null',
    );
  });

  it('a limit of nothing', () =>
    refuses(
      { ...keyed('pk = :v', { ':v': S('a') }), Limit: 0 },
      `${INVALID}1 validation error detected: Value at 'Limit' failed to satisfy constraint: ` +
        'Member must have value greater than or equal to 1',
    ));

  it('a selection that is none', async () => {
    await refuses(
      { ...keyed('pk = :v', { ':v': S('a') }), Select: 'INVALID_VALUE' },
      `${INVALID}1 validation error detected: Value 'INVALID_VALUE' at 'select' failed to satisfy constraint: ` +
        'Member must satisfy enum value set: ' +
        '[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]',
    );
    await refuses(
      { ...keyed('pk = :v', { ':v': S('a') }), Select: 'SPECIFIC_ATTRIBUTES' },
      `${INVALID}1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing ` +
        'to get SPECIFIC_ATTRIBUTES',
    );
    await refuses(
      { ...keyed('pk = :v', { ':v': S('a') }), Select: 'COUNT', ProjectionExpression: 'zz' },
      `${INVALID}1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count`,
    );
    await refuses(
      { ...keyed('pk = :v', { ':v': S('a') }), Select: 'ALL_PROJECTED_ATTRIBUTES' },
      `${INVALID}1 validation error detected: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`,
    );
  });
});

describe('Query refuses a start key of values that are none, before its key condition', () => {
  const unmarked = /contains duplicates|number set|numeric value|significant digits|number with magnitude/;
  for (const [value, message] of VALUE_FAULTS) {
    it(JSON.stringify(value), () =>
      refuses(
        { ExclusiveStartKey: { a: value } },
        unmarked.test(message) ? `${INVALID}${message}` : `${START_KEY}: ${message}`,
      ),
    );
  }
});

describe('Query refuses KeyConditions that are wrong', () => {
  const condition = (ComparisonOperator: string, ...AttributeValueList: object[]) => ({
    ComparisonOperator,
    AttributeValueList,
  });
  const cases: readonly (readonly [what: string, conditions: Json, error: string])[] = [
    ['none', {}, `${INVALID}Conditions can be of length 1 or 2 only`],
    [
      'three',
      { a: condition('EQ', S('a')), b: condition('EQ', S('a')), c: condition('EQ', S('a')) },
      `${INVALID}Conditions can be of length 1 or 2 only`,
    ],
    ['too few values', { a: condition('EQ') }, `${ONE}Invalid number of argument(s) for the EQ ComparisonOperator`],
    [
      'values of several types',
      { a: condition('IN', S('a'), N(1)) },
      `${ONE}AttributeValues inside AttributeValueList must be of same type`,
    ],
    [
      'bounds in the wrong order',
      { a: condition('BETWEEN', S('b'), S('a')) },
      `${INVALID}The BETWEEN condition was provided a range where the lower bound is greater than the upper bound`,
    ],
  ];
  for (const [what, conditions, error] of cases) it(what, () => refuses({ KeyConditions: conditions }, error));

  it('operators that no key has', async () => {
    for (const operator of ['NULL', 'NOT_NULL']) {
      await refuses(
        { TableName: hash, KeyConditions: { pk: { ComparisonOperator: operator } } },
        `${INVALID}Attempted conditional constraint is not an indexable operation`,
      );
    }
    for (const operator of ['NE', 'CONTAINS', 'NOT_CONTAINS', 'IN']) {
      await refuses(
        { TableName: hash, KeyConditions: { pk: condition(operator, S('a')) } },
        `${INVALID}Attempted conditional constraint is not an indexable operation`,
      );
    }
  });

  it('a hash key that is not given, or not given equal', async () => {
    await refuses(
      { TableName: hash, KeyConditions: { z: condition('EQ', S('a')) } },
      `${INVALID}Query condition missed key schema element: pk`,
    );
    for (const operator of ['LT', 'LE', 'GT', 'GE', 'BEGINS_WITH']) {
      await refuses({ TableName: hash, KeyConditions: { pk: condition(operator, S('a')) } }, NOT_SUPPORTED);
    }
  });

  it('a value of another type', () =>
    refuses({ TableName: hash, KeyConditions: { pk: condition('EQ', N(1)) } }, SCHEMA));
});

describe('Query refuses key conditions that are none', () => {
  it('empty and malformed ones', async () => {
    await refuses(keyed('', { ':v': S('val') }), keyFault('The expression can not be empty;'));
    await refuses(keyed('a = '), /^ValidationException: Invalid KeyConditionExpression: Syntax error; /);
    await refuses(keyed('((pk = :v))', { ':v': S('a') }), keyFault('The expression has redundant parentheses;'));
  });

  const values = { ':a': N(1), ':b': N(2) };
  /** The values that the text names: one that it does not name is told first. */
  const named = (text: string) => {
    const used = Object.entries(values).filter(([name]) => text.includes(name));
    return used.length === 0 ? keyed(text) : keyed(text, Object.fromEntries(used));
  };
  const operators = ['a = :a OR b = :b', 'NOT a = :a', 'a IN (:a)', 'attribute_exists(a)', 'a <> :a'];
  const names = ['OR', 'NOT', 'IN', 'attribute_exists', '<>'];
  for (const [at, text] of operators.entries()) {
    it(text, () => refuses(named(text), `${INVALID}Invalid operator used in KeyConditionExpression: ${names[at]}`));
  }

  const attributeNames = `${INVALID}Invalid condition in KeyConditionExpression: `;
  const cases: readonly (readonly [text: string, error: string])[] = [
    ['a = b', `${attributeNames}Multiple attribute names used in one condition`],
    ['begins_with(a, b)', `${attributeNames}Multiple attribute names used in one condition`],
    [':b > :a AND a < :b', `${attributeNames}No key attribute specified`],
    [':a > b AND :a < :b', `${attributeNames}No key attribute specified`],
    [':a between a and :b', `${attributeNames}BETWEEN operator must have the key attribute as its first operand`],
    ['size(a) > :a', `${INVALID}KeyConditionExpressions cannot contain nested operations`],
    ['b > :a AND b < :b', keyFault('KeyConditionExpressions must only contain one condition per key')],
    ['b.d > a AND c.d > e.f', keyFault('KeyConditionExpressions cannot have conditions on nested attributes')],
    ['b[0] > :a', keyFault('KeyConditionExpressions cannot have conditions on nested attributes')],
    [
      'a = :a AND begins_with(b, :b)',
      keyFault('Incorrect operand type for operator or function; operator or function: begins_with, operand type: N'),
    ],
    [
      'a between :b and :a',
      keyFault(
        'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
          'lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
      ),
    ],
  ];
  for (const [text, error] of cases) it(text, () => refuses(named(text), error));

  it('after placeholders that are not used, and after the other expressions', async () => {
    const unused = `${INVALID}Value provided in ExpressionAttribute`;
    for (const text of ['a = b', 'a <> b', 'size(a) = b', 'a.b = c', 'a = b OR c = d']) {
      await refuses(
        { ...keyed(text), ExpressionAttributeNames: { '#z': 'z' } },
        `${unused}Names unused in expressions: keys: {#z}`,
      );
    }
    await refuses(keyed('a = b', { ':a': N(1) }), `${unused}Values unused in expressions: keys: {:a}`);
    await refuses(
      { ...keyed('a = b'), FilterExpression: '' },
      `${INVALID}Invalid FilterExpression: The expression can not be empty;`,
    );
    await refuses(
      { ...keyed('a = b'), ProjectionExpression: 'c, c' },
      /^ValidationException: Invalid ProjectionExpression: Two document paths overlap/,
    );
  });

  it('reports the first of several faults in the text', async () => {
    const operand = keyFault(
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    );
    const undefinedValue = keyFault(
      'An expression attribute value used in expression is not defined; attribute value: :missing',
    );
    await refuses(keyed('pk = :missing AND begins_with(sk, :a)', { ':a': N(1) }), undefinedValue);
    await refuses(keyed('begins_with(sk, :a) AND pk = :missing', { ':a': N(1) }), operand);
    await refuses(keyed('pk = :b AND begins_with(sk, :a) AND sk > :b', values), operand);
  });
});

describe('Query refuses what does not fit the key', () => {
  it('conditions on other attributes', async () => {
    const missed = `${INVALID}Query condition missed key schema element: pk`;
    await refuses({ TableName: numbers, ...keyed('sk = :v', { ':v': N(1) }) }, missed);
    await refuses({ TableName: numbers, ...keyed('attr1 = :v', { ':v': N(1) }) }, missed);
    await refuses(
      { TableName: numbers, ...keyed('pk = :v AND attr1 = :w', { ':v': S('a'), ':w': S('a') }) },
      `${INVALID}Query condition missed key schema element: sk`,
    );
  });

  it('more conditions than key attributes', () =>
    refuses(
      { TableName: numbers, ...keyed('pk = :p AND sk > :a AND z = :a', { ':p': S('q'), ':a': N(1) }) },
      `${INVALID}The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)`,
    ));

  it('operands that no key has', async () => {
    const operand = (operator: string, type: string) =>
      keyFault(
        `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
      );
    const query = (text: string, values: Json, error: string) =>
      refuses({ TableName: numbers, ...keyed(text, { ':p': S('q'), ...values }) }, error);
    const BOOL = { BOOL: true };
    await query('pk = :p AND begins_with(sk, :v)', { ':v': BOOL }, operand('begins_with', 'BOOL'));
    await query('pk = :p AND begins_with(sk, :v)', { ':v': S('a') }, SCHEMA);
    await query('pk = :p AND sk < :v', { ':v': BOOL }, operand('<', 'BOOL'));
    await query('pk = :p AND :v >= sk', { ':v': BOOL }, operand('>=', 'BOOL'));
    await query('pk = :p AND sk BETWEEN :v AND :w', { ':v': BOOL, ':w': BOOL }, operand('BETWEEN', 'BOOL'));
    await query('pk = :p AND sk = :v', { ':v': BOOL }, SCHEMA);
  });

  it('a hash key that is not given equal', () =>
    refuses({ TableName: hash, ...keyed('pk > :v', { ':v': S('a') }) }, NOT_SUPPORTED));

  it('an empty key', () =>
    refuses(
      { TableName: hash, ...keyed('pk = :v', { ':v': S('') }) },
      `${INVALID}One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ` +
        'empty string value. Key: pk',
    ));

  it('filters on key attributes', async () => {
    const values = { ':v': S('a') };
    await refuses(
      { TableName: hash, ...keyed('pk = :v', values), FilterExpression: 'attribute_exists(pk)' },
      `${INVALID}Filter Expression can only contain non-primary key attributes: Primary key attribute: pk`,
    );
    const conditions = { pk: { ComparisonOperator: 'EQ', AttributeValueList: [S('a')] } };
    await refuses(
      { TableName: hash, KeyConditions: conditions, QueryFilter: conditions },
      `${INVALID}QueryFilter can only contain non-primary key attributes: Primary key attribute: pk`,
    );
  });

  it('a start key of other attributes', async () => {
    const values = { ':v': S('val') };
    const input = { TableName: numbers, ...keyed('pk = :v', values) };
    await refuses({ ...input, ExclusiveStartKey: { bad: S('p') } }, START_KEY);
    await refuses({ ...input, ExclusiveStartKey: { pk: S('val') } }, START_KEY);
  });

  it('a start key outside of what it asks for', async () => {
    const values = { ':v': S('val') };
    await refuses(
      { TableName: numbers, ...keyed('pk = :v', values), ExclusiveStartKey: { pk: S('other'), sk: N(1) } },
      `${INVALID}The provided starting key is outside query boundaries based on provided conditions`,
    );
    await refuses(
      {
        TableName: numbers,
        ...keyed('pk = :v AND sk > :n', { ...values, ':n': N(5) }),
        ExclusiveStartKey: { pk: S('val'), sk: N(1) },
      },
      `${INVALID}The provided starting key does not match the range key predicate`,
    );
  });

  it('indexes that are not there, or cannot be read so', async () => {
    const input = { TableName: indexed, ...keyed('a = :v', { ':v': S('a') }) };
    await refuses(
      { ...input, IndexName: 'whatever' },
      `${INVALID}The table does not have the specified index: whatever`,
    );
    await refuses(
      { ...input, IndexName: 'global-all', ConsistentRead: true },
      `${INVALID}Consistent reads are not supported on global secondary indexes`,
    );
    await refuses(
      { ...input, IndexName: 'global-some', Select: 'ALL_ATTRIBUTES' },
      `${ONE}Select type ALL_ATTRIBUTES is not supported for global secondary index global-some ` +
        'because its projection type is not ALL',
    );
  });
});

describe('Query reads', () => {
  let table = '';
  before(async () => {
    table = await createTable(target, indexedTable(target.tableName('items')));
    const requests = Array.from({ length: 10 }, (_, at) => ({
      PutRequest: {
        Item: {
          pk: S('p'),
          sk: S(`s${at}`),
          a: S(at < 5 ? 'low' : 'high'),
          ...(at % 2 === 0 && { b: S(`b${9 - at}`) }),
          c: S('c'),
          d: S('d'),
        },
      },
    }));
    await target.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  });
  const query = async (input: Partial<QueryCommandInput>) =>
    target.client.send(new QueryCommand({ TableName: table, ...input }));
  const sortKeys = ({ Items }: { Items?: Record<string, { S?: string } | object>[] | undefined }) =>
    (Items ?? []).map((item) => (item.sk as { S: string }).S);
  const P = { ':p': S('p') };

  it('in the order of the range key, and the other way round', async () => {
    const all = await query({ KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: P });
    assert.deepEqual(sortKeys(all), ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9']);
    const back = await query({
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: P,
      ScanIndexForward: false,
      Limit: 2,
    });
    assert.deepEqual(sortKeys(back), ['s9', 's8']);
    assert.deepEqual(back.LastEvaluatedKey, { pk: S('p'), sk: S('s8') });
  });

  const ranges: readonly (readonly [text: string, values: readonly string[], found: readonly string[]])[] = [
    ['sk = :a', ['s3'], ['s3']],
    ['sk < :a', ['s2'], ['s0', 's1']],
    ['sk <= :a', ['s1'], ['s0', 's1']],
    ['sk > :a', ['s7'], ['s8', 's9']],
    [':a <= sk', ['s8'], ['s8', 's9']],
    ['sk BETWEEN :a AND :b', ['s3', 's5'], ['s3', 's4', 's5']],
    ['begins_with(sk, :a)', ['s9'], ['s9']],
  ];
  for (const [text, [a = '', b], found] of ranges) {
    it(text, async () => {
      const values = { ...P, ':a': S(a), ...(b !== undefined && { ':b': S(b) }) };
      const answer = await query({ KeyConditionExpression: `pk = :p AND ${text}`, ExpressionAttributeValues: values });
      assert.deepEqual(sortKeys(answer), found);
    });
  }

  it('a sparse local index by its own range key', async () => {
    const answer = await query({
      IndexName: 'local-some',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: P,
    });
    assert.deepEqual(sortKeys(answer), ['s8', 's6', 's4', 's2', 's0']);
    assert.deepEqual(answer.Items?.[0], { pk: S('p'), sk: S('s8'), a: S('high'), b: S('b1') });
  });

  it('from the table what a local index does not project', async () => {
    const answer = await query({
      IndexName: 'local-some',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: P,
      Select: 'ALL_ATTRIBUTES',
      Limit: 1,
      ReturnConsumedCapacity: 'INDEXES',
    });
    assert.deepEqual(answer.Items?.[0]?.d, S('d'));
    assert.deepEqual(answer.ConsumedCapacity, {
      TableName: table,
      CapacityUnits: 1,
      Table: { CapacityUnits: 0.5 },
      LocalSecondaryIndexes: { 'local-some': { CapacityUnits: 0.5 } },
    });
  });

  it('a global index page by page', async () => {
    const seen: string[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await query({
        IndexName: 'global-all',
        KeyConditionExpression: 'a = :a',
        ExpressionAttributeValues: { ':a': S('high') },
        Limit: 2,
        ...(start && { ExclusiveStartKey: start }),
      });
      seen.push(...sortKeys(page));
      start = page.LastEvaluatedKey;
      if (start) assert.deepEqual(Object.keys(start).sort(), ['a', 'pk', 'sk']);
    } while (start !== undefined);
    assert.deepEqual(seen.sort(), ['s5', 's6', 's7', 's8', 's9']);
  });

  it('what a filter lets through, projected', async () => {
    const answer = await query({
      KeyConditionExpression: 'pk = :p',
      FilterExpression: 'a = :a',
      ProjectionExpression: 'sk',
      ExpressionAttributeValues: { ...P, ':a': S('low') },
    });
    assert.deepEqual(
      answer.Items,
      ['s0', 's1', 's2', 's3', 's4'].map((sk) => ({ sk: S(sk) })),
    );
    assert.deepEqual([answer.Count, answer.ScannedCount], [5, 10]);
  });
});
