import type { Reader, Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import {
  DAY_MS,
  eventBytes,
  type LogEvent,
  type LogEventRecord,
  type LogGroupRecord,
  type LogStreamRecord,
} from './log-record.js';
import { groupNotFound, streamNotFound } from './logs-errors.js';

/** Events removed in one change. */
const CHUNK = 1000;
const SEPARATOR = '\0';

/**
 * Log groups, streams and events. An event is kept once, under its stream, and named once more in the order of its
 * group, so that both a stream and a whole group are read in order of time without sorting.
 */
export class LogStore {
  readonly groups: Records<LogGroupRecord>;
  readonly streams: Records<LogStreamRecord>;
  /** Name: group, stream, position. */
  readonly #events: Records<LogEventRecord>;
  /** Name: group, position, stream. */
  readonly #order: Records<1>;
  #arrivals = 0;
  #lastArrivalMs = 0;

  constructor(readonly kernel: Kernel) {
    this.groups = new Records(kernel.store, 'logs.groups');
    this.streams = new Records(kernel.store, 'logs.streams');
    this.#events = new Records(kernel.store, 'logs.events');
    this.#order = new Records(kernel.store, 'logs.order');
  }

  group(caller: Caller, name: string): LogGroupRecord {
    const group = this.groups.get(partitionOf(caller), name);
    if (group === undefined) throw groupNotFound();
    return group;
  }

  stream(caller: Caller, group: string, name: string): LogStreamRecord {
    const stream = this.streams.get(partitionOf(caller), group + SEPARATOR + name);
    if (stream === undefined) throw streamNotFound();
    return stream;
  }

  /** By name. */
  *streamsOf(caller: Caller, group: string, prefix = ''): Iterable<LogStreamRecord> {
    for (const [, stream] of this.streams.list(partitionOf(caller), { prefix: group + SEPARATOR + prefix }))
      yield stream;
  }

  putStream(caller: Caller, stream: LogStreamRecord): Promise<void> {
    return this.streams.put(partitionOf(caller), stream.group + SEPARATOR + stream.name, stream);
  }

  /** Durable, with the times of the stream, once the promise resolves. */
  append(
    caller: Caller,
    stream: LogStreamRecord,
    events: readonly { readonly timestampMs: number; readonly message: string }[],
  ): Promise<LogEvent[]> {
    const partition = partitionOf(caller);
    const ingestedMs = this.kernel.clock.nowMs();
    const added = events.map((event) => {
      const position = `${padded(event.timestampMs, 16)}${this.#arrival(ingestedMs)}`;
      return { ...event, ingestedMs, stream: stream.name, position };
    });
    const times = events.map(({ timestampMs }) => timestampMs);
    return this.kernel.store.change((writer) => {
      const name = stream.group + SEPARATOR + stream.name;
      // It may be gone since it was looked at.
      const current = this.streams.getFrom(writer, partition, name);
      if (current === undefined) throw streamNotFound();
      this.#count(writer, partition, stream.group, sumOf(added));
      for (const { position, timestampMs, message } of added) {
        const event = { timestampMs, ingestedMs, message };
        this.#events.putIn(writer, partition, name + SEPARATOR + position, event);
        this.#order.putIn(writer, partition, [stream.group, position, stream.name].join(SEPARATOR), 1);
      }
      this.streams.putIn(writer, partition, name, {
        ...current,
        firstMs: Math.min(current.firstMs ?? Number.POSITIVE_INFINITY, ...times),
        lastMs: Math.max(current.lastMs ?? 0, ...times),
        lastIngestionMs: ingestedMs,
      });
      return added;
    });
  }

  /** The events of a stream that come after a position and before another, oldest first. Read them in the same turn. */
  *eventsOf(caller: Caller, group: string, stream: string, bounds: EventBounds = {}): Iterable<LogEvent> {
    const { after = '', before, reverse = false } = bounds;
    const prefix = [group, stream, ''].join(SEPARATOR);
    const range = { prefix, after: prefix + after, reverse, ...(before !== undefined && { before: prefix + before }) };
    for (const [name, event] of this.#events.list(partitionOf(caller), range)) {
      yield { ...event, stream, position: name.slice(prefix.length) };
    }
  }

  /** The events of a group whose `place` (position and stream) is after one, oldest first. Read them in the same turn. */
  *eventsOfGroup(caller: Caller, group: string, after = ''): Iterable<LogEvent> {
    const partition = partitionOf(caller);
    const prefix = group + SEPARATOR;
    const from = after === '' ? {} : { after: prefix + after };
    for (const [name] of this.#order.list(partition, { prefix, ...from })) {
      const [, position = '', stream = ''] = name.split(SEPARATOR);
      const event = this.#events.get(partition, [group, stream, position].join(SEPARATOR));
      if (event !== undefined) yield { ...event, stream, position };
    }
  }

  placeOf(event: LogEvent): string {
    return event.position + SEPARATOR + event.stream;
  }

  /** The first place at or after an instant. */
  placeAt(timestampMs: number): string {
    return padded(timestampMs, 16);
  }

  storedBytes(caller: Caller, group: LogGroupRecord): number {
    return group.storedBytes ?? this.#countedBytes(this.kernel.store, partitionOf(caller), group.name);
  }

  /** Removes a stream with its events. */
  async deleteStream(caller: Caller, { group, name }: LogStreamRecord): Promise<void> {
    await this.streams.delete(partitionOf(caller), group + SEPARATOR + name);
    await this.#removeEvents(caller, group, () => this.eventsOf(caller, group, name));
  }

  async deleteGroup(caller: Caller, name: string): Promise<void> {
    const partition = partitionOf(caller);
    const streams = [...this.streamsOf(caller, name)];
    await this.kernel.store.change((writer) => {
      this.groups.deleteIn(writer, partition, name);
      for (const stream of streams) this.streams.deleteIn(writer, partition, name + SEPARATOR + stream.name);
    });
    await this.#removeEvents(caller, name, () => this.eventsOfGroup(caller, name));
  }

  /** Removes what a group retains no longer. Resolves with when the next event will be too old; undefined: none will. */
  async expire(caller: Caller, { name, retentionDays }: LogGroupRecord): Promise<number | undefined> {
    if (retentionDays === undefined) return undefined;
    const horizonMs = this.kernel.clock.nowMs() - retentionDays * DAY_MS;
    await this.#removeEvents(caller, name, () => this.eventsOfGroup(caller, name), horizonMs);
    for (const { timestampMs } of this.eventsOfGroup(caller, name)) return timestampMs + retentionDays * DAY_MS;
    return undefined;
  }

  async #removeEvents(caller: Caller, group: string, rest: () => Iterable<LogEvent>, beforeMs?: number): Promise<void> {
    const partition = partitionOf(caller);
    for (;;) {
      const chunk: LogEvent[] = [];
      for (const event of rest()) {
        if (chunk.length === CHUNK || (beforeMs !== undefined && event.timestampMs > beforeMs)) break;
        chunk.push(event);
      }
      if (chunk.length === 0) return;
      await this.kernel.store.change((writer) => {
        this.#count(writer, partition, group, -sumOf(chunk));
        for (const { position, stream } of chunk) {
          this.#events.deleteIn(writer, partition, [group, stream, position].join(SEPARATOR));
          this.#order.deleteIn(writer, partition, [group, position, stream].join(SEPARATOR));
        }
      });
    }
  }

  /** Keeps the size of a group, if that is still there. Before events are written or removed. */
  #count(writer: Writer, partition: string, name: string, bytes: number): void {
    const group = this.groups.getFrom(writer, partition, name);
    if (group === undefined) return;
    const stored = group.storedBytes ?? this.#countedBytes(writer, partition, name);
    this.groups.putIn(writer, partition, name, { ...group, storedBytes: stored + bytes });
  }

  #countedBytes(reader: Reader, partition: string, group: string): number {
    let bytes = 0;
    for (const [, event] of this.#events.list(partition, { prefix: group + SEPARATOR, reader })) {
      bytes += eventBytes(event);
    }
    return bytes;
  }

  /** Unique and growing, restarts included: time does not go back. */
  #arrival(nowMs: number): string {
    if (nowMs > this.#lastArrivalMs) this.#arrivals = 0;
    this.#lastArrivalMs = Math.max(nowMs, this.#lastArrivalMs);
    return padded(this.#lastArrivalMs, 16) + padded(this.#arrivals++, 6);
  }
}

/** Positions between which events are wanted. */
interface EventBounds {
  readonly after?: string;
  readonly before?: string;
  /** Latest first. */
  readonly reverse?: boolean;
}

function sumOf(events: readonly LogEvent[]): number {
  return events.reduce((bytes, event) => bytes + eventBytes(event), 0);
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
