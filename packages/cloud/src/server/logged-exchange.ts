import { type Loan, monotonicMs } from '@tablewright/base';
import { DEFAULT_ACCOUNT_ID } from '../kernel/credential.js';
import type { Kernel } from '../kernel/kernel.js';

/** Header names and values in turn, as `writeHead` takes them. */
export type FlatHeaders = (string | number)[];

/** One request and its answer, however they travel, with what the log will say about it. */
export abstract class LoggedExchange {
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
  /** Of the answer, where it follows from the request. */
  contentType = '';

  #isUnderWay = false;

  constructor(readonly kernel: Kernel) {}

  /** What the client says it is, and where it is; empty where nobody asks. */
  get userAgent(): string {
    return '';
  }

  get sourceIp(): string {
    return '';
  }

  /** The request is whole, and will be answered. */
  begin(): void {
    this.#isUnderWay = true;
    this.kernel.inFlight.begin();
  }

  /**
   * Sends a whole answer, with its length, and logs the request.
   *
   * @param loan set where the memory of `body` may be released once nobody looks at it any more
   */
  abstract answer(status: number, headers: FlatHeaders, body: Buffer | string, loan?: Loan): void;

  log(status: number, responseBytes: number): void {
    if (this.#isUnderWay) this.kernel.inFlight.end();
    this.#isUnderWay = false;
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
