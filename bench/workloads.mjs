// The load: items of the 1 KB class, and for each operation the request bodies that the clients draw from.

export const KEYS = 10_000;
export const PARTITIONS = 500;
export const PER_PARTITION = 20;

const text = (length, seed) => {
  let out = '';
  let state = seed * 2654435761 + 1;
  while (out.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out += state.toString(36);
  }
  return out.slice(0, length);
};

/** An item of about 1,000 bytes: strings, numbers, a set, a nested map and list, a boolean. */
export const item = (pk, sk, seed) => ({
  pk: { S: pk },
  ...(sk === undefined ? {} : { sk: { S: sk } }),
  name: { S: text(40, seed) },
  email: { S: `${text(12, seed + 1)}@example.com` },
  createdAt: { N: String(1700000000 + seed) },
  balance: { N: `${seed % 9973}.25` },
  visits: { N: '1' },
  active: { BOOL: seed % 2 === 0 },
  roles: { SS: ['admin', 'editor', 'viewer'] },
  address: { M: { street: { S: text(60, seed + 2) }, city: { S: text(20, seed + 3) }, zip: { N: '10115' } } },
  history: { L: [{ N: '1' }, { S: text(30, seed + 4) }, { M: { at: { N: '1700000000' }, what: { S: 'created' } } }] },
  notes: { S: text(560, seed + 5) },
});

export const key = (n) => `user-${n}`;
const partition = (n) => `series-${n}`;
const position = (n) => `event-${String(n).padStart(4, '0')}`;

export const tables = [
  {
    TableName: 'items',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
  {
    TableName: 'indexed',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'email', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-email',
        KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  {
    TableName: 'series',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  },
];

const put = (Item) => ({ PutRequest: { Item } });
const batches = (TableName, items) =>
  Array.from({ length: Math.ceil(items.length / 25) }, (_, n) => ({
    RequestItems: { [TableName]: items.slice(n * 25, n * 25 + 25).map(put) },
  }));

/** BatchWriteItem requests that fill the tables before the measurement. */
export const fill = () => [
  ...['items', 'indexed'].flatMap((table) =>
    batches(
      table,
      Array.from({ length: KEYS }, (_, n) => item(key(n), undefined, n)),
    ),
  ),
  ...batches(
    'series',
    Array.from({ length: PARTITIONS * PER_PARTITION }, (_, n) =>
      item(partition(Math.floor(n / PER_PARTITION)), position(n % PER_PARTITION), n),
    ),
  ),
];

/**
 * Puts of 4,000 keys in two versions each, so that a put changes its item half of the time; with the version the e-mail
 * address changes, by which the table `indexed` is indexed.
 */
const puts = (TableName) =>
  Array.from({ length: 8000 }, (_, n) => ({
    TableName,
    Item: item(key((n * 7919) % 4000), undefined, n + 31),
  }));

/** Two puts, an update and a condition check, each of another item. */
const transaction = (n) => {
  const pk = (m) => ({ S: key((n * 4 + m) % KEYS) });
  const put = (m) => ({ Put: { TableName: 'items', Item: item(pk(m).S, undefined, n + m + 57) } });
  return {
    TransactItems: [
      put(0),
      put(1),
      {
        Update: {
          TableName: 'items',
          Key: { pk: pk(2) },
          UpdateExpression: 'SET visits = visits + :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { ConditionCheck: { TableName: 'items', Key: { pk: pk(3) }, ConditionExpression: 'attribute_exists(pk)' } },
    ],
  };
};

/**
 * Figure → { operation: its target where that is not the figure's name, bodies: request objects, check(response):
 * whether the answer is right, without: contestants that do not have the operation }.
 */
export const operations = {
  PutItem: { bodies: () => puts('items'), check: (answer) => Object.keys(answer).length === 0 },
  'PutItem, one index': {
    operation: 'PutItem',
    bodies: () => puts('indexed'),
    check: (answer) => Object.keys(answer).length === 0,
  },
  GetItem: {
    bodies: () =>
      Array.from({ length: 4000 }, (_, n) => ({ TableName: 'items', Key: { pk: { S: key((n * 7919) % KEYS) } } })),
    check: (answer) => answer.Item?.pk !== undefined && answer.Item.history.L.length === 3,
  },
  Query: {
    bodies: () =>
      Array.from({ length: PARTITIONS }, (_, n) => ({
        TableName: 'series',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: partition(n) } },
      })),
    check: (answer) => answer.Count === PER_PARTITION && answer.Items.length === PER_PARTITION,
  },
  UpdateItem: {
    bodies: () =>
      Array.from({ length: 4000 }, (_, n) => ({
        TableName: 'items',
        Key: { pk: { S: key((n * 7919) % KEYS) } },
        UpdateExpression: 'SET visits = visits + :one, #n = :name',
        ConditionExpression: 'attribute_exists(pk) AND visits < :limit',
        ExpressionAttributeNames: { '#n': 'name' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':name': { S: text(40, n) }, ':limit': { N: '1000000000' } },
      })),
    check: (answer) => Object.keys(answer).length === 0,
  },
  BatchWriteItem: {
    bodies: () =>
      Array.from(
        { length: 400 },
        (_, n) =>
          batches(
            'items',
            Array.from({ length: 25 }, (_, m) => item(key((n * 25 + m) % KEYS), undefined, n * 25 + m + 77)),
          )[0],
      ),
    check: (answer) => Object.keys(answer.UnprocessedItems).length === 0,
  },
  TransactWriteItems: {
    bodies: () => Array.from({ length: 2000 }, (_, n) => transaction(n)),
    check: (answer) => Object.keys(answer).length === 0,
    without: ['dynalite'],
  },
  Scan: {
    bodies: () =>
      Array.from({ length: 20 }, (_, n) => ({ TableName: 'series', Limit: 500, Segment: n, TotalSegments: 20 })),
    check: (answer) => answer.Count > 300 && answer.Items.length === answer.Count,
  },
};

/** What every client sends besides the target; the signature is none that any of the peers checks. */
export const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, ' +
    'SignedHeaders=host;x-amz-date;x-amz-target, Signature=0000000000000000000000000000000000000000000000000000000000000000',
};
