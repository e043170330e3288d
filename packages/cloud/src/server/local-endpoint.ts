import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { type Clock, monotonicMs, type Random, systemClock, systemRandom } from '@tablewright/base';
import type { IamOption } from '../kernel/authorizer.js';
import type { ClockReading } from '../kernel/kernel-clock.js';
import { RequestLog, type RequestRecord } from '../kernel/request-log.js';
import { removeEndpointFile, writeEndpointFile } from '../lifecycle/endpoint-file.js';
import { serviceNames } from '../services/registry.js';
import { VERSION } from '../version.js';
import { type ClockRequest, setClock } from './clock-api.js';
import { closeServer } from './close-server.js';
import { deleteData } from './data-entries.js';
import { DEFAULT_PORT } from './default-port.js';
import { type Estate, openEstate } from './estate.js';
import { FastLane } from './fast-lane/fast-lane.js';
import { Http2Bridge } from './http2-bridge.js';
import { listen } from './listen.js';
import { OriginGuard } from './origin-guard.js';
import { receive } from './pipeline.js';
import { type Health, PrivateApi } from './private-api.js';
import { PrivateRequestError } from './private-request-error.js';
import { privateRoutes } from './private-routes.js';
import { type SnapshotRequest, Snapshots } from './snapshots.js';

/** How long requests under way may take to end before the data is closed. */
const QUIET_LIMIT_MS = 10_000;
const LOOPBACK = '127.0.0.1';

export interface LocalEndpointOptions {
  /** 0 lets the system choose; default {@link DEFAULT_PORT}. */
  readonly port?: number;
  /** The address to listen on; default loopback only. */
  readonly host?: string;
  /** Created when missing. */
  readonly dataDir: string;
  /** Further names that clients may address the endpoint by, besides IP addresses and localhost. */
  readonly allowedHosts?: readonly string[];
  /**
   * Whether DynamoDB tables throttle at their capacity, as on AWS, or let everything through. Default 'enforced'.
   */
  readonly throughput?: 'enforced' | 'free-running';
  /** Whether requests that policies deny fail (default), are noted and carried out, or nobody looks. */
  readonly iam?: IamOption;
  /** How long tables stay CREATING, UPDATING and DELETING, on the clock; default 0. */
  readonly transitionDelayMs?: number;
  /**
   * For how many seconds a partition of a table keeps unused capacity, 0 to 300; default 300. With 0 or 1 a hot key is
   * throttled at 1,000 writes or 3,000 reads within a second.
   */
  readonly partitionBurstSeconds?: number;
  /**
   * In which words requests on items are refused: as test suites and clients have known them, or as AWS words them in
   * most Regions since autumn 2026; default 'older'.
   */
  readonly validationWords?: 'older' | 'newer';
  /** Open shards of each new stream of a table, from 1; default 1. */
  readonly streamShards?: number;
  /** The machine's, which the endpoint's own clock follows. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called when a client asked for a shutdown over HTTP and the endpoint has closed. */
  readonly onShutdown?: () => void;
}

export interface LocalEndpoint {
  /** E.g. `http://127.0.0.1:4566`. */
  readonly url: string;
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** From the start of the process until it listened, in milliseconds. */
  readonly startupMs: number;
  /** The latest requests, oldest first. */
  requests(): readonly RequestRecord[];
  /** Its clock, as it stands. */
  clock(): ClockReading;
  /** Freezes, advances or speeds up its clock; resolves when all that fell due is done. */
  setClock(request: ClockRequest): Promise<void>;
  /** Deletes all data and goes on. */
  reset(): Promise<void>;
  /** Finishes what is in flight, then closes the store. */
  close(): Promise<void>;
}

/**
 * Starts the local AWS endpoint in this process. Rejects with a UserError when the port is in use.
 */
export async function startLocalEndpoint(options: LocalEndpointOptions): Promise<LocalEndpoint> {
  const endpoint = new RunningEndpoint(options);
  await endpoint.open();
  return endpoint;
}

class RunningEndpoint implements LocalEndpoint {
  readonly host: string;
  readonly dataDir: string;
  port = 0;
  url = '';
  startupMs = 0;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: RequestLog;
  readonly #guard: OriginGuard;
  readonly #privateApi: PrivateApi;
  readonly #servers: [Server, FastLane][] = [];
  readonly #http2 = new Http2Bridge(() => this.port);
  #openedMs = 0;
  #estate: Estate | undefined;
  #closing: Promise<void> | undefined;

  constructor(private readonly options: LocalEndpointOptions) {
    this.host = options.host ?? LOOPBACK;
    this.dataDir = resolve(options.dataDir);
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    mkdirSync(this.dataDir, { recursive: true });
    this.#log = new RequestLog(this.#clock, join(this.dataDir, 'requests.log'));
    const exposed = this.host === LOOPBACK ? [] : [this.host, hostname()];
    this.#guard = new OriginGuard([...exposed, ...(options.allowedHosts ?? [])]);
    this.#privateApi = new PrivateApi({
      health: () => this.#health(),
      routes: privateRoutes({
        estate: () => this.#openedEstate(),
        snapshots: (request) => this.#snapshot(request),
      }),
      reset: () => this.reset(),
      shutdown: () => void this.close().then(() => options.onShutdown?.()),
    });
  }

  async open(): Promise<void> {
    const port = this.options.port ?? DEFAULT_PORT;
    const [primary, lane] = this.#createServer();
    // The port comes first: whoever holds it decides, before any file is touched.
    this.port = await listen(primary, port, this.host);
    this.#servers.push([primary, lane]);
    try {
      this.#estate = await this.#openEstate();
    } catch (error) {
      primary.close();
      throw error;
    }
    if (this.host === LOOPBACK) await this.#listenOnIpv6();
    this.url = `http://${urlHost(this.host)}:${this.port}`;
    this.#openedMs = this.#clock.nowMs();
    this.startupMs = monotonicMs();
    const started = new Date(this.#openedMs).toISOString();
    writeEndpointFile(this.dataDir, { pid: process.pid, port: this.port, url: this.url, version: VERSION, started });
  }

  requests(): readonly RequestRecord[] {
    return this.#log.latest();
  }

  clock(): ClockReading {
    return this.#openedEstate().clock.reading();
  }

  async setClock(request: ClockRequest): Promise<void> {
    await setClock(this.#openedEstate().clock, request);
  }

  #openedEstate(): Estate {
    if (this.#estate === undefined) throw new Error('the endpoint is not open');
    return this.#estate;
  }

  /** Without a request, tells which there are. Requests that come meanwhile are asked to come again. */
  async #snapshot(request: SnapshotRequest | undefined): Promise<unknown> {
    const snapshots = new Snapshots(this.dataDir);
    if (request === undefined) return { snapshots: snapshots.list() };
    const { action, name = '' } = request;
    if (action === 'delete') return snapshots.delete(name);
    if (action === 'save') {
      const { nowMs } = this.clock();
      return this.#withDataClosed(() => snapshots.save(name, nowMs));
    }
    if (action !== 'load') throw new PrivateRequestError(`action ${action} is not one of save, load, delete`);
    // Looked for first, so that a wrong name disturbs nobody.
    snapshots.find(name);
    return this.#withDataClosed(() => snapshots.load(name));
  }

  /** Lets what is under way come to its end, closes the data, and opens it again after `action`. */
  async #withDataClosed<T>(action: () => T): Promise<T> {
    const estate = this.#openedEstate();
    this.#estate = undefined;
    await estate.kernel.inFlight.ended(QUIET_LIMIT_MS);
    await estate.close();
    try {
      return action();
    } finally {
      this.#estate = await this.#openEstate();
    }
  }

  async reset(): Promise<void> {
    const estate = this.#estate;
    if (estate === undefined) return;
    this.#estate = undefined;
    await estate.close();
    deleteData(this.dataDir);
    this.#estate = await this.#openEstate();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#privateApi.endStreams();
    this.#estate?.services.letGo();
    await this.#http2.close();
    await Promise.all(this.#servers.map(([server, lane]) => closeServer(server, lane)));
    this.#log.close();
    await this.#estate?.close();
    this.#estate = undefined;
    removeEndpointFile(this.dataDir, process.pid);
  }

  #openEstate(): Promise<Estate> {
    return openEstate({
      machineClock: this.#clock,
      random: this.#random,
      dataDir: this.dataDir,
      requests: this.#log,
      address: `${urlHost(this.host)}:${this.port}`,
      throughput: this.options.throughput ?? 'enforced',
      iam: this.options.iam ?? 'enforce',
      transitionDelayMs: this.options.transitionDelayMs ?? 0,
      partitionBurstSeconds: this.options.partitionBurstSeconds,
      validationWords: this.options.validationWords,
      streamShards: this.options.streamShards ?? 1,
    });
  }

  #createServer(): [Server, FastLane] {
    // Idle connections stay: it is then never the endpoint that closes one which a client is about to use again, and no
    // request pays for arming a timer.
    const options = { keepAliveTimeout: 0, requestTimeout: 0, noDelay: true };
    const server = createServer(options, (request, response) => {
      const estate = this.#estate;
      if (estate === undefined) {
        // Starting or resetting: clients retry on 503.
        request.resume();
        response.writeHead(503, ['content-length', '0', 'retry-after', '1']).end();
        return;
      }
      receive(estate, this.#guard, this.#privateApi, request, response);
    });
    server.headersTimeout = 60_000;
    this.#http2.attach(server);
    const lane = new FastLane(() => this.#estate, this.#guard);
    lane.standBefore(server);
    return [server, lane];
  }

  async #listenOnIpv6(): Promise<void> {
    const [server, lane] = this.#createServer();
    try {
      await listen(server, this.port, '::1');
      this.#servers.push([server, lane]);
    } catch {
      // No IPv6 here, or the port is taken there: 127.0.0.1 is enough.
    }
  }

  #health(): Health {
    return {
      status: 'running',
      version: VERSION,
      pid: process.pid,
      uptimeMs: this.#clock.nowMs() - this.#openedMs,
      startupMs: Math.round(this.startupMs),
      url: this.url,
      dataDir: this.dataDir,
      services: serviceNames,
    };
  }
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return LOOPBACK;
  return host.includes(':') ? `[${host}]` : host;
}
