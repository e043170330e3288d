import type { IncomingMessage, ServerResponse } from 'node:http';
import { monotonicMs } from '@tablewright/base';
import { DEFAULT_ACCOUNT_ID } from '../kernel/credential.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Outbox } from './outbox.js';

/** Header names and values in turn, as `writeHead` takes them. */
export type FlatHeaders = (string | number)[];

/** One request and its answer, with what the log will say about it. */
export class Exchange {
  readonly startedMs = monotonicMs();
  requestId = '';
  accountId = DEFAULT_ACCOUNT_ID;
  region = '';
  service = '';
  operation = '';
  resource = '';
  errorCode = '';
  requestBytes = 0;
  /** The codings in which the client takes the answer, as its header has them. */
  acceptEncoding: string | undefined;

  constructor(
    readonly kernel: Kernel,
    private readonly outbox: Outbox,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {}

  /** Sends a whole answer, with its length, and logs the request. */
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

  log(status: number, responseBytes: number): void {
    this.kernel.requests.record({
      requestId: this.requestId,
      accountId: this.accountId,
      region: this.region,
      service: this.service,
      operation: this.operation,
      resource: this.resource,
      status,
      errorCode: this.errorCode,
      durationMs: monotonicMs() - this.startedMs,
      requestBytes: this.requestBytes,
      responseBytes,
    });
  }
}
