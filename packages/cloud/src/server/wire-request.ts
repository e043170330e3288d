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

/** What a header says that came in several lines has plain commas in between, as its signature has. */
function flatHeaders(request: IncomingMessage): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  const lines = Object.entries(request.headers);
  const isRepeated = request.rawHeaders.length > 2 * lines.length;
  for (const [name, value] of lines) {
    if (Array.isArray(value)) flat[name] = value.join(',');
    else flat[name] = isRepeated && value?.includes(', ') ? unspaced(request, name, value) : value;
  }
  return flat;
}

/** Node joins lines with comma and space, but drops those after the first of headers that it holds to be single. */
function unspaced({ rawHeaders }: IncomingMessage, wanted: string, joined: string): string {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);
  return values.join(', ') === joined ? values.join(',') : joined;
}
