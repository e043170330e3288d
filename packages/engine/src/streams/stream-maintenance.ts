import type { Clock, Random, Timer } from '@tablewright/base';
import type { Store, Writer } from '@tablewright/store';
import { garbageKey } from '../catalog/keys.js';
import type { LiveStream } from './live-stream.js';
import { RETENTION_MS, sequenceAt, trimHorizon } from './sequence-number.js';
import { closedShards, isShardExpired, SHARD_LIFE_MS, withChildren } from './shards.js';
import type { StoredStream } from './stored-stream.js';
import { recordRange, sequenceOf, shardPrefix, streamKey } from './stream-keys.js';
import type { Streams } from './streams.js';

export interface MaintenanceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly streams: Streams;
  /** Calls for `step` until it finds nothing to do. */
  readonly wake: () => void;
}

/** Records removed in one change. */
const TRIM_CHUNK = 1000;

/**
 * What becomes of streams as time passes: every four hours the open shards are closed and followed by their children,
 * records older than a day go, then the closed shards that held them, and streams a day after they were disabled.
 *
 * Readers see no record beyond the trim horizon, whether it is removed already or not; so removing waits for the next
 * change of shards.
 */
export class StreamMaintenance {
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(private readonly options: MaintenanceOptions) {}

  /** Does what has become due, and sets the timer for what becomes due next. */
  run(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#isClosed) return;
    const { streams, clock, wake } = this.options;
    const nowMs = clock.nowMs();
    for (const stream of streams.all()) if (isOpen(stream) && stream.stored.rollsMs <= nowMs) this.#roll(stream, nowMs);
    const later = streams
      .all()
      .flatMap(dueTimes)
      .filter((atMs) => atMs > nowMs);
    // A day at most: the machine's timers know no more than some weeks.
    const delayMs = Math.min(Math.min(...later) - nowMs, RETENTION_MS);
    if (later.length > 0) this.#timer = clock.after(delayMs, () => this.run());
    if (streams.all().some((stream) => hasExpired(stream, nowMs))) wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** One bounded change; false when there is nothing to remove. */
  async step(): Promise<boolean> {
    const { streams, store, clock } = this.options;
    const nowMs = clock.nowMs();
    const stream = streams.all().find((one) => hasExpired(one, nowMs));
    if (stream === undefined) return false;
    if (isGone(stream, nowMs)) await store.change((writer) => this.#remove(writer, stream));
    else await store.change((writer) => this.#trim(writer, stream, nowMs));
    return true;
  }

  /** Closes the open shards as of the time when they were due, and opens their children as of now. */
  #roll(stream: LiveStream, nowMs: number): void {
    const { store, random, streams } = this.options;
    const { stored } = stream;
    const parents = stored.shards.filter((shard) => shard.endSequence === undefined);
    const done = store.change((writer) => {
      const shards = closedShards(stored.shards, () => stream.nextSequence(stored.rollsMs));
      const nextSequence = (): number => stream.nextSequence(nowMs);
      const next: StoredStream = {
        ...stored,
        rollsMs: nowMs + SHARD_LIFE_MS,
        shards: withChildren(parents, { shards, nowMs, random, nextSequence }),
      };
      streams.put(writer, next);
      stream.store(next);
    });
    stream.notify();
    // A store that cannot write fails every request that follows with the same error.
    done.catch(() => {});
  }

  /** Removes trimmed records of one shard, and the shard itself once it is empty for good. */
  #trim(writer: Writer, stream: LiveStream, nowMs: number): void {
    const { stored } = stream;
    const shard = stored.shards.find((one) => isShardExpired(one, nowMs));
    if (shard === undefined) return;
    const horizon = trimHorizon(nowMs);
    const prefix = shardPrefix(stored.storageNumber, shard.number);
    let removed = 0;
    let trimmedTo = shard.trimmedTo;
    for (const { key } of writer.range(recordRange(prefix, 0, horizon))) {
      writer.delete(key);
      trimmedTo = sequenceOf(key);
      if (++removed === TRIM_CHUNK) break;
    }
    const isEmptied = removed < TRIM_CHUNK;
    const others = stored.shards.filter((one) => one !== shard);
    const left = { ...shard, ...(trimmedTo !== undefined && { trimmedTo }) };
    const shards = isEmptied ? others : stored.shards.map((one) => (one === shard ? left : one));
    const next = { ...stored, shards };
    this.options.streams.put(writer, next);
    stream.store(next);
  }

  #remove(writer: Writer, stream: LiveStream): void {
    const { storageNumber: number } = stream.stored;
    writer.delete(streamKey(stream.stored));
    writer.put(garbageKey(number), Buffer.from(JSON.stringify({ number, prefix: 'Dr' })));
    this.options.streams.forget(stream);
  }
}

function isOpen({ stored }: LiveStream): boolean {
  return stored.disabledMs === undefined;
}

function isGone({ stored }: LiveStream, nowMs: number): boolean {
  return stored.disabledMs !== undefined && stored.disabledMs + RETENTION_MS <= nowMs;
}

function hasExpired(stream: LiveStream, nowMs: number): boolean {
  return isGone(stream, nowMs) || stream.stored.shards.some((shard) => isShardExpired(shard, nowMs));
}

/** When something is to be done for a stream, as far as it is known. */
function dueTimes({ stored }: LiveStream): number[] {
  const times = stored.shards
    .map((shard) => shard.endSequence)
    .filter((end) => end !== undefined)
    .map((end) => Math.floor(end / sequenceAt(1)) + RETENTION_MS + 1);
  times.push(stored.disabledMs === undefined ? stored.rollsMs : stored.disabledMs + RETENTION_MS);
  return times;
}
