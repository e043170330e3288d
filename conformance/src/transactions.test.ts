import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  GetItemCommand,
  PutItemCommand,
  type TransactGetItem,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';

const ONE = 'One or more parameter values were invalid: ';
const NOT_VALID = 'One or more parameter values are not valid. ';
const MISMATCH = 'The provided key element does not match the schema';
const DETECTED = `${INVALID}1 validation error detected: `;
const NOT_FOUND = 'ResourceNotFoundException: Requested resource not found';
const TWICE = `${INVALID}Transaction request cannot include multiple operations on one item`;
const S = (text: string) => ({ S: text });

const target = new Target();
let hash = '';
let binary = '';
let indexed = '';

before(async () => {
  hash = await createTable(target, simpleTable(target.tableName('hash'), 'S'));
  binary = await createTable(target, simpleTable(target.tableName('binary'), 'B'));
  indexed = await createTable(target, indexedTable(target.tableName('indexed')));
});

const write = (TransactItems: TransactWriteItem[], more: Partial<TransactWriteItemsCommandInput> = {}) =>
  target.client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
const put = (id: string, more: Json = {}) => ({ Put: { TableName: hash, Item: { pk: S(id), ...more } } });

async function itemAt(id: string): Promise<unknown> {
  const command = new GetItemCommand({ TableName: hash, Key: { pk: S(id) }, ConsistentRead: true });
  return (await target.client.send(command)).Item;
}

/** The reasons for which a transaction was cancelled. */
async function reasonsOf(sent: Promise<unknown>): Promise<TransactionCanceledException['CancellationReasons']> {
  const error = await sent.then(
    () => assert.fail('the transaction was carried out'),
    (failure: TransactionCanceledException) => failure,
  );
  assert.equal(error.name, 'TransactionCanceledException');
  const codes = error.CancellationReasons?.map(({ Code }) => Code).join(', ');
  assert.equal(
    error.message,
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
  );
  return error.CancellationReasons;
}

describe('TransactWriteItems refuses', () => {
  const refuses = (TransactItems: unknown, error: string | RegExp, more: Json = {}) =>
    expectRefusal(target, 'TransactWriteItems', { TransactItems, ...more }, error);
  const check = (text: string, more: Json = {}) => ({
    ConditionCheck: { TableName: hash, Key: { pk: S('check') }, ConditionExpression: text, ...more },
  });
  const absent = { Put: { TableName: 'not-there', Item: { pk: S('a') } } };

  it('no actions, and too many', async () => {
    await refuses(
      [],
      `${DETECTED}Value '[]' at 'transactItems' failed to satisfy constraint: ` +
        'Member must have length greater than or equal to 1',
    );
    const many = Array.from({ length: 101 }, (_, at) => put(`many ${at}`));
    await refuses(
      many,
      /^ValidationException: 1 validation error detected: Value '\[.+\]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/s,
    );
  });

  it('members that are missing or unknown', async () => {
    const missing = (action: string, member: string) =>
      new RegExp(
        `Value null at 'transactItems.1.member.${action}.${member}' failed to satisfy constraint: Member must not be null`,
      );
    await refuses([{ Put: {} }], missing('put', 'item'));
    await refuses([{ Delete: {} }], missing('delete', 'key'));
    await refuses([{ Update: {} }], missing('update', 'updateExpression'));
    await refuses([{ ConditionCheck: {} }], missing('conditionCheck', 'conditionExpression'));
    const capacity =
      "Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [INDEXES, TOTAL, NONE]';
    await refuses([absent], `${DETECTED}${capacity}`, { ReturnConsumedCapacity: 'BOGUS' });
    await refuses(
      [put('a'), put('a')],
      `${INVALID}2 validation errors detected: ${capacity}; ` +
        "Value 'BOGUS2' at 'returnItemCollectionMetrics' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [SIZE, NONE]',
      { ReturnConsumedCapacity: 'BOGUS', ReturnItemCollectionMetrics: 'BOGUS2' },
    );
  });

  it('two actions on one item', async () => {
    await refuses([put('twice'), put('twice')], TWICE);
    await refuses([put('twice'), { Delete: { TableName: hash, Key: { pk: S('twice') } } }], TWICE);
  });

  it('a table that is not there', () => refuses([absent], NOT_FOUND));

  it('expressions that are none, before tables that are not there', async () => {
    await refuses(
      [absent, check('attribute_not_exists(')],
      `${INVALID}Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("`,
    );
    const unused = check('attribute_exists(pk)', { ExpressionAttributeValues: { ':v': S('x') } });
    const error = `${INVALID}Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}`;
    await refuses([absent, unused], error);
    await refuses([unused, absent], error);
    await refuses([put('check'), unused], error);
  });

  it('the first of several faults in the order of the actions', async () => {
    let deep: unknown = S('leaf');
    for (let level = 0; level < 32; level++) deep = { M: { n: deep } };
    const tooDeep = { Put: { TableName: hash, Item: { pk: S('deep'), deep } } };
    const nesting =
      `${INVALID}Nesting Levels have exceeded supported limits: ` +
      'Attributes in the item have nested levels beyond supported limit';
    await refuses([tooDeep, check('attribute_not_exists(')], nesting);
    await refuses([check('attribute_not_exists('), tooDeep], /Invalid ConditionExpression: Syntax error/);
  });

  it('empty keys outright', async () => {
    const emptyKey = (type: string) =>
      `${INVALID}${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty ${type} value. Key: pk`;
    for (const [table, pk, type] of [
      [hash, S(''), 'string'],
      [binary, { B: '' }, 'binary'],
    ] as const) {
      const Key = { pk };
      await refuses([{ Put: { TableName: table, Item: Key } }], emptyKey(type));
      await refuses([{ Delete: { TableName: table, Key } }], emptyKey(type));
      await refuses([{ Update: { TableName: table, Key, UpdateExpression: 'REMOVE a' } }], emptyKey(type));
      await refuses(
        [{ ConditionCheck: { TableName: table, Key, ConditionExpression: 'attribute_exists(pk)' } }],
        emptyKey(type),
      );
    }
  });

  it('empty index keys outright', async () => {
    const Key = { pk: S('i'), sk: S('i') };
    const empty = 'The AttributeValue for a key attribute cannot contain an empty string value.';
    await refuses(
      [{ Put: { TableName: indexed, Item: { ...Key, a: S('') } } }],
      `${INVALID}${NOT_VALID}A value specified for a secondary index key is not supported. ${empty} ` +
        'IndexName: global-all, IndexKey: a',
    );
    const values = { ':v': S('') };
    await refuses(
      [{ Update: { TableName: indexed, Key, UpdateExpression: 'SET a = :v', ExpressionAttributeValues: values } }],
      `${INVALID}${NOT_VALID}The update expression attempted to update a secondary index key to a value that is not ` +
        `supported. ${empty}`,
    );
  });

  it('an item that is too large, outright', () =>
    refuses(
      [put('large', { v: S('x'.repeat(409_600)) })],
      `${INVALID}Item size has exceeded the maximum allowed size`,
    ));

  it('items of more than 4 MB together', async () => {
    const large = (count: number) =>
      Array.from({ length: count }, (_, at) => put(`large ${at}`, { v: S('x'.repeat(350_000)) }));
    await refuses(large(12), /^ValidationException: /);
    await write(large(10));
  });
});

describe('TransactWriteItems cancels', () => {
  it('with the reason of each action in its place', async () => {
    await write([put('there', { v: S('old') })]);
    const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
    const reasons = await reasonsOf(
      write([
        put('new'),
        { Put: { ...put('there').Put, ...condition } },
        { ConditionCheck: { TableName: hash, Key: { pk: S('gone') }, ConditionExpression: 'attribute_exists(pk)' } },
        {
          Delete: {
            TableName: hash,
            Key: { pk: S('other') },
            ConditionExpression: 'attribute_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ]),
    );
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    assert.deepEqual(reasons, [{ Code: 'None' }, failed, failed, failed]);
    assert.equal(await itemAt('new'), undefined);
    assert.deepEqual(await itemAt('there'), { pk: S('there'), v: S('old') });
  });

  it('with the item that failed, when asked', async () => {
    await write([put('asked', { v: S('old') })]);
    const action = {
      Update: {
        TableName: hash,
        Key: { pk: S('asked') },
        UpdateExpression: 'SET v = :v',
        ConditionExpression: 'v = :w',
        ExpressionAttributeValues: { ':v': S('new'), ':w': S('other') },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    };
    const reasons = await reasonsOf(write([action]));
    assert.deepEqual(reasons?.[0]?.Item, { pk: S('asked'), v: S('old') });
  });

  it('for what is wrong with one action alone', async () => {
    const Key = { pk: S('i'), sk: S('i') };
    const mismatch = (type: string) =>
      `${ONE}Type mismatch for Index Key a Expected: S Actual: ${type} IndexName: global-all`;
    const set = (value: object) => ({
      Update: {
        TableName: indexed,
        Key,
        UpdateExpression: 'SET a = :v',
        ExpressionAttributeValues: { ':v': value },
      },
    });
    const list = { L: [S('x')] };
    const cases: readonly (readonly [action: unknown, message: string])[] = [
      [{ Put: { TableName: hash, Item: { pk: { N: '5' } } } }, `${ONE}Type mismatch for key pk expected: S actual: N`],
      [{ Put: { TableName: hash, Item: { pk: list } } }, `${ONE}Type mismatch for key pk expected: S actual: L`],
      [{ Delete: { TableName: hash, Key: { pk: { N: '5' } } } }, MISMATCH],
      [{ Delete: { TableName: hash, Key: { pk: list } } }, MISMATCH],
      [{ Update: { TableName: hash, Key: { pk: { N: '5' } }, UpdateExpression: 'REMOVE a' } }, MISMATCH],
      [
        { ConditionCheck: { TableName: hash, Key: { pk: list }, ConditionExpression: 'attribute_exists(pk)' } },
        MISMATCH,
      ],
      [{ Put: { TableName: indexed, Item: { ...Key, a: { N: '5' } } } }, mismatch('N')],
      [{ Put: { TableName: indexed, Item: { ...Key, a: list } } }, mismatch('L')],
      [set({ N: '5' }), mismatch('N')],
      [set(list), mismatch('L')],
      [
        {
          Update: {
            TableName: hash,
            Key: { pk: S('grows') },
            UpdateExpression: 'SET v = :v',
            ExpressionAttributeValues: { ':v': S('x'.repeat(409_600)) },
          },
        },
        'Item size to update has exceeded the maximum allowed size',
      ],
    ];
    for (const [action, Message] of cases) {
      const reasons = await reasonsOf(write([action as TransactWriteItem]));
      assert.deepEqual(reasons, [{ Code: 'ValidationError', Message }]);
    }
  });

  it('nothing for an update of exactly 400 KB', async () => {
    const action = {
      TableName: hash,
      Key: { pk: S('exact') },
      UpdateExpression: 'SET v = :v',
      ExpressionAttributeValues: { ':v': S('x'.repeat(409_600 - 8)) },
    };
    await write([{ Update: action }]);
  });
});

describe('TransactWriteItems', () => {
  it('writes several tables together', async () => {
    await write([put('changed', { n: { N: '1' } }), put('deleted')]);
    await write([
      put('created'),
      { Put: { TableName: indexed, Item: { pk: S('t'), sk: S('t') } } },
      {
        Update: {
          TableName: hash,
          Key: { pk: S('changed') },
          UpdateExpression: 'ADD n :one',
          ConditionExpression: '(attribute_exists(pk)) AND (n < :ten)',
          ExpressionAttributeValues: { ':one': { N: '1' }, ':ten': { N: '10' } },
        },
      },
      { Delete: { TableName: hash, Key: { pk: S('deleted') } } },
    ]);
    assert.deepEqual(await itemAt('created'), { pk: S('created') });
    assert.deepEqual(await itemAt('changed'), { pk: S('changed'), n: { N: '2' } });
    assert.equal(await itemAt('deleted'), undefined);
  });

  it('takes names and values that belong to no expression', async () => {
    const ExpressionAttributeNames = { '#none': 'zz' };
    const ExpressionAttributeValues = { ':none': { N: '1' } };
    const at = { TableName: hash };
    await write([
      { Put: { ...at, Item: { pk: S('named') }, ExpressionAttributeNames } },
      { Put: { ...at, Item: { pk: S('valued') }, ExpressionAttributeValues } },
    ]);
    const Get = { ...at, Key: { pk: S('named') }, ExpressionAttributeNames };
    const { Responses } = await target.client.send(new TransactGetItemsCommand({ TransactItems: [{ Get }] }));
    assert.deepEqual(Responses, [{ Item: { pk: S('named') } }]);
    await write([
      { Delete: { ...at, Key: { pk: S('named') }, ExpressionAttributeValues } },
      { Delete: { ...at, Key: { pk: S('valued') }, ExpressionAttributeNames } },
    ]);
    assert.deepEqual(await Promise.all(['named', 'valued'].map(itemAt)), [undefined, undefined]);
  });

  it('costs two units for each KB', async () => {
    const { ConsumedCapacity } = await write([put('cost 1'), put('cost 2')], { ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(ConsumedCapacity, [{ TableName: hash, CapacityUnits: 4, WriteCapacityUnits: 4 }]);
  });

  it('is carried out once for one token', async () => {
    const ClientRequestToken = `token-${process.pid}`;
    const add: TransactWriteItem[] = [
      {
        Update: {
          TableName: hash,
          Key: { pk: S('once') },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
    ];
    await write(add, { ClientRequestToken });
    await write(add, { ClientRequestToken });
    assert.deepEqual(await itemAt('once'), { pk: S('once'), n: { N: '1' } });
    await assert.rejects(write([put('once')], { ClientRequestToken }), {
      name: 'IdempotentParameterMismatchException',
    });
  });
});

describe('TransactGetItems', () => {
  const get = (id: string, more: Json = {}) => ({ Get: { TableName: hash, Key: { pk: S(id) }, ...more } });
  const read = (...items: TransactGetItem[]) =>
    target.client.send(new TransactGetItemsCommand({ TransactItems: items, ReturnConsumedCapacity: 'INDEXES' }));
  const refuses = (TransactItems: unknown, error: string | RegExp) =>
    expectRefusal(target, 'TransactGetItems', { TransactItems }, error);

  it('answers for each key in its place', async () => {
    await target.client.send(new PutItemCommand({ TableName: hash, Item: { pk: S('got'), v: S('v'), w: S('w') } }));
    const { Responses, ConsumedCapacity } = await read(get('got'), get('absent'));
    assert.deepEqual(Responses, [{ Item: { pk: S('got'), v: S('v'), w: S('w') } }, {}]);
    const units = { CapacityUnits: 4, ReadCapacityUnits: 4 };
    assert.deepEqual(ConsumedCapacity, [{ TableName: hash, ...units, Table: units }]);
    const projected = await read(get('got', { ProjectionExpression: '#w', ExpressionAttributeNames: { '#w': 'w' } }));
    assert.deepEqual(projected.Responses, [{ Item: { w: S('w') } }]);
  });

  it('refuses what TransactWriteItems refuses', async () => {
    await refuses(
      [],
      `${DETECTED}Value '[]' at 'transactItems' failed to satisfy constraint: ` +
        'Member must have length greater than or equal to 1',
    );
    const many = Array.from({ length: 101 }, (_, at) => get(`many ${at}`));
    await refuses(many, /Member must have length less than or equal to 100$/);
    await refuses([get('a'), get('a')], TWICE);
    await refuses([get('a', { TableName: 'not-there' })], NOT_FOUND);
    await refuses(
      [get('a', { ProjectionExpression: '!!!' })],
      `${INVALID}Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"`,
    );
  });

  it('is cancelled by a key that does not fit', async () => {
    const reasons = await reasonsOf(read(get('a'), get('b', { Key: {} })));
    assert.deepEqual(reasons, [{ Code: 'None' }, { Code: 'ValidationError', Message: MISMATCH }]);
  });
});
