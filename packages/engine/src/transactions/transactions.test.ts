import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { EngineFixture } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';
import { DynamoError } from '../errors.js';

const KEY = [{ AttributeName: 'pk', KeyType: 'HASH' }];
const RANGED_KEY = [...KEY, { AttributeName: 'sk', KeyType: 'RANGE' }];
const S = (S: string) => ({ S });

let fixture: EngineFixture;

beforeEach(async () => {
  fixture = new EngineFixture();
  await fixture.run('CreateTable', {
    TableName: 'plain',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: KEY,
    BillingMode: 'PAY_PER_REQUEST',
  });
  await fixture.run('CreateTable', {
    TableName: 'ranged',
    AttributeDefinitions: ['pk', 'sk', 'date', 'cat'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: RANGED_KEY,
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-date',
        KeySchema: [...KEY, { AttributeName: 'date', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-cat',
        KeySchema: [{ AttributeName: 'cat', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
});

const put = (id: string, more: object = {}) => ({ Put: { TableName: 'plain', Item: { pk: S(id) }, ...more } });
const check = (id: string, condition: string, more: object = {}) => ({
  ConditionCheck: { TableName: 'plain', Key: { pk: S(id) }, ConditionExpression: condition, ...more },
});
const remove = (id: string, more: object = {}) => ({ Delete: { TableName: 'plain', Key: { pk: S(id) }, ...more } });
const update = (id: string, expression: string, values?: object, more: object = {}) => ({
  Update: {
    TableName: 'plain',
    Key: { pk: S(id) },
    UpdateExpression: expression,
    ...(values !== undefined && { ExpressionAttributeValues: values }),
    ...more,
  },
});

/** The answer as a client would read it. */
async function run(operation: string, input: object): Promise<Record<string, unknown>> {
  return JSON.parse(encodeOutput(await fixture.run(operation, input)).toString());
}

const write = (TransactItems: readonly object[], more: object = {}) =>
  run('TransactWriteItems', { TransactItems, ...more });

async function failure(operation: string, input: object): Promise<{ text: string; reasons?: unknown }> {
  try {
    await fixture.run(operation, input);
  } catch (error) {
    if (!(error instanceof DynamoError)) throw error;
    const text = `${error.code}: ${error.message}`;
    if (error.details.CancellationReasons === undefined) return { text };
    return { text, reasons: JSON.parse(JSON.stringify(error.details.CancellationReasons)) };
  }
  return { text: 'no error' };
}

const refused = (TransactItems: readonly object[], more: object = {}) =>
  failure('TransactWriteItems', { TransactItems, ...more });

const cancelled = (codes: string) =>
  `TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;

async function stored(id: string): Promise<unknown> {
  return (await run('GetItem', { TableName: 'plain', Key: { pk: S(id) } })).Item;
}

describe('TransactWriteItems', () => {
  it('carries out puts, updates, deletes and checks together', async () => {
    await write([put('kept'), put('changed'), put('deleted')]);
    const more = { ExpressionAttributeNames: { '#v': 'v' }, ConditionExpression: 'attribute_exists(pk)' };
    const answer = await write([
      check('kept', 'attribute_exists(pk)'),
      put('new'),
      update('changed', 'SET #v = :v', { ':v': { N: '1' } }, more),
      remove('deleted'),
    ]);
    assert.deepEqual(answer, {});
    assert.deepEqual(await stored('new'), { pk: S('new') });
    assert.deepEqual(await stored('changed'), { pk: S('changed'), v: { N: '1' } });
    assert.equal(await stored('deleted'), undefined);
  });

  it('does nothing when one condition fails, and names the reason of each action in order', async () => {
    await write([put('there', { Item: { pk: S('there'), v: { N: '5' } } })]);
    const absent = 'attribute_not_exists(pk)';
    const { text, reasons } = await refused([
      put('new'),
      put('there', { ConditionExpression: absent }),
      check('missing', 'attribute_exists(pk)', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      remove('other'),
    ]);
    assert.equal(text, cancelled('None, ConditionalCheckFailed, ConditionalCheckFailed, None'));
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    assert.deepEqual(reasons, [{ Code: 'None' }, failed, failed, { Code: 'None' }]);
    assert.equal(await stored('new'), undefined);
    const again = await refused([
      put('there', { ConditionExpression: absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ]);
    assert.deepEqual(again.reasons, [{ ...failed, Item: { pk: S('there'), v: { N: '5' } } }]);
  });

  it('gives what is wrong with one action as its reason', async () => {
    const one = 'One or more parameter values were invalid: ';
    const table = [
      [put('x', { Item: { pk: { N: '5' } } }), `${one}Type mismatch for key pk expected: S actual: N`],
      [put('x', { Item: { a: S('1') } }), `${one}Missing the key pk in the item`],
      [remove('x', { Key: { pk: { N: '5' } } }), 'The provided key element does not match the schema'],
      [
        update('x', 'SET pk = :v', { ':v': S('y') }),
        `${one}Cannot update attribute pk. This attribute is part of the key`,
      ],
      [update('x', 'SET a = b'), 'The provided expression refers to an attribute that does not exist in the item'],
      [
        update('x', 'SET a = :v', { ':v': S('x'.repeat(409_597)) }),
        'Item size to update has exceeded the maximum allowed size',
      ],
    ] as const;
    for (const [action, message] of table) {
      const { text, reasons } = await refused([put('fine'), action]);
      assert.equal(text, cancelled('None, ValidationError'));
      assert.deepEqual(reasons, [{ Code: 'None' }, { Code: 'ValidationError', Message: message }]);
    }
    assert.equal(await stored('fine'), undefined);
  });

  it('refuses outright what needs no item to be seen', async () => {
    const table = [
      [[put('a'), remove('a')], 'Transaction request cannot include multiple operations on one item'],
      [[{}], 'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request'],
      [[{ ...put('a'), ...remove('b') }], 'TransactItems can only contain one of Check, Put, Update or Delete'],
      [
        [put('a', { Item: { pk: S('a'), b: S('x'.repeat(409_597)) } })],
        'Item size has exceeded the maximum allowed size',
      ],
      [
        [put('')],
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
          'string value. Key: pk',
      ],
      [
        [put('a', { TableName: 'absent' }), check('b', 'a(')],
        'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("',
      ],
      [
        [
          put('a', { TableName: 'absent' }),
          check('b', 'attribute_exists(pk)', { ExpressionAttributeValues: { ':v': S('') } }),
        ],
        'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
      ],
    ] as const;
    for (const [actions, message] of table) {
      assert.equal((await refused(actions)).text, `ValidationException: ${message}`);
    }
    assert.equal(
      (await refused([put('a', { TableName: 'absent' })])).text,
      'ResourceNotFoundException: Requested resource not found',
    );
  });

  it('takes 100 actions and 4 MB, and no more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => put(`many ${at}`));
    await write(many(100));
    assert.match((await refused(many(101))).text, /Member must have length less than or equal to 100$/);
    const large = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        put(`large ${at}`, { Item: { pk: S(`l${at}`), v: S('x'.repeat(350_000)) } }),
      );
    await write(large(11));
    assert.match((await refused(large(12))).text, /^ValidationException: Transaction payload size cannot exceed 4MB/);
  });

  it('costs twice what its actions cost by themselves', async () => {
    const item = { pk: S('p'), sk: S('s'), date: S('d'), cat: S('c') };
    const answer = await write(
      [{ Put: { TableName: 'ranged', Item: item } }, put('a'), check('b', 'attribute_not_exists(pk)')],
      { ReturnConsumedCapacity: 'INDEXES', ReturnItemCollectionMetrics: 'SIZE' },
    );
    const two = { CapacityUnits: 2, WriteCapacityUnits: 2 };
    const four = { CapacityUnits: 4, WriteCapacityUnits: 4 };
    assert.deepEqual(answer.ConsumedCapacity, [
      {
        TableName: 'ranged',
        CapacityUnits: 6,
        WriteCapacityUnits: 6,
        Table: two,
        LocalSecondaryIndexes: { 'by-date': two },
        GlobalSecondaryIndexes: { 'by-cat': two },
      },
      { TableName: 'plain', ...four, Table: four },
    ]);
    assert.deepEqual(answer.ItemCollectionMetrics, {
      ranged: [{ ItemCollectionKey: { pk: S('p') }, SizeEstimateRangeGB: [0, 1] }],
    });
    const total = await write([put('a')], { ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(total.ConsumedCapacity, [{ TableName: 'plain', ...two }]);
  });

  it('carries out the same request under the same token once in ten minutes', async () => {
    const request = [update('counter', 'ADD n :one', { ':one': { N: '1' } })];
    const token = { ClientRequestToken: 'token-1', ReturnConsumedCapacity: 'TOTAL' };
    const counted = async () => (await stored('counter')) as Record<string, unknown>;
    await write(request, token);
    const repeated = await write(request, token);
    assert.deepEqual((await counted()).n, { N: '1' });
    assert.deepEqual(repeated.ConsumedCapacity, [{ TableName: 'plain', CapacityUnits: 2, ReadCapacityUnits: 2 }]);
    assert.match((await refused([put('counter')], token)).text, /^IdempotentParameterMismatchException: /);
    await fixture.restart('killed');
    await write(request, token);
    assert.deepEqual((await counted()).n, { N: '1' });
    fixture.clock.advance(10 * 60 * 1000);
    await write(request, token);
    assert.deepEqual((await counted()).n, { N: '2' });
  });

  it('takes a cancelled request again under its token, but no other one', async () => {
    const token = { ClientRequestToken: 'token-2' };
    const request = [check('later', 'attribute_exists(pk)'), put('follower')];
    assert.equal((await refused(request, token)).text, cancelled('ConditionalCheckFailed, None'));
    assert.match((await refused([put('other')], token)).text, /^IdempotentParameterMismatchException: /);
    await write([put('later')]);
    await write(request, token);
    assert.deepEqual(await stored('follower'), { pk: S('follower') });
    const another = { ClientRequestToken: 'token-3' };
    await refused([check('never', 'attribute_exists(pk)')], another);
    fixture.clock.advance(10 * 60 * 1000);
    await write([put('other')], another);
  });

  it('costs a repetition what reading the larger of both images costs, whatever the items have become', async () => {
    const token = { ClientRequestToken: 'token-4', ReturnConsumedCapacity: 'TOTAL' };
    const large = (id: string) => ({ Put: { TableName: 'plain', Item: { pk: S(id), data: S('x'.repeat(8190)) } } });
    await write([large('shrunk'), large('gone')]);
    const request = [put('shrunk'), { Delete: { TableName: 'plain', Key: { pk: S('gone') } } }];
    await write(request, token);
    const cost = [{ TableName: 'plain', CapacityUnits: 12, ReadCapacityUnits: 12 }];
    assert.deepEqual((await write(request, token)).ConsumedCapacity, cost);
    await write([large('gone')]);
    await fixture.restart('killed');
    assert.deepEqual((await write(request, token)).ConsumedCapacity, cost);
  });

  it('tells the same request from another by what it means, and by the answer that it asks for', async () => {
    const token = { ClientRequestToken: 'token-5' };
    const counted = (n: string) => ({
      Put: { TableName: 'plain', Item: { pk: S('counted'), n: { N: n }, set: { NS: [n] } } },
    });
    await write([counted('1')], token);
    for (const same of ['1.0', '1e0', '01', '+1']) await write([counted(same)], token);
    await write([counted('1')], { ...token, ReturnConsumedCapacity: 'NONE', ReturnItemCollectionMetrics: 'NONE' });
    const { Put } = counted('1');
    await write([{ Put: { ...Put, ReturnValuesOnConditionCheckFailure: 'NONE' } }], token);
    for (const more of [{ ReturnConsumedCapacity: 'TOTAL' }, { ReturnItemCollectionMetrics: 'SIZE' }]) {
      const { text } = await refused([counted('1')], { ...token, ...more });
      assert.match(text, /^IdempotentParameterMismatchException: /);
    }
  });

  it('does not keep tokens that have expired', async () => {
    const tokens = () => [...fixture.store.range({ start: 'Di', end: 'Dj' })].length;
    const round = async (name: string) => {
      for (let at = 0; at < 64; at++) await write([put('a')], { ClientRequestToken: `${name} ${at}` });
    };
    await round('one');
    assert.equal(tokens(), 64);
    fixture.clock.advance(11 * 60 * 1000);
    await round('two');
    await round('three');
    assert.equal(tokens(), 128);
  });
});

describe('TransactGetItems', () => {
  const get = (id: string, more: object = {}) => ({ Get: { TableName: 'plain', Key: { pk: S(id) }, ...more } });
  const read = (TransactItems: readonly object[], more: object = {}) =>
    run('TransactGetItems', { TransactItems, ...more });

  it('answers for each key in order, projected where asked', async () => {
    await write([put('a', { Item: { pk: S('a'), v: S('1'), w: S('2') } })]);
    const answer = await read([get('a', { ProjectionExpression: 'w' }), get('none'), get('a2')], {
      ReturnConsumedCapacity: 'INDEXES',
    });
    assert.deepEqual(answer.Responses, [{ Item: { w: S('2') } }, {}, {}]);
    const six = { CapacityUnits: 6, ReadCapacityUnits: 6 };
    assert.deepEqual(answer.ConsumedCapacity, [{ TableName: 'plain', ...six, Table: six }]);
    assert.deepEqual((await read([get('a')])).Responses, [{ Item: { pk: S('a'), v: S('1'), w: S('2') } }]);
  });

  it('refuses keys that do not fit, repeated keys, and absent tables', async () => {
    const refusedRead = (TransactItems: readonly object[]) => failure('TransactGetItems', { TransactItems });
    const { text, reasons } = await refusedRead([get('a'), get('b', { Key: {} })]);
    assert.equal(text, cancelled('None, ValidationError'));
    assert.deepEqual(reasons, [
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ]);
    assert.equal(
      (await refusedRead([get('a'), get('a')])).text,
      'ValidationException: Transaction request cannot include multiple operations on one item',
    );
    assert.equal(
      (await refusedRead([get('a', { TableName: 'absent' })])).text,
      'ResourceNotFoundException: Requested resource not found',
    );
  });
});
