import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { MAX_KEY_BYTES } from '@tablewright/store';
import { SeededRandom } from '@tablewright/testkit';
import { type AttributeMap, type AttributeValue, compareValues } from '../value/index.js';
import { index, table } from './data-fixture.js';
import { entryKey, itemKey, itemPrefix } from './key-codec.js';
import { partitionHash } from './partition-hash.js';

const random = new SeededRandom(11);

function randomText(): string {
  const length = random.integer(1, 6);
  const letters = ['a', 'b', '\u0000', '\u0001', '\u007f', 'é', '߿', '￿', '𝄞'];
  return Array.from({ length }, () => random.pick(letters)).join('');
}

function randomValue(type: 'S' | 'N' | 'B'): AttributeValue {
  if (type === 'S') return { S: randomText() };
  if (type === 'N') return { N: String(random.integer(-1000, 1000)) };
  return { B: Buffer.from(random.bytes(random.integer(1, 5)).map((byte) => byte % 3)).toString('base64') };
}

function assertSameOrder(a: AttributeValue, b: AttributeValue, keyOf: (value: AttributeValue) => string): void {
  const order = Math.sign(compareValues(a, b) ?? Number.NaN);
  const [keyA, keyB] = [keyOf(a), keyOf(b)];
  const keyOrder = keyA < keyB ? -1 : Number(keyA > keyB);
  assert.equal(keyOrder, order, `${JSON.stringify(a)} against ${JSON.stringify(b)}`);
}

describe('item keys', () => {
  for (const type of ['S', 'N', 'B'] as const) {
    it(`sort as range keys of type ${type} do`, () => {
      const tab = table('t', `pk sk:${type}`);
      const keyOf = (sk: AttributeValue) => itemKey(tab, { pk: { S: 'p' }, sk });
      for (let round = 0; round < 500; round++) assertSameOrder(randomValue(type), randomValue(type), keyOf);
    });
  }

  it('begin with the table, and differ for every hash key', () => {
    const tab = table('t', 'pk sk');
    const seen = new Set<string>();
    for (const length of [1, 10, 64, 65, 66, 2048]) {
      for (const letter of ['a', 'b']) {
        const key = itemKey(tab, { pk: { S: letter.repeat(length) }, sk: { S: 'x' } });
        assert.ok(key.startsWith(itemPrefix(tab)));
        assert.ok(key.length <= 10 + 65 + 1);
        seen.add(key);
      }
    }
    assert.equal(seen.size, 12);
  });

  it('tell a hash key from the beginning of a range key', () => {
    const tab = table('t', 'pk sk');
    const one = itemKey(tab, { pk: { S: 'ab' }, sk: { S: 'c' } });
    const other = itemKey(tab, { pk: { S: 'a' }, sk: { S: 'bc' } });
    assert.notEqual(one, other);
  });

  it('are byte strings, whatever the text', () => {
    const tab = table('t', 'pk sk');
    const key = itemKey(tab, { pk: { S: 'naïve ☃' }, sk: { S: '𝄞' } });
    for (const char of key) assert.ok(char.charCodeAt(0) < 256);
    assert.ok(key.endsWith(Buffer.from('𝄞').toString('latin1')));
  });
});

describe('index entry keys', () => {
  for (const type of ['S', 'N', 'B'] as const) {
    it(`sort as range keys of type ${type} do, whatever follows`, () => {
      const gsi = index('GSI', 'g', `cat r:${type}`);
      const tab = table('t', 'pk sk', [gsi]);
      const keyOf = (r: AttributeValue) => entryKey(tab, gsi, { cat: { S: 'c' }, r, pk: { S: 'p' }, sk: { S: 's' } });
      for (let round = 0; round < 500; round++) assertSameOrder(randomValue(type), randomValue(type), keyOf);
    });
  }

  it('sort by several range attributes, one after the other', () => {
    const gsi = index('GSI', 'g', 'h1,h2 r1:S,r2:N,r3:B,r4:S');
    const tab = table('t', 'pk', [gsi]);
    const types = ['S', 'N', 'B', 'S'] as const;
    const values = () => types.map(randomValue);
    const keyOf = (r: readonly AttributeValue[]) => {
      const range = Object.fromEntries(r.map((value, at) => [`r${at + 1}`, value]));
      return entryKey(tab, gsi, { ...range, h1: { S: 'x' }, h2: { S: 'y' }, pk: { S: 'p' } });
    };
    for (let round = 0; round < 300; round++) {
      const a = values();
      const shared = random.integer(0, 3);
      const b = values().map((value, at) => (at < shared ? a[at] : value) ?? value);
      const orders = a.map((value, at) => Math.sign(compareValues(value, b[at] ?? value) ?? 0));
      const expected = orders.find((order) => order !== 0) ?? 0;
      const keyOrder = keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b));
      assert.equal(keyOrder, expected);
    }
  });

  it('stay within the store for the longest keys, and apart for different items', () => {
    const gsi = index('GSI', 'g', 'h1,h2,h3,h4 r1,r2,r3,r4');
    const tab = table('t', 'pk sk', [gsi]);
    const long = (letter: string, length: number) => ({ S: letter.repeat(length) });
    const values = (pk: string): AttributeMap => ({
      ...Object.fromEntries(['h1', 'h2', 'h3', 'h4'].map((name) => [name, long('h', 2048)])),
      ...Object.fromEntries(['r1', 'r2', 'r3', 'r4'].map((name) => [name, long('r', 1024)])),
      pk: { S: pk },
      sk: long('s', 1024),
    });
    const [one, other] = [entryKey(tab, gsi, values('a')), entryKey(tab, gsi, values('b'))];
    assert.notEqual(one, other);
    assert.ok(one.length < MAX_KEY_BYTES);
    assert.equal(one, entryKey(tab, gsi, values('a')));
  });
});

describe('the order of partition keys', () => {
  const order = (type: 'S' | 'N' | 'B', values: readonly string[]): string[] => {
    const plain = table('t', `pk:${type}`);
    const place = (value: string): string => itemKey(plain, { pk: { [type]: value } as AttributeValue });
    return values.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
  };

  it('is that of DynamoDB’s hash, for strings', () => {
    const keys = ['apple', 'banana', 'cherry', 'dürüm', 'e'.repeat(70), 'f'.repeat(48), 'g'.repeat(47)];
    const hash = (key: string): string => createHash('md5').update(`Outliers${key}`).digest('hex');
    const expected = keys.toSorted((one, other) => (hash(one) < hash(other) ? -1 : 1));
    assert.deepEqual(order('S', keys), expected);
  });

  it('is that of DynamoDB’s hash, for numbers', () => {
    const bytes: Record<string, readonly number[]> = {
      '0': [0x80],
      '1': [0xc1, 2],
      '10': [0xc1, 11],
      '120': [0xc2, 2, 21],
      '0.5': [0xc0, 51],
      '0.012345': [0xc0, 2, 24, 46],
      '-7': [0x3e, 94, 102],
      '-99.5': [0x3e, 2, 51, 102],
      [`1${'0'.repeat(125)}`]: [0xff, 11],
    };
    const hash = (key: string): string =>
      createHash('md5')
        .update('Outliers')
        .update(Uint8Array.from(bytes[key] ?? []))
        .digest('hex');
    const expected = Object.keys(bytes).toSorted((one, other) => (hash(one) < hash(other) ? -1 : 1));
    assert.deepEqual(order('N', Object.keys(bytes)), expected);
  });
});

describe('entries of a global index with equal index keys', () => {
  it('come in the order of DynamoDB’s hash of the whole table key', () => {
    const gsi = index('GSI', 'g', 'h r');
    const tab = table('t', 'pk sk:N', [gsi]);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((pk, at) => ({ pk: { S: pk }, sk: { N: String(at + 1) } }));
    const place = (key: AttributeMap): string => entryKey(tab, gsi, { ...key, h: { S: 'x' }, r: { S: 'y' } });
    const hash = ({ pk, sk }: (typeof keys)[number]): string =>
      createHash('md5')
        .update(`Outliers${pk.S}`)
        .update(Uint8Array.of(0xc1, Number(sk.N) + 1))
        .digest('hex');
    assert.deepEqual(
      keys.toSorted((one, other) => (place(one) < place(other) ? -1 : 1)),
      keys.toSorted((one, other) => (hash(one) < hash(other) ? -1 : 1)),
    );
  });
});

describe('partitionHash', () => {
  it('is the beginning of an MD5, whatever the length', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = String.fromCharCode(...Array.from({ length }, (_, at) => (at * 37 + length) & 0xff));
      const digest = createHash('md5').update('Outliers').update(bytes, 'latin1').digest();
      assert.equal(partitionHash(bytes), digest.readUInt32BE(0), String(length));
    }
  });
});
