// The load of bench/scale.mjs: partitions of 20 items of 200 to 400 bytes, and request bodies over all of their keys.

const PER_PARTITION = 20;
/** Enough that two rounds seldom ask for the same keys. */
const BODIES = 60_000;

export const table = {
  TableName: 'scale',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

const WORDS = 'the quick brown fox jumps over the lazy dog while seven wizards pack my box with five dozen jugs'.split(
  ' ',
);

const text = (length, seed) => {
  let out = '';
  for (let state = seed + 1; out.length < length; state = (Math.imul(state, 1664525) + 1013904223) >>> 0) {
    out += `${WORDS[state % WORDS.length]} `;
  }
  return out.slice(0, length);
};

const partition = (n) => ({ S: `customer-${Math.floor(n / PER_PARTITION)}` });
const keyOf = (n) => ({ pk: partition(n), sk: { S: `order-${String(n % PER_PARTITION).padStart(4, '0')}` } });

/** Item `n` in one of many versions, which have the same size. */
export const itemOf = (n, version) => ({ ...keyOf(n), ...attributes(n, version) });

const attributes = (n, version) => ({
  status: { S: ['placed', 'packed', 'sent'][n % 3] },
  total: { N: `${n % 9973}.25` },
  visits: { N: String(100 + version) },
  placedAt: { N: String(1700000000 + n) },
  note: { S: text(90 + ((n * 7919) % 200), n) },
});

/** 0 to `size` - 1, each once. */
export function* allKeys(size) {
  for (let n = 0; n < size; n++) yield n;
}

/** Keys of items that the table does not have, all over the key space, in the order in which they are put. */
export const newKeys = (round, count = BODIES) =>
  Array.from({ length: Math.min(count, BODIES) }, (_, n) => ({
    pk: { S: `new-${round}-${n}` },
    sk: { S: 'order-0000' },
  })).values();

/** A repeatable draw, another one each round. */
const drawn = (size, round, action) => {
  let state = (round * 2654435761 + 12345) >>> 0;
  return Array.from({ length: BODIES }, (_, n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return action(Math.floor((state / 2 ** 32) * size), n);
  });
};

/** Figure → { operation, bodies(size, round), check(answer), creates: puts the items of newKeys }. */
export const operations = {
  GetItem: {
    operation: 'GetItem',
    bodies: (size, round) => drawn(size, round, (n) => ({ TableName: table.TableName, Key: keyOf(n) })),
    check: (answer) => answer.Item?.placedAt !== undefined,
  },
  Query: {
    operation: 'Query',
    bodies: (size, round) =>
      drawn(size, round, (n) => ({
        TableName: table.TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partition(n) },
      })),
    check: (answer) => answer.Count === PER_PARTITION,
  },
  UpdateItem: {
    operation: 'UpdateItem',
    bodies: (size, round) =>
      drawn(size, round, (n) => ({
        TableName: table.TableName,
        Key: keyOf(n),
        UpdateExpression: 'SET visits = visits + :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      })),
    check: (answer) => Object.keys(answer).length === 0,
  },
  'PutItem, overwriting': {
    operation: 'PutItem',
    bodies: (size, round) =>
      drawn(size, round, (n, version) => ({ TableName: table.TableName, Item: itemOf(n, 1 + (version % 800)) })),
    check: (answer) => Object.keys(answer).length === 0,
  },
  'PutItem, new': {
    operation: 'PutItem',
    bodies: (_size, round) =>
      Array.from(newKeys(round), (key, n) => ({ TableName: table.TableName, Item: { ...key, ...attributes(n, 0) } })),
    check: (answer) => Object.keys(answer).length === 0,
    creates: true,
  },
};
