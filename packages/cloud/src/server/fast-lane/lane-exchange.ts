import { STATUS_CODES } from 'node:http';
import { Slab, systemClock } from '@tablewright/base';
import type { Kernel } from '../../kernel/kernel.js';
import { type FlatHeaders, LoggedExchange } from '../logged-exchange.js';
import type { Outbox, Recipient } from '../outbox.js';

/** Up to here, copying a body behind its head is cheaper than sending two pieces. */
const MAX_COPIED_BYTES = 16 * 1024;

export interface LaneRecipient extends Recipient {
  /** Sends head (in ASCII) and body without copying them together. `done` is called when the system has the body. */
  endInTwo(head: string, body: Buffer | string, done: (() => void) | undefined): void;
}

/** One request and its answer in the fast lane. A small answer is one piece of bytes, head and body. */
export class LaneExchange extends LoggedExchange {
  #isAnswered = false;

  constructor(
    kernel: Kernel,
    private readonly outbox: Outbox,
    private readonly recipient: LaneRecipient,
  ) {
    super(kernel);
  }

  answer(status: number, headers: FlatHeaders, body: Buffer | string, done?: () => void): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
    head += `content-length: ${sizeBytes}\r\nDate: ${dateLine()}\r\nConnection: keep-alive\r\n\r\n`;
    if (sizeBytes <= MAX_COPIED_BYTES) {
      this.outbox.send(this.recipient, joined(head, body, sizeBytes));
      done?.();
    } else {
      // Not with the others at the end of the turn: the memory of a large answer is to be free for the next one.
      queueMicrotask(() => this.recipient.endInTwo(head, body, done));
    }
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
