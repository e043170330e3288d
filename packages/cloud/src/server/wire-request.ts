import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { WireRequest } from '../wire/index.js';

/** The request as the wire layer takes it, with `body` as collected or as a stream. */
export function wireRequest(request: IncomingMessage, body: Buffer | Readable): WireRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: flatHeaders(request),
    body,
  };
}

function flatHeaders(request: IncomingMessage): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
