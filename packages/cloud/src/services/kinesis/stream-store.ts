import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel, StreamChange } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { covers } from './hash-ranges.js';
import { constraint, inUse, invalidArgument, streamNotFound } from './kinesis-errors.js';
import { openShards, type ShardRecord, type StreamRecord, streamArn } from './stream-record.js';

/** A record of a stream as the store keeps it. */
export interface DataRecord {
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly arrivedMs: number;
}

/** A record that is to be put. */
export interface NewRecord {
  readonly partitionKey: string;
  readonly hash: bigint;
  readonly data: Uint8Array;
}

export interface PlacedRecord {
  readonly shard: ShardRecord;
  readonly sequence: number;
}

/** What names a stream in a request. */
export interface StreamName {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

const SHARD_DIGITS = 12;
const SEQUENCE_DIGITS = 16;
const HOUR_MS = 3_600_000;
const TRIM_CHUNK = 1000;

/** Streams and their records of every account and region, in the store. */
export class StreamStore {
  readonly streams: Records<StreamRecord>;
  readonly #records: Records<DataRecord>;
  /** By stream id: the last sequence number handed out. */
  readonly #sequences: Records<number>;

  constructor(
    readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'>,
    private readonly changed: (streamArn: string, change: StreamChange) => void,
  ) {
    this.streams = new Records(kernel.store, 'kinesis.streams');
    this.#records = new Records(kernel.store, 'kinesis.records');
    this.#sequences = new Records(kernel.store, 'kinesis.sequences');
  }

  find(caller: Caller, given: StreamName): StreamRecord {
    const { place, name } = locate(caller, given);
    const stream = this.streams.get(partitionOf(place), name);
    if (stream === undefined) throw streamNotFound(name, place.accountId);
    return stream;
  }

  /** Keeps a stream that is not there yet. Rejects when it is. */
  async create(stream: StreamRecord): Promise<void> {
    await this.kernel.store.change((writer) => {
      if (this.streams.getFrom(writer, partitionOf(stream), stream.name) !== undefined) {
        throw inUse(`Stream ${stream.name} under account ${stream.accountId} already exists.`);
      }
      this.#putIn(writer, stream);
    });
    this.changed(streamArn(stream), 'stream');
  }

  /** Changes a stream as it is at its latest, inside one durable change. */
  async update(caller: Caller, given: StreamName, change: (stream: StreamRecord, writer: Writer) => StreamRecord) {
    const stream = await this.kernel.store.change((writer) => {
      const next = change(this.find(caller, given), writer);
      this.#putIn(writer, next);
      return next;
    });
    this.changed(streamArn(stream), 'stream');
    return stream;
  }

  #putIn(writer: Writer, stream: StreamRecord): void {
    this.streams.putIn(writer, partitionOf(stream), stream.name, stream);
  }

  /** All of the records or none, in order; durable once the promise resolves. */
  async append(caller: Caller, given: StreamName, records: readonly NewRecord[]): Promise<PlacedRecord[]> {
    const { placed, stream } = await this.kernel.store.change((writer) => {
      const stream = this.find(caller, given);
      const arrivedMs = this.kernel.clock.nowMs();
      const placed = records.map(({ partitionKey, hash, data }) => {
        const shard = openShards(stream).find((one) => covers(one, hash));
        if (shard === undefined) throw invalidArgument(`No open shard takes the hash key ${hash}.`);
        const sequence = this.nextSequence(writer, stream);
        this.#records.putIn(writer, recordsOf(stream), recordName(shard.number, sequence), {
          partitionKey,
          data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'),
          arrivedMs,
        });
        return { shard, sequence };
      });
      return { placed, stream };
    });
    this.changed(streamArn(stream), 'records');
    return placed;
  }

  /** The time in microseconds, or one more than the last where that is later. */
  nextSequence(writer: Writer, stream: StreamRecord): number {
    const last = this.#sequences.getFrom(writer, partitionOf(stream), stream.id) ?? 0;
    const next = Math.max(last + 1, Math.floor(this.kernel.clock.nowMs()) * 1000);
    this.#sequences.putIn(writer, partitionOf(stream), stream.id, next);
    return next;
  }

  /** Where the stream's next record will not come before. */
  lastSequence(stream: StreamRecord): number {
    return this.#sequences.get(partitionOf(stream), stream.id) ?? 0;
  }

  /** Records of a shard from a sequence number on that are not too old. Read them in the same turn. */
  *read(stream: StreamRecord, shard: number, fromSequence: number): Iterable<readonly [number, DataRecord]> {
    const horizonMs = this.horizonMs(stream);
    const prefix = recordName(shard, undefined);
    const after = fromSequence <= 0 ? undefined : recordName(shard, fromSequence - 1);
    for (const [name, record] of this.#records.list(recordsOf(stream), {
      prefix,
      ...(after !== undefined && { after }),
    })) {
      if (record.arrivedMs >= horizonMs) yield [Number(name.slice(prefix.length)), record];
    }
  }

  /** Records that came before it are too old. */
  horizonMs(stream: StreamRecord): number {
    return this.kernel.clock.nowMs() - stream.retentionHours * HOUR_MS;
  }

  /** Removes records that are too old, and closed shards that had none but those; false when there is nothing left. */
  async trim(stream: StreamRecord): Promise<boolean> {
    const horizonMs = this.horizonMs(stream);
    return this.kernel.store.change((writer) => {
      const expired: string[] = [];
      for (const { number } of stream.shards) {
        for (const [name, { arrivedMs }] of this.#records.list(recordsOf(stream), {
          prefix: recordName(number, undefined),
        })) {
          if (arrivedMs >= horizonMs || expired.length === TRIM_CHUNK) break;
          expired.push(name);
        }
      }
      for (const name of expired) this.#records.deleteIn(writer, recordsOf(stream), name);
      const shards = stream.shards.filter(({ closedMs }) => closedMs === undefined || closedMs >= horizonMs);
      if (expired.length === 0 && shards.length < stream.shards.length) this.#putIn(writer, { ...stream, shards });
      return expired.length === TRIM_CHUNK;
    });
  }

  /** Removes the stream with its records. */
  async remove(stream: StreamRecord): Promise<void> {
    await this.kernel.store.change((writer) => {
      this.streams.deleteIn(writer, partitionOf(stream), stream.name);
      this.#sequences.deleteIn(writer, partitionOf(stream), stream.id);
    });
    this.changed(streamArn(stream), 'stream');
    for (;;) {
      const names: string[] = [];
      for (const [name] of this.#records.list(recordsOf(stream))) {
        names.push(name);
        if (names.length === TRIM_CHUNK) break;
      }
      if (names.length === 0) return;
      await this.kernel.store.change((writer) => {
        for (const name of names) this.#records.deleteIn(writer, recordsOf(stream), name);
      });
    }
  }
}

/** The account and region of an ARN are its own. */
export function locate(
  caller: Caller,
  { StreamName: name, StreamARN: arn }: StreamName,
): { place: Caller; name: string } {
  if (arn === undefined) {
    if (name === undefined) throw invalidArgument('Either StreamARN or StreamName should be provided.');
    return { place: caller, name };
  }
  const [, , service, region = '', accountId = '', resource = ''] = arn.split(':');
  if (service !== 'kinesis' || !resource.startsWith('stream/')) {
    const rule = 'Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+';
    throw constraint(arn, 'streamARN', rule);
  }
  return { place: { accountId, region }, name: resource.slice('stream/'.length) };
}

function recordsOf(stream: StreamRecord): string {
  return `${partitionOf(stream)}/${stream.id}`;
}

function recordName(shard: number, sequence: number | undefined): string {
  const prefix = `${String(shard).padStart(SHARD_DIGITS, '0')}/`;
  return sequence === undefined ? prefix : prefix + String(sequence).padStart(SEQUENCE_DIGITS, '0');
}
