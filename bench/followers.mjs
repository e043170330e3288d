// What a stream, time to live, point-in-time recovery and a backup cost a PutItem of a new item of about 1 KB: engine
// and durable store, without HTTP, 32 at a time. Run after a build: node bench/followers.mjs

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, systemRandom } from '../packages/base/dist/index.js';
import { Engine, encodeOutput } from '../packages/engine/dist/index.js';
import { openStore } from '../packages/store/dist/index.js';

const CALLER = { accountId: '000000000000', region: 'us-east-1' };
const ROUNDS = 20_000;
const PASSES = 4;
const KINDS = {
  plain: {},
  'stream of keys': { viewType: 'KEYS_ONLY' },
  'stream of new images': { viewType: 'NEW_IMAGE' },
  'stream of both images': { viewType: 'NEW_AND_OLD_IMAGES' },
  'time to live': { timeToLive: true },
  'point-in-time recovery': { recovery: true },
  'on-demand backup': { backup: true },
};

const dir = mkdtempSync(path.join(tmpdir(), 'tablewright-bench-'));
const store = await openStore({ dir, random: systemRandom });
const engine = new Engine({ store, clock: systemClock, random: systemRandom, throughput: 'free-running' });
const run = (operation, input) => engine.execute(operation, CALLER, input);

async function createTable(name, { viewType, timeToLive, recovery, backup }) {
  await run('CreateTable', {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    ...(viewType && { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } }),
  });
  if (recovery) {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await run('UpdateContinuousBackups', { TableName: name, PointInTimeRecoverySpecification });
  }
  if (backup) await run('CreateBackup', { TableName: name, BackupName: name });
  if (!timeToLive) return;
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
  await run('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification });
}

function item(at, pass) {
  const attributes = {
    pk: { S: `user#${at % 100}` },
    sk: { S: `${pass}#${at}` },
    expires: { N: `${4_000_000_000 + at}` },
  };
  for (let text = 0; text < 6; text++) attributes[`attribute${text}`] = { S: 'some text of this length '.repeat(6) };
  return attributes;
}

async function putAll(name, pass) {
  let next = 0;
  const client = async () => {
    while (next < ROUNDS) encodeOutput(await run('PutItem', { TableName: name, Item: item(next++, pass) }));
  };
  await Promise.all(Array.from({ length: 32 }, client));
}

const figures = new Map(Object.keys(KINDS).map((name) => [name, []]));
const nameOf = (kind) => kind.replaceAll(' ', '-');
for (const [kind, settings] of Object.entries(KINDS)) await createTable(nameOf(kind), settings);
for (let pass = 0; pass < PASSES; pass++) {
  for (const [kind, taken] of figures) {
    const before = process.cpuUsage();
    const start = performance.now();
    await putAll(nameOf(kind), pass);
    const { user, system } = process.cpuUsage(before);
    // The first pass warms up.
    if (pass > 0) taken.push({ wall: ((performance.now() - start) * 1000) / ROUNDS, cpu: (user + system) / ROUNDS });
  }
}
for (const [kind, taken] of figures) {
  const median = (of) =>
    taken
      .map((one) => one[of])
      .sort((a, b) => a - b)
      [Math.floor(taken.length / 2)].toFixed(1);
  console.log(`${kind.padEnd(24)}${median('wall').padStart(8)} µs ${median('cpu').padStart(8)} µs cpu (all threads)`);
}
await engine.close();
await store.close();
rmSync(dir, { recursive: true, force: true });
