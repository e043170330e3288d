import type { IncomingMessage } from 'node:http';

const EMPTY = Buffer.alloc(0);

/**
 * Gathers a request's body and hands it to `done`; undefined when it is larger than `limitBytes` (the rest is
 * then read and dropped, so that the client gets its answer). A client that goes away is never answered.
 */
export function readBody(request: IncomingMessage, limitBytes: number, done: (body: Buffer | undefined) => void): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let sizeBytes = 0;
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) more = undefined;
    else if (first === undefined) first = chunk;
    else if (more === undefined) more = [first, chunk];
    else more.push(chunk);
  });
  request.on('end', () => {
    if (sizeBytes > limitBytes) done(undefined);
    else done(more === undefined ? (first ?? EMPTY) : Buffer.concat(more, sizeBytes));
  });
}
