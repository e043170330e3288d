import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';
import { VALUE_FAULTS } from './support/value-faults.js';

const ONE = `${INVALID}One or more parameter values were invalid: `;
const NOT_FOUND = 'ResourceNotFoundException: Requested resource not found';
const update = (text: string) => `${INVALID}Invalid UpdateExpression: ${text}`;
const S = (text: string) => ({ S: text });

const target = new Target();
let hash = '';
let indexed = '';
let keys = 0;

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const refuses = (input: Json, error: string | RegExp) =>
  expectRefusal(target, 'UpdateItem', { TableName: 'abc', Key: {}, ...input }, error);

/** The key of an item that no other test uses. */
function newKey(): { pk: { S: string } } {
  keys++;
  return { pk: S(`key ${keys}`) };
}

async function itemAt(key: { pk: { S: string } }): Promise<unknown> {
  const { Item } = await target.client.send(new GetItemCommand({ TableName: hash, Key: key, ConsistentRead: true }));
  return Item;
}

const change = (input: Partial<UpdateItemCommandInput> & Pick<UpdateItemCommandInput, 'Key'>) =>
  target.client.send(new UpdateItemCommand({ TableName: hash, ...input }));

describe('UpdateItem refuses members that do not go together', () => {
  it('expressions with their predecessors', () =>
    refuses(
      {
        Key: { a: {} },
        Expected: { a: {} },
        AttributeUpdates: {},
        ExpressionAttributeNames: {},
        ExpressionAttributeValues: {},
        ConditionExpression: '',
        UpdateExpression: '',
      },
      `${INVALID}Can not use both expression and non-expression parameters in the same request: ` +
        'Non-expression parameters: {AttributeUpdates, Expected} ' +
        'Expression parameters: {UpdateExpression, ConditionExpression}',
    ));

  it('substitutions without expressions', async () => {
    const members = { Key: { a: {} }, Expected: { a: {} }, ExpressionAttributeValues: {} };
    await refuses(
      { ...members, ExpressionAttributeNames: {} },
      `${INVALID}ExpressionAttributeNames can only be specified when using expressions`,
    );
    await refuses(
      members,
      `${INVALID}ExpressionAttributeValues can only be specified when using expressions: ` +
        'UpdateExpression and ConditionExpression are null',
    );
  });

  it('unknown enums, of which it names the first alone', () =>
    refuses(
      { ReturnValues: 'INVALID', ReturnConsumedCapacity: 'INVALID' },
      `${INVALID}1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: ` +
        '[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]',
    ));
});

describe('UpdateItem refuses values that are none', () => {
  const open = { UpdateExpression: '', ConditionExpression: '' };
  for (const [value, message] of VALUE_FAULTS) {
    it(JSON.stringify(value), async () => {
      await refuses(
        { ...open, Key: { a: value }, ExpressionAttributeNames: {}, ExpressionAttributeValues: {} },
        `${INVALID}${message}`,
      );
      await refuses(
        { ...open, ExpressionAttributeValues: { ':b': value } },
        `${INVALID}ExpressionAttributeValues contains invalid value: ${message} for key :b`,
      );
    });
  }
});

describe('UpdateItem refuses substitutions that are none', () => {
  const open = { UpdateExpression: '', ConditionExpression: '' };
  const syntax = (member: string, key: string) =>
    `${INVALID}${member} contains invalid key: Syntax error; key: "${key}"`;

  it('empty ones', async () => {
    await refuses(
      { ...open, ExpressionAttributeNames: {}, ExpressionAttributeValues: {} },
      `${INVALID}ExpressionAttributeNames must not be empty`,
    );
    await refuses({ ...open, ExpressionAttributeValues: {} }, `${INVALID}ExpressionAttributeValues must not be empty`);
  });

  it('placeholders of another form', async () => {
    await refuses({ ...open, ExpressionAttributeNames: { a: 'a' } }, syntax('ExpressionAttributeNames', 'a'));
    const values = { ':b': { a: '' }, b: S('a') };
    await refuses({ ...open, ExpressionAttributeValues: values }, syntax('ExpressionAttributeValues', 'b'));
  });

  it('what no expression uses', async () => {
    await refuses(
      {
        UpdateExpression: 'remove a set b = list_append(b, if_not_exists(a, :a))',
        ConditionExpression: 'a = :b',
        ExpressionAttributeValues: { ':a': S('a'), ':b': S('a') },
        ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      },
      `${INVALID}Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}`,
    );
    await refuses(
      {
        UpdateExpression: 'remove a',
        ConditionExpression: 'a = :b',
        ExpressionAttributeValues: { ':a': S('a'), ':b': S('a'), ':c': S('a') },
      },
      /^ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:[ac], :[ac]}$/,
    );
  });
});

describe('UpdateItem refuses expressions that are none', () => {
  it('empty ones, the update first', async () => {
    await refuses({ UpdateExpression: '', ConditionExpression: '' }, update('The expression can not be empty;'));
    await refuses(
      { ConditionExpression: '' },
      `${INVALID}Invalid ConditionExpression: The expression can not be empty;`,
    );
  });

  const malformed = [
    'whatever',
    'set a',
    'add a',
    'delete a',
    'set a=set',
    'remove a = b',
    'add a = b',
    'delete a = b',
    'delete a b',
    'delete a if_not_exist(b)',
    'add abort b',
    'add a if_not_exist(b)',
    'remove a b',
    'set a b',
    'set :a = b',
    'add :a b',
    'delete :a b',
    'remove :a',
    'set a = b / c',
    'set a = b * c',
    'set a[1] = "eight"',
    'set a[1] = 1',
    'SET a = if_not_exist(a, 100)',
    'SET if_not_exist(a, b) = a',
    'set (a = (b + c))',
    'set a = (b.c).d + e',
    'set a = (b.c)[0] + e',
    'set a = b + c + d',
  ];
  for (const text of malformed) {
    it(text, () =>
      refuses({ UpdateExpression: text }, /^ValidationException: Invalid UpdateExpression: Syntax error; /),
    );
  }

  const VALUES = { ':a': S('a'), ':b': S('a') };
  const NAMES = { '#a': 'a', '#b': 'b' };
  const wrong: readonly [text: string, fault: string][] = [
    [' set #c = :c set abOrt = true ', 'Attribute name is a reserved keyword; reserved keyword: abOrt'],
    [' remove Absolute ', 'Attribute name is a reserved keyword; reserved keyword: Absolute'],
    ['set #c = if_not_exist(:c) set c = d', 'Invalid function name; function: if_not_exist'],
    ['set a = #c set c = :d', 'The "SET" section can only be used once in an update expression;'],
    ['remove #d set a = b remove e', 'The "REMOVE" section can only be used once in an update expression;'],
    ['add #d :e set a = b add e :f', 'The "ADD" section can only be used once in an update expression;'],
    ['delete #d :e set a = b delete #e :f', 'The "DELETE" section can only be used once in an update expression;'],
    [
      'SET #c = if_not_exists(:c)',
      'An expression attribute name used in the document path is not defined; attribute name: #c',
    ],
    [
      'SET #a = if_not_exists(:c)',
      'An expression attribute value used in expression is not defined; attribute value: :c',
    ],
    [
      'set a = if_not_exists(c)',
      'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    ],
    [
      'set a = list_append(c)',
      'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1',
    ],
    [
      'set a = if_not_exists(:a, c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'set a = if_not_exists(if_not_exists(a, b), c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
  ];
  for (const [text, fault] of wrong) {
    it(text, () =>
      refuses(
        { UpdateExpression: text, ExpressionAttributeValues: VALUES, ExpressionAttributeNames: NAMES },
        update(fault),
      ),
    );
  }
});

describe('UpdateItem refuses paths that do not go together', () => {
  const cases: readonly [text: string, relation: 'overlap' | 'conflict', one: string, two: string][] = [
    ['set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)', 'overlap', '[c, [1], a]', '[c]'],
    ['set #c[3].#d = a, #c[3] = a', 'overlap', '[c, [3], [3]]', '[c, [3]]'],
    ['set #c[3].#d = a, #c.#d[3] = if_not_exists(a)', 'conflict', '[c, [3], [3]]', '[c, [3], [3]]'],
    ['remove a.#c set a[1] = #d', 'conflict', '[a, c]', '[a, [1]]'],
  ];
  for (const [text, relation, one, two] of cases) {
    it(text, () =>
      refuses(
        { UpdateExpression: text, ExpressionAttributeNames: { '#c': 'c', '#d': '[3]' } },
        update(
          `Two document paths ${relation} with each other; must remove or rewrite one of these paths; ` +
            `path one: ${one}, path two: ${two}`,
        ),
      ),
    );
  }
});

describe('UpdateItem refuses operands of other types', () => {
  const typed: readonly [text: string, value: object, action: string, type: string][] = [
    ['set b = list_append(:a, a), c = if_not_exists(a) add a.b :a', S('a'), 'ADD', 'STRING'],
    ['delete a.b :a', S('a'), 'DELETE', 'STRING'],
    ['add a.b :a', { NULL: '1' }, 'ADD', 'NULL'],
    ['delete a.b :a', { NULL: 'yes' }, 'DELETE', 'NULL'],
    ['add a.b :a', { BOOL: '0' }, 'ADD', 'BOOLEAN'],
    ['delete a.b :a', { BOOL: 'false' }, 'DELETE', 'BOOLEAN'],
    ['add a.b :a', { B: 'YQ==' }, 'ADD', 'BINARY'],
    ['add a.b :a', { M: { a: { L: [{ N: '1' }] } } }, 'ADD', 'MAP'],
    ['add a.b :a', { L: [{ N: '1' }] }, 'ADD', 'LIST'],
    ['delete a.b :a', { N: '1' }, 'DELETE', 'NUMBER'],
  ];
  for (const [text, value, action, type] of typed) {
    it(`${text} with ${type}`, () =>
      refuses(
        { UpdateExpression: text, ExpressionAttributeValues: { ':a': value } },
        update(
          `Incorrect operand type for operator or function; operator: ${action}, operand type: ${type}, ` +
            `typeSet: ALLOWED_FOR_${action}_OPERAND`,
        ),
      ));
  }

  const VALUES = {
    ':a': S('a'),
    ':b': { N: '1' },
    ':c': { B: 'YQ==' },
    ':d': { BOOL: 'no' },
    ':e': { NULL: 'true' },
    ':f': { SS: ['a'] },
    ':g': { NS: ['1'] },
    ':h': { BS: ['YQ=='] },
    ':i': { M: {} },
    ':j': { L: [] },
  };
  const types: Readonly<Record<string, string>> = {
    ':a': 'S',
    ':b': 'N',
    ':c': 'B',
    ':d': 'BOOL',
    ':e': 'NULL',
    ':f': 'SS',
    ':g': 'NS',
    ':h': 'BS',
    ':i': 'M',
    ':j': 'L',
  };
  for (const [placeholder, type] of Object.entries(types)) {
    const fault = (operator: string) =>
      update(
        `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
      );
    const expressions: [string, string][] = [];
    if (type !== 'L') expressions.push([`set a = list_append(a, ${placeholder})`, 'list_append']);
    if (type !== 'N') expressions.push([`set a = a + ${placeholder}`, '+'], [`set a = ${placeholder} - a`, '-']);
    for (const [text, operator] of expressions) {
      it(text, () => refuses({ UpdateExpression: text, ExpressionAttributeValues: VALUES }, fault(operator)));
    }
  }
});

describe('UpdateItem refuses AttributeUpdates and Expected that are wrong', () => {
  it('values that are missing', async () => {
    await refuses(
      { Expected: { a: {} }, AttributeUpdates: { a: { x: 'whatever' } } },
      `${ONE}Only DELETE action is allowed when no attribute value is specified`,
    );
    const must = (state: string) => `${ONE}Value must be provided when Exists is ${state} for Attribute: a`;
    await refuses({ Expected: { a: {} } }, must('null'));
    await refuses({ Expected: { a: { Exists: true } } }, must('true'));
    await refuses(
      { Expected: { a: { Exists: false, Value: S('a') } } },
      `${ONE}Value cannot be used when Exists is false for Attribute: a`,
    );
  });

  for (const value of [S('1'), { N: '1' }, { B: 'Yg==' }, { NULL: true }, { BOOL: true }, { M: {} }, { L: [] }]) {
    const type = Object.keys(value)[0] ?? '';
    it(`types that no action takes: ${type}`, async () => {
      const of = (Action: string) => ({ AttributeUpdates: { a: { Action, Value: value } } });
      await refuses(of('DELETE'), `${ONE}DELETE action with value is not supported for the type ${type}`);
      if (type === 'N' || type === 'L') return;
      await refuses(of('ADD'), `${ONE}ADD action is not supported for the type ${type}`);
    });
  }
});

describe('UpdateItem refuses what does not fit the table', () => {
  const mismatch = `${INVALID}The provided key element does not match the schema`;
  const keyCases = [
    {},
    { b: S('a') },
    { pk: S('a'), b: S('a') },
    { pk: { B: 'abcd' } },
    { pk: { N: '1' } },
    { pk: { BOOL: true } },
    { pk: { NULL: true } },
    { pk: { SS: ['a'] } },
    { pk: { M: {} } },
    { pk: { L: [] } },
  ];
  for (const key of keyCases)
    it(`the key ${JSON.stringify(key)}`, () => refuses({ TableName: hash, Key: key }, mismatch));

  it('a table that is not there', () => refuses({ TableName: 'not-there' }, NOT_FOUND));

  const partOfKey: readonly Json[] = [
    { AttributeUpdates: { pk: { Value: S('x') } } },
    { UpdateExpression: 'add pk.b :a', ExpressionAttributeValues: { ':a': { N: '1' } } },
    { UpdateExpression: 'delete pk :a', ExpressionAttributeValues: { ':a': { NS: ['1'] } } },
    { UpdateExpression: 'remove d set b = :a, pk = :a', ExpressionAttributeValues: { ':a': { N: '1' } } },
    { UpdateExpression: 'set pk = pk.b + pk[1]' },
  ];
  for (const members of partOfKey) {
    it(`the key written: ${members.UpdateExpression ?? 'AttributeUpdates'}`, () =>
      refuses(
        { TableName: hash, Key: newKey(), ...members },
        `${ONE}Cannot update attribute pk. This attribute is part of the key`,
      ));
  }

  const key = { pk: S('x'), sk: S('x') };
  const indexTypes: readonly Json[] = [
    { AttributeUpdates: { b: { Value: { N: '1' } } } },
    { UpdateExpression: 'set a.x = z add b :a', ExpressionAttributeValues: { ':a': { N: '1' } } },
    { UpdateExpression: 'set e = b[1], b = z + :a', ExpressionAttributeValues: { ':a': { N: '1' } } },
  ];
  for (const members of indexTypes) {
    it(`an index key of another type: ${members.UpdateExpression ?? 'AttributeUpdates'}`, () =>
      refuses(
        { TableName: indexed, Key: key, ...members },
        `${ONE}Type mismatch for Index Key b Expected: S Actual: N IndexName: global-some`,
      ));
  }

  const indexPaths: readonly Json[] = [
    { UpdateExpression: 'add b.x :a', ExpressionAttributeValues: { ':a': { N: '1' } } },
    { UpdateExpression: 'set b[1] = :a', ExpressionAttributeValues: { ':a': { N: '1' } } },
    { UpdateExpression: 'set e = list_append(y, z), f = b[1]' },
  ];
  for (const members of indexPaths) {
    it(`a path into an index key: ${members.UpdateExpression}`, () =>
      refuses(
        { TableName: indexed, Key: key, ...members },
        `${INVALID}Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ` +
          'IndexKey: b',
      ));
  }

  it('an index key taken from an attribute of another type', async () => {
    const Key = { pk: S('index'), sk: S('from') };
    await change({
      TableName: indexed,
      Key,
      UpdateExpression: 'set e = :a',
      ExpressionAttributeValues: { ':a': { N: '1' } },
    });
    await refuses(
      { TableName: indexed, Key, UpdateExpression: 'set a = e' },
      `${INVALID}The update expression attempted to update the secondary index key to unsupported type`,
    );
  });

  it('an empty index key', () =>
    refuses(
      { TableName: indexed, Key: key, UpdateExpression: 'SET a = :v', ExpressionAttributeValues: { ':v': S('') } },
      `${INVALID}One or more parameter values are not valid. The update expression attempted to update a secondary ` +
        'index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ' +
        'string value.',
    ));
});

describe('UpdateItem refuses what does not fit the item', () => {
  it('operands of other types', async () => {
    const Key = newKey();
    await target.client.send(
      new PutItemCommand({
        TableName: hash,
        Item: { ...Key, b: { M: { a: { SS: ['1'] } } }, c: { N: '1' }, d: { NS: ['1'] }, s: S('x') },
      }),
    );
    const cases: readonly [string, object][] = [
      ['delete d :a', { SS: ['1'] }],
      ['delete b :a', { NS: ['1'] }],
      ['delete b.a :a', { NS: ['1'] }],
      ['delete b.a :a', { BS: ['YQ=='] }],
      ['delete c :a', { NS: ['1'] }],
      ['add b :a', { NS: ['1'] }],
      ['add d :a', { N: '1' }],
      ['set e = s + :a', { N: '1' }],
      ['set e = b - :a', { N: '1' }],
      ['set e = list_append(d, if_not_exists(f, :a))', { L: [] }],
    ];
    for (const [text, value] of cases) {
      await refuses(
        { TableName: hash, Key, UpdateExpression: text, ExpressionAttributeValues: { ':a': value } },
        `${INVALID}An operand in the update expression has an incorrect data type`,
      );
    }
    for (const [attribute, Action, Value] of [
      ['d', 'DELETE', { SS: ['1'] }],
      ['c', 'DELETE', { NS: ['1'] }],
      ['d', 'ADD', { N: '1' }],
    ] as const) {
      await refuses(
        { TableName: hash, Key, AttributeUpdates: { [attribute]: { Action, Value } } },
        `${INVALID}Type mismatch for attribute to update`,
      );
    }
  });

  it('attributes that are not there', async () => {
    for (const text of ['set c = b', 'set e = list_append(b, c)']) {
      await refuses(
        { TableName: hash, Key: newKey(), UpdateExpression: text },
        `${INVALID}The provided expression refers to an attribute that does not exist in the item`,
      );
    }
  });

  it('paths that lead nowhere', async () => {
    const Key = newKey();
    const Item = { ...Key, b: S('x'), c: { M: { 1: S('a') } }, d: { L: [S('a'), S('b')] } };
    await target.client.send(new PutItemCommand({ TableName: hash, Item }));
    const paths = ['b.a', 'b[1]', 'y.a', 'y[1]', 'c[1]', 'd.#1'];
    const actions = paths.flatMap((path) => [
      `set ${path} = :a`,
      `remove ${path}`,
      `delete ${path} :a`,
      `add ${path} :a`,
    ]);
    for (const action of actions) {
      const usesName = action.includes('#1');
      await refuses(
        {
          TableName: hash,
          Key,
          UpdateExpression: action,
          ...(usesName && { ExpressionAttributeNames: { '#1': '1' } }),
          ...(action.includes(':a') && { ExpressionAttributeValues: { ':a': { SS: ['a'] } } }),
        },
        `${INVALID}The document path provided in the update expression is invalid for update`,
      );
    }
  });

  it('an item that grows too large', async () => {
    const updates = {
      b: { Action: 'PUT', Value: S('a'.repeat(409_599)) },
      c: { Action: 'PUT', Value: { N: '1'.repeat(38) + '0'.repeat(88) } },
    };
    await refuses(
      { TableName: hash, Key: newKey(), AttributeUpdates: updates },
      `${INVALID}Item size to update has exceeded the maximum allowed size`,
    );
  });
});

describe('UpdateItem with values from before expressions that nest too deeply', () => {
  let value: Json = S('leaf');
  for (let level = 0; level < 32; level++) value = { M: { inner: value } };

  it('refuses to store them', () =>
    refuses(
      { TableName: hash, Key: newKey(), AttributeUpdates: { b: { Action: 'PUT', Value: value } } },
      `${INVALID}Nesting Levels have exceeded supported limits: ` +
        'Attributes in the item have nested levels beyond supported limit',
    ));

  it('compares with them', () =>
    refuses(
      { TableName: hash, Key: newKey(), Expected: { b: { Value: value } } },
      'ConditionalCheckFailedException: The conditional request failed',
    ));
});

describe('UpdateItem changes', () => {
  it('nothing but makes the item, without an expression', async () => {
    const Key = newKey();
    assert.equal((await change({ Key, ReturnValues: 'ALL_OLD' })).Attributes, undefined);
    assert.deepEqual(await itemAt(Key), Key);
  });

  it('nothing, where it only takes away from an item that is not there', async () => {
    const c = { ':c': { SS: ['a'] } };
    for (const update of [
      { UpdateExpression: 'REMOVE b' },
      { UpdateExpression: 'REMOVE b DELETE c :c', ExpressionAttributeValues: c },
      { UpdateExpression: 'REMOVE b.d, e[2]' },
      { UpdateExpression: 'REMOVE e[0].d[1] DELETE b.d :c', ExpressionAttributeValues: c },
      { AttributeUpdates: { b: { Action: 'DELETE' as const } } },
      { AttributeUpdates: { b: { Action: 'DELETE' as const, Value: { NS: ['4'] } } } },
    ]) {
      const Key = newKey();
      assert.equal((await change({ Key, ...update, ReturnValues: 'ALL_NEW' })).Attributes, undefined);
      assert.equal(await itemAt(Key), undefined);
    }
  });

  it('what actions say, on an item that is not there', async () => {
    for (const UpdateExpression of [
      'REMOVE b DELETE c :c ADD d :d, e :e SET f = :f',
      'ADD e :e,d :d DELETE c :c REMOVE b SET f = :f',
    ]) {
      const Key = newKey();
      const list = { L: [S('a'), { N: '1' }] };
      const { Attributes } = await change({
        Key,
        UpdateExpression,
        ExpressionAttributeValues: { ':c': { SS: ['a', 'b'] }, ':d': { N: '5' }, ':e': { SS: ['a', 'b'] }, ':f': list },
        ReturnValues: 'UPDATED_NEW',
      });
      const expected = { d: { N: '5' }, e: { SS: ['a', 'b'] }, f: list };
      assert.deepEqual(Attributes, expected);
      assert.deepEqual(await itemAt(Key), { ...Key, ...expected });
    }
  });

  it('numbers, sets, lists and maps', async () => {
    const Key = newKey();
    const Item = {
      ...Key,
      n: { N: '1.5' },
      s: { SS: ['a', 'b'] },
      l: { L: [S('0'), S('1'), S('2')] },
      m: { M: { x: S('x') } },
    };
    await target.client.send(new PutItemCommand({ TableName: hash, Item }));
    const { Attributes } = await change({
      Key,
      UpdateExpression: 'SET n = n - :one, l[1] = :v, l[9] = :w, m.y = if_not_exists(m.y, :v) REMOVE l[0] DELETE s :a',
      ExpressionAttributeValues: { ':one': { N: '1' }, ':v': S('v'), ':w': S('w'), ':a': { SS: ['a'] } },
      ReturnValues: 'ALL_NEW',
    });
    assert.deepEqual(Attributes, {
      ...Key,
      n: { N: '0.5' },
      s: { SS: ['b'] },
      l: { L: [S('v'), S('2'), S('w')] },
      m: { M: { x: S('x'), y: S('v') } },
    });
    await change({ Key, UpdateExpression: 'DELETE s :b', ExpressionAttributeValues: { ':b': { SS: ['b'] } } });
    assert.equal(((await itemAt(Key)) as Json).s, undefined);
  });

  it('and answers with what was and what is', async () => {
    const Key = newKey();
    const set = (v: string, ReturnValues: UpdateItemCommandInput['ReturnValues']) =>
      change({
        Key,
        UpdateExpression: 'SET m.x = :v, c = :c',
        ExpressionAttributeValues: { ':v': S(v), ':c': S('c') },
        ReturnValues,
      });
    await target.client.send(
      new PutItemCommand({ TableName: hash, Item: { ...Key, m: { M: { x: S('0'), y: S('y') } } } }),
    );
    assert.deepEqual((await set('1', 'UPDATED_OLD')).Attributes, { m: { M: { x: S('0') } } });
    assert.deepEqual((await set('2', 'UPDATED_NEW')).Attributes, { m: { M: { x: S('2') } }, c: S('c') });
    assert.deepEqual((await set('3', 'ALL_OLD')).Attributes, { ...Key, m: { M: { x: S('2'), y: S('y') } }, c: S('c') });
    assert.equal((await set('4', 'NONE')).Attributes, undefined);
  });

  it('nothing when its condition does not hold', async () => {
    const conditions: readonly Json[] = [
      { Expected: { pk: { Value: S('other') } } },
      { Expected: { pk: { ComparisonOperator: 'NOT_NULL' } } },
      { ConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': S('other') } },
      { ConditionExpression: 'attribute_exists(pk)' },
    ];
    for (const condition of conditions) {
      const Key = newKey();
      await refuses(
        { TableName: hash, Key, ...condition },
        'ConditionalCheckFailedException: The conditional request failed',
      );
      assert.equal(await itemAt(Key), undefined);
    }
  });
});
