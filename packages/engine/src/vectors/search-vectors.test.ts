import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@tablewright/testkit';
import { item, numbers, SCHEMA, type VectorFixture, vectorFixture, vectorIndex } from './vector-fixture.js';

const ALONG_X = numbers(1, 0, 0);

async function threeDistances(): Promise<VectorFixture> {
  const shop = vectorFixture();
  await shop.table(
    ['COSINE', 'EUCLIDEAN', 'DOT_PRODUCT'].map((DistanceFunction) =>
      vectorIndex(DistanceFunction, { DistanceFunction }),
    ),
  );
  await shop.put(item('same', [1, 0, 0], { label: { S: 'one' } }));
  await shop.put(item('right-angle', [0, 1, 0]));
  await shop.put(item('opposite', [-1, 0, 0]));
  await shop.put(item('between', [0.6, 0.8, 0]));
  await shop.put({ pk: { S: 'none' }, label: { S: 'without a vector' } });
  return shop;
}

test('scores are those of the three distances, best first, in 32 bits', async () => {
  const shop = await threeDistances();
  const scores = async (IndexName: string) =>
    (await shop.search({ IndexName, SearchVector: ALONG_X })).map(({ Item, Score }) => [
      (Item.pk as { S: string }).S,
      Score,
    ]);
  assert.deepEqual(await scores('COSINE'), [
    ['same', 0],
    ['between', Math.fround(1 - Math.fround(0.6) / Math.sqrt(Math.fround(0.6) ** 2 + Math.fround(0.8) ** 2))],
    ['right-angle', 1],
    ['opposite', 2],
  ]);
  assert.deepEqual(await scores('EUCLIDEAN'), [
    ['same', 0],
    ['between', Math.fround(Math.sqrt((1 - Math.fround(0.6)) ** 2 + Math.fround(0.8) ** 2))],
    ['right-angle', Math.fround(Math.SQRT2)],
    ['opposite', 2],
  ]);
  assert.deepEqual(await scores('DOT_PRODUCT'), [
    ['same', 1],
    ['between', Math.fround(0.6)],
    ['right-angle', 0],
    ['opposite', -1],
  ]);
});

test('the edges of numbers: zeros have no direction, sums stay in range, parallels score 0', async () => {
  const shop = vectorFixture();
  await shop.table([
    vectorIndex('cosine', { Dimensions: 2 }),
    vectorIndex('euclid', { Dimensions: 2, DistanceFunction: 'EUCLIDEAN' }),
    vectorIndex('dot', { Dimensions: 2, DistanceFunction: 'DOT_PRODUCT' }),
  ]);
  await shop.put(item('zero', [0, 0]));
  await shop.put(item('huge', [3.4e38, -3.4e38]));
  await shop.put(item('tiny', [1e-23, -1e-23]));
  const score = async (IndexName: string, pk: string, ...vector: number[]) =>
    (await shop.search({ IndexName, SearchVector: numbers(...vector) })).find(
      ({ Item }) => (Item.pk as { S: string }).S === pk,
    )?.Score;
  const largest = 3.4028234663852886e38;
  assert.equal(await score('cosine', 'zero', 1, 1), 1);
  assert.equal(await score('cosine', 'huge', 2, -2), 0);
  assert.equal(await score('cosine', 'tiny', 3, -3), 0);
  assert.equal(await score('euclid', 'huge', -3.4e38, 3.4e38), largest);
  assert.equal(await score('dot', 'huge', -3.4e38, 3.4e38), -largest);
  assert.equal(await score('dot', 'huge', 3.4e38, 3.4e38), 0);
});

test('an item comes without its vector, unless that is asked for: then as the index has it', async () => {
  const shop = vectorFixture();
  await shop.table([
    vectorIndex('all'),
    vectorIndex('keys', { Projection: { ProjectionType: 'KEYS_ONLY' } }),
    vectorIndex('some', { Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['label'] } }),
  ]);
  const embedding = { L: [{ N: '0.1' }, { N: '16777217' }, { N: '1.000000059604644775390625' }] };
  await shop.put({ pk: { S: 'a' }, label: { S: 'l' }, rest: { M: { deep: { N: '1' } } }, embedding });
  const shown = async (IndexName: string, more: object = {}) =>
    (await shop.search({ IndexName, SearchVector: numbers(1, 1, 1), ...more }))[0]?.Item;
  const whole = { pk: { S: 'a' }, label: { S: 'l' }, rest: { M: { deep: { N: '1' } } } };
  assert.deepEqual(await shown('all'), whole);
  assert.deepEqual(await shown('keys'), { pk: { S: 'a' } });
  assert.deepEqual(await shown('some'), { pk: { S: 'a' }, label: { S: 'l' } });
  assert.deepEqual(await shown('all', { ProjectionExpression: 'rest.deep, embedding[1]' }), {
    rest: { M: { deep: { N: '1' } } },
    embedding: { L: [{ N: '16777216.0' }] },
  });
  assert.deepEqual(
    await shown('keys', { ProjectionExpression: 'label, #e', ExpressionAttributeNames: { '#e': 'embedding' } }),
    {
      embedding: { L: [{ N: '0.1' }, { N: '16777216.0' }, { N: '1.0' }] },
    },
  );
  const { Item } = await shop.run('GetItem', { TableName: 'orders', Key: { pk: { S: 'a' } } });
  assert.deepEqual(JSON.parse(JSON.stringify(Item)).embedding, embedding);
});

test('a partition key and filters narrow the search; equal numbers are equal however they are written', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('scoped', SCHEMA.index)], { AttributeDefinitions: SCHEMA.definitions });
  for (const [pk, tenant, grade] of [
    ['a', 't1', '1'],
    ['b', 't1', '2'],
    ['c', 't2', '1'],
  ] as const) {
    await shop.put(item(pk, [1, 0, 0], { tenant: { S: tenant }, grade: { N: grade } }));
  }
  await shop.put(item('no-grade', [1, 0, 0], { tenant: { S: 't1' } }));
  await shop.put(item('no-tenant', [1, 0, 0], { grade: { N: '1' } }));
  const found = (SearchConditionExpression: string, values: object) =>
    shop.keys({
      IndexName: 'scoped',
      SearchVector: ALONG_X,
      SearchConditionExpression,
      ExpressionAttributeValues: values,
    });
  const t1 = { ':t': { S: 't1' } };
  assert.deepEqual((await found('tenant = :t', t1)).sort(), ['a', 'b', 'no-grade']);
  assert.deepEqual(await found('tenant = :t', { ':t': { S: 't3' } }), []);
  assert.deepEqual(await found('(tenant = :t) AND :r = grade', { ...t1, ':r': { N: '1.0e0' } }), ['a']);
  assert.deepEqual(await found('grade = :r AND tenant = :t', { ...t1, ':r': { N: '9' } }), []);
});

test('what a search must not ask', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('plain'), vectorIndex('scoped', SCHEMA.index)], {
    AttributeDefinitions: SCHEMA.definitions,
  });
  const refuses = (input: Record<string, unknown>, message: string) =>
    shop.refuses(
      'SearchVectors',
      { TableName: 'orders', IndexName: 'plain', SearchVector: ALONG_X, TopK: 1, ...input },
      'ValidationException',
      message,
    );
  const where = (SearchConditionExpression: string, ExpressionAttributeValues: object = { ':t': { S: 't' } }) => ({
    IndexName: 'scoped',
    SearchConditionExpression,
    ExpressionAttributeValues,
  });
  const badVector =
    'Search vector contains invalid values. All values in the search vector must be a 32-bit floating-point number attribute';
  const comparator = 'Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression';
  const operator = 'Invalid SearchConditionExpression: Invalid operator used in SearchConditionExpression';
  await refuses(
    { TopK: 101 },
    "Provided TopK value '101' is out of valid range. The value must be between 1 and 100 inclusive",
  );
  await refuses(
    { TopK: 0 },
    "1 validation error detected: Value at 'TopK' failed to satisfy constraint: Member must have value greater than or equal to 1",
  );
  await refuses(
    { IndexName: 'ab' },
    "1 validation error detected: Value at 'IndexName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  );
  await refuses(
    { SearchVector: [] },
    "1 validation error detected: Value at 'SearchVector' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
  await refuses({ SearchVector: [{ L: ALONG_X }] }, badVector);
  await refuses({ SearchVector: [{ N: '1' }, { S: 'x' }, { N: '0' }] }, badVector);
  await refuses({ SearchVector: numbers(1, 0, 3.5e38) }, badVector);
  await refuses(
    { SearchVector: numbers(1, 0) },
    'Input search vector dimension 2 does not match vector index dimension 3',
  );
  await refuses({ IndexName: 'absent' }, 'The table does not have the specified index: absent');
  await refuses(
    where('tenant = :t') && {
      SearchConditionExpression: 'tenant = :t',
      ExpressionAttributeValues: { ':t': { S: 't' } },
    },
    'SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid attribute: tenant',
  );
  await refuses({ IndexName: 'scoped' }, 'SearchConditionExpression must be provided when SearchSchema has a HASH key');
  await refuses(
    where('grade = :r', { ':r': { N: '1' } }),
    'SearchConditionExpression must have all HASH attributes in configured SearchSchema',
  );
  await refuses(
    where('tenant = :t', { ':t': { N: '1' } }),
    "Type of 'tenant' attribute in SearchConditionExpression (N) does not match type in search schema (S)",
  );
  await refuses(
    where('tenant = :t', { ':t': { S: '' } }),
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: tenant',
  );
  for (const text of ['tenant < :t', 'tenant <> :t', 'tenant = :t AND grade >= :t'])
    await refuses(where(text), comparator);
  for (const text of [
    'tenant IN (:t)',
    'tenant BETWEEN :t AND :t',
    'tenant = :t OR grade = :t',
    'NOT tenant = :t',
    'begins_with(tenant, :t)',
    'tenant = grade',
  ]) {
    await refuses(where(text), operator);
  }
  await refuses(
    where('tenant.x = :t'),
    'Invalid SearchConditionExpression: SearchConditionExpression cannot have conditions on nested attributes',
  );
  await refuses(
    where('tenant = :t AND tenant = :t'),
    'Invalid SearchConditionExpression: SearchConditionExpression must only contain one condition per attribute',
  );
  await refuses(
    where('tenant = :x'),
    'Invalid SearchConditionExpression: An expression attribute value used in expression is not defined; attribute value: :x',
  );
  await refuses(
    { ...where('tenant = :t'), ExpressionAttributeValues: { ':t': { S: 't' }, ':u': { S: 'u' } } },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:u}',
  );
  const bare = { IndexName: 'plain', SearchVector: ALONG_X, TopK: 1 };
  const column = JSON.stringify(bare).length;
  await shop.refuses(
    'SearchVectors',
    bare,
    'ValidationException',
    `missing field \`TableName\` at line 1 column ${column}`,
  );
  for (const [name, expected] of [
    ['TableName', 'a string'],
    ['IndexName', 'a string'],
    ['SearchVector', 'a sequence'],
    ['TopK', 'i32'],
  ]) {
    const input = { TableName: 'absent', ...bare, [name as string]: null };
    const end = JSON.stringify(input).indexOf('null') + 'null'.length;
    const message = `invalid type: null, expected ${expected} at line 1 column ${end}`;
    await shop.refuses('SearchVectors', input, 'SerializationException', message);
  }
  const fraction = { TableName: 'absent', ...bare, TopK: 3.5 };
  await shop.refuses(
    'SearchVectors',
    fraction,
    'SerializationException',
    `invalid type: floating point \`3.5\`, expected i32 at line 1 column ${JSON.stringify(fraction).length - '}'.length}`,
  );
  await shop.refuses(
    'SearchVectors',
    { ...bare, TableName: 'absent' },
    'ResourceNotFoundException',
    'Requested resource not found',
  );
});

test('vector indexes can be searched, and nothing else', async () => {
  const shop = await threeDistances();
  const read = { TableName: 'orders', IndexName: 'COSINE' };
  const query = { ...read, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'a' } } };
  await shop.refuses('Query', query, 'ValidationException', 'Query operation not supported on this index type.');
  await shop.refuses(
    'Query',
    { ...query, ConsistentRead: true },
    'ValidationException',
    'Consistent reads are not supported on global secondary indexes',
  );
  for (const ConsistentRead of [false, true]) {
    await shop.refuses(
      'Scan',
      { ...read, ConsistentRead },
      'ValidationException',
      'Scan operation not supported on this index type',
    );
  }
  await shop.refuses(
    'ExecuteStatement',
    { Statement: 'SELECT * FROM "orders"."COSINE"' },
    'ValidationException',
    'Scan operation not supported on this index type',
  );
});

const NAIVE: Record<string, (a: readonly number[], b: readonly number[]) => number> = {
  COSINE: (a, b) => 1 - dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))),
  EUCLIDEAN: (a, b) => Math.hypot(...a.map((one, at) => one - (b[at] ?? 0))),
  DOT_PRODUCT: (a, b) => -dot(a, b),
};

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, one, at) => sum + one * (b[at] ?? 0), 0);
}

for (const how of ['stopped', 'killed'] as const) {
  test(`random vectors are found as a naive search finds them, also by an engine that begins anew (${how})`, async () => {
    const random = new SeededRandom(how.length);
    const dimensions = 24;
    const vector = () => Array.from({ length: dimensions }, () => Math.fround(random.next() * 2 - 1));
    const shop = vectorFixture();
    await shop.table(
      Object.keys(NAIVE).map((DistanceFunction) =>
        vectorIndex(DistanceFunction, { DistanceFunction, Dimensions: dimensions, ...SCHEMA.index }),
      ),
      { AttributeDefinitions: SCHEMA.definitions },
    );
    const known = new Map<string, { vector: number[]; tenant: string; grade: number }>();
    for (let step = 0; step < 400; step++) {
      const pk = `item-${random.integer(0, 150)}`;
      if (random.next() < 0.2) {
        known.delete(pk);
        await shop.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: pk } } });
        continue;
      }
      const one = { vector: vector(), tenant: `t${random.integer(0, 2)}`, grade: random.integer(0, 2) };
      known.set(pk, one);
      await shop.put(item(pk, one.vector, { tenant: { S: one.tenant }, grade: { N: String(one.grade) } }));
    }
    await shop.restart(how);
    await shop.engine.idle();
    for (let round = 0; round < 30; round++) {
      const name = random.pick(Object.keys(NAIVE));
      const wanted = vector();
      const [tenant, grade] = [`t${random.integer(0, 2)}`, random.integer(0, 2)];
      const byRank = random.next() < 0.5;
      const expected = [...known]
        .filter(([, one]) => one.tenant === tenant && (!byRank || one.grade === grade))
        .map(([pk, one]) => ({ pk, distance: NAIVE[name]?.(wanted, one.vector) ?? 0 }))
        .sort((one, other) => one.distance - other.distance)
        .map(({ pk }) => pk);
      const TopK = random.integer(1, 40);
      const keys = await shop.keys({
        IndexName: name,
        TopK,
        SearchVector: numbers(...wanted),
        SearchConditionExpression: byRank ? 'tenant = :t AND #r = :r' : 'tenant = :t',
        ...(byRank && { ExpressionAttributeNames: { '#r': 'grade' } }),
        ExpressionAttributeValues: { ':t': { S: tenant }, ...(byRank && { ':r': { N: String(grade) } }) },
      });
      assert.deepEqual(keys, expected.slice(0, TopK));
    }
    const { ItemCount, IndexSizeBytes } = (await shop.vectorIndex('COSINE')) ?? {};
    assert.equal(ItemCount, known.size);
    const { TableSizeBytes } = await shop.describe();
    assert.ok(Number(IndexSizeBytes) > 0 && Number(IndexSizeBytes) < Number(TableSizeBytes));
  });
}

test('a large index is searched in slices, between which others have their turn', async () => {
  const shop = vectorFixture();
  await shop.table([vectorIndex('large', { Dimensions: 4096, DistanceFunction: 'EUCLIDEAN' })]);
  const far = Array.from({ length: 4096 }, () => 1);
  for (let n = 0; n < 300; n++) await shop.put(item(`${n}`, [n, ...far.slice(1)]));
  const SearchVector = numbers(123.4, ...far.slice(1));
  let isDone = false;
  const wasDone = new Promise((resolve) => setImmediate(() => resolve(isDone)));
  const search = shop.keys({ IndexName: 'large', SearchVector, TopK: 4 }).finally(() => {
    isDone = true;
  });
  assert.equal(await wasDone, false);
  assert.deepEqual(await search, ['123', '124', '122', '125']);
});

test('slices leave no entry out, and find none twice', async () => {
  const shop = vectorFixture();
  // Entries of 120 KB, so that a slice has 35 of them.
  const names = Array.from({ length: 12 }, (_, at) => `text${at}`);
  const texts = Object.fromEntries(names.map((name) => [name, { S: 'x'.repeat(10_000) }]));
  const SearchSchema = names.map((name) => ({ AttributeName: name, SearchSchemaElementType: 'INLINE_FILTER' }));
  await shop.table([vectorIndex('large', { DistanceFunction: 'EUCLIDEAN', SearchSchema })], {
    AttributeDefinitions: ['pk', ...names].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
  });
  const count = 90;
  for (let n = 0; n < count; n++) await shop.put(item(`${n}`, [n, 0, 0], texts));
  const found = await shop.keys({ IndexName: 'large', SearchVector: numbers(0, 0, 0), TopK: 100 });
  assert.deepEqual(
    found,
    Array.from({ length: count }, (_, n) => `${n}`),
  );
});

test('what is changed while a large index is searched is found as it is in the end, if it still matches', async () => {
  const shop = vectorFixture();
  const long = ['text1', 'text2', 'text3'];
  const elements = long.map((name) => ({ AttributeName: name, SearchSchemaElementType: 'INLINE_FILTER' }));
  const SearchSchema = [...SCHEMA.index.SearchSchema, ...elements];
  await shop.table([vectorIndex('large', { DistanceFunction: 'EUCLIDEAN', SearchSchema })], {
    AttributeDefinitions: [...SCHEMA.definitions, ...long.map((name) => ({ AttributeName: name, AttributeType: 'S' }))],
  });
  // Entries of 30 KB, so that there are several slices.
  const texts = Object.fromEntries(long.map((name) => [name, { S: 'x'.repeat(10_000) }]));
  const of = (n: number, first: number, tenant = 'one', grade = 1) =>
    item(`${n}`, [first, 0, 0], { ...texts, tenant: { S: tenant }, grade: { N: `${grade}` } });
  const put = (changed: object) => ({ Put: { TableName: 'orders', Item: changed } });
  for (let n = 0; n < 1000; n++) await shop.put(of(n, n < 60 ? n : 1000));
  const search = shop.search({
    IndexName: 'large',
    SearchVector: numbers(0, 0, 0),
    TopK: 60,
    SearchConditionExpression: 'tenant = :t AND grade = :g',
    ExpressionAttributeValues: { ':t': { S: 'one' }, ':g': { N: '1' } },
  });
  const TransactItems = Array.from({ length: 20 }, (_, n) => [
    put(of(n, n, 'two')),
    put(of(n + 20, n, 'one', 2)),
    put(of(n + 40, 2000)),
  ]).flat();
  await shop.run('TransactWriteItems', { TransactItems });
  const scores = (await search).map(({ Item, Score }) => [Number((Item.pk as { S: string }).S), Score] as const);
  assert.equal(scores[0]?.[1], 1000);
  for (const [n, score] of scores) assert.equal(score, n < 60 ? 2000 : 1000);
  assert.deepEqual(
    scores.filter(([n]) => n < 40),
    [],
  );
});

test('what a search consumes is told where it is asked for', async () => {
  const shop = await threeDistances();
  const bytes: unknown[] = [];
  shop.engine.throughput.observe({
    consumed: () => {},
    throttled: () => {},
    vectorBytes: ({ indexName, direction, bytes: amount }) => bytes.push([indexName, direction, amount]),
  });
  const consumed = async (ReturnConsumedCapacity?: string) =>
    (
      await shop.run('SearchVectors', {
        TableName: 'orders',
        IndexName: 'COSINE',
        SearchVector: ALONG_X,
        TopK: 2,
        ...(ReturnConsumedCapacity !== undefined && { ReturnConsumedCapacity }),
      })
    ).ConsumedCapacity;
  assert.equal(await consumed(), undefined);
  assert.equal(await consumed('NONE'), undefined);
  assert.deepEqual(await consumed('TOTAL'), { VectorSearchRequestBytes: 1024, VectorSearchUnits: 1024 });
  assert.deepEqual(await consumed('INDEXES'), { VectorSearchRequestBytes: 1024, VectorSearchUnits: 1024 });
  assert.deepEqual(
    bytes,
    Array.from({ length: 4 }, () => ['COSINE', 'Search', 1024]),
  );
});
