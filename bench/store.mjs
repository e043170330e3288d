// Micro benchmark of the store: puts that wait for the disk, look-ups, ranges, memory.
//   node bench/store.mjs [puts] [distinct keys] [value bytes] [table MiB]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../packages/store/dist/index.js';

const [puts = 200_000, keys = 10_000, valueBytes = 1024, tableMiB] = process.argv.slice(2).map(Number);
const WRITERS = 32;
const dir = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'store-bench-'));
const sizes = tableMiB === undefined ? {} : { tableBytes: tableMiB << 20, logBytes: tableMiB << 22 };

const key = (number) => `Dd\x00\x00\x00\x01${String((number * 2654435761) % 4294967296).padStart(10, '0')}/${number}`;
const randomKey = () => key(Math.floor(Math.random() * keys));
const pool = Array.from({ length: 64 }, (_, index) => Buffer.alloc(valueBytes, 33 + index).toString('latin1'));

function report(what, count, startMs, startCpu) {
  const seconds = (performance.now() - startMs) / 1000;
  const loop = performance.eventLoopUtilization(startCpu);
  const perSecond = Math.round(count / seconds).toLocaleString('en');
  console.log(
    `${what.padEnd(34)} ${perSecond.padStart(10)}/s   busy ${((loop.active * 1000) / count).toFixed(2)} µs each`,
  );
}

function memory(what) {
  const status = readFileSync('/proc/self/status', 'latin1');
  const field = (name) => `${name} ${Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)} MB`;
  console.log(`${what.padEnd(34)} ${['RssAnon', 'RssFile'].map(field).join('  ')}`);
}

async function measurePuts(store) {
  let issued = 0;
  const latencies = [];
  const writer = async () => {
    while (issued < puts) {
      const number = issued++;
      const id = keys >= puts ? key(number) : randomKey();
      const startMs = performance.now();
      // A fresh buffer per put, as a server would have.
      await store.change((change) => change.put(id, Buffer.from(pool[number & 63], 'latin1')));
      latencies.push(performance.now() - startMs);
    }
  };
  const startMs = performance.now();
  const startCpu = performance.eventLoopUtilization();
  await Promise.all(Array.from({ length: WRITERS }, writer));
  report(`puts, ${WRITERS} writers, flushed`, puts, startMs, startCpu);
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(latencies.length * share)].toFixed(2);
  console.log(`  latency ms: p50 ${at(0.5)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  max ${at(0.9999999)}`);
}

function measureReads(store, where) {
  let startMs = performance.now();
  let startCpu = performance.eventLoopUtilization();
  const gets = 200_000;
  let found = 0;
  for (let count = 0; count < gets; count++) if (store.get(randomKey()) !== undefined) found++;
  report(`gets, ${where} (${Math.round((found / gets) * 100)} % found)`, gets, startMs, startCpu);
  startMs = performance.now();
  startCpu = performance.eventLoopUtilization();
  let entries = 0;
  const ranges = 400;
  for (let count = 0; count < ranges; count++) {
    const start = `Dd\x00\x00\x00\x01${String(Math.floor(Math.random() * 4e9)).padStart(10, '0')}`;
    let limit = 500;
    for (const _ of store.range({ start, reverse: false })) if (--limit === 0) break;
    entries += 500 - limit;
  }
  report(`range entries, ${where} (${ranges}×≤500)`, entries, startMs, startCpu);
}

try {
  let openedMs = performance.now();
  let store = await openStore({ dir, ...sizes });
  console.log(`open, empty: ${(performance.now() - openedMs).toFixed(1)} ms`);
  await measurePuts(store);
  memory('after the puts');
  console.log(JSON.stringify(store.stats()));
  measureReads(store, 'tables and tree');
  openedMs = performance.now();
  await store.close();
  console.log(`close: ${(performance.now() - openedMs).toFixed(1)} ms`);
  openedMs = performance.now();
  store = await openStore({ dir, ...sizes });
  console.log(`open again: ${(performance.now() - openedMs).toFixed(1)} ms`);
  measureReads(store, 'tree only');
  memory('after the reads');
  await store.close();
} finally {
  rmSync(dir, { recursive: true, force: true });
}
