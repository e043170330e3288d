import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { DataFixture, index, table } from './data-fixture.js';

const GSI = index('GSI', 'by-cat', 'cat', { type: 'KEYS_ONLY' });
const Key = { pk: { S: 'p' } };

let fixture: DataFixture;
beforeEach(() => {
  fixture = new DataFixture([table('t', 'pk', [GSI])]);
});

const update = (UpdateExpression: string, values: object = {}, more: object = {}) =>
  fixture.run('UpdateItem', request(UpdateExpression, values, more));
const error = (UpdateExpression: string, values: object = {}, more: object = {}) =>
  fixture.error('UpdateItem', request(UpdateExpression, values, more));

function request(UpdateExpression: string, values: object, more: object): Record<string, unknown> {
  const hasValues = Object.keys(values).length > 0;
  return { TableName: 't', Key, UpdateExpression, ...(hasValues && { ExpressionAttributeValues: values }), ...more };
}

describe('UpdateItem', () => {
  it('makes an item of a key alone', async () => {
    assert.deepEqual(await fixture.run('UpdateItem', { TableName: 't', Key, ReturnValues: 'ALL_NEW' }), {
      Attributes: Key,
    });
    assert.deepEqual((await fixture.run('GetItem', { TableName: 't', Key })).Item, Key);
  });

  it('gives back what each kind of ReturnValues names', async () => {
    const values = { ':a': { S: 'x' }, ':m': { M: { x: { S: '1' }, y: { S: '2' } } } };
    assert.deepEqual(await update('SET a = :a, m = :m', values, { ReturnValues: 'UPDATED_OLD' }), {});
    assert.deepEqual(await update('SET m.x = :b', { ':b': { S: '3' } }, { ReturnValues: 'UPDATED_OLD' }), {
      Attributes: { m: { M: { x: { S: '1' } } } },
    });
    assert.deepEqual(await update('SET m.x = :b REMOVE a', { ':b': { S: '4' } }, { ReturnValues: 'UPDATED_NEW' }), {
      Attributes: { m: { M: { x: { S: '4' } } } },
    });
    assert.deepEqual(await update('SET n = :n', { ':n': { N: '1' } }, { ReturnValues: 'ALL_OLD' }), {
      Attributes: { ...Key, m: { M: { x: { S: '4' }, y: { S: '2' } } } },
    });
  });

  it('leaves the item alone when its condition fails, and shows it when asked', async () => {
    await update('SET a = :a', { ':a': { S: 'x' } });
    const input = request('SET a = :b', { ':b': { S: 'y' } }, { ConditionExpression: 'attribute_not_exists(a)' });
    await assert.rejects(
      fixture.run('UpdateItem', { ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      (error: Error & { details?: unknown }) => {
        assert.equal(error.name, 'ConditionalCheckFailedException');
        assert.equal(error.message, 'The conditional request failed');
        assert.deepEqual(JSON.parse(JSON.stringify(error.details)), { Item: { ...Key, a: { S: 'x' } } });
        return true;
      },
    );
    assert.deepEqual((await fixture.run('GetItem', { TableName: 't', Key })).Item, { ...Key, a: { S: 'x' } });
  });

  it('moves index entries', async () => {
    const scan = async () => (await fixture.run('Scan', { TableName: 't', IndexName: 'by-cat' })).Items;
    await update('SET cat = :c', { ':c': { S: 'c' } });
    assert.deepEqual(await scan(), [{ ...Key, cat: { S: 'c' } }]);
    await update('REMOVE cat');
    assert.deepEqual(await scan(), []);
  });

  it('refuses to change the key', async () => {
    const message =
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key';
    assert.equal(await error('SET pk = :a', { ':a': { S: 'x' } }), `ValidationException: ${message}`);
  });

  it('refuses index keys that cannot be, in the words for given and for computed values', async () => {
    assert.equal(
      await error('SET cat = :n', { ':n': { N: '1' } }),
      'ValidationException: One or more parameter values were invalid: ' +
        'Type mismatch for Index Key cat Expected: S Actual: N IndexName: by-cat',
    );
    await update('SET n = :n', { ':n': { N: '1' } });
    assert.equal(
      await error('SET cat = n'),
      'ValidationException: The update expression attempted to update the secondary index key to unsupported type',
    );
    assert.match(
      await error('SET cat = :e', { ':e': { S: '' } }),
      /secondary index key to a value that is not supported/,
    );
  });

  it('refuses to grow an item above 400 KB', async () => {
    await update('SET a = :a', { ':a': { S: 'x'.repeat(300 * 1024) } });
    assert.equal(
      await error('SET b = :b', { ':b': { S: 'x'.repeat(200 * 1024) } }),
      'ValidationException: Item size to update has exceeded the maximum allowed size',
    );
  });

  it('consumes for the larger of the old and the new item', async () => {
    await update('SET a = :a', { ':a': { S: 'x'.repeat(3000) } });
    const answer = await update('REMOVE a', {}, { ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(answer.ConsumedCapacity, { TableName: 't', CapacityUnits: 3 });
  });
});
