import type { WireRequest } from '../index.js';

/** A request with what a test gives, the rest empty. `url` is the path and query as sent. */
export function wireRequest(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): WireRequest {
  const [path = '/', query = ''] = url.split(/\?(.*)/s, 2);
  return { method, path, query, headers, body: Buffer.isBuffer(body) ? body : Buffer.from(body) };
}
