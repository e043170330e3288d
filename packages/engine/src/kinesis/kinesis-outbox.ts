import { createHash } from 'node:crypto';
import type { Clock, Random, Timer } from '@tablewright/base';
import type { Key, Store, Writer } from '@tablewright/store';
import type { BackgroundFeed, ChangeDelivery } from '../background-feed.js';
import { pickAttributes } from '../data/own-attribute.js';
import type { ItemChange } from '../data/replace-item.js';
import { sameItem } from '../data/same-item.js';
import type { ChangeSink } from '../engine-context.js';
import { encodeChange } from './encode-change.js';
import {
  decodeEntry,
  encodeEntry,
  entryKey,
  numberOf,
  OUTBOX,
  type OutboxEntry,
  queueRange,
  sequenceOf,
} from './outbox-entry.js';

/** Kinesis, as DynamoDB needs it. */
export interface KinesisStreams {
  isThere(streamArn: string): boolean;
  /** All records or none, in order; rejects when the stream is gone or takes none. */
  put(
    streamArn: string,
    records: readonly { readonly partitionKey: string; readonly data: Uint8Array }[],
  ): Promise<void>;
}

export interface KinesisOutboxOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly streams: KinesisStreams;
  /** Told of what goes to Kinesis. */
  readonly feed?: BackgroundFeed;
}

const BATCH_RECORDS = 500;
const BATCH_BYTES = 4 * 1024 * 1024;
const RETRY_MS = { first: 1000, most: 60_000 };
/** What a stream has not taken by then is lost, as on AWS. */
const PATIENCE_MS = 24 * 3600 * 1000;

interface BatchEntry {
  readonly key: Key;
  readonly entry: OutboxEntry;
}

interface Queue {
  lastSequence: number;
  running: Promise<void> | undefined;
  retry: Timer | undefined;
  retryMs: number;
}

/**
 * Changes of items on their way to Kinesis. An entry is written in the same store change as its item, and taken out once
 * the stream has it: nothing is lost in a crash, what was under way then comes twice. One batch at a time for each
 * destination, so that the changes of an item stay in their order.
 */
export class KinesisOutbox implements ChangeSink {
  readonly #queues = new Map<number, Queue>();
  readonly #woken = new Set<number>();
  #isClosed = false;

  constructor(private readonly options: KinesisOutboxOptions) {}

  /** Goes on with what was under way when the engine stopped. */
  start(): void {
    let start: Key = OUTBOX.start;
    for (;;) {
      const [first] = this.options.store.range({ start, end: OUTBOX.end });
      if (first === undefined) return;
      const number = numberOf(first.key);
      this.#wake(number);
      start = queueRange(number).end;
    }
  }

  append(writer: Writer, change: ItemChange): void {
    const { layout, before, after, cause } = change;
    const destination = layout.table.kinesis;
    const item = after ?? before;
    if (destination === undefined || item === undefined) return;
    // Transactions tell of items that they leave as they were, too (recorded on AWS).
    const isSame = before !== undefined && after !== undefined && sameItem(before, after);
    if (isSame && cause !== 'transaction') return;
    const { storageNumber, streamArn, precision } = destination;
    const queue = this.#queue(storageNumber);
    const sequence = Math.max(queue.lastSequence + 1, Math.floor(this.options.clock.nowMs()) * 1000);
    queue.lastSequence = sequence;
    const keys = pickAttributes(item.attributes(layout.anyKeyAttributes), layout.keyNames);
    const data = encodeChange({
      eventId: this.options.random.uuid(),
      region: layout.table.region,
      tableName: layout.table.name,
      keys,
      before,
      after,
      isExpiry: cause === 'timeToLive',
      atMicroseconds: sequence,
      precision,
    });
    const partitionKey = createHash('md5').update(JSON.stringify(keys)).digest('hex').toUpperCase();
    writer.put(entryKey(storageNumber, sequence), encodeEntry({ streamArn, partitionKey, data }));
    this.#wake(storageNumber);
  }

  /** Resolves when everything is delivered, or waits for another try. */
  async idle(): Promise<void> {
    for (;;) {
      const running = [...this.#queues.values()].flatMap((queue) => queue.running ?? []);
      if (running.length === 0 && this.#woken.size === 0) return;
      await Promise.all(running);
      await nextTurn();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const queue of this.#queues.values()) queue.retry?.cancel();
    await Promise.all([...this.#queues.values()].map((queue) => queue.running));
  }

  #queue(number: number): Queue {
    const known = this.#queues.get(number);
    if (known !== undefined) return known;
    const [last] = this.options.store.range({ ...queueRange(number), reverse: true });
    const queue: Queue = {
      lastSequence: last === undefined ? 0 : sequenceOf(last.key),
      running: undefined,
      retry: undefined,
      retryMs: RETRY_MS.first,
    };
    this.#queues.set(number, queue);
    return queue;
  }

  /** On a later turn, when the change that calls for it is made. */
  #wake(number: number): void {
    const queue = this.#queue(number);
    if (this.#isClosed || this.#woken.has(number) || queue.running !== undefined || queue.retry !== undefined) return;
    this.#woken.add(number);
    setImmediate(() => {
      this.#woken.delete(number);
      if (this.#isClosed) return;
      queue.running = this.#deliver(number, queue).finally(() => {
        queue.running = undefined;
      });
    });
  }

  async #deliver(number: number, queue: Queue): Promise<void> {
    while (!this.#isClosed) {
      const batch = this.#batch(number);
      const [first] = batch;
      if (first === undefined) return;
      try {
        await this.options.streams.put(
          first.entry.streamArn,
          batch.map(({ entry }) => entry),
        );
        await this.#remove(batch.map(({ key }) => key));
        queue.retryMs = RETRY_MS.first;
        this.#tell('delivered', batch);
      } catch (error) {
        this.#tell(isThrottling(error) ? 'throttled' : 'refused', batch);
        await this.#giveUp(number).catch(() => {});
        this.#retryLater(number, queue);
        return;
      }
    }
  }

  #batch(number: number): BatchEntry[] {
    const batch: BatchEntry[] = [];
    let bytes = 0;
    for (const { key, value } of this.options.store.range(queueRange(number))) {
      bytes += value.length;
      if (batch.length === BATCH_RECORDS || (batch.length > 0 && bytes > BATCH_BYTES)) break;
      batch.push({ key, entry: decodeEntry(value) });
    }
    return batch;
  }

  #remove(keys: readonly Key[]): Promise<void> {
    return this.options.store.change((writer) => {
      for (const key of keys) writer.delete(key);
    });
  }

  /** Takes out what has waited too long. */
  async #giveUp(number: number): Promise<void> {
    const horizon = (this.options.clock.nowMs() - PATIENCE_MS) * 1000;
    const late: BatchEntry[] = [];
    for (const { key, value } of this.options.store.range(queueRange(number))) {
      if (sequenceOf(key) >= horizon) break;
      late.push({ key, entry: decodeEntry(value) });
    }
    await this.#remove(late.map(({ key }) => key));
    this.#tell('lost', late);
  }

  #tell(outcome: ChangeDelivery['outcome'], batch: readonly BatchEntry[]): void {
    const { feed, clock } = this.options;
    const [first] = batch;
    if (first === undefined || feed?.isHeard !== true) return;
    const [, , , region = '', accountId = ''] = first.entry.streamArn.split(':');
    // Written by append, for the table's name that it holds.
    const { tableName: name } = JSON.parse(first.entry.data.toString('utf8')) as { tableName: string };
    feed.changesSent({
      table: { accountId, region, name },
      outcome,
      records: batch.length,
      units: batch.reduce((sum, { entry }) => sum + Math.ceil(entry.data.length / 1024), 0),
      oldestAgeMs: Math.max(0, clock.nowMs() - sequenceOf(first.key) / 1000),
    });
  }

  #retryLater(number: number, queue: Queue): void {
    if (this.#isClosed) return;
    queue.retry = this.options.clock.after(queue.retryMs, () => {
      queue.retry = undefined;
      this.#wake(number);
    });
    queue.retryMs = Math.min(queue.retryMs * 2, RETRY_MS.most);
  }
}

function isThrottling(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ProvisionedThroughputExceededException' || code === 'LimitExceededException';
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
