import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Kernel } from '../kernel/kernel.js';
import { type FlatHeaders, LoggedExchange } from './logged-exchange.js';
import type { Outbox } from './outbox.js';

export type { FlatHeaders } from './logged-exchange.js';

/** One request and its answer on Node's HTTP server. */
export class Exchange extends LoggedExchange {
  constructor(
    kernel: Kernel,
    private readonly outbox: Outbox,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    super(kernel);
  }

  override get userAgent(): string {
    return this.request.headers['user-agent'] ?? '';
  }

  override get sourceIp(): string {
    return (this.request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  }

  answer(status: number, headers: FlatHeaders, body: Buffer | string): void {
    const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    headers.push('content-length', sizeBytes);
    this.answerAs(status, headers, body, sizeBytes);
  }

  /** The same for headers that tell the length already, which for HEAD is not that of the (empty) body. */
  answerAs(status: number, headers: FlatHeaders, body: Buffer | string, sizeBytes: number): void {
    // A client that hung up gets no answer, but is logged.
    if (!this.response.destroyed && !this.response.headersSent) {
      this.response.writeHead(status, headers);
      this.outbox.send(this.response, body);
    }
    this.log(status, sizeBytes);
  }
}
