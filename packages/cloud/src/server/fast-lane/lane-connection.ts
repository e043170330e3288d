import type { Socket } from 'node:net';
import type { RequestHead } from '../request-head.js';
import { type PlainRequest, parseRequest } from './parse-request.js';

/** Larger bodies are left to Node's HTTP server, which refuses them. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** What Node's HTTP server says to a client that ends in the middle of a request. */
const BROKEN_OFF = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
const NOTHING = Buffer.alloc(0);

export interface LaneHooks {
  /** Whether a request may be served in the lane. */
  accepts(head: RequestHead): boolean;
  /** Serves a request; the connection's `end` is called once with its answer. */
  serve(connection: LaneConnection, head: RequestHead, body: Buffer): void;
  /** Takes the connection over, to be read from where the lane has stopped. */
  handOver(socket: Socket): void;
  closed(connection: LaneConnection): void;
}

/**
 * One connection, one request after the other: the next one is looked at when the answer to the one before has been
 * handed to the system. What the lane does not know goes, with the rest of the connection, to Node's HTTP server.
 */
export class LaneConnection {
  /** Bytes received and not yet used. */
  #rest: Buffer = NOTHING;
  /** The request whose body is still coming in, and the pieces of it. */
  #awaited: { readonly request: PlainRequest; readonly pieces: Buffer[]; gotBytes: number } | undefined;
  #isServing = false;
  #hasEnded = false;
  #isGone = false;

  constructor(
    private readonly socket: Socket,
    private readonly hooks: LaneHooks,
  ) {
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
    socket.on('error', ignore);
  }

  get isIdle(): boolean {
    return !this.#isServing && this.#awaited === undefined && this.socket.writableLength === 0;
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Sends the answer to the request that is being served. */
  end(answer: Buffer | string, done?: () => void): void {
    if (this.#isGone) return;
    const isTaken = this.socket.write(answer, done);
    if (isTaken) this.#next();
    else this.socket.once('drain', this.#next);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#awaited !== undefined) this.#addToBody(chunk);
    else {
      this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      // Nothing more is read while a request is being served: the client shall wait, not our memory grow.
      if (this.#isServing) this.socket.pause();
      else this.#readRequest();
    }
  };

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    if (this.#awaited !== undefined) this.socket.end(BROKEN_OFF);
    else if (!this.#isServing) this.socket.end();
  };

  readonly #onClose = (): void => {
    this.#isGone = true;
    this.hooks.closed(this);
  };

  readonly #next = (): void => {
    this.#isServing = false;
    if (this.#isGone) return;
    if (this.#rest.length > 0) this.#readRequest();
    if (this.#isGone || this.#isServing) return;
    if (this.#hasEnded) this.socket.end();
    else if (this.socket.isPaused()) this.socket.resume();
  };

  /** `#rest` begins with a request and is not empty. */
  #readRequest(): void {
    const bytes = this.#rest;
    const request = parseRequest(bytes, 0);
    if (request === undefined || request.bodyBytes > MAX_BODY_BYTES || !this.hooks.accepts(request.head)) {
      this.#handOver();
      return;
    }
    const end = request.bodyStart + request.bodyBytes;
    if (bytes.length < end) {
      const begun = bytes.subarray(request.bodyStart);
      this.#rest = NOTHING;
      this.#awaited = { request, pieces: [begun], gotBytes: begun.length };
      return;
    }
    this.#rest = bytes.length === end ? NOTHING : bytes.subarray(end);
    this.#serve(request, bytes.subarray(request.bodyStart, end));
  }

  #addToBody(chunk: Buffer): void {
    const awaited = this.#awaited;
    if (awaited === undefined) return;
    const { request, pieces, gotBytes } = awaited;
    const missing = request.bodyBytes - gotBytes;
    pieces.push(chunk.length > missing ? chunk.subarray(0, missing) : chunk);
    awaited.gotBytes += Math.min(chunk.length, missing);
    if (awaited.gotBytes < request.bodyBytes) return;
    this.#awaited = undefined;
    if (chunk.length > missing) this.#rest = chunk.subarray(missing);
    this.#serve(request, Buffer.concat(pieces, request.bodyBytes));
  }

  #serve(request: PlainRequest, body: Buffer): void {
    this.#isServing = true;
    if (this.#rest.length > 0) this.socket.pause();
    this.hooks.serve(this, request.head, body);
  }

  #handOver(): void {
    const { socket } = this;
    this.#isGone = true;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('close', this.#onClose);
    socket.off('error', ignore);
    this.hooks.closed(this);
    // Paused until the other reader listens, so that what is put back comes first and nothing is lost.
    socket.pause();
    if (this.#hasEnded) {
      // Its stream is over and takes nothing back. What came after a served request was no request of DynamoDB's.
      socket.end(BROKEN_OFF);
      return;
    }
    socket.unshift(this.#rest);
    this.hooks.handOver(socket);
    socket.resume();
  }
}

function ignore(): void {
  // 'close' follows.
}
