import type { Clock, Random } from '@tablewright/base';
import type { Key, Store, Writer } from '@tablewright/store';
import type { Caller, TableLookup } from './catalog/table.js';
import type { ItemChange } from './data/replace-item.js';
import type { Throughput } from './throughput/index.js';
import type { ValidationWords } from './validation/index.js';

/** Keeps the running item count and size of every table and index. */
export interface StatisticsSink {
  /**
   * Notes that the entry under `key` changed. Call it inside the store's change, as the last thing that cannot
   * fail: it works on memory, and is not undone when the change throws.
   *
   * @param storageNumber of the table or of the index
   * @param key the full store key of the item or index entry
   * @param items +1 for a new entry, -1 for a deleted one, 0 for a replaced one
   * @param bytes change of the entry's size in DynamoDB's size arithmetic
   */
  add(storageNumber: number, key: Key, items: number, bytes: number): void;
}

/** Writes the stream records of tables whose stream is enabled. */
export interface StreamSink {
  /** Adds the record of an item change to the store change that makes it; nothing when the item stays as it was. */
  append(writer: Writer, change: ItemChange): void;
}

/** Sends the changes of items on, of tables that have a destination for them. */
export interface ChangeSink {
  /** Adds an item change to the store change that makes it; nothing when the item stays as it was. */
  append(writer: Writer, change: ItemChange): void;
}

/** Keeps the expiry index of tables with time to live. */
export interface ExpirySink {
  /** Moves the item's entry, inside the store change that makes the item change. */
  maintain(writer: Writer, change: ItemChange): void;
}

/** Keeps the items' past, of tables that something may be restored from. */
export interface HistorySink {
  /** Keeps the item as it was, inside the store change that makes the item change. */
  append(writer: Writer, change: ItemChange): void;
}

/** Keeps what is to be replicated, of tables with replicas in other regions. */
export interface ReplicationSink {
  /** Notes the change for the other replicas, inside the store change that makes it. */
  append(writer: Writer, change: ItemChange): void;
}

/** What an operation may use. One per engine. */
export interface EngineContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly tables: TableLookup;
  readonly statistics: StatisticsSink;
  readonly streams: StreamSink;
  readonly timeToLive: ExpirySink;
  readonly history: HistorySink;
  readonly destinations: ChangeSink;
  readonly replication: ReplicationSink;
  readonly throughput: Throughput;
  /** Default 'older'. */
  readonly validationWords?: ValidationWords | undefined;
}

/**
 * One operation. The engine has checked `input` with `checkInput` before (required members, JSON types, lengths,
 * patterns, enums), except for what lies inside attribute values and items.
 */
export type Handler = (caller: Caller, input: Record<string, unknown>) => unknown | Promise<unknown>;
