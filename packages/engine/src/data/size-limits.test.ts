import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataFixture, index, table } from './data-fixture.js';

const LOCAL = table('local', 'pk sk', [
  index('LSI', 'all', 'pk a'),
  index('LSI', 'keys', 'pk b', { type: 'KEYS_ONLY' }),
]);
const PLAIN = table('plain', 'pk');
const fixture = new DataFixture([LOCAL, PLAIN]);
const S = (length: number) => ({ S: 'x'.repeat(length) });
const PUT_TOO_LARGE = 'ValidationException: Item size has exceeded the maximum allowed size';
const UPDATE_TOO_LARGE = 'ValidationException: Item size to update has exceeded the maximum allowed size';

describe('the limit of 400 KB', () => {
  it('holds to the byte for an item put', async () => {
    const put = (bytes: number) =>
      fixture.error('PutItem', { TableName: 'plain', Item: { pk: S(3), v: S(bytes - 6) } });
    assert.equal(await put(409_600), 'no error');
    assert.equal(await put(409_601), PUT_TOO_LARGE);
  });

  it('counts the entries of local indexes', async () => {
    const put = (more: object) =>
      fixture.error('PutItem', { TableName: 'local', Item: { pk: S(3), sk: S(3), ...more } });
    assert.equal(await put({ v: S(250_000) }), 'no error');
    assert.equal(await put({ v: S(250_000), b: S(3) }), 'no error');
    assert.equal(await put({ v: S(204_780), a: S(3) }), 'no error');
    assert.equal(await put({ v: S(250_000), a: S(3) }), PUT_TOO_LARGE);
    const update = {
      TableName: 'local',
      Key: { pk: S(3), sk: S(3) },
      UpdateExpression: 'SET v = :v, a = :a',
      ExpressionAttributeValues: { ':v': S(250_000), ':a': S(3) },
    };
    assert.equal(await fixture.error('UpdateItem', update), UPDATE_TOO_LARGE);
    const batch = {
      RequestItems: { local: [{ PutRequest: { Item: { pk: S(3), sk: S(3), v: S(250_000), a: S(3) } } }] },
    };
    assert.equal(await fixture.error('BatchWriteItem', batch), PUT_TOO_LARGE);
  });

  it('holds for what an UpdateItem writes, the fixed costs of its clauses included', async () => {
    const update = (bytes: number) =>
      fixture.error('UpdateItem', {
        TableName: 'plain',
        Key: { pk: S(1) },
        UpdateExpression: 'SET b = :v',
        ExpressionAttributeValues: { ':v': S(bytes) },
      });
    const most = 409_600 - 3 - 19 - 1;
    assert.equal(await update(most), 'no error');
    assert.equal(await update(most + 1), UPDATE_TOO_LARGE);
  });
});

describe('names and values of expressions', () => {
  it('may have 2 MB together', async () => {
    const scan = (count: number) =>
      fixture.error('Scan', {
        TableName: 'plain',
        FilterExpression: `pk IN (${Array.from({ length: count }, (_, at) => `:v${at}`).join(',')})`,
        ExpressionAttributeValues: Object.fromEntries(
          Array.from({ length: count }, (_, at) => [`:v${at}`, S(300_000)]),
        ),
      });
    assert.equal(await scan(6), 'no error');
    assert.equal(await scan(7), 'ValidationException: ExpressionAttributeValues exceeds max size');
  });
});

describe('paths into key attributes', () => {
  const scalars = (kind: string) =>
    "ValidationException: Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
    kind;
  const key = { pk: S(1), sk: S(1) };

  it('are refused in projections, filters and updates', async () => {
    const get = (ProjectionExpression: string) =>
      fixture.error('GetItem', { TableName: 'local', Key: key, ProjectionExpression });
    assert.equal(await get('sk.x'), scalars('Key: sk'));
    assert.equal(await get('v.x, b[0]'), scalars('IndexKey: b'));
    assert.equal(await get('v.x'), 'no error');
    const filter = { FilterExpression: 'attribute_exists(pk.x)' };
    assert.equal(await fixture.error('Scan', { TableName: 'local', ...filter }), scalars('Key: pk'));
    const update = { TableName: 'local', Key: key, UpdateExpression: 'REMOVE a.x' };
    assert.equal(await fixture.error('UpdateItem', update), scalars('IndexKey: a'));
  });

  it('are refused in conditions of writes', async () => {
    const write = (operation: 'PutItem' | 'DeleteItem' | 'UpdateItem', ConditionExpression: string, more: object) =>
      fixture.error(operation, { TableName: 'local', ConditionExpression, ...more });
    assert.equal(await write('PutItem', 'attribute_not_exists(pk.x)', { Item: key }), scalars('Key: pk'));
    assert.equal(await write('DeleteItem', 'attribute_not_exists(b[1])', { Key: key }), scalars('IndexKey: b'));
    const update = { Key: key, UpdateExpression: 'REMOVE v' };
    assert.equal(await write('UpdateItem', 'attribute_not_exists(a.x.y)', update), scalars('IndexKey: a'));
    assert.equal(await write('UpdateItem', 'attribute_not_exists(v.x)', update), 'no error');
  });
});
