import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.js';
import { PrivateRequestError } from './private-request-error.js';
import type { PrivateRoute } from './private-routes.js';
import { readBody } from './request-body.js';

export const PRIVATE_PREFIX = '/_tablewright/';
const BODY_LIMIT_BYTES = 64 * 1024;

/** What the endpoint says of itself at `/_tablewright/health`. */
export interface Health {
  readonly status: 'running';
  readonly version: string;
  readonly pid: number;
  readonly uptimeMs: number;
  readonly startupMs: number;
  readonly url: string;
  readonly dataDir: string;
  readonly services: readonly string[];
}

export interface PrivateApiParts {
  health(): Health;
  /** Those that take and give JSON, see `privateRoutes`. */
  readonly routes: Readonly<Record<string, PrivateRoute>>;
  /** Deletes all data; the endpoint goes on. */
  reset(): Promise<void>;
  /** Begins to stop the endpoint; called after the answer has been sent. */
  shutdown(): void;
}

/**
 * The endpoint's own HTTP API, for its command line: `GET health`, `GET logs[?follow=1]` (JSON lines), `POST reset`,
 * `POST shutdown`, and the routes of `privateRoutes`. The origin check has been made by the time a request arrives here.
 */
export class PrivateApi {
  readonly #streams = new Set<ServerResponse>();

  constructor(private readonly parts: PrivateApiParts) {}

  /** Ends the logs that are being followed, so that the endpoint can close. */
  endStreams(): void {
    for (const response of this.#streams) response.end();
  }

  receive(exchange: Exchange): void {
    const url = new URL(exchange.request.url ?? '/', 'http://localhost');
    const route = `${exchange.request.method} ${url.pathname.slice(PRIVATE_PREFIX.length)}`;
    const json = this.#routeOf(route);
    if (json !== undefined) {
      this.#run(exchange, ...json);
      return;
    }
    exchange.request.resume();
    if (route === 'GET health') {
      sendJson(exchange, 200, this.parts.health());
      return;
    }
    if (route === 'GET logs') {
      this.#sendLogs(exchange, url.searchParams);
      return;
    }
    if (route === 'POST reset') {
      this.#reset(exchange);
      return;
    }
    if (route === 'POST shutdown') {
      exchange.response.on('finish', () => this.parts.shutdown());
      sendJson(exchange, 202, { status: 'stopping' });
      return;
    }
    sendJson(exchange, 404, { message: `there is no ${route}` });
  }

  /** The route, with what follows it in the path. */
  #routeOf(route: string): [PrivateRoute, string] | undefined {
    const { routes } = this.parts;
    const [path = '', argument = ''] = [route.split('/', 1)[0], route.slice(route.indexOf('/') + 1)];
    const whole = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (whole !== undefined) return [whole, ''];
    const known = route.includes('/') && Object.hasOwn(routes, path) ? routes[path] : undefined;
    return known === undefined ? undefined : [known, decodeURIComponent(argument)];
  }

  #run(exchange: Exchange, route: PrivateRoute, argument: string): void {
    readBody(exchange.request, BODY_LIMIT_BYTES, (body) => {
      const input = exchange.request.method === 'POST' ? readObject(body) : {};
      if (input === undefined) {
        sendJson(exchange, 400, { message: 'the body is no JSON object' });
        return;
      }
      new Promise<unknown>((resolve) => resolve(route(input, argument))).then(
        (answer) => sendJson(exchange, 200, answer ?? {}),
        (fault) => {
          const isOurs = !(fault instanceof PrivateRequestError);
          if (isOurs) exchange.kernel.reportFault(`${exchange.request.method} ${exchange.request.url}`, fault);
          sendJson(exchange, isOurs ? 500 : 400, { message: fault instanceof Error ? fault.message : String(fault) });
        },
      );
    });
  }

  #reset(exchange: Exchange): void {
    this.parts.reset().then(
      () => sendJson(exchange, 200, { status: 'reset' }),
      (fault) => {
        exchange.kernel.reportFault('reset', fault);
        sendJson(exchange, 500, { message: fault instanceof Error ? fault.message : String(fault) });
      },
    );
  }

  #sendLogs(exchange: Exchange, query: URLSearchParams): void {
    const { response, kernel } = exchange;
    response.writeHead(200, ['content-type', 'application/x-ndjson']);
    response.flushHeaders();
    response.write(kernel.requests.latestLines());
    if (query.get('follow') !== '1') {
      response.end();
      return;
    }
    const stop = kernel.requests.follow((line) => {
      // A reader that does not keep up loses lines rather than filling the endpoint's memory.
      if (response.writableLength < 4 * 1024 * 1024) response.write(line);
    });
    this.#streams.add(response);
    response.on('close', () => {
      stop();
      this.#streams.delete(response);
    });
  }
}

function readObject(body: Buffer | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(body?.toString('utf8') ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Sends without logging: the log tells of AWS requests. */
function sendJson(exchange: Exchange, status: number, value: object): void {
  const body = JSON.stringify(value);
  exchange.response.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
  ]);
  exchange.response.end(body);
}
