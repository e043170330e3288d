import { Readable } from 'node:stream';

/** The whole body in memory. */
export async function collectBody(body: Buffer | Readable): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** The body as a stream. */
export function streamBody(body: Buffer | Readable): Readable {
  return Buffer.isBuffer(body) ? Readable.from(body.length === 0 ? [] : [body]) : body;
}

/** `content-length` of a body whose length is known. */
export function lengthHeader(body: Buffer | Readable | string): Record<string, string> {
  if (Buffer.isBuffer(body)) return { 'content-length': String(body.length) };
  return typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
}
