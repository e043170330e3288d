import { appendFileSync, existsSync, renameSync, statSync } from 'node:fs';
import type { Clock, Timer } from '@tablewright/base';

/** One request as the log keeps it: never a secret, never the contents of an item. */
export interface RequestRecord {
  /** ISO 8601 in the file; milliseconds since the epoch here. */
  readonly timeMs: number;
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

const RING_SIZE = 2048;
const FLUSH_DELAY_MS = 200;
const ROTATE_BYTES = 16 * 1024 * 1024;

/**
 * The request log: a ring of the latest requests, and a file of JSON lines beside the data. Recording costs next
 * to nothing, because lines are formatted and written in batches; {@link flush} brings the file up to date. A file
 * past {@link ROTATE_BYTES} becomes `<file>.1`, replacing the one before.
 */
export class RequestLog {
  #ring: (RequestRecord | undefined)[] = new Array(RING_SIZE).fill(undefined);
  #recorded = 0;
  #unwritten: RequestRecord[] = [];
  #timer: Timer | undefined;
  #sizeBytes: number;
  readonly #followers = new Set<(record: RequestRecord) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly path: string,
  ) {
    this.#sizeBytes = existsSync(path) ? statSync(path).size : 0;
  }

  record(record: RequestRecord): void {
    this.#ring[this.#recorded++ % RING_SIZE] = record;
    this.#unwritten.push(record);
    this.#timer ??= this.clock.after(FLUSH_DELAY_MS, () => this.flush());
    if (this.#followers.size > 0) for (const follower of this.#followers) follower(record);
  }

  /** The latest requests, oldest first. */
  latest(count = RING_SIZE): RequestRecord[] {
    const first = Math.max(0, this.#recorded - Math.min(count, RING_SIZE));
    const records: RequestRecord[] = [];
    for (let index = first; index < this.#recorded; index++) {
      const record = this.#ring[index % RING_SIZE];
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  /** Calls `follower` with each request from now on; the function returned ends that. */
  follow(follower: (record: RequestRecord) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Writes what is not in the file yet. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#unwritten.length === 0) return;
    const text = this.#unwritten.map((record) => `${requestLine(record)}\n`).join('');
    this.#unwritten = [];
    if (this.#sizeBytes > ROTATE_BYTES) {
      renameSync(this.path, `${this.path}.1`);
      this.#sizeBytes = 0;
    }
    appendFileSync(this.path, text);
    this.#sizeBytes += Buffer.byteLength(text);
  }

  /** Forgets the ring; the file stays. */
  clear(): void {
    this.#ring = new Array(RING_SIZE).fill(undefined);
    this.#recorded = 0;
  }
}

/** One line of the log file, without the line end. */
export function requestLine(record: RequestRecord): string {
  const { timeMs, durationMs, ...rest } = record;
  const time = new Date(timeMs).toISOString();
  return JSON.stringify({ time, ...rest, durationMs: Math.round(durationMs * 1000) / 1000 });
}
