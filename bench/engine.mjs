// Main-thread time of the engine's data plane, as the endpoint drives it: from a request's bytes to the answer's, without
// HTTP and over the memory store.
// Run after a build: node bench/engine.mjs [figure ...]
import { BufferPool, systemClock, systemRandom } from '../packages/base/dist/index.js';
import { Engine, encodeOutput, isPackedOperation, readPacked } from '../packages/engine/dist/index.js';
import { MemoryStore } from '../packages/store/dist/index.js';
import { item } from './workloads.mjs';

const only = process.argv.slice(2);
const caller = { accountId: '000000000000', region: 'us-east-1' };
const engine = new Engine({ store: new MemoryStore(), clock: systemClock, random: systemRandom });
const memory = new BufferPool();

const table = (TableName, more = {}) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', ...(more.GlobalSecondaryIndexes ? ['email'] : [])].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  ...more,
});
const byEmail = {
  IndexName: 'by-email',
  KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};

/** Runs a request as the endpoint does, and gives the answer's memory back. */
const run = async (operation, body) => {
  const input = isPackedOperation(operation) ? readPacked(operation, body) : JSON.parse(body.toString('utf8'));
  const running = engine.run(operation, caller, input);
  memory.release(encodeOutput(running instanceof Promise ? await running : running, memory));
};

const measure = async (name, rounds, operation, inputs) => {
  if (only.length > 0 && !only.includes(name)) return;
  const bodies = inputs.map((input) => Buffer.from(JSON.stringify(input)));
  for (let at = 0; at < rounds / 4; at++) await run(operation, bodies[at % bodies.length]);
  const before = process.cpuUsage();
  const start = performance.now();
  for (let at = 0; at < rounds; at++) await run(operation, bodies[at % bodies.length]);
  const elapsedMs = performance.now() - start;
  const cpu = process.cpuUsage(before);
  const each = (microseconds) => (microseconds / rounds).toFixed(2).padStart(9);
  console.log(`${name.padEnd(28)}${each(elapsedMs * 1000)} µs ${each(cpu.user + cpu.system)} µs cpu (all threads)`);
};

const numbers = Array.from({ length: 1000 }, (_, at) => at);
const put = (TableName) => numbers.map((n) => ({ TableName, Item: item(`user-${n % 50}`, `order-${n}`, n) }));
const keyed = (n) => ({ TableName: 'plain', Key: { pk: { S: `user-${n % 50}` }, sk: { S: `order-${n}` } } });
const gets = (more) => numbers.map((n) => ({ ...keyed(n), ...more }));
const queries = (more = {}) =>
  numbers.slice(0, 50).map((n) => ({
    TableName: 'plain',
    KeyConditionExpression: 'pk = :pk',
    ...more,
    ExpressionAttributeValues: { ':pk': { S: `user-${n}` }, ...more.ExpressionAttributeValues },
  }));
const filter = { FilterExpression: 'balance >= :low', ExpressionAttributeValues: { ':low': { N: '0' } } };
const DIMENSIONS = 1024;
const byMeaning = {
  IndexName: 'by-meaning',
  VectorAttribute: { AttributeName: 'meaning' },
  Dimensions: DIMENSIONS,
  DistanceFunction: 'COSINE',
  Projection: { ProjectionType: 'KEYS_ONLY' },
};
/** The same ones in every run. */
const vector = (n) =>
  Array.from({ length: DIMENSIONS }, (_, at) => ({ N: Math.sin(n * 1.7 + at * at * 0.3 + n * at).toFixed(6) }));
const meaning = (n) => ({ ...item(`user-${n % 50}`, `order-${n}`, n), meaning: { L: vector(n) } });
const none = { FilterExpression: 'balance < :low', ExpressionAttributeValues: { ':low': { N: '0' } } };
const projection = { ProjectionExpression: 'pk, sk, email, visits' };
const nested = { ProjectionExpression: 'pk, address.city, history[0]' };

for (const input of [table('plain'), table('indexed', { GlobalSecondaryIndexes: [byEmail] })]) {
  await engine.run('CreateTable', caller, input);
}
for (const input of put('plain')) await run('PutItem', Buffer.from(JSON.stringify(input)));

await measure('PutItem', 100_000, 'PutItem', put('plain'));
await measure('PutItem, one index', 50_000, 'PutItem', put('indexed'));
await measure('GetItem', 200_000, 'GetItem', gets());
await measure('GetItem, projection', 100_000, 'GetItem', gets(projection));
await measure(
  'UpdateItem',
  50_000,
  'UpdateItem',
  gets({ UpdateExpression: 'SET visits = visits + :one', ExpressionAttributeValues: { ':one': { N: '1' } } }),
);
await measure('Query of 20', 30_000, 'Query', queries());
await measure('Query of 20, filter', 10_000, 'Query', queries(filter));
await measure('Query of 20, nothing found', 10_000, 'Query', queries(none));
await measure('Query of 20, projection', 10_000, 'Query', queries(projection));
await measure('Query of 20, nested', 10_000, 'Query', queries(nested));
await measure('Scan of 500', 2000, 'Scan', [{ TableName: 'plain', Limit: 500 }]);
await measure('Scan of 500, filter', 1000, 'Scan', [{ TableName: 'plain', Limit: 500, ...filter }]);
const batch = (at) => numbers.slice(at * 25, at * 25 + 25);
await measure(
  'BatchWriteItem of 25',
  3000,
  'BatchWriteItem',
  numbers.slice(0, 40).map((at) => ({
    RequestItems: {
      plain: batch(at).map((n) => ({ PutRequest: { Item: item(`user-${n % 50}`, `order-${n}`, n) } })),
    },
  })),
);
await measure(
  'BatchGetItem of 25',
  10_000,
  'BatchGetItem',
  numbers.slice(0, 40).map((at) => ({ RequestItems: { plain: { Keys: batch(at).map((n) => keyed(n).Key) } } })),
);

const vectors = (TableName) => numbers.map((n) => ({ TableName, Item: meaning(n) }));
await engine.run('CreateTable', caller, table('vectors'));
await engine.run('CreateTable', caller, table('searched', { VectorIndexes: [byMeaning] }));
for (const input of vectors('searched')) await run('PutItem', Buffer.from(JSON.stringify(input)));
await measure('PutItem, vector', 2000, 'PutItem', vectors('vectors'));
await measure('PutItem, vector, indexed', 2000, 'PutItem', vectors('searched'));
await measure(
  'SearchVectors of 1,000',
  500,
  'SearchVectors',
  numbers
    .slice(0, 10)
    .map((n) => ({ TableName: 'searched', IndexName: 'by-meaning', TopK: 10, SearchVector: vector(-n) })),
);
await engine.close();
