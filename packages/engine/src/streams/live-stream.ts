import { assert } from '@tablewright/base';
import type { Key, Reader } from '@tablewright/store';
import type { RecordFrame } from './encode-record.js';
import { type Sequence, sequenceAt } from './sequence-number.js';
import type { StoredShard, StoredStream } from './stored-stream.js';
import { recordRange, sequenceOf, shardPrefix } from './stream-keys.js';

/** Where in an item's store key the hash of its hash key lies (see `data/key-codec.ts`). */
const HASH_AT = 6;

/** A stream with what is only held in memory: the last sequence number, and who waits for changes. */
export class LiveStream {
  readonly frame: RecordFrame;
  readonly listeners = new Set<() => void>();
  #stored: StoredStream;
  #lastSequence: Sequence;
  /** Key prefixes of the open shards, by slot. */
  #openPrefixes: readonly Key[] = [];
  #isNotified = false;

  constructor(stored: StoredStream, lastSequence: Sequence) {
    this.#stored = stored;
    this.#lastSequence = lastSequence;
    this.frame = { viewType: stored.viewType, region: stored.region, eventId: eventIds(stored.secret) };
    this.store(stored);
  }

  /** A stream that the store holds; its last sequence number is that of its last record, or of a shard's bound. */
  static load(reader: Reader, stored: StoredStream): LiveStream {
    let last = 0;
    for (const shard of stored.shards) {
      last = Math.max(last, shard.startSequence, shard.endSequence ?? 0, lastRecord(reader, stored, shard));
    }
    return new LiveStream(stored, last);
  }

  get stored(): StoredStream {
    return this.#stored;
  }

  get lastSequence(): Sequence {
    return this.#lastSequence;
  }

  get isOpen(): boolean {
    return this.#openPrefixes.length > 0;
  }

  /** Takes over what a change of the store has made of the stream. */
  store(stored: StoredStream): void {
    this.#stored = stored;
    const open = stored.shards.filter((shard) => shard.endSequence === undefined);
    open.sort((one, other) => one.slot - other.slot);
    this.#openPrefixes = open.map((shard) => shardPrefix(stored.storageNumber, shard.number));
  }

  nextSequence(nowMs: number): Sequence {
    this.#lastSequence = Math.max(this.#lastSequence + 1, sequenceAt(nowMs));
    return this.#lastSequence;
  }

  /** The key prefix of the open shard for the item under `itemKey`: each has an equal part of the range of hashes. */
  shardOf(itemKey: Key): Key {
    const prefixes = this.#openPrefixes;
    const hash = itemKey.charCodeAt(HASH_AT) * 2 ** 24 + itemKey.charCodeAt(HASH_AT + 1) * 2 ** 16;
    const prefix = prefixes[Math.floor((hash / 2 ** 32) * prefixes.length)];
    assert(prefix !== undefined, 'the stream has no open shard');
    return prefix;
  }

  /** Calls the listeners on a later turn, once for all that changed until then. */
  notify(): void {
    if (this.listeners.size === 0 || this.#isNotified) return;
    this.#isNotified = true;
    setImmediate(() => {
      this.#isNotified = false;
      for (const listener of [...this.listeners]) listener();
    });
  }
}

function lastRecord(reader: Reader, stored: StoredStream, shard: StoredShard): Sequence {
  if (shard.endSequence !== undefined) return 0;
  const prefix = shardPrefix(stored.storageNumber, shard.number);
  for (const { key } of reader.range({ ...recordRange(prefix, 0), reverse: true })) return sequenceOf(key);
  return 0;
}

/** An odd number: multiplication by it permutes the numbers of 32 bits. */
const SCATTER = 0x9e3779b1;

/** 32 hex digits: unique within the stream, since every sequence number gives another, and unlike those of others. */
function eventIds(secret: string): (sequence: Sequence) => string {
  const head = secret.slice(0, 16);
  const high = Number.parseInt(secret.slice(16, 24), 16);
  const low = Number.parseInt(secret.slice(24, 32), 16);
  return (sequence) =>
    head + hex8(Math.floor(sequence / 2 ** 32) ^ high) + hex8(Math.imul((sequence % 2 ** 32) ^ low, SCATTER));
}

function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
