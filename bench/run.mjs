// Side by side, in one go and in turn: Tablewright's endpoint (durable), DynamoDB Local and dynalite (in memory), and a
// bare node:http server as the yardstick. Prints req/s, p50, p99, processor time a request (user and system, all threads
// of the server) and the ratios of both; --json FILE writes them, too.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { call } from './client.mjs';
import { hasWrk, putLoad } from './load.mjs';
import { contestants, cpuMicroseconds, installPeers, memory, startServer } from './servers.mjs';
import { fill, operations, tables } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string', multiple: true },
    operation: { type: 'string', multiple: true },
    json: { type: 'string' },
  },
});
const seconds = Number(options.seconds);
const connections = Number(options.connections);

const scratch = mkdtempSync(path.join(tmpdir(), 'bench-bodies-'));

const prepare = async (server) => {
  for (const table of tables) {
    const { status, text } = await call(server.port, 'CreateTable', table);
    if (status !== 200) throw new Error(`${server.name}: CreateTable answered ${status} ${text}`);
    for (;;) {
      const described = JSON.parse((await call(server.port, 'DescribeTable', { TableName: table.TableName })).text);
      if (described.Table.TableStatus === 'ACTIVE') break;
    }
  }
  for (const body of fill()) {
    const { status, text } = await call(server.port, 'BatchWriteItem', body);
    if (status !== 200) throw new Error(`${server.name}: BatchWriteItem answered ${status} ${text}`);
  }
};

const checkAnswers = async (server, name, operation) => {
  for (const body of operation.bodies().slice(0, 3)) {
    const { status, text } = await call(server.port, operation.operation ?? name, body);
    if (status !== 200 || !operation.check(JSON.parse(text))) {
      throw new Error(`${server.name}: ${name} answered ${status} ${text.slice(0, 300)}`);
    }
  }
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const measure = async (server, name, bodies, file, duration) => {
  const operation = operations[name].operation ?? name;
  const load = { port: server.port, operation, bodies, file, connections, seconds: duration };
  const cpuBefore = cpuMicroseconds(server.pid);
  const result = await putLoad(load);
  result.cpuMicros = (cpuMicroseconds(server.pid) - cpuBefore) / (result.perSecond * duration);
  if (result.failed > 0) throw new Error(`${server.name}: ${result.failed} requests of ${name} failed`);
  return result;
};

const main = async () => {
  installPeers();
  const { names, left } = contestants();
  for (const reason of left) console.log(`left out: ${reason}`);
  const chosen = names.filter((name) => options.only === undefined || options.only.includes(name));
  console.log(
    `load by ${hasWrk ? 'wrk' : 'the Node client'}: ${connections} connections, ${options.rounds} rounds of ${seconds} s a figure`,
  );

  const startups = {};
  const servers = [];
  const report = { startup: {}, memory: {}, operations: {} };
  try {
    for (const name of chosen) {
      // Three starts, of which the last stays.
      const times = [];
      for (let n = 0; n < 3; n++) {
        const server = await startServer(name);
        times.push(server.readyMs);
        if (n < 2) await server.stop();
        else servers.push(server);
      }
      startups[name] = median(times);
      report.startup[name] = Math.round(startups[name]);
    }
    for (const server of servers) {
      if (server.name !== 'bare') await prepare(server);
    }
    for (const [name, operation] of Object.entries(operations)) {
      if (options.operation !== undefined && !options.operation.includes(name)) continue;
      const bodies = operation.bodies().map((body) => JSON.stringify(body));
      const file = path.join(scratch, `${name}.jsonl`);
      writeFileSync(file, `${bodies.join('\n')}\n`);
      const taking = servers.filter((server) => operation.without?.includes(server.name) !== true);
      const results = Object.fromEntries(taking.map((server) => [server.name, []]));
      for (const server of taking) {
        if (server.name !== 'bare') await checkAnswers(server, name, operation);
        // Not shorter: DynamoDB Local's compiler takes its time.
        await measure(server, name, bodies, file, Number(options['warm-up']));
      }
      for (let round = 0; round < Number(options.rounds); round++) {
        for (const server of taking) results[server.name].push(await measure(server, name, bodies, file, seconds));
      }
      report.operations[name] = Object.fromEntries(
        Object.entries(results).map(([server, runs]) => [
          server,
          {
            perSecond: Math.round(median(runs.map((run) => run.perSecond))),
            p50: Number(median(runs.map((run) => run.p50)).toFixed(2)),
            p99: Number(median(runs.map((run) => run.p99)).toFixed(2)),
            cpuMicros: Number(median(runs.map((run) => run.cpuMicros)).toFixed(1)),
          },
        ]),
      );
      print(name, report.operations[name]);
    }
    for (const server of servers) report.memory[server.name] = memory(server.pid);
  } finally {
    for (const server of servers) await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  printIndexCost(report.operations);
  printMachine(report);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
};

const print = (name, byServer) => {
  const ours = byServer.tablewright;
  console.log(`\n${name}`);
  for (const [server, { perSecond, p50, p99, cpuMicros }] of Object.entries(byServer)) {
    const ratio =
      ours === undefined || server === 'tablewright'
        ? ''
        : `  tablewright is ${(ours.perSecond / perSecond).toFixed(2)} x, by processor time ${(cpuMicros / ours.cpuMicros).toFixed(2)} x`;
    console.log(
      `  ${server.padEnd(15)} ${String(perSecond).padStart(7)} req/s  p50 ${p50.toFixed(2).padStart(7)} ms  p99 ${p99.toFixed(2).padStart(7)} ms  cpu ${cpuMicros.toFixed(1).padStart(7)} µs${ratio}`,
    );
  }
};

/** The same puts to the same items in a table with one index and in one without. */
const printIndexCost = ({ PutItem: plain, 'PutItem, one index': indexed }) => {
  if (plain === undefined || indexed === undefined) return;
  console.log('\nshare of the write throughput that one index costs');
  for (const server of Object.keys(indexed)) {
    if (server === 'bare') continue;
    const share = 1 - indexed[server].perSecond / plain[server].perSecond;
    console.log(`  ${server.padEnd(15)} ${(share * 100).toFixed(0).padStart(7)} %`);
  }
};

const printMachine = ({ startup, memory: byServer }) => {
  console.log('\nready to serve, and memory after the load');
  for (const [server, ms] of Object.entries(startup)) {
    const { residentMb, anonymousMb } = byServer[server];
    console.log(
      `  ${server.padEnd(15)} ${String(ms).padStart(7)} ms  resident ${residentMb} MB (of that its own, not mapped files: ${anonymousMb} MB)`,
    );
  }
};

await main();
