import { STATUS_CODES } from 'node:http';
import { type Loan, Slab, systemClock } from '@tablewright/base';
import type { Kernel } from '../../kernel/kernel.js';
import { type FlatHeaders, LoggedExchange } from '../logged-exchange.js';
import type { Outbox, Recipient } from '../outbox.js';

/** Larger answers do not wait for the others of a turn: their memory is to be free for the next one. */
const MAX_WAITING_BYTES = 64 * 1024;

/** One request and its answer in the fast lane: one piece of bytes, head and body. */
export class LaneExchange extends LoggedExchange {
  #isAnswered = false;

  constructor(
    kernel: Kernel,
    private readonly outbox: Outbox,
    private readonly recipient: Recipient,
  ) {
    super(kernel);
  }

  answer(status: number, headers: FlatHeaders, body: Buffer | string, loan?: Loan): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
    head += `content-length: ${sizeBytes}\r\nDate: ${dateLine()}\r\nConnection: keep-alive\r\n\r\n`;
    const answer = loan?.behind(head) ?? joined(head, body, sizeBytes);
    if (sizeBytes <= MAX_WAITING_BYTES) this.outbox.send(this.recipient, answer, loan?.release);
    else queueMicrotask(() => this.recipient.end(answer, loan?.release));
    this.log(status, sizeBytes);
  }
}

/** For answers until they are sent. */
const slab = new Slab();

/** `head` is ASCII. */
function joined(head: string, body: Buffer | string, sizeBytes: number): Buffer {
  const bytes = slab.allocate(head.length + sizeBytes);
  bytes.write(head, 0, 'latin1');
  if (typeof body === 'string') bytes.write(body, head.length, 'utf8');
  else bytes.set(body, head.length);
  return bytes;
}

let second = Number.NaN;
let line = '';

/** The machine's time, as Node's HTTP server gives it; made once a second. */
function dateLine(): string {
  const now = Math.floor(systemClock.nowMs() / 1000);
  if (now !== second) {
    second = now;
    line = new Date(now * 1000).toUTCString();
  }
  return line;
}
