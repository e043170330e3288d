import type { Kernel } from '../../../kernel/kernel.js';
import type { Actor } from '../../../kernel/principal.js';
import { ServiceError } from '../../../wire/index.js';
import type { LogLine } from './log-lines.js';

/** PutLogEvents takes so many at once. */
const EVENTS_PER_CALL = 10_000;
const BYTES_PER_CALL = 1_000_000;
/** What an event costs besides its text. */
const EVENT_OVERHEAD_BYTES = 26;

/**
 * Brings what functions say to CloudWatch Logs, with the function's own permissions: where its role lacks them there is
 * no log, as on AWS. Group and stream are made when they are missing.
 */
export class LogWriter {
  /** The last write to each stream, so that they come in order. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(private readonly kernel: Kernel) {}

  /** Nobody waits for it. */
  write(actor: Actor, group: string, stream: string, lines: readonly LogLine[]): void {
    if (lines.length === 0) return;
    const key = `${actor.caller.accountId}/${actor.caller.region}/${group}/${stream}`;
    const before = this.#last.get(key) ?? Promise.resolve();
    const writing = before.then(() => this.#write(actor, group, stream, lines));
    this.#last.set(key, writing);
    const done = writing.finally(() => {
      if (this.#last.get(key) === writing) this.#last.delete(key);
    });
    this.kernel.activity.track(`log of ${group}`, done);
  }

  async #write(actor: Actor, group: string, stream: string, lines: readonly LogLine[]): Promise<void> {
    for (const part of partsOf(lines)) {
      try {
        await this.#put(actor, group, stream, part);
      } catch (error) {
        // A log that cannot be written is not written: its function runs all the same.
        if (!(error instanceof ServiceError)) throw error;
        return;
      }
    }
  }

  async #put(actor: Actor, logGroupName: string, logStreamName: string, lines: readonly LogLine[]): Promise<void> {
    const logEvents = lines.map(({ timestampMs, message }) => ({ timestamp: timestampMs, message }));
    const put = () => this.kernel.calls.run('logs', 'PutLogEvents', actor, { logGroupName, logStreamName, logEvents });
    try {
      await put();
    } catch (error) {
      if (!isCode(error, 'ResourceNotFoundException')) throw error;
      await this.#make(actor, 'CreateLogGroup', { logGroupName });
      await this.#make(actor, 'CreateLogStream', { logGroupName, logStreamName });
      await put();
    }
  }

  async #make(actor: Actor, operation: string, input: object): Promise<void> {
    try {
      await this.kernel.calls.run('logs', operation, actor, input);
    } catch (error) {
      // Without the permission to make a group, the function may still write to one that is there.
      if (!isCode(error, 'ResourceAlreadyExistsException') && !isCode(error, 'AccessDeniedException')) throw error;
    }
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ServiceError && error.code === code;
}

function partsOf(lines: readonly LogLine[]): LogLine[][] {
  const parts: LogLine[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line.message) + EVENT_OVERHEAD_BYTES;
    let part = parts.at(-1);
    if (part === undefined || sizeBytes + bytes > BYTES_PER_CALL || part.length === EVENTS_PER_CALL) {
      part = [];
      parts.push(part);
      sizeBytes = 0;
    }
    part.push(line);
    sizeBytes += bytes;
  }
  return parts;
}
