import type { Store, Writer } from '@tablewright/store';
import { Records } from '../../kernel/records.js';
import type { MessageRecord, MessageState } from './message-record.js';
import { numberOf } from './queue-attributes.js';
import { isFifo, type QueueRecord } from './queue-record.js';

const SEQUENCE_DIGITS = 16;
const TIME_DIGITS = 15;
const CHUNK = 500;

/** A message as it lies in a queue. */
export interface StoredMessage {
  readonly sequence: string;
  readonly message: MessageRecord;
  readonly state: MessageState;
}

/** How many messages there are, those past their retention left out. */
export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * Messages of all queues. Those of standard queues are also in an index by the time from which they can be received, so
 * that receiving costs the same however many wait; those of FIFO queues are looked through in the order they were sent.
 * Whatever is done here is done within a change of the caller's.
 */
export class MessageStore {
  readonly #messages: Records<MessageRecord>;
  readonly #states: Records<MessageState>;
  readonly #due: Records<1>;
  readonly #sequences: Records<number>;

  constructor(private readonly store: Store) {
    this.#messages = new Records(store, 'sqs.messages');
    this.#states = new Records(store, 'sqs.states');
    this.#due = new Records(store, 'sqs.due');
    this.#sequences = new Records(store, 'sqs.sequences');
  }

  /** Puts a message at the end of the queue. Returns its sequence. */
  addIn(writer: Writer, queue: QueueRecord, message: MessageRecord, state: MessageState): string {
    const next = (this.#sequences.getFrom(writer, queue.id, '') ?? 0) + 1;
    const sequence = String(next).padStart(SEQUENCE_DIGITS, '0');
    this.#sequences.putIn(writer, queue.id, '', next);
    this.#messages.putIn(writer, queue.id, sequence, message);
    this.#putState(writer, queue, sequence, state);
    return sequence;
  }

  getIn(writer: Writer, queue: QueueRecord, sequence: string): StoredMessage | undefined {
    const state = this.#states.getFrom(writer, queue.id, sequence);
    const message = state && this.#messages.getFrom(writer, queue.id, sequence);
    return message === undefined || state === undefined ? undefined : { sequence, message, state };
  }

  updateIn(writer: Writer, queue: QueueRecord, { sequence, state }: StoredMessage, next: MessageState): void {
    if (!isFifo(queue)) this.#due.deleteIn(writer, queue.id, dueName(state, sequence));
    this.#putState(writer, queue, sequence, next);
  }

  removeIn(writer: Writer, queue: QueueRecord, sequence: string): void {
    const state = this.#states.getFrom(writer, queue.id, sequence);
    if (state !== undefined && !isFifo(queue)) this.#due.deleteIn(writer, queue.id, dueName(state, sequence));
    this.#states.deleteIn(writer, queue.id, sequence);
    this.#messages.deleteIn(writer, queue.id, sequence);
  }

  /** Up to `limit` messages that can be received now, in order. Those past their retention are removed on the way. */
  availableIn(writer: Writer, queue: QueueRecord, limit: number, nowMs: number): StoredMessage[] {
    const found: StoredMessage[] = [];
    const horizonMs = nowMs - numberOf(queue, 'MessageRetentionPeriod') * 1000;
    const expired: string[] = [];
    for (const [sequence, state] of this.#candidates(writer, queue, nowMs, horizonMs)) {
      if (state.sentMs <= horizonMs) expired.push(sequence);
      else {
        const stored = this.getIn(writer, queue, sequence);
        if (stored !== undefined) found.push(stored);
      }
      if (found.length === limit || expired.length === CHUNK) break;
    }
    for (const sequence of expired) this.removeIn(writer, queue, sequence);
    return found;
  }

  /** When the next message can be received that cannot be now; undefined when there is none. */
  nextMs(queue: QueueRecord, nowMs: number): number | undefined {
    if (isFifo(queue)) {
      let next: number | undefined;
      for (const [, { visibleMs }] of this.#states.list(queue.id)) {
        if (visibleMs > nowMs) next = Math.min(next ?? visibleMs, visibleMs);
      }
      return next;
    }
    for (const [name] of this.#due.list(queue.id, { after: `${time(nowMs)}/~` }))
      return Number(name.slice(0, TIME_DIGITS));
    return undefined;
  }

  counts(queue: QueueRecord, nowMs: number): MessageCounts {
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    const horizonMs = nowMs - numberOf(queue, 'MessageRetentionPeriod') * 1000;
    for (const [, { sentMs, visibleMs, receives }] of this.#states.list(queue.id)) {
      if (sentMs <= horizonMs) continue;
      if (visibleMs <= nowMs) counts.visible += 1;
      else if (receives === 0) counts.delayed += 1;
      else counts.inFlight += 1;
    }
    return counts;
  }

  /** Removes all messages; more than a few in several changes. */
  async clear(queue: QueueRecord): Promise<void> {
    for (;;) {
      const sequences: string[] = [];
      for (const [sequence] of this.#states.list(queue.id)) {
        sequences.push(sequence);
        if (sequences.length === CHUNK) break;
      }
      if (sequences.length === 0) return;
      await this.store.change((writer) => {
        for (const sequence of sequences) this.removeIn(writer, queue, sequence);
      });
    }
  }

  /** Of a queue that is gone. */
  forgetIn(writer: Writer, queue: QueueRecord): void {
    this.#sequences.deleteIn(writer, queue.id, '');
  }

  /** What can be received, and what may be past its retention, in order. */
  *#candidates(
    writer: Writer,
    queue: QueueRecord,
    nowMs: number,
    horizonMs: number,
  ): Iterable<readonly [string, MessageState]> {
    if (!isFifo(queue)) {
      for (const [name] of this.#due.list(queue.id, { reader: writer })) {
        if (Number(name.slice(0, TIME_DIGITS)) > nowMs) return;
        const sequence = name.slice(TIME_DIGITS + 1);
        const state = this.#states.getFrom(writer, queue.id, sequence);
        if (state !== undefined) yield [sequence, state];
      }
      return;
    }
    // A group's later messages wait until the earlier ones are deleted.
    const blocked = new Set<string>();
    for (const [sequence, state] of this.#states.list(queue.id, { reader: writer })) {
      const { groupId = '', visibleMs, sentMs } = state;
      if (sentMs <= horizonMs) yield [sequence, state];
      else if (visibleMs > nowMs) blocked.add(groupId);
      else if (!blocked.has(groupId)) yield [sequence, state];
    }
  }

  #putState(writer: Writer, queue: QueueRecord, sequence: string, state: MessageState): void {
    this.#states.putIn(writer, queue.id, sequence, state);
    if (!isFifo(queue)) this.#due.putIn(writer, queue.id, dueName(state, sequence), 1);
  }
}

function dueName({ visibleMs }: MessageState, sequence: string): string {
  return `${time(visibleMs)}/${sequence}`;
}

function time(timeMs: number): string {
  return String(timeMs).padStart(TIME_DIGITS, '0');
}
