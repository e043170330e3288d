// The same endpoint with few items and with many: does the size of a table cost throughput, and how much memory does it
// take? Two processes, each with one table of items of 200 to 400 bytes, are filled through BatchWriteItem and then
// measured in turn, at keys drawn from the whole table. Prints req/s, p50, p99, processor time a request (all
// threads of the server), the ratio of each operation, and memory.
//   node bench/scale.mjs [--items 5000000] [--base 50000] [--seconds 3] [--rounds 3] [--connections 32] [--warm-up 8]
//                        [--operation NAME …] [--data FOLDER: keep the stores there, to measure again] [--json FILE]
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { call } from './client.mjs';
import { hasWrk, putLoad } from './load.mjs';
import { allKeys, itemOf, newKeys, operations, table } from './scale-workloads.mjs';
import { cpuMicroseconds, forgetPeak, memory, startServer } from './servers.mjs';

const { values: options } = parseArgs({
  options: {
    items: { type: 'string', default: '5000000' },
    base: { type: 'string', default: '50000' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
    'warm-up': { type: 'string', default: '8' },
    operation: { type: 'string', multiple: true },
    data: { type: 'string' },
    json: { type: 'string' },
  },
});
const seconds = Number(options.seconds);
const connections = Number(options.connections);
const scratch = mkdtempSync(path.join(tmpdir(), 'bench-scale-'));
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const percentile = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;

const mustCall = async (server, operation, body) => {
  const { status, text } = await call(server.port, operation, body, agent);
  if (status !== 200) throw new Error(`${server.size} items: ${operation} answered ${status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
};

/** Sends write requests by 25, `connections` batches at a time; resolves with their latencies in ms, sorted. */
const writeAll = async (server, requests, onBatch) => {
  const latencies = [];
  const worker = async () => {
    for (;;) {
      const batch = [];
      while (batch.length < 25) {
        const { value, done } = requests.next();
        if (done) break;
        batch.push(value);
      }
      if (batch.length === 0) return;
      const begun = performance.now();
      await mustCall(server, 'BatchWriteItem', { RequestItems: { [table.TableName]: batch } });
      latencies.push(performance.now() - begun);
      onBatch?.(batch.length);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return latencies.sort((a, b) => a - b);
};

function* putsOf(size) {
  for (const n of allKeys(size)) yield { PutRequest: { Item: itemOf(n, 0) } };
}

function* deletesOf(keys) {
  for (const Key of keys) yield { DeleteRequest: { Key } };
}

const load = async (server) => {
  await mustCall(server, 'CreateTable', table);
  const begun = performance.now();
  let done = 0;
  let reported = begun;
  const requests = putsOf(server.size);
  const latencies = await writeAll(server, requests, (count) => {
    done += count;
    if (performance.now() - reported < 10_000) return;
    reported = performance.now();
    const perSecond = Math.round(done / ((reported - begun) / 1000));
    console.log(`  ${done} of ${server.size}, ${perSecond} items/s, resident ${memory(server.pid).residentMb} MB`);
  });
  const figures = {
    itemsPerSecond: Math.round(done / ((performance.now() - begun) / 1000)),
    p50: Number(percentile(latencies, 0.5).toFixed(1)),
    p99: Number(percentile(latencies, 0.99).toFixed(1)),
    longest: Number(percentile(latencies, 1).toFixed(0)),
  };
  console.log(`loaded ${done} items: ${JSON.stringify(figures)}`);
  return figures;
};

/** Size of the tree's file in MB. */
const storedMb = (server) => {
  return Math.round(statSync(path.join(server.dir, 'store', 'tree.pages')).size / 2 ** 20);
};

const memoryStep = (server, step, report) => {
  const figures = { size: server.size, step, ...memory(server.pid), treeMb: storedMb(server) };
  report.memory.push(figures);
  forgetPeak(server.pid);
};

const start = async (size) => {
  const folder = options.data === undefined ? path.join(scratch, String(size)) : path.join(options.data, String(size));
  const isLoaded = existsSync(folder);
  mkdirSync(folder, { recursive: true });
  return { ...(await startServer('tablewright', folder)), size, isLoaded };
};

const measure = async (server, name, round) => {
  const { operation, bodies, check, creates } = operations[name];
  const texts = bodies(server.size, round).map((body) => JSON.stringify(body));
  const file = path.join(scratch, 'bodies.jsonl');
  writeFileSync(file, `${texts.join('\n')}\n`);
  if (round === 0) {
    for (const body of texts.slice(0, 3)) {
      const { status, text } = await call(server.port, operation, body);
      if (status !== 200 || !check(JSON.parse(text))) throw new Error(`${name} answered ${status} ${text}`);
    }
  }
  // A process that has just opened a large store reads its branches first, and looks whether pages are whole.
  const duration = round === 0 ? Number(options['warm-up']) : seconds;
  const load = { port: server.port, operation, bodies: texts, file, connections, seconds: duration, inOrder: creates };
  const cpuBefore = cpuMicroseconds(server.pid);
  const result = await putLoad(load);
  result.cpuMicros = (cpuMicroseconds(server.pid) - cpuBefore) / (result.perSecond * duration);
  if (result.failed > 0) throw new Error(`${server.size} items: ${result.failed} requests of ${name} failed`);
  if (creates) {
    // Some more than were answered.
    const count = Math.ceil(result.perSecond * (duration + 1)) + connections;
    await writeAll(server, deletesOf(newKeys(round, count)));
  }
  return result;
};

const figuresOf = (runs) => ({
  perSecond: Math.round(median(runs.map((run) => run.perSecond))),
  p50: Number(median(runs.map((run) => run.p50)).toFixed(2)),
  p99: Number(median(runs.map((run) => run.p99)).toFixed(2)),
  cpuMicros: Number(median(runs.map((run) => run.cpuMicros)).toFixed(1)),
});

const print = (name, sizes, { bySize, ratio, cpuRatio }) => {
  console.log(`\n${name}: ratio ${ratio.toFixed(2)}, of processor time ${cpuRatio.toFixed(2)}`);
  for (const size of sizes) {
    const { perSecond, p50, p99, cpuMicros } = bySize[size];
    console.log(
      `  ${String(size).padStart(9)} items  ${String(perSecond).padStart(7)} req/s  p50 ${p50} ms  p99 ${p99} ms  cpu ${cpuMicros} µs`,
    );
  }
};

const printMemory = (steps) => {
  console.log(
    '\nmemory in MB: resident, its peak since the step before, of that its own, mapped files; size of the tree',
  );
  for (const { size, step, residentMb, peakMb, anonymousMb, mappedMb, treeMb } of steps) {
    const figures = [residentMb, peakMb, anonymousMb, mappedMb, treeMb].map((figure) => String(figure).padStart(6));
    console.log(`  ${String(size).padStart(9)} items  ${step.padEnd(24)}${figures.join('')}`);
  }
};

const main = async () => {
  const sizes = [Number(options.base), Number(options.items)];
  console.log(
    `load by ${hasWrk ? 'wrk' : 'the Node client'}: ${connections} connections, ${options.rounds} rounds of ${seconds} s a figure`,
  );
  const servers = [];
  const report = { load: {}, memory: [], operations: {} };
  try {
    for (const size of sizes) servers.push(await start(size));
    for (const server of servers) {
      memoryStep(server, 'started', report);
      if (!server.isLoaded) report.load[server.size] = await load(server);
      memoryStep(server, 'loaded', report);
    }
    for (const name of options.operation ?? Object.keys(operations)) {
      const runs = Object.fromEntries(sizes.map((size) => [size, []]));
      for (const server of servers) await measure(server, name, 0);
      for (let round = 1; round <= Number(options.rounds); round++) {
        for (const server of servers) runs[server.size].push(await measure(server, name, round));
      }
      for (const server of servers) memoryStep(server, name, report);
      const bySize = Object.fromEntries(sizes.map((size) => [size, figuresOf(runs[size])]));
      // Of the two runs of each round, which had about the same of the machine.
      const ratioOf = (figure) => median(runs[sizes[1]].map((run, n) => run[figure] / runs[sizes[0]][n][figure]));
      report.operations[name] = { bySize, ratio: ratioOf('perSecond'), cpuRatio: 1 / ratioOf('cpuMicros') };
      print(name, sizes, report.operations[name]);
    }
    printMemory(report.memory);
  } finally {
    for (const server of servers) await server.stop();
    agent.destroy();
    rmSync(scratch, { recursive: true, force: true });
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
};

await main();
