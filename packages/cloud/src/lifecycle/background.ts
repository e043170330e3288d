import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, delay, monotonicMs, systemClock, systemRandom, UserError } from '@tablewright/base';
import { DirectoryLock } from '@tablewright/store/directory-lock';
import { DEFAULT_PORT } from '../server/default-port.js';
import { PortInUseError, portInUse } from '../server/listen.js';
import type { LocalEndpointOptions } from '../server/local-endpoint.js';
import type { Health } from '../server/private-api.js';
import { daemonCommand } from './daemon-command.js';
import { defaultDataDir } from './data-dir.js';
import { isAlive, readEndpointFile } from './endpoint-file.js';
import { askHealth } from './private-client.js';

export interface BackgroundOptions {
  /** Default: the port of the endpoint that runs on the data folder, else 4566. 0 lets the system choose. */
  readonly port?: number;
  readonly host?: string;
  /** Default: {@link defaultDataDir}. */
  readonly dataDir?: string;
  readonly allowedHosts?: readonly string[];
  /** See {@link LocalEndpointOptions}; says nothing to an endpoint that runs already. */
  readonly throughput?: LocalEndpointOptions['throughput'];
  readonly partitionBurstSeconds?: LocalEndpointOptions['partitionBurstSeconds'];
  readonly validationWords?: LocalEndpointOptions['validationWords'];
  readonly iam?: LocalEndpointOptions['iam'];
  readonly transitionDelayMs?: LocalEndpointOptions['transitionDelayMs'];
  readonly streamShards?: LocalEndpointOptions['streamShards'];
  readonly clock?: Clock;
}

export interface BackgroundEndpoint extends Health {
  /** Whether it ran already. */
  readonly alreadyRunning: boolean;
}

/** A large store is opened in seconds; a busy machine takes its time, too. */
const START_LIMIT_MS = 60_000;
/** An endpoint whose process is there gets so long to say who it is. */
const HEALTH_PATIENCE_MS = 30_000;
/** What listens on the port may be something else, that never says. */
const STRANGER_PATIENCE_MS = 3000;
const POLL_MS = 15;

/**
 * Starts the endpoint in a process of its own, which outlives this one, and resolves once it answers. When one runs
 * on the data folder already, or somebody else is about to start it, that one is the answer. Rejects with a
 * {@link PortInUseError} when the port is taken, and with another UserError when the process ends before it answers.
 */
export async function startInBackground(options: BackgroundOptions = {}): Promise<BackgroundEndpoint> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir());
  const running = await runningOn(dataDir);
  if (running !== undefined) return { ...checkSamePort(running, options.port), alreadyRunning: true };
  const port = options.port ?? DEFAULT_PORT;
  await checkPortFree(port, dataDir);
  mkdirSync(dataDir, { recursive: true });
  const clock = options.clock ?? systemClock;
  const turn = await takeTurn(dataDir, clock);
  try {
    const started = await runningOn(dataDir);
    if (started !== undefined) return { ...checkSamePort(started, options.port), alreadyRunning: true };
    return { ...(await launch({ ...options, port, dataDir }, clock)), alreadyRunning: false };
  } finally {
    turn.release();
  }
}

/** Those who start an endpoint on one data folder do so one after the other: all but the first find it running. */
async function takeTurn(dataDir: string, clock: Clock): Promise<DirectoryLock> {
  const startedMs = monotonicMs();
  for (;;) {
    try {
      return DirectoryLock.take(dataDir, systemRandom, 'starting');
    } catch (error) {
      if (!(error instanceof UserError) || monotonicMs() - startedMs > 2 * START_LIMIT_MS) throw error;
    }
    await delay(clock, POLL_MS);
  }
}

/** The endpoint that runs on `dataDir` and answers. */
export async function runningOn(dataDir: string): Promise<Health | undefined> {
  const file = readEndpointFile(dataDir);
  if (file === undefined) return undefined;
  const startedMs = monotonicMs();
  const isPatient = () => isAlive(file.pid) && monotonicMs() - startedMs < HEALTH_PATIENCE_MS;
  const health = await askHealth(file.url, isPatient);
  return health?.dataDir === resolve(dataDir) ? health : undefined;
}

function checkSamePort(running: Health, port: number | undefined): Health {
  const runningPort = Number(new URL(running.url).port);
  if (port === undefined || port === 0 || port === runningPort) return running;
  throw new UserError(
    `the endpoint of ${running.dataDir} already runs at ${running.url}, not at port ${port}`,
    'Stop it first with "tablewright local stop", or give the other endpoint a data folder of its own with --data-dir.',
  );
}

async function checkPortFree(port: number, dataDir: string): Promise<void> {
  if (port === 0) return;
  const startedMs = monotonicMs();
  const isPatient = () => monotonicMs() - startedMs < STRANGER_PATIENCE_MS;
  const other = await askHealth(`http://127.0.0.1:${port}`, isPatient);
  if (other === undefined) return;
  throw new PortInUseError(
    port,
    `the local endpoint of ${other.dataDir} (process ${other.pid})`,
    `Use that one with --data-dir ${other.dataDir}, stop it, or start the one of ${dataDir} at another port with --port.`,
  );
}

async function launch(
  options: BackgroundOptions & { readonly port: number; readonly dataDir: string },
  clock: Clock,
): Promise<Health> {
  const { port, host, dataDir, allowedHosts, throughput, partitionBurstSeconds } = options;
  const logPath = join(dataDir, 'endpoint.log');
  const log = openSync(logPath, 'a');
  const logStart = statSync(logPath).size;
  const { command, args, env } = daemonCommand({
    port,
    host,
    dataDir,
    allowedHosts,
    throughput,
    partitionBurstSeconds,
    validationWords: options.validationWords,
    iam: options.iam,
    transitionDelayMs: options.transitionDelayMs,
    streamShards: options.streamShards,
  });
  const child = spawn(command, args, { detached: true, env, stdio: ['ignore', log, log] });
  closeSync(log);
  const failure = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(diedError(port, logPath, logStart, code ?? signal)));
  });
  try {
    return await Promise.race([failure, untilHealthy(child, dataDir, clock)]);
  } finally {
    failure.catch(() => {});
    child.removeAllListeners();
    child.unref();
  }
}

/** Rejects when it takes too long; how a process has ended is told elsewhere. */
async function untilHealthy(child: ChildProcess, dataDir: string, clock: Clock): Promise<Health> {
  const startedMs = monotonicMs();
  while (monotonicMs() - startedMs < START_LIMIT_MS && child.exitCode === null && child.signalCode === null) {
    const file = readEndpointFile(dataDir);
    if (file !== undefined && file.pid === child.pid) {
      const health = await askHealth(file.url);
      if (health !== undefined) return health;
    }
    await delay(clock, POLL_MS);
  }
  child.kill();
  throw new UserError(
    `the local endpoint did not answer within ${START_LIMIT_MS / 1000} seconds`,
    `See ${join(dataDir, 'endpoint.log')}.`,
  );
}

/** What the process wrote before it ended tells why; a port in use is told in the usual words. */
function diedError(port: number, logPath: string, logStart: number, how: number | string | null): UserError {
  const written = readFileSync(logPath).subarray(logStart).toString('utf8').trim();
  if (/^port \d+ is in use by/m.test(written)) return portInUse(port);
  const lastLines = written.split('\n').slice(-8).join('\n');
  return new UserError(
    `the local endpoint ended before it was ready (${how}):\n${lastLines}`,
    `The whole log is in ${logPath}.`,
  );
}
