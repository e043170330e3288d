// Main-thread time of the engine's data plane, without HTTP and over the memory store.
// Run after a build: node bench/engine.mjs [operation ...]

import { systemClock, systemRandom } from '../packages/base/dist/index.js';
import { dataOperations, encodeOutput } from '../packages/engine/dist/data/index.js';
import { MemoryStore } from '../packages/store/dist/index.js';

const only = process.argv.slice(2);
const keys = (hash, range) => ({
  hash: [{ name: hash, type: 'S' }],
  range: range === undefined ? [] : [{ name: range, type: 'S' }],
});
const table = (name, storageNumber, indexes = []) => ({
  name,
  arn: `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`,
  id: name,
  accountId: '000000000000',
  region: 'us-east-1',
  storageNumber,
  status: 'ACTIVE',
  keys: keys('pk', 'sk'),
  indexes,
});
const gsi = {
  name: 'gsi',
  arn: 'gsi',
  kind: 'GSI',
  storageNumber: 7,
  keys: keys('cat'),
  projection: { type: 'ALL' },
  status: 'ACTIVE',
};
const tables = new Map([table('plain', 1), table('indexed', 2, [gsi]), table('pages', 3)].map((t) => [t.name, t]));
const context = {
  store: new MemoryStore(),
  clock: systemClock,
  random: systemRandom,
  tables: { table: (_caller, name) => tables.get(name) },
  statistics: { add: () => {} },
};
const caller = { accountId: '000000000000', region: 'us-east-1' };
const operations = dataOperations(context);

/** About 1 KB in ten attributes. */
function item(pk, sk) {
  const attributes = { pk: { S: pk }, sk: { S: sk }, cat: { S: `cat-${sk.length}` }, n: { N: '12345.5' } };
  for (let at = 0; at < 6; at++) attributes[`attribute${at}`] = { S: 'some text of this length '.repeat(6) };
  return attributes;
}

async function measure(name, rounds, action) {
  if (only.length > 0 && !only.includes(name)) return;
  for (let at = 0; at < rounds / 4; at++) await action(at);
  const before = process.cpuUsage();
  const start = performance.now();
  for (let at = 0; at < rounds; at++) await action(at);
  const elapsedMs = performance.now() - start;
  const cpu = process.cpuUsage(before);
  const each = (microseconds) => (microseconds / rounds).toFixed(2).padStart(9);
  console.log(`${name.padEnd(28)}${each(elapsedMs * 1000)} µs ${each(cpu.user + cpu.system)} µs cpu (all threads)`);
}

// The body is parsed anew for each request, as it is behind HTTP; parsing is part of the wire layer's share.
const bodies = Array.from({ length: 1000 }, (_, at) => ({ pk: `user#${at % 100}`, sk: `order#${at}` }));
const putBodies = (name) => bodies.map(({ pk, sk }) => ({ TableName: name, Item: item(pk, sk) }));
const keyBodies = (name) => bodies.map(({ pk, sk }) => ({ TableName: name, Key: { pk: { S: pk }, sk: { S: sk } } }));
const [putPlain, putIndexed, getPlain] = [putBodies('plain'), putBodies('indexed'), keyBodies('plain')];

await measure('PutItem', 100_000, async (at) => encodeOutput(await operations.PutItem(caller, putPlain[at % 1000])));
await measure('PutItem, 1 GSI', 50_000, async (at) =>
  encodeOutput(await operations.PutItem(caller, putIndexed[at % 1000])),
);
await measure('GetItem', 200_000, (at) => encodeOutput(operations.GetItem(caller, getPlain[at % 1000])));
await measure('UpdateItem', 50_000, async (at) =>
  encodeOutput(
    await operations.UpdateItem(caller, {
      ...getPlain[at % 1000],
      UpdateExpression: 'SET n = n + :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  ),
);
for (let at = 0; at < 1000; at++) {
  await operations.PutItem(caller, { TableName: 'pages', Item: item(`user#${at % 50}`, `order#${at}`) });
}
const queryBody = (pk, more = {}) => ({
  TableName: 'pages',
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: pk }, ...more.values },
  ...more.members,
});
await measure('Query of 20', 30_000, (at) => encodeOutput(operations.Query(caller, queryBody(`user#${at % 50}`))));
const filtered = { values: { ':n': { N: '0' } }, members: { FilterExpression: 'n > :n' } };
await measure('Query of 20, filter', 10_000, (at) =>
  encodeOutput(operations.Query(caller, queryBody(`user#${at % 50}`, filtered))),
);
await measure('Scan of 500', 2000, () => encodeOutput(operations.Scan(caller, { TableName: 'pages', Limit: 500 })));
const batch = Array.from({ length: 25 }, (_, at) => ({ PutRequest: { Item: item(`user#${at}`, 'x') } }));
await measure('BatchWriteItem of 25', 3000, async () =>
  encodeOutput(await operations.BatchWriteItem(caller, { RequestItems: { plain: batch } })),
);
const batchKeys = Array.from({ length: 25 }, (_, at) => ({ pk: { S: `user#${at}` }, sk: { S: 'x' } }));
await measure('BatchGetItem of 25', 10_000, () =>
  encodeOutput(operations.BatchGetItem(caller, { RequestItems: { plain: { Keys: batchKeys } } })),
);
