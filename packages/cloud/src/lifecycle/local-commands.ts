import { createReadStream, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Clock, delay, monotonicMs, systemClock, UserError } from '@tablewright/base';
import type { FaultRequest, FaultRule } from '../faults/fault-rule.js';
import type { Denial, IamMode } from '../kernel/authorizer.js';
import type { ClockReading } from '../kernel/kernel-clock.js';
import type { ClockRequest } from '../server/clock-api.js';
import { deleteData } from '../server/data-entries.js';
import type { Health } from '../server/private-api.js';
import { PrivateRequestError } from '../server/private-request-error.js';
import type { ServiceCoverage } from '../server/service-coverage.js';
import { type Snapshot, type SnapshotRequest, Snapshots } from '../server/snapshots.js';
import { runningOn } from './background.js';
import { defaultDataDir } from './data-dir.js';
import { type EndpointFile, isAlive, readEndpointFile } from './endpoint-file.js';
import { ask, openStream, post } from './private-client.js';

export interface LocalOptions {
  /** Default: {@link defaultDataDir}. */
  readonly dataDir?: string;
  readonly clock?: Clock;
}

const STOP_LIMIT_MS = 30_000;
const POLL_MS = 20;

export type LocalStatus =
  | ({ readonly state: 'running' } & Omit<Health, 'status'>)
  | { readonly state: 'stopped'; readonly dataDir: string };

/** Whether an endpoint runs on the data folder, and which. */
export async function localStatus(options: LocalOptions = {}): Promise<LocalStatus> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir());
  const health = await runningOn(dataDir);
  if (health === undefined) return { state: 'stopped', dataDir };
  const { status: state, ...rest } = health;
  return { state, ...rest };
}

/**
 * Stops the endpoint of the data folder, once it has finished what is in flight, and waits until its process has
 * ended. Resolves with what ran, or undefined when nothing did.
 */
export async function stopLocalEndpoint(options: LocalOptions = {}): Promise<Health | undefined> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir());
  const health = await runningOn(dataDir);
  if (health === undefined) return undefined;
  await post(health.url, 'shutdown');
  const startedMs = monotonicMs();
  while (isOurs(readEndpointFile(dataDir), health) && isAlive(health.pid)) {
    if (monotonicMs() - startedMs > STOP_LIMIT_MS) {
      throw new UserError(
        `the local endpoint (process ${health.pid}) has not stopped within ${STOP_LIMIT_MS / 1000} seconds`,
        `See ${join(dataDir, 'endpoint.log')}, or end the process with "kill ${health.pid}".`,
      );
    }
    await delay(options.clock ?? systemClock, POLL_MS);
  }
  return health;
}

/** Deletes all data of the folder: through the endpoint when one runs, which goes on, else the files. */
export async function resetLocal(options: LocalOptions = {}): Promise<{ readonly running: boolean }> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir());
  const health = await runningOn(dataDir);
  if (health !== undefined) {
    await post(health.url, 'reset');
    return { running: true };
  }
  const file = readEndpointFile(dataDir);
  if (file !== undefined && isAlive(file.pid)) {
    throw new UserError(
      `process ${file.pid} may still be using ${dataDir}, and does not answer at ${file.url}`,
      `Wait until it has started or ended, or delete ${join(dataDir, 'endpoint.json')} if it is no local endpoint.`,
    );
  }
  deleteData(dataDir);
  return { running: false };
}

/**
 * The clock of the endpoint that runs on the data folder; with `request`, set first. Resolves when all that fell due is
 * done. Rejects with a UserError when none runs, or when the request makes no sense.
 */
export async function localClock(options: LocalOptions = {}, request?: ClockRequest): Promise<ClockReading> {
  const { url } = await needRunning(options);
  const answer = request === undefined ? await ask(url, 'GET', 'clock') : await ask(url, 'POST', 'clock', request);
  // Answered by the endpoint of this version.
  return answer as ClockReading;
}

/** What policies denied, or would have denied, since the endpoint on the data folder started; the latest 500. */
export async function localDenials(
  options: LocalOptions = {},
): Promise<{ readonly mode: IamMode; readonly denials: readonly Denial[] }> {
  const { url } = await needRunning(options);
  // Answered by the endpoint of this version.
  return (await ask(url, 'GET', 'denials')) as { mode: IamMode; denials: Denial[] };
}

/** The rules of faults that are in force on the endpoint of the data folder. */
export async function localFaults(options: LocalOptions = {}): Promise<readonly FaultRule[]> {
  const { url } = await needRunning(options);
  return ((await ask(url, 'GET', 'faults')) as { faults: FaultRule[] }).faults;
}

/** Adds a rule. Rejects with a UserError when it makes no sense. */
export async function addLocalFault(options: LocalOptions, request: FaultRequest): Promise<FaultRule> {
  const { url } = await needRunning(options);
  return (await ask(url, 'POST', 'faults', request)) as FaultRule;
}

/** Removes one rule, or all; resolves with how many. */
export async function clearLocalFaults(options: LocalOptions, id?: string): Promise<number> {
  const { url } = await needRunning(options);
  const path = id === undefined ? 'faults' : `faults/${encodeURIComponent(id)}`;
  return ((await ask(url, 'DELETE', path)) as { removed: number }).removed;
}

/** Regions whose replication is cut off; with `change`, after it. */
export async function localRegions(
  options: LocalOptions,
  change?: { readonly cutOff: string } | { readonly rejoin: string },
): Promise<readonly string[]> {
  const { url } = await needRunning(options);
  const answer = change === undefined ? await ask(url, 'GET', 'regions') : await ask(url, 'POST', 'regions', change);
  return (answer as { cutOff: string[] }).cutOff;
}

/** The operations of every service, and which are emulated. */
export async function localCoverage(options: LocalOptions = {}): Promise<readonly ServiceCoverage[]> {
  const { url } = await needRunning(options);
  return ((await ask(url, 'GET', 'coverage')) as { services: ServiceCoverage[] }).services;
}

/** Snapshots of the data folder, also of one that no endpoint runs on. */
export async function localSnapshots(options: LocalOptions = {}): Promise<readonly Snapshot[]> {
  return new Snapshots(resolve(options.dataDir ?? defaultDataDir())).list();
}

/** Saves, loads or deletes a snapshot: through the endpoint when one runs, which goes on, else in the files. */
export async function changeLocalSnapshot(
  options: LocalOptions,
  action: NonNullable<SnapshotRequest['action']>,
  name: string,
): Promise<Snapshot> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir());
  const health = await runningOn(dataDir);
  // Answered by the endpoint of this version.
  if (health !== undefined) return (await ask(health.url, 'POST', 'snapshots', { action, name })) as Snapshot;
  const snapshots = new Snapshots(dataDir);
  try {
    if (action === 'save') return snapshots.save(name, (options.clock ?? systemClock).nowMs());
    return action === 'load' ? snapshots.load(name) : snapshots.delete(name);
  } catch (error) {
    if (!(error instanceof PrivateRequestError)) throw error;
    throw new UserError(error.message, 'See "tablewright local snapshot list".');
  }
}

async function needRunning(options: LocalOptions): Promise<Health> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir());
  const health = await runningOn(dataDir);
  if (health !== undefined) return health;
  throw new UserError(`no local endpoint runs on ${dataDir}`, 'Start one with "tablewright local start".');
}

export interface LogOptions extends LocalOptions {
  /** Go on with the requests to come. */
  readonly follow?: boolean;
  /** Ends a log that is followed. */
  readonly signal?: AbortSignal;
}

/** The lines of the request log (JSON), oldest first: from the running endpoint, else from the file. */
export async function* readRequestLog(options: LogOptions = {}): AsyncGenerator<string> {
  const dataDir = resolve(options.dataDir ?? defaultDataDir());
  const health = await runningOn(dataDir);
  if (health === undefined) {
    if (options.follow === true) {
      throw new UserError(`no local endpoint runs on ${dataDir}`, 'Start one with "tablewright local start".');
    }
    const path = join(dataDir, 'requests.log');
    if (existsSync(path)) yield* createInterface({ input: createReadStream(path) });
    return;
  }
  const query = options.follow === true ? '?follow=1' : '';
  const stream = await openStream(`${health.url}/_tablewright/logs${query}`, options.signal);
  try {
    yield* createInterface({ input: stream });
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
  } finally {
    stream.destroy();
  }
}

function isOurs(file: EndpointFile | undefined, health: Health): boolean {
  return file?.pid === health.pid;
}
