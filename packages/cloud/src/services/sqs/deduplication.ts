import { createHash } from 'node:crypto';
import type { Store, Writer } from '@tablewright/store';
import { Records } from '../../kernel/records.js';
import type { QueueRecord } from './queue-record.js';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const INTERVAL_MS = 5 * 60_000;
const TIME_DIGITS = 15;
/** How many entries past the interval each send removes: more than it adds. */
const TRIMMED = 4;

interface SentRecord {
  readonly messageId: string;
  readonly sequence: string;
  readonly sentMs: number;
}

/** What was sent to FIFO queues in the last five minutes, by deduplication id; within changes of the caller's. */
export class Deduplication {
  readonly #sent: Records<SentRecord>;
  /** The same names by time, so that old ones are found. */
  readonly #times: Records<string>;

  constructor(private readonly store: Store) {
    this.#sent = new Records(store, 'sqs.sent');
    this.#times = new Records(store, 'sqs.sent-times');
  }

  /** The message that was sent with the id before. */
  findIn(writer: Writer, queue: QueueRecord, id: string, groupId: string, nowMs: number): SentRecord | undefined {
    const sent = this.#sent.getFrom(writer, queue.id, nameOf(queue, id, groupId));
    return sent !== undefined && sent.sentMs > nowMs - INTERVAL_MS ? sent : undefined;
  }

  noteIn(writer: Writer, queue: QueueRecord, id: string, groupId: string, sent: SentRecord): void {
    const name = nameOf(queue, id, groupId);
    this.#trim(writer, queue, sent.sentMs - INTERVAL_MS);
    this.#sent.putIn(writer, queue.id, name, sent);
    this.#times.putIn(writer, queue.id, `${String(sent.sentMs).padStart(TIME_DIGITS, '0')}/${sent.sequence}`, name);
  }

  async clear(queue: QueueRecord): Promise<void> {
    await this.store.change((writer) => {
      for (const records of [this.#sent, this.#times]) {
        for (const [name] of [...records.list(queue.id, { reader: writer })]) records.deleteIn(writer, queue.id, name);
      }
    });
  }

  #trim(writer: Writer, queue: QueueRecord, beforeMs: number): void {
    const old: (readonly [string, string])[] = [];
    for (const entry of this.#times.list(queue.id, { reader: writer })) {
      if (Number(entry[0].slice(0, TIME_DIGITS)) > beforeMs || old.length === TRIMMED) break;
      old.push(entry);
    }
    for (const [time, name] of old) {
      this.#times.deleteIn(writer, queue.id, time);
      // It may have been sent again since.
      const sent = this.#sent.getFrom(writer, queue.id, name);
      if (sent !== undefined && sent.sentMs <= beforeMs) this.#sent.deleteIn(writer, queue.id, name);
    }
  }
}

/** Ids count for the queue or, if it is so set, for each group by itself. */
function nameOf({ attributes }: QueueRecord, id: string, groupId: string): string {
  const scope = attributes.DeduplicationScope === 'messageGroup' ? groupId : '';
  return createHash('sha256').update(`${scope}\0${id}`).digest('hex');
}
