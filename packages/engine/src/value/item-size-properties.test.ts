import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import type { AttributeMap, AttributeValue } from './attribute-value.js';
import { checkItem, itemSizeBytes, normalizeNumber } from './index.js';

const number = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.bigInt(0n, 9999n), fc.bigInt(0n, 10n ** 38n - 1n)),
    fc.integer({ min: -60, max: 60 }),
  )
  .map(([negative, digits, exponent]) => normalizeNumber(`${negative ? '-' : ''}${digits}e${exponent}`));
const text = fc.string({ unit: 'binary', maxLength: 8 });
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
const base64 = fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64'));

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    base64.map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant<AttributeValue>({ NULL: true }),
    fc.uniqueArray(text, { minLength: 1, maxLength: 4 }).map((SS) => ({ SS })),
    fc.uniqueArray(number, { minLength: 1, maxLength: 4 }).map((NS) => ({ NS })),
    fc.uniqueArray(base64, { minLength: 1, maxLength: 4 }).map((BS) => ({ BS })),
    fc.array(tie('value'), { maxLength: 4 }).map((L) => ({ L })),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }).map((M) => ({ M })),
  ),
}));
const item = fc.dictionary(name, value, { maxKeys: 5 });

function sum<T>(members: readonly T[], size: (member: T) => number): number {
  return members.reduce((total, member) => total + size(member), 0);
}

/** The rules of the developer guide, over bytes that are really made. */
function naiveSize(attributes: AttributeMap): number {
  return sum(Object.entries(attributes), ([name, member]) => Buffer.from(name).length + naiveValueSize(member));
}

function naiveValueSize(member: AttributeValue): number {
  const bytesOf = (content: string) => Buffer.from(content, 'base64').length;
  if ('S' in member) return Buffer.from(member.S).length;
  if ('N' in member) return naiveNumberSize(member.N);
  if ('B' in member) return bytesOf(member.B);
  if ('SS' in member) return sum(member.SS, (content) => Buffer.from(content).length);
  if ('NS' in member) return sum(member.NS, naiveNumberSize);
  if ('BS' in member) return sum(member.BS, bytesOf);
  if ('L' in member) return 3 + sum(member.L, (part) => 1 + naiveValueSize(part));
  if ('M' in member) return 3 + Object.keys(member.M).length + naiveSize(member.M);
  return 1;
}

/** Pairs of digits from the decimal point on, without pairs of zeros before and after the others. */
function naiveNumberSize(canonical: string): number {
  if (canonical === '0') return 1;
  const [integer = '', fraction = ''] = canonical.replace('-', '').split('.');
  const digits = (integer.length % 2 === 0 ? '' : '0') + integer + fraction + (fraction.length % 2 === 0 ? '' : '0');
  const pairs = digits.match(/../g) ?? [];
  while (pairs[0] === '00') pairs.shift();
  while (pairs.at(-1) === '00') pairs.pop();
  return Math.min(21, 1 + pairs.length + (canonical.startsWith('-') ? 1 : 0));
}

test('sizes are those of the rules, applied naively', () => {
  fc.assert(
    fc.property(item, (attributes) => {
      assert.equal(itemSizeBytes(attributes), naiveSize(attributes));
      assert.equal(checkItem(attributes).sizeBytes, naiveSize(attributes));
    }),
    { numRuns: 2000 },
  );
});
