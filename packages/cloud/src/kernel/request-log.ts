import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Clock, Timer } from '@tablewright/base';

/** One request as the log keeps it: never a secret, never the contents of an item. */
export interface RequestRecord {
  /** When it was answered, ISO 8601. */
  readonly time: string;
  readonly requestId: string;
  readonly accountId: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  /** What the request is about: a table, a bucket, a function; empty when it names none. */
  readonly resource: string;
  readonly status: number;
  /** AWS's error code; empty when the request succeeded. */
  readonly errorCode: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** What there is to record, as the exchange has it. */
export type LoggedRequest = Omit<RequestRecord, 'time'>;

const BLOCK_BYTES = 64 * 1024;
/** Blocks kept in memory: some thousand requests. */
const BLOCK_COUNT = 8;
const FLUSH_DELAY_MS = 200;
const ROTATE_BYTES = 16 * 1024 * 1024;

interface Block {
  readonly bytes: Buffer;
  used: number;
  /** How much of it is in the file. */
  written: number;
}

/**
 * The request log: the latest requests in memory, and a file of JSON lines beside the data. Every request passes
 * here, so each becomes a line in a block of bytes at once and leaves no object behind; the file gets whole runs of
 * lines, at the latest after {@link FLUSH_DELAY_MS}. A file past {@link ROTATE_BYTES} becomes `<file>.1`, replacing
 * the one before.
 */
export class RequestLog {
  #blocks: Block[] = [newBlock()];
  #timer: Timer | undefined;
  #file: number | undefined;
  #sizeBytes = 0;
  #timeMs = Number.NaN;
  #time = '';
  #last: LoggedRequest | undefined;
  #lastMiddle = '';
  readonly #followers = new Set<(line: string) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly path: string,
  ) {}

  record(request: LoggedRequest): void {
    const line = this.#lineOf(request);
    const block = this.#blockFor(line.length);
    block.used += block.bytes.write(line, block.used, 'latin1');
    this.#timer ??= this.clock.after(FLUSH_DELAY_MS, () => this.flush());
    if (this.#followers.size > 0) for (const follower of this.#followers) follower(line);
  }

  /** The lines of the latest requests, oldest first, each with its line end. */
  latestLines(): Buffer {
    return Buffer.concat(this.#blocks.map(({ bytes, used }) => bytes.subarray(0, used)));
  }

  /** The latest requests, oldest first. */
  latest(): RequestRecord[] {
    const lines = this.latestLines().toString('utf8').split('\n').slice(0, -1);
    // Written by #lineOf.
    return lines.map((line) => JSON.parse(line) as RequestRecord);
  }

  /** Calls `follower` with the line of each request from now on; the function returned ends that. */
  follow(follower: (line: string) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Writes what is not in the file yet. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const block of this.#blocks) {
      if (block.written < block.used) this.#append(block.bytes.subarray(block.written, block.used));
      block.written = block.used;
    }
  }

  /** Writes what is left, and closes the file; a later request would open it again. */
  close(): void {
    this.flush();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(lines: Buffer): void {
    if (this.#file !== undefined && this.#sizeBytes > ROTATE_BYTES) {
      closeSync(this.#file);
      this.#file = undefined;
      renameSync(this.path, `${this.path}.1`);
    }
    if (this.#file === undefined) {
      this.#file = openSync(this.path, 'a');
      this.#sizeBytes = fstatSync(this.#file).size;
    }
    for (let offset = 0; offset < lines.length; ) offset += writeSync(this.#file, lines, offset);
    this.#sizeBytes += lines.length;
  }

  /** The block with room for `sizeBytes`; the oldest makes way for a new one. */
  #blockFor(sizeBytes: number): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.used + sizeBytes <= last.bytes.length) return last;
    this.flush();
    if (this.#blocks.length === BLOCK_COUNT) this.#blocks.shift();
    const block = newBlock(sizeBytes);
    this.#blocks.push(block);
    return block;
  }

  /** One line, in ASCII. By hand, because JSON.stringify would take as long as reading an item does. */
  #lineOf(request: LoggedRequest): string {
    const timeMs = this.clock.nowMs();
    if (timeMs !== this.#timeMs) {
      this.#timeMs = timeMs;
      this.#time = new Date(timeMs).toISOString();
    }
    // Requests mostly resemble the one before.
    if (this.#last === undefined || !isAlike(request, this.#last)) {
      this.#last = request;
      this.#lastMiddle = middleOf(request);
    }
    return (
      `{"time":"${this.#time}","requestId":"${request.requestId}",${this.#lastMiddle}` +
      `${milliseconds(request.durationMs)},"requestBytes":${request.requestBytes},` +
      `"responseBytes":${request.responseBytes}}\n`
    );
  }
}

function isAlike(one: LoggedRequest, other: LoggedRequest): boolean {
  return (
    one.operation === other.operation &&
    one.resource === other.resource &&
    one.status === other.status &&
    one.errorCode === other.errorCode &&
    one.region === other.region &&
    one.accountId === other.accountId &&
    one.service === other.service
  );
}

function middleOf(request: LoggedRequest): string {
  const { accountId, region, service, operation, resource, status, errorCode } = request;
  const named = JSON.stringify({ accountId, region, service, operation, resource, status, errorCode });
  return `${ascii(named.slice(1, -1))},"durationMs":`;
}

/** Names from requests may hold anything. */
function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** With three decimals; numbers of that kind are slow to print otherwise. */
function milliseconds(durationMs: number): string {
  const microseconds = Math.round(durationMs * 1000);
  const whole = Math.floor(microseconds / 1000);
  return `${whole}.${THOUSANDTHS[microseconds - whole * 1000]}`;
}

const THOUSANDTHS = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

function newBlock(sizeBytes = 0): Block {
  return { bytes: Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, sizeBytes)), used: 0, written: 0 };
}
