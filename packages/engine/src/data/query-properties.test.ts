import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import { DataFixture, index, table } from './data-fixture.js';

// Query against a naive one: all items, filtered and sorted by comparisons of its own.

type KeyType = 'S' | 'N' | 'B';

const VALUES: Readonly<Record<KeyType, fc.Arbitrary<AttributeValue>>> = {
  S: fc
    .string({
      unit: fc.constantFrom('a', 'b', '\u0000', '\u0001', '\u007f', 'é', '\uffff', '𝄞'),
      minLength: 1,
      maxLength: 3,
    })
    .map((S) => ({ S })),
  N: fc
    .tuple(fc.integer({ min: -120, max: 120 }), fc.constantFrom(1, 100, 0.01))
    .map(([digits, scale]) => ({ N: String(Number((digits * scale).toFixed(2)) || 0) })),
  B: fc
    .uint8Array({ minLength: 1, maxLength: 3 })
    .map((bytes) => ({ B: Buffer.from(bytes.map((byte) => [0, 1, 127, 128, 255][byte % 5] ?? 0)).toString('base64') })),
};

function bytes(value: AttributeValue): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  return Buffer.from('B' in value ? value.B : '', 'base64');
}

function compare(a: AttributeValue, b: AttributeValue): number {
  if ('N' in a && 'N' in b) return Math.sign(Number(a.N) - Number(b.N));
  return Buffer.compare(bytes(a), bytes(b));
}

interface Condition {
  readonly text: string;
  holds(value: AttributeValue, low: AttributeValue, high: AttributeValue): boolean;
}

const CONDITIONS: readonly Condition[] = [
  { text: 'r = :low', holds: (value, low) => compare(value, low) === 0 },
  { text: 'r < :low', holds: (value, low) => compare(value, low) < 0 },
  { text: 'r <= :low', holds: (value, low) => compare(value, low) <= 0 },
  { text: 'r > :low', holds: (value, low) => compare(value, low) > 0 },
  { text: 'r >= :low', holds: (value, low) => compare(value, low) >= 0 },
  {
    text: 'r BETWEEN :low AND :high',
    holds: (value, low, high) => compare(low, value) <= 0 && compare(value, high) <= 0,
  },
  {
    text: 'begins_with(r, :low)',
    holds: (value, low) => bytes(value).subarray(0, bytes(low).length).equals(bytes(low)),
  },
];

/** Where the range key `r` may be: the table's own, a local index's, a global index's. */
const PLACES = ['table', 'LSI', 'GSI'] as const;

function tableWith(place: (typeof PLACES)[number], type: KeyType): DataFixture {
  if (place === 'table') return new DataFixture([table('t', `h r:${type}`)]);
  const range = place === 'LSI' ? `h r:${type}` : `g r:${type}`;
  return new DataFixture([table('t', 'h id:N', [index(place, 'i', range)])]);
}

/** Where DynamoDB's hash puts the item with hash key `h` and this id among entries whose index keys are equal. */
function hashOrder(id: number): number {
  const number = id === 0 ? [0x80] : [0xc1, id + 1];
  return createHash('md5').update('Outliersh').update(Uint8Array.from(number)).digest().readUInt32BE(0);
}

/** All pages of a query, each of `limit` items. */
async function queryAll(fixture: DataFixture, input: Record<string, unknown>, limit: number): Promise<AttributeMap[]> {
  const items: AttributeMap[] = [];
  let start: unknown;
  do {
    const next = start === undefined ? {} : { ExclusiveStartKey: start };
    const page = await fixture.run('Query', { ...input, ...next, Limit: limit });
    items.push(...(page.Items as AttributeMap[]));
    assert.ok((page.Items as unknown[]).length <= limit);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

for (const place of PLACES) {
  for (const type of ['S', 'N', 'B'] as const) {
    test(`Query by a range key of type ${type} (${place}) gives what a naive one gives, in its order, page by page`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(VALUES[type], { minLength: 1, maxLength: 25 }),
          VALUES[type],
          VALUES[type],
          fc.constantFrom(...CONDITIONS),
          fc.boolean(),
          fc.integer({ min: 1, max: 9 }),
          async (values, one, other, condition, forward, limit) => {
            if (type === 'N' && condition.text.startsWith('begins_with')) return;
            const [low, high] = compare(one, other) <= 0 ? [one, other] : [other, one];
            const fixture = tableWith(place, type);
            for (const [id, r] of values.entries()) {
              const Item = { h: { S: 'h' }, g: { S: 'g' }, id: { N: String(id) }, r };
              await fixture.run('PutItem', { TableName: 't', Item });
              await fixture.run('PutItem', { TableName: 't', Item: { ...Item, h: { S: 'h2' }, g: { S: 'g2' } } });
            }
            const isRange = condition.text.includes('BETWEEN');
            const hash = place === 'GSI' ? 'g' : 'h';
            const input = {
              TableName: 't',
              ...(place !== 'table' && { IndexName: 'i' }),
              KeyConditionExpression: `${hash} = :hash AND ${condition.text}`,
              ExpressionAttributeValues: { ':hash': { S: hash }, ':low': low, ...(isRange && { ':high': high }) },
              ScanIndexForward: forward,
            };
            const found = (await queryAll(fixture, input, limit)).map(({ r, id }) => ({ r, id }));
            // In the table a value is a key: what was put last is there.
            const all = values.map((r, id) => ({ r, id: { N: String(id) } }));
            const items =
              place === 'table'
                ? all.filter(({ r }, at) => !all.some((later, n) => n > at && compare(later.r, r) === 0))
                : all;
            const expected = items.filter(({ r }) => condition.holds(r, low, high));
            const tie = place === 'GSI' ? hashOrder : (id: number) => id;
            const order = (id: { N: string }) => tie(Number(id.N));
            expected.sort((a, b) => (forward ? 1 : -1) * (compare(a.r, b.r) || order(a.id) - order(b.id)));
            assert.deepEqual(found, expected);
          },
        ),
        { numRuns: 40 },
      );
    });
  }
}
