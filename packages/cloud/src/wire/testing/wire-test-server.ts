import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { collectBody } from '../body.js';
import {
  decodeInput,
  encodeError,
  encodeOutput,
  matchOperation,
  ServiceError,
  type ServiceModel,
  type WireRequest,
  type WireResponse,
} from '../index.js';

/** What the server saw of the latest request. */
export interface Seen {
  operation: string;
  protocol: string;
  input: unknown;
}

export interface WireTestServer {
  readonly url: string;
  readonly latest: () => Seen;
  close(): Promise<void>;
}

/** Answers an operation; throws ServiceError for what the client shall see. */
export type TestHandler = (operation: string, input: object) => object | Promise<object>;

/** An HTTP server on a free port that consists of the wire layer and one handler. */
export async function startWireTestServer(model: ServiceModel, handler: TestHandler): Promise<WireTestServer> {
  let seen: Seen = { operation: '', protocol: '', input: undefined };
  const server = createServer((incoming, outgoing) => {
    answer(model, handler, incoming, (now) => {
      seen = now;
    })
      .then((response) => send(outgoing, response))
      .catch((error: unknown) => {
        outgoing.statusCode = 500;
        outgoing.end(String(error instanceof Error ? error.stack : error));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    latest: () => seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  model: ServiceModel,
  handler: TestHandler,
  incoming: IncomingMessage,
  note: (seen: Seen) => void,
): Promise<WireResponse> {
  const request = await toWireRequest(model, incoming);
  const match = matchOperation(model, request);
  const requestId = 'b25f48e8-84fd-11e6-80d9-574e0c4664cb';
  if (match.kind === 'unknown') return encodeError(model, match.protocol, match.error, requestId);
  try {
    const input = await decodeInput(model, match, request);
    note({ operation: match.operation.name, protocol: match.protocol, input });
    return encodeOutput(model, match, await handler(match.operation.name, input), requestId);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return encodeError(model, match.protocol, error, requestId);
  }
}

async function toWireRequest(model: ServiceModel, incoming: IncomingMessage): Promise<WireRequest> {
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s, 2);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  const body = model.streamsInput ? incoming : await collectBody(incoming);
  return { method: incoming.method ?? 'GET', path, query, headers: Object.fromEntries(headers), body };
}

async function send(outgoing: ServerResponse, response: WireResponse): Promise<void> {
  outgoing.writeHead(response.status, response.headers);
  if (response.body instanceof Readable) await pipeline(response.body, outgoing);
  else outgoing.end(response.body);
}
