// Starts the contestants, each on a free port, and measures start-up time and memory.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { daemonCommand } from '../packages/cloud/dist/index.js';
import { call } from './client.mjs';

const here = import.meta.dirname;
const peers = path.join(here, '.peers');

/** Peers live in a folder of their own, so that the project's install stays small. */
export const installPeers = () => {
  if (existsSync(path.join(peers, 'node_modules', 'dynalite'))) return;
  console.log('installing the peers (once) into bench/.peers …');
  mkdirSync(peers, { recursive: true });
  writeFileSync(path.join(peers, 'package.json'), '{ "private": true }\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', 'amplify-dynamodb-simulator@2', 'dynalite@4'], {
    cwd: peers,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
};

const freePort = () =>
  new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const emulator = path.join(peers, 'node_modules', 'amplify-dynamodb-simulator', 'emulator');
const commands = {
  // The process that `tablewright local start` leaves in the background.
  tablewright: (port, dir) => {
    const { command, args, env } = daemonCommand({ port: Number(port), dataDir: dir });
    return [command, args, env];
  },
  'dynamodb-local': (port) => [
    'java',
    [
      `-Djava.library.path=${emulator}/DynamoDBLocal_lib`,
      '-jar',
      `${emulator}/DynamoDBLocal.jar`,
      '-inMemory',
      '-port',
      port,
    ],
  ],
  dynalite: (port) => [
    process.execPath,
    [path.join(peers, 'node_modules/dynalite/cli.js'), '--port', port, '--createTableMs', '0'],
  ],
  bare: (port) => [process.execPath, [path.join(here, 'bare-server.mjs'), port]],
};

const hasJava = () => {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Names of the contestants that this machine can run, with the reason why one cannot. */
export const contestants = () => {
  if (hasJava()) return { names: Object.keys(commands), left: [] };
  return {
    names: Object.keys(commands).filter((name) => name !== 'dynamodb-local'),
    left: ['dynamodb-local: no java'],
  };
};

/** With a `folder` the data lies there and stays there; without, it goes when the server stops. */
export const startServer = async (name, folder) => {
  const port = await freePort();
  const dir = folder ?? mkdtempSync(path.join(tmpdir(), `bench-${name}-`));
  const [command, args, env] = commands[name](String(port), dir);
  const begun = performance.now();
  const child = spawn(command, args.map(String), {
    cwd: dir,
    env: env ?? process.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${complaint}`);
    if (performance.now() - begun > 30_000) throw new Error(`${name} did not answer within 30 s: ${complaint}`);
    const answer = await call(port, 'ListTables', {}).catch(() => undefined);
    if (answer?.status === 200) break;
    await sleep(4);
  }
  const readyMs = performance.now() - begun;
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([gone, sleep(5000).then(() => child.kill('SIGKILL'))]);
    if (folder === undefined) rmSync(dir, { recursive: true, force: true });
  };
  return { name, port, pid: child.pid, readyMs, stop, dir };
};

/** Processor time that the process and all its threads have used so far, user and system; 0 where Linux is not. */
export const cpuMicroseconds = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_A_TICK;
  } catch {
    return 0;
  }
};

/** Linux counts in hundredths of a second. */
const MICROSECONDS_A_TICK = 10_000;

/** Resident memory in MB as Linux counts it; anonymous is what only this process holds (a mapped file can be dropped). */
export const memory = (pid) => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
    return {
      residentMb: field('VmRSS'),
      peakMb: field('VmHWM'),
      anonymousMb: field('RssAnon'),
      mappedMb: field('RssFile'),
    };
  } catch {
    return { residentMb: 0, peakMb: 0, anonymousMb: 0, mappedMb: 0 };
  }
};

/** Lets the peak of the resident memory begin anew; without effect where Linux is not. */
export const forgetPeak = (pid) => {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // The peak then stays that of the whole run.
  }
};
