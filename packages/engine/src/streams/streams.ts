import type { Clock, Random } from '@tablewright/base';
import type { Store, Writer } from '@tablewright/store';
import { parseTableArn, tableArn } from '../catalog/arn.js';
import type { CatalogWriter, TableObserver } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { TableRecord } from '../catalog/table-record.js';
import { pickAttributes } from '../data/own-attribute.js';
import type { ItemChange } from '../data/replace-item.js';
import { sameItem } from '../data/same-item.js';
import type { StreamSink } from '../engine-context.js';
import { encodeRecord } from './encode-record.js';
import { LiveStream } from './live-stream.js';
import { sequenceAt, sequenceText } from './sequence-number.js';
import { closedShards, firstShards, SHARD_LIFE_MS } from './shards.js';
import type { StoredStream } from './stored-stream.js';
import { recordKey, STREAMS, streamKey } from './stream-keys.js';

export interface StreamsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** Open shards of each new stream. */
  readonly shardCount: number;
  /** How long streams stay ENABLING and DISABLING. */
  readonly transitionDelayMs: number;
  /** Called when streams came, went or changed their shards: the maintenance may have another time to act at. */
  readonly changed: () => void;
}

/**
 * Every stream of every account and region, held in memory and written through to the store. Records lie in the store
 * alone; they are written in the same change as the item that they tell of.
 */
export class Streams implements StreamSink, TableObserver {
  readonly #byArn = new Map<string, LiveStream>();
  readonly #byNumber = new Map<number, LiveStream>();

  constructor(private readonly options: StreamsOptions) {
    for (const { value } of options.store.range(STREAMS)) {
      this.#add(LiveStream.load(options.store, JSON.parse(value.toString('utf8')) as StoredStream));
    }
  }

  all(): LiveStream[] {
    return [...this.#byArn.values()];
  }

  find(arn: string): LiveStream | undefined {
    return this.#byArn.get(arn);
  }

  /** The streams of one account and region, by table and age. */
  list(place: Caller): LiveStream[] {
    return this.all()
      .filter(({ stored }) => stored.accountId === place.accountId && stored.region === place.region)
      .sort((one, other) => (streamKey(one.stored) < streamKey(other.stored) ? -1 : 1));
  }

  /** The label of the latest stream that a table of this name had. */
  latestLabel(place: Caller, tableName: string): string | undefined {
    const labels = this.list(place).filter(({ stored }) => stored.tableName === tableName);
    return labels.at(-1)?.stored.label;
  }

  /**
   * Calls `listener` whenever a stream may have new records or shards, on a later turn and once for many changes.
   * Returns what ends it. A stream that is not there never calls.
   */
  subscribe(arn: string, listener: () => void): () => void {
    const stream = this.find(arn);
    stream?.listeners.add(listener);
    return () => stream?.listeners.delete(listener);
  }

  /** The sequence number of a stream's last record, or one before all that are to come; undefined without stream. */
  lastSequenceNumber(arn: string): string | undefined {
    const stream = this.find(arn);
    return stream === undefined ? undefined : sequenceText(stream.lastSequence);
  }

  append(writer: Writer, change: ItemChange): void {
    const { layout, key, before, after } = change;
    const stream = this.#byNumber.get(layout.table.stream?.storageNumber ?? -1);
    const item = after ?? before;
    if (stream === undefined || !stream.isOpen || item === undefined || !isChange(change)) return;
    const nowMs = this.options.clock.nowMs();
    const sequence = stream.nextSequence(nowMs);
    const recorded = {
      keys: pickAttributes(item.attributes(layout.anyKeyAttributes), layout.keyNames),
      before,
      after,
      ...(change.cause !== undefined && { cause: change.cause }),
    };
    writer.put(recordKey(stream.shardOf(key), sequence), encodeRecord(stream.frame, recorded, sequence, nowMs));
    stream.notify();
  }

  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void {
    const was = enabledStream(before);
    const is = enabledStream(after);
    if (was?.storageNumber === is?.storageNumber) return;
    if (was !== undefined) this.#close(changes, was.storageNumber);
    if (after !== undefined && is !== undefined) this.#open(changes, after, is);
  }

  /** Stores what a stream has become, inside a change; memory follows when it is made. */
  put(writer: Writer, stored: StoredStream): void {
    writer.put(streamKey(stored), Buffer.from(JSON.stringify(stored)));
  }

  /** Forgets a stream that the store no longer holds. Who reads it is woken for the last time. */
  forget(stream: LiveStream): void {
    stream.notify();
    this.#byArn.delete(streamArn(stream.stored));
    this.#byNumber.delete(stream.stored.storageNumber);
  }

  #open(changes: CatalogWriter, table: TableRecord, enabled: EnabledStream): void {
    const { clock, random, shardCount } = this.options;
    const nowMs = clock.nowMs();
    const createdMs = Date.parse(`${enabled.label}Z`);
    let last = sequenceAt(nowMs);
    const nextSequence = (): number => last++;
    const stored: StoredStream = {
      accountId: table.accountId,
      region: table.region,
      tableName: table.name,
      label: enabled.label,
      storageNumber: enabled.storageNumber,
      viewType: enabled.viewType,
      keySchema: table.keySchema,
      createdMs,
      ...this.#settles(nowMs),
      rollsMs: nowMs + SHARD_LIFE_MS,
      secret: Buffer.from(random.bytes(32)).toString('hex'),
      shards: firstShards(shardCount, { shards: [], nowMs, random, nextSequence }),
    };
    this.put(changes.writer, stored);
    changes.afterwards(() => {
      this.#add(new LiveStream(stored, last));
      this.options.changed();
    });
  }

  #close(changes: CatalogWriter, storageNumber: number): void {
    const stream = this.#byNumber.get(storageNumber);
    if (stream === undefined) return;
    const nowMs = this.options.clock.nowMs();
    const shards = closedShards(stream.stored.shards, () => stream.nextSequence(nowMs));
    const { settlesMs: _, ...rest } = stream.stored;
    const stored = { ...rest, ...this.#settles(nowMs), disabledMs: nowMs, shards };
    this.put(changes.writer, stored);
    changes.afterwards(() => {
      stream.store(stored);
      stream.notify();
      this.options.changed();
    });
  }

  #settles(nowMs: number): { settlesMs?: number } {
    const { transitionDelayMs } = this.options;
    return transitionDelayMs === 0 ? {} : { settlesMs: nowMs + transitionDelayMs };
  }

  #add(stream: LiveStream): void {
    this.#byArn.set(streamArn(stream.stored), stream);
    this.#byNumber.set(stream.stored.storageNumber, stream);
  }
}

/** `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>` */
export function streamArn(stream: Pick<StoredStream, 'accountId' | 'region' | 'tableName' | 'label'>): string {
  return `${tableArn(stream, stream.tableName)}/stream/${stream.label}`;
}

const STREAM_REST = /^\/stream\/[0-9TZ:.-]+$/;

/** Whether a text has the form of a stream's ARN, and of which region it is. */
export function parseStreamArn(arn: string): Caller | undefined {
  const parsed = parseTableArn(arn);
  return parsed !== undefined && STREAM_REST.test(parsed.rest) ? parsed.place : undefined;
}

type EnabledStream = NonNullable<TableRecord['stream']>;

function enabledStream(table: TableRecord | undefined): EnabledStream | undefined {
  return table?.stream?.enabled === true && table.status !== 'DELETING' ? table.stream : undefined;
}

/** A write that leaves an item as it was has no record (docs: Streams, "no stream record is written"). */
function isChange({ before, after }: ItemChange): boolean {
  return before === undefined || after === undefined || !sameItem(before, after);
}
